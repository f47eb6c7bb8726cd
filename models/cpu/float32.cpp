// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/float32.hpp"

#include <algorithm>

#include "models/cpu/float32_parts.hpp"

namespace cimera::cpu::float32 {

namespace {

/// The significand of `round` has its leading bit at 63: this many bits are more than fit.
constexpr unsigned excess = 63 - fraction_bits;

/// IEEE 754, 7.4: beyond the greatest number, by the direction of rounding.
Bits too_large(bool is_negative, Rounding rounding, Flags& flags) {
    flags |= overflow | inexact;
    const bool to_greatest = rounding == Rounding::toward_zero ||
                             rounding == (is_negative ? Rounding::up : Rounding::down);
    return with_sign(is_negative, to_greatest ? infinity - 1 : infinity);
}

Bits exact_zero(Rounding rounding) {
    return with_sign(rounding == Rounding::down, 0);
}

/// A term of a sum, its leading bit at 60 or 61.
struct Term {
    bool is_negative;
    std::uint64_t significand;
    int exponent;
};

/// The sum of two terms that are not zero. A term loses bits to the sticky bit only where it is so
/// much smaller that the sum keeps all but one or two of its 60 bits.
Bits sum(Term a, Term b, Rounding rounding, Flags& flags) {
    if (a.exponent < b.exponent) {
        std::swap(a, b);
    }
    b.significand =
        shift_right_sticky(b.significand, static_cast<unsigned>(a.exponent - b.exponent));
    if (a.is_negative == b.is_negative) {
        return round(a.is_negative, a.significand + b.significand, a.exponent, rounding, flags);
    }
    if (a.significand == b.significand) {
        return exact_zero(rounding);
    }
    if (a.significand < b.significand) {
        std::swap(a.significand, b.significand);
        std::swap(a.is_negative, b.is_negative);
    }
    return round(a.is_negative, a.significand - b.significand, a.exponent, rounding, flags);
}

/// floor(sqrt(value)), digit by digit.
constexpr std::uint64_t integer_root(std::uint64_t value) {
    std::uint64_t root = 0;
    for (std::uint64_t digit = std::uint64_t{1} << 62; digit != 0; digit >>= 2) {
        const bool fits = value >= root + digit;
        value -= fits ? root + digit : 0;
        root = (root >> 1) + (fits ? digit : 0);
    }
    return root;
}

}  // namespace

Bits round(bool is_negative, std::uint64_t significand, int exponent, Rounding rounding,
           Flags& flags) {
    const int shift = std::countl_zero(significand);
    significand <<= shift;
    const int leading = exponent - shift + 63;  // of the leading bit
    if (leading > bias) {
        return too_large(is_negative, rounding, flags);
    }
    std::uint64_t aligned = significand;
    Bits field = 0;
    bool tiny = false;
    if (leading < least_exponent) {
        // After rounding with an unbounded exponent the number may reach the least normal one.
        tiny = leading < least_exponent - 1 ||
               drop_bits(significand, excess, is_negative, rounding) >> (fraction_bits + 1) == 0;
        aligned = shift_right_sticky(significand, static_cast<unsigned>(least_exponent - leading));
    } else {
        field = static_cast<Bits>(leading - least_exponent) << fraction_bits;
    }
    // The leading bit, and a carry out of the fraction, increment the exponent field.
    const auto kept = static_cast<Bits>(drop_bits(aligned, excess, is_negative, rounding));
    if (field + kept >= infinity) {
        return too_large(is_negative, rounding, flags);
    }
    if ((aligned & ((std::uint64_t{1} << excess) - 1)) != 0) {
        flags |= inexact | (tiny ? underflow : 0);
    }
    return with_sign(is_negative, field + kept);
}

Bits fused(Bits a, Bits b, Bits c, Rounding rounding, Flags& flags) {
    // RISC-V: infinity times zero is invalid even if the addend is a quiet NaN.
    const bool no_product = (is_infinite(a) && is_zero(b)) || (is_zero(a) && is_infinite(b));
    if (no_product) {
        return invalid_operation(flags);
    }
    if (is_nan(a) || is_nan(b) || is_nan(c)) {
        return nan_of(flags, is_signaling(a) || is_signaling(b) || is_signaling(c));
    }
    const bool is_negative = negative(a) != negative(b);
    if (is_infinite(a) || is_infinite(b)) {
        const bool cancels = is_infinite(c) && negative(c) != is_negative;
        return cancels ? invalid_operation(flags) : with_sign(is_negative, infinity);
    }
    if (is_infinite(c)) {
        return c;
    }
    if (is_zero(a) || is_zero(b)) {
        const bool zeros_differ = is_zero(c) && negative(c) != is_negative;
        return zeros_differ ? exact_zero(rounding) : c;
    }
    const Number x = take_apart(a);
    const Number y = take_apart(b);
    const std::uint64_t product = x.significand * y.significand;  // 47 or 48 bits
    const int exponent = x.exponent + y.exponent;
    if (is_zero(c)) {
        return round(is_negative, product, exponent, rounding, flags);
    }
    const Number z = take_apart(c);
    constexpr int product_shift = 14;
    constexpr int addend_shift = 38;
    return sum({is_negative, product << product_shift, exponent - product_shift},
               {negative(c), z.significand << addend_shift, z.exponent - addend_shift}, rounding,
               flags);
}

Bits add(Bits a, Bits b, Rounding rounding, Flags& flags) {
    return fused(a, one, b, rounding, flags);
}

Bits multiply(Bits a, Bits b, Rounding rounding, Flags& flags) {
    // A zero of the product's sign changes nothing.
    return fused(a, b, (a ^ b) & sign_bit, rounding, flags);
}

Bits divide(Bits a, Bits b, Rounding rounding, Flags& flags) {
    if (is_nan(a) || is_nan(b)) {
        return nan_of(flags, is_signaling(a) || is_signaling(b));
    }
    const bool is_negative = negative(a) != negative(b);
    if ((is_zero(a) && is_zero(b)) || (is_infinite(a) && is_infinite(b))) {
        return invalid_operation(flags);
    }
    if (is_infinite(a) || is_zero(b)) {
        flags |= is_infinite(a) ? 0 : divided_by_zero;
        return with_sign(is_negative, infinity);
    }
    if (is_zero(a) || is_infinite(b)) {
        return with_sign(is_negative, 0);
    }
    const Number x = take_apart(a);
    const Number y = take_apart(b);
    constexpr int shift = 40;
    const std::uint64_t dividend = x.significand << shift;
    const std::uint64_t quotient = dividend / y.significand;
    const std::uint64_t sticky = dividend % y.significand != 0 ? 1 : 0;
    return round(is_negative, quotient | sticky, x.exponent - y.exponent - shift, rounding, flags);
}

Bits square_root(Bits a, Rounding rounding, Flags& flags) {
    if (is_nan(a)) {
        return nan_of(flags, is_signaling(a));
    }
    if (is_zero(a)) {
        return a;
    }
    if (negative(a)) {
        return invalid_operation(flags);
    }
    if (is_infinite(a)) {
        return a;
    }
    const Number x = take_apart(a);
    const int shift = (x.exponent & 1) == 0 ? 40 : 39;  // leaves an even exponent
    const std::uint64_t square = x.significand << shift;
    const std::uint64_t root = integer_root(square);
    const std::uint64_t sticky = root * root != square ? 1 : 0;
    return round(false, root | sticky, (x.exponent - shift) / 2, rounding, flags);
}

}  // namespace cimera::cpu::float32
