// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <limits>

#include "models/cpu/float32_parts.hpp"

namespace cimera::cpu::float32 {

namespace {

constexpr std::uint32_t saturated(std::uint32_t bound, Flags& flags) {
    flags |= invalid;
    return bound;
}

/// The magnitude of the integer nearest to `a` in the direction of rounding, at most 2^32; anything
/// greater stands for all numbers beyond.
struct Integer {
    std::uint64_t magnitude = 0;
    bool exact = true;
};

Integer to_integer(Bits a, Rounding rounding) {
    constexpr unsigned fraction = 30;
    constexpr std::uint64_t beyond = std::uint64_t{1} << 33;
    if (is_zero(a)) {
        return {};
    }
    if (is_infinite(a)) {
        return {beyond, true};
    }
    const Number x = take_apart(a);
    if (x.exponent > 32 - 23) {
        return {beyond, true};
    }
    const int shift = x.exponent + static_cast<int>(fraction);
    const std::uint64_t fixed =
        shift >= 0 ? x.significand << shift
                   : shift_right_sticky(x.significand, static_cast<unsigned>(-shift));
    const bool exact = (fixed & ((std::uint64_t{1} << fraction) - 1)) == 0;
    return {drop_bits(fixed, fraction, negative(a), rounding), exact};
}

Bits from_magnitude(bool is_negative, std::uint32_t value, Rounding rounding, Flags& flags) {
    return value == 0 ? 0 : round(is_negative, value, 0, rounding, flags);
}

/// Numbers in the order of their values, -0 just below +0.
constexpr std::uint32_t ordered(Bits a) {
    return negative(a) ? ~a : a | sign_bit;
}

}  // namespace

std::uint32_t to_signed(Bits a, Rounding rounding, Flags& flags) {
    constexpr auto least = std::uint32_t{1} << 31;
    constexpr std::uint32_t greatest = least - 1;
    if (is_nan(a)) {
        return saturated(greatest, flags);
    }
    const Integer integer = to_integer(a, rounding);
    const bool is_negative = negative(a);
    const std::uint32_t bound = is_negative ? least : greatest;
    if (integer.magnitude > bound) {
        return saturated(bound, flags);
    }
    flags |= integer.exact ? 0 : inexact;
    const auto value = static_cast<std::uint32_t>(integer.magnitude);
    return is_negative ? ~value + 1 : value;
}

std::uint32_t to_unsigned(Bits a, Rounding rounding, Flags& flags) {
    constexpr std::uint32_t greatest = std::numeric_limits<std::uint32_t>::max();
    if (is_nan(a)) {
        return saturated(greatest, flags);
    }
    const Integer integer = to_integer(a, rounding);
    const std::uint32_t bound = negative(a) ? 0 : greatest;
    if (integer.magnitude > bound) {
        return saturated(bound, flags);
    }
    flags |= integer.exact ? 0 : inexact;
    return static_cast<std::uint32_t>(integer.magnitude);
}

Bits from_signed(std::uint32_t value, Rounding rounding, Flags& flags) {
    const bool is_negative = (value >> 31) != 0;
    return from_magnitude(is_negative, is_negative ? ~value + 1 : value, rounding, flags);
}

Bits from_unsigned(std::uint32_t value, Rounding rounding, Flags& flags) {
    return from_magnitude(false, value, rounding, flags);
}

bool equal(Bits a, Bits b, Flags& flags) {
    if (is_nan(a) || is_nan(b)) {
        nan_of(flags, is_signaling(a) || is_signaling(b));
        return false;
    }
    return a == b || (is_zero(a) && is_zero(b));
}

bool less(Bits a, Bits b, Flags& flags) {
    if (is_nan(a) || is_nan(b)) {
        flags |= invalid;
        return false;
    }
    return ordered(a) < ordered(b) && !(is_zero(a) && is_zero(b));
}

bool less_or_equal(Bits a, Bits b, Flags& flags) {
    if (is_nan(a) || is_nan(b)) {
        flags |= invalid;
        return false;
    }
    return ordered(a) <= ordered(b) || (is_zero(a) && is_zero(b));
}

Bits minimum(Bits a, Bits b, Flags& flags) {
    flags |= is_signaling(a) || is_signaling(b) ? invalid : 0;
    if (is_nan(a)) {
        return is_nan(b) ? canonical_nan : b;
    }
    return is_nan(b) || ordered(a) < ordered(b) ? a : b;
}

Bits maximum(Bits a, Bits b, Flags& flags) {
    flags |= is_signaling(a) || is_signaling(b) ? invalid : 0;
    if (is_nan(a)) {
        return is_nan(b) ? canonical_nan : b;
    }
    return is_nan(b) || ordered(a) > ordered(b) ? a : b;
}

/// Unpriv. spec, table 11.5: bits 0 to 3 and 7 to 4 mirror each other by sign.
std::uint32_t classify(Bits a) {
    if (is_nan(a)) {
        return is_signaling(a) ? 1U << 8 : 1U << 9;
    }
    unsigned rank = 1;  // from infinity (0) to zero (3)
    if (is_infinite(a)) {
        rank = 0;
    } else if (is_zero(a)) {
        rank = 3;
    } else if (magnitude(a) < 0x00800000U) {
        rank = 2;
    }
    return 1U << (negative(a) ? rank : 7 - rank);
}

}  // namespace cimera::cpu::float32
