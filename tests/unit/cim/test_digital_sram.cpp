// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/digital_sram.hpp"

namespace cimera::cim {
namespace {

TEST_CASE("digital array: the array window shows programmed codes", "[cim]") {
    const Geometry geometry{2, 3, 24, 4};
    DigitalSram array(geometry);
    const Window window{1, 1, 1, 0, 6};
    Cost cost;
    REQUIRE(array.program(window, std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6}, true, cost) ==
            CellStatus::ok);
    const std::uint64_t row = std::uint64_t{24 / 8} * (3 + 1);
    CHECK(array.peek(row) == 0x21);
    CHECK(array.peek(row + 1) == 0x43);
    CHECK(array.peek(row + 2) == 0x65);
    CHECK(array.peek(row - 1) == 0);
    array.poke(row + 2, 0x9A);
    std::vector<std::uint32_t> codes(6);
    array.read_back(window, codes, cost);
    CHECK(codes == std::vector<std::uint32_t>{1, 2, 3, 4, 0xA, 9});
    array.power_off();
    CHECK(array.peek(row) == 0);
}

TEST_CASE("digital array: a code that the encoding does not have stops before any write", "[cim]") {
    DigitalSram array({1, 2, 16, 4}, {Encoding::relaxed, SignPlace::none, 1, {}});
    Cost cost;
    const std::vector<std::uint32_t> codes{1, 2, 4, 3};
    CHECK(array.program({0, 0, 1, 0, 4}, codes, false, cost) == CellStatus::no_such_code);
    CHECK(array.peek(0) == 0);
    CHECK(cost.counts[DigitalSram::row_write] == 0);
}

TEST_CASE("digital array: magnitudes and signed weights are different arrays", "[cim]") {
    const DigitalSram magnitudes({1, 2, 16, 4}, {Encoding::relaxed, SignPlace::none, 1, {}});
    CHECK(magnitudes.supports({8, true, false}));
    CHECK_FALSE(magnitudes.supports({8, true, true}));
    const DigitalSram with_sign({1, 2, 20, 4}, {Encoding::relaxed, SignPlace::beside, 1, {}});
    CHECK(with_sign.geometry().columns() == 4);
    CHECK(with_sign.supports({8, true, true}));
    CHECK_FALSE(with_sign.supports({8, true, false}));
    const DigitalSram binary({1, 2, 16, 4});
    CHECK(binary.supports({8, true, true}));
    CHECK(binary.supports({8, true, false}));
}

TEST_CASE("digital array: zero inputs and zero weights toggle nothing", "[cim]") {
    DigitalSram array({1, 64, 512, 4});
    std::vector<std::uint32_t> codes(64 * 128, 0);
    Cost program;
    codes[5] = 7;
    REQUIRE(array.program({0, 0, 64, 0, 128}, codes, false, program) == CellStatus::ok);
    std::vector<std::int32_t> inputs(64, 255);
    std::vector<std::int64_t> sums(128);
    inputs[0] = 0;
    Cost cost;
    array.multiply({0, 0, 64, 0, 128}, {8, false, false}, inputs, sums, cost);
    for (const std::uint64_t count : cost.counts) {
        CHECK(count == 0);
    }
    inputs[0] = 0b0110'0000;
    array.multiply({0, 0, 64, 0, 128}, {8, false, false}, inputs, sums, cost);
    CHECK(sums[5] == 7 * 0b0110'0000);
    CHECK(cost.counts[DigitalSram::adder_tree] == 2 * 3);  // on and off, three ones stored
    CHECK(cost.counts[DigitalSram::shift_accumulate] == 2);
}

TEST_CASE("digital array: leakage and area follow the gates", "[cim]") {
    const auto gates = [](const Geometry& geometry, const DigitalConfig& config) {
        const std::vector<LeakageTerm> terms = DigitalSram(geometry, config).leakage();
        REQUIRE(terms.size() == 2);
        CHECK(terms[1].entry == "cim.macro");
        return terms[1].units;
    };
    CHECK(gates({1, 64, 512, 4}, {}) == 1);
    CHECK(gates({4, 64, 512, 4}, {}) == 4);
    const double binary = gates({1, 64, 512, 4}, {Encoding::binary, SignPlace::none, 4, {}});
    const double relaxed = gates({1, 64, 512, 4}, {Encoding::relaxed, SignPlace::none, 4, {}});
    CHECK(relaxed < 0.75 * binary);
    CHECK(gates({1, 64, 512, 4}, {Encoding::binary, SignPlace::none, 1, {2, 7}}) < 1);
}

TEST_CASE("digital array: updates that reach the end of the range are counted", "[cim]") {
    DigitalSram array({1, 1, 8, 4});
    Cost cost;
    REQUIRE(array.program({0, 0, 1, 0, 2}, std::vector<std::uint32_t>{7, 1}, false, cost) ==
            CellStatus::ok);
    REQUIRE(array.update({0, 0, 1, 0, 2}, {8, true, true}, std::vector<std::int32_t>{3},
                         std::vector<std::int32_t>{1, 1}, 0, cost) == CellStatus::ok);
    CHECK(array.peek(0) == 0x47);
    CHECK(cost.saturations == 1);
}

}  // namespace
}  // namespace cimera::cim
