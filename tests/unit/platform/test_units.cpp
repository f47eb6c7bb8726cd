// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {
namespace {

template <typename Parse>
std::string refusal(Parse parse, const std::string& text) {
    try {
        static_cast<void>(parse(text));
    } catch (const QuantityError& error) {
        return std::string(error.what()) + " | " + error.hint;
    }
    return "accepted";
}

TEST_CASE("units: sizes are whole bytes", "[config]") {
    CHECK(parse_bytes("8 B") == 8);
    CHECK(parse_bytes("256 KiB") == 262'144);
    CHECK(parse_bytes("256KiB") == 262'144);
    CHECK(parse_bytes("1.5 KiB") == 1536);
    CHECK(parse_bytes("4 MiB") == 4'194'304);
    CHECK(parse_bytes("2 kB") == 2000);
    CHECK(parse_bytes("0 B") == 0);
    CHECK(refusal(parse_bytes, "0.3 B") == "'0.3 B' is not a whole number of bytes | ");
    CHECK(refusal(parse_bytes, "64") == "'64' has no unit | units: B, KiB, MiB, GiB, kB, MB, GB");
    CHECK(refusal(parse_bytes, "-1 B").find("is not a number with a unit") != std::string::npos);
    CHECK(refusal(parse_bytes, "99999999999999999 GiB") ==
          "'99999999999999999 GiB' is too large | ");
    CHECK(refusal(parse_bytes, "1 MHz").find("'MHz' is not a unit") == 0);
}

TEST_CASE("units: every fault of a number is refused", "[config]") {
    const std::string text =
        GENERATE("", " ", ".", ".5 B", "5. B", "1..2 B", "1e3 B", "0x10 B", "B", "KiB 4",
                 "4 KiB KiB", "4\tKiB", "1234567890123456789 B", "inf B", "nan B");
    INFO(text);
    CHECK(refusal(parse_bytes, text) != "accepted");
}

TEST_CASE("units: clocks are whole picoseconds", "[config]") {
    CHECK(parse_period("200 MHz") == 5000);
    CHECK(parse_period("2 kHz") == 500'000'000);
    CHECK(parse_period("1 Hz") == 1'000'000'000'000);
    CHECK(parse_period("0.5 Hz") == 2'000'000'000'000);
    CHECK(parse_period("1 GHz") == 1000);
    CHECK(parse_period("5 ns") == 5000);
    CHECK(parse_period("3003 ps") == 3003);
    CHECK(parse_period("320 MHz") == 3125);
    CHECK(refusal(parse_period, "333 MHz") ==
          "'333 MHz' has a period of 3003.003 ps, which is not a whole number | nearest valid "
          "frequency: \"320 MHz\"; nearest period: \"3003 ps\"");
    CHECK(refusal(parse_period, "3000 GHz").find("nearest valid frequency: \"1000 GHz\"") !=
          std::string::npos);
    CHECK(refusal(parse_period, "0 Hz") == "a frequency cannot be zero | ");
    CHECK(refusal(parse_period, "0 ns") == "a period cannot be zero | ");
    CHECK(refusal(parse_period, "0.00000000000001 Hz").find("is too slow") != std::string::npos);
    CHECK(refusal(parse_period, "200 Mhz").find("did you mean 'MHz'?") != std::string::npos);
}

TEST_CASE("units: rates need no whole picoseconds", "[config]") {
    CHECK(parse_rate("30 Hz") == Period{100'000'000'000, 3});
    CHECK(parse_rate("29.97 Hz") == Period{100'000'000'000'000, 2997});
    CHECK(parse_rate("2 kHz") == Period{500'000'000, 1});
    CHECK(parse_rate("7 ps") == Period{7, 1});
    CHECK(parse_speed("2") == Period{500'000, 1});
    CHECK(parse_speed("0.1") == Period{10'000'000, 1});
    CHECK(parse_speed("3") == Period{1'000'000, 3});
    for (const char* text : {"30 Hz", "29.97 Hz", "0.07 Hz", "44.1 kHz", "1.000003 MHz", "7 ps"}) {
        CHECK(parse_rate(format_rate(parse_rate(text))) == parse_rate(text));
    }
    CHECK(format_rate({100'000'000'000, 3}) == "30 Hz");
    CHECK(format_rate({100'000'000'000'000, 2997}) == "29.97 Hz");
    CHECK(refusal(parse_rate, "0 Hz") == "a frequency cannot be zero | ");
    CHECK(refusal(parse_rate, "0 s") == "a period cannot be zero | ");
    CHECK(refusal(parse_rate, "0.00000001 Hz").find("is too slow") != std::string::npos);
    CHECK(refusal(parse_rate, "2000000 GHz").find("is too fast") != std::string::npos);
    CHECK(refusal(parse_speed, "fast") == "'fast' is not a factor | such as 2 or 0.5");
    CHECK(refusal(parse_speed, "0") == "'0' is not a factor | such as 2 or 0.5");
}

TEST_CASE("units: a count of periods is rounded once", "[config]") {
    const Period third{100'000'000'000, 3};
    CHECK(third.times(1) == 33'333'333'333);
    CHECK(third.times(2) == 66'666'666'667);
    CHECK(third.times(30'000'000) == std::uint64_t{1'000'000'000'000'000'000});  // 30 Hz, 10^6 s
    CHECK(Period{1, 2}.times(1) == 1);
    CHECK(Period{std::uint64_t{1} << 60U, 1}.times(1000) == std::uint64_t{1} << 62U);
}

TEST_CASE("units: written quantities read back", "[config]") {
    const auto period =
        GENERATE(values<std::uint64_t>({1, 3, 7, 999, 1000, 3003, 3125, 3200, 5000, 10'000,
                                        500'000'000, 33'333'333'333, 3'600'000'000'000'000}));
    CHECK(parse_period(format_period(period)) == period);
    CHECK(parse_time(format_time(period)) == period);
    CHECK(parse_bytes(format_bytes(period)) == period);
    CHECK(format_period(3200) == "312.5 MHz");
    CHECK(format_bytes(4U << 20U) == "4 MiB");
    CHECK(format_bytes(1000) == "1000 B");
    CHECK(format_bytes(0) == "0 B");
}

TEST_CASE("units: energy, power, voltage and area", "[config]") {
    CHECK(parse_energy("1.2 pJ") == 1.2e6);
    CHECK(parse_energy("0.284 fJ") == 284.0);
    CHECK(parse_energy("17 aJ") == 17.0);
    CHECK(parse_power("15.3 pW") == 15.3e6);
    CHECK(parse_voltage("0.9 V") == 0.9);
    CHECK(parse_voltage("900 mV") == 0.9);
    CHECK(parse_area("0.856 mm2") == 856000.0);
}

TEST_CASE("suggest: the meant word is found and others are not", "[config]") {
    const std::vector<std::string> known{"rows", "cols", "count", "weight_bits"};
    CHECK(edit_distance("colls", "cols") == 1);
    CHECK(edit_distance("clos", "cols") == 1);
    CHECK(edit_distance("", "cols") == 4);
    CHECK(closest("colls", known) == "cols");
    CHECK(closest("ROWS", known) == "rows");
    CHECK(closest("weightbits", known) == "weight_bits");
    CHECK(closest("voltage", known).empty());
    CHECK(closest("", known).empty());
    CHECK(closest(std::string(100'000, 'x'), known).empty());
    CHECK(suggestion("voltage", known, "keys") == "known keys: rows, cols, count, weight_bits");
}

}  // namespace
}  // namespace cimera
