// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <bit>
#include <cstdint>

#include "models/cpu/float32.hpp"

/// What the files of float32 share: taking numbers apart and rounding.
namespace cimera::cpu::float32 {

inline constexpr unsigned fraction_bits = 23;
inline constexpr int bias = 127;
inline constexpr int least_exponent = -126;  ///< of normal numbers

constexpr bool negative(Bits a) {
    return (a & sign_bit) != 0;
}
constexpr Bits magnitude(Bits a) {
    return a & ~sign_bit;
}
constexpr bool is_nan(Bits a) {
    return magnitude(a) > infinity;
}
constexpr bool is_infinite(Bits a) {
    return magnitude(a) == infinity;
}
constexpr bool is_zero(Bits a) {
    return magnitude(a) == 0;
}
constexpr bool is_signaling(Bits a) {
    return is_nan(a) && (a & 0x00400000U) == 0;
}
constexpr Bits with_sign(bool negative, Bits value) {
    return (negative ? sign_bit : 0) | value;
}

/// significand * 2^exponent with the leading bit of the significand at `fraction_bits`.
struct Number {
    std::uint64_t significand = 0;
    int exponent = 0;
};

/// Of a finite number that is not zero.
constexpr Number take_apart(Bits a) {
    const Bits fraction = a & 0x007fffffU;
    const int field = static_cast<int>(magnitude(a) >> fraction_bits);
    if (field == 0) {
        const int shift = std::countl_zero(fraction) - 8;
        return {std::uint64_t{fraction} << shift, least_exponent - 23 - shift};
    }
    return {fraction | 0x00800000U, field - bias - 23};
}

/// Shifts right; what falls out remains visible as a one in the last bit ("sticky").
constexpr std::uint64_t shift_right_sticky(std::uint64_t value, unsigned amount) {
    if (amount == 0) {
        return value;
    }
    if (amount >= 64) {
        return value != 0 ? 1 : 0;
    }
    return value >> amount | ((value << (64 - amount)) != 0 ? 1 : 0);
}

/// Drops the lowest `count` bits (1 to 63) of a magnitude.
constexpr std::uint64_t drop_bits(std::uint64_t value, unsigned count, bool is_negative,
                                  Rounding rounding) {
    const std::uint64_t kept = value >> count;
    const std::uint64_t rest = value & ((std::uint64_t{1} << count) - 1);
    const std::uint64_t half = std::uint64_t{1} << (count - 1);
    bool up = false;
    switch (rounding) {
        case Rounding::nearest_even:
            up = rest > half || (rest == half && (kept & 1U) != 0);
            break;
        case Rounding::toward_zero:
            break;
        case Rounding::down:
            up = is_negative && rest != 0;
            break;
        case Rounding::up:
            up = !is_negative && rest != 0;
            break;
        case Rounding::nearest_away:
            up = rest >= half;
            break;
    }
    return kept + (up ? 1 : 0);
}

/// significand * 2^exponent as a binary32 number. The significand is not 0; its last bit may be
/// sticky if at least 27 bits are significant.
Bits round(bool is_negative, std::uint64_t significand, int exponent, Rounding rounding,
           Flags& flags);

/// The NaN that an operation answers to NaN operands.
inline Bits nan_of(Flags& flags, bool any_signaling) {
    flags |= any_signaling ? invalid : 0;
    return canonical_nan;
}

inline Bits invalid_operation(Flags& flags) {
    flags |= invalid;
    return canonical_nan;
}

}  // namespace cimera::cpu::float32
