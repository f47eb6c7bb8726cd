// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

/// IEEE 754 binary32 arithmetic as RISC-V defines it, on bit patterns and by integers alone: the
/// same on every host. NaN results are canonical; underflow is detected after rounding.
namespace cimera::cpu::float32 {

using Bits = std::uint32_t;

/// Encoded as in frm.
enum class Rounding : std::uint8_t {
    nearest_even,
    toward_zero,
    down,
    up,
    nearest_away,
};
inline constexpr std::uint32_t rounding_modes = 5;

/// Accrued exceptions, encoded as in fflags. Functions only ever add to them.
using Flags = std::uint32_t;
inline constexpr Flags inexact = 1;
inline constexpr Flags underflow = 2;
inline constexpr Flags overflow = 4;
inline constexpr Flags divided_by_zero = 8;
inline constexpr Flags invalid = 16;
inline constexpr Flags all_flags = 31;

inline constexpr Bits sign_bit = 0x80000000;
inline constexpr Bits infinity = 0x7f800000;
inline constexpr Bits canonical_nan = 0x7fc00000;
inline constexpr Bits one = 0x3f800000;

/// a * b + c, rounded once.
Bits fused(Bits a, Bits b, Bits c, Rounding rounding, Flags& flags);
Bits add(Bits a, Bits b, Rounding rounding, Flags& flags);
Bits multiply(Bits a, Bits b, Rounding rounding, Flags& flags);
Bits divide(Bits a, Bits b, Rounding rounding, Flags& flags);
Bits square_root(Bits a, Rounding rounding, Flags& flags);

/// Out of range and NaN: the nearest bound (the greatest for NaN) and `invalid` alone.
std::uint32_t to_signed(Bits a, Rounding rounding, Flags& flags);
std::uint32_t to_unsigned(Bits a, Rounding rounding, Flags& flags);
Bits from_signed(std::uint32_t value, Rounding rounding, Flags& flags);
Bits from_unsigned(std::uint32_t value, Rounding rounding, Flags& flags);

bool equal(Bits a, Bits b, Flags& flags);
bool less(Bits a, Bits b, Flags& flags);
bool less_or_equal(Bits a, Bits b, Flags& flags);
/// IEEE 754-2019 minimumNumber and maximumNumber.
Bits minimum(Bits a, Bits b, Flags& flags);
Bits maximum(Bits a, Bits b, Flags& flags);
/// The mask of fclass.s.
std::uint32_t classify(Bits a);

}  // namespace cimera::cpu::float32
