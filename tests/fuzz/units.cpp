// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/units.hpp"

#include <cmath>

#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

namespace {

/// A quantity, or a refusal; what was read is written so that it reads back the same.
template <typename Parse, typename Format>
void check(std::string_view text, Parse&& parse, Format&& format) {
    try {
        const auto value = parse(text);
        fuzz::require(parse(format(value)) == value);
    } catch (const QuantityError& error) {
        fuzz::require(*error.what() != '\0');
    }
}

template <typename Parse>
void check_real(std::string_view text, Parse&& parse) {
    try {
        fuzz::require(std::isfinite(parse(text)));
    } catch (const QuantityError& error) {
        fuzz::require(*error.what() != '\0');
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check(text, parse_bytes, format_bytes);
    check(text, parse_period, format_period);
    check(text, parse_rate, format_rate);
    check(text, parse_time, format_time);
    check_real(text, parse_energy);
    check_real(text, parse_power);
    check_real(text, parse_voltage);
    check_real(text, parse_area);
    return 0;
}
