// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/mathematics.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace cimera::math {

namespace {

// ln 2 in two parts; the first has 20 low bits of zero, so that its multiples by exponents are
// exact.
constexpr double ln2_high = 0x1.62e42fee00000p-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double two_pi = 0x1.921fb54442d18p+2;

// Factors of the series, from their last terms on: divisions are slow.
constexpr std::array odd_reciprocals = {1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                        1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
constexpr std::array reciprocals = {1.0 / 14, 1.0 / 13, 1.0 / 12, 1.0 / 11, 1.0 / 10,
                                    1.0 / 9,  1.0 / 8,  1.0 / 7,  1.0 / 6,  1.0 / 5,
                                    1.0 / 4,  1.0 / 3,  1.0 / 2,  1.0};
constexpr std::array cosine_steps = {1.0 / 240, 1.0 / 182, 1.0 / 132, 1.0 / 90,
                                     1.0 / 56,  1.0 / 30,  1.0 / 12,  1.0 / 2};
constexpr std::array sine_steps = {1.0 / 272, 1.0 / 210, 1.0 / 156, 1.0 / 110,
                                   1.0 / 72,  1.0 / 42,  1.0 / 20,  1.0 / 6};

double power_of_two(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

}  // namespace

double log(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    int exponent = static_cast<int>(bits >> 52) - 1023;
    double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffU) | std::uint64_t{1023} << 52);
    if (mantissa > 0x1.6a09e667f3bcdp+0) {  // into [√½, √2)
        mantissa *= 0.5;
        ++exponent;
    }
    // ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), |s| < 0.172
    const double s = (mantissa - 1) / (mantissa + 1);
    const double z = s * s;
    double series = 0;
    for (const double reciprocal : odd_reciprocals) {
        series = (series + reciprocal) * z;
    }
    return exponent * ln2_high + (exponent * ln2_low + 2 * s * series + 2 * s);
}

double exp(double x) {
    if (x < -708) {
        return 0;
    }
    if (x > 709.7) {
        return std::numeric_limits<double>::infinity();
    }
    const double k = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;  // |r| < 0.347
    double series = 1;
    for (const double reciprocal : reciprocals) {
        series = 1 + series * r * reciprocal;
    }
    const int exponent = static_cast<int>(k);  // in two steps: 2^1024 is no double
    return series * power_of_two(exponent / 2) * power_of_two(exponent - exponent / 2);
}

SineCosine sine_cosine(double turns) {
    const double quarters = std::floor(4 * turns + 0.5);
    const double angle = two_pi * (turns - quarters / 4);  // within ±π/4
    const double z = angle * angle;
    double sine = 1;
    double cosine = 1;
    for (std::size_t i = 0; i < cosine_steps.size(); ++i) {
        cosine = 1 - cosine * z * cosine_steps[i];
        sine = 1 - sine * z * sine_steps[i];
    }
    sine *= angle;
    switch (static_cast<std::int64_t>(quarters) & 3) {
        case 0:
            return {sine, cosine};
        case 1:
            return {cosine, -sine};
        case 2:
            return {-sine, -cosine};
        default:
            return {-cosine, sine};
    }
}

}  // namespace cimera::math
