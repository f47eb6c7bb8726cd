// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cmath>
#include <cstdint>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"

namespace cimera::cim {

/// One conversion of an ADC of `bits`: (100 · bits + 0.001 · 4^bits) fF · V² (ZigZag-IMC, 28 nm).
[[nodiscard]] inline std::vector<EventKind::Term> adc_price(unsigned bits) {
    return {{"adc.bit", static_cast<double>(bits)},
            {"adc.level", std::ldexp(1.0, static_cast<int>(2 * bits)) * 1e-3}};
}

/// Its time: bits · (0.00653 · rows + 0.64) ns (ZigZag-IMC), rounded up.
[[nodiscard]] inline Picoseconds adc_time(unsigned bits, unsigned rows) {
    return static_cast<Picoseconds>(std::ceil(bits * (6.53 * rows + 640)));
}

/// Its area in µm²: 10^(1.206 − 0.0369 · bits) · 2^bits (ZigZag-IMC).
[[nodiscard]] inline double adc_area(unsigned bits) {
    return std::pow(10, 1.206 - 0.0369 * bits) * std::ldexp(1.0, static_cast<int>(bits));
}

}  // namespace cimera::cim
