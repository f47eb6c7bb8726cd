// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <bit>
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include <catch2/catch.hpp>

#include "models/cpu/float32.hpp"

using namespace cimera::cpu;
using float32::Bits;
using float32::Flags;
using float32::Rounding;

namespace {

constexpr int count = 200'000;

/// The integer that `value` rounds to. Doubles hold every binary32 number and every 32-bit integer.
double to_integral(double value, Rounding rounding) {
    switch (rounding) {
        case Rounding::nearest_even:
            return std::nearbyint(value);
        case Rounding::toward_zero:
            return std::trunc(value);
        case Rounding::down:
            return std::floor(value);
        case Rounding::up:
            return std::ceil(value);
        case Rounding::nearest_away:
            return std::round(value);
    }
    return value;
}

template <typename Integer>
void compare_to_integer(Bits a, Rounding rounding,
                        std::uint32_t (*convert)(Bits, Rounding, Flags&)) {
    constexpr double least = std::numeric_limits<Integer>::min();
    constexpr double greatest = std::numeric_limits<Integer>::max();
    const double value = std::bit_cast<float>(a);
    const double whole = to_integral(value, rounding);
    Integer expected = 0;
    Flags expected_flags = float32::invalid;
    if (std::isnan(value) || whole > greatest) {
        expected = std::numeric_limits<Integer>::max();
    } else if (whole < least) {
        expected = std::numeric_limits<Integer>::min();
    } else {
        expected = static_cast<Integer>(whole);
        expected_flags = whole == value ? 0 : float32::inexact;
    }
    Flags flags = 0;
    const std::uint32_t result = convert(a, rounding, flags);
    if (result != static_cast<std::uint32_t>(expected) || flags != expected_flags) {
        INFO(std::hex << a << " mode " << static_cast<int>(rounding));
        CHECK(result == static_cast<std::uint32_t>(expected));
        CHECK(flags == expected_flags);
    }
}

/// A pattern whose value is often near the integers' range or between two integers.
Bits pattern(std::mt19937_64& random) {
    const auto any = static_cast<Bits>(random());
    return random() % 2 == 0 ? any : (any & 0x8fffffffU) + 0x3e000000U;
}

}  // namespace

TEST_CASE("float32: conversions to integers in all rounding modes", "[cpu][float32]") {
    std::mt19937_64 random{7};
    constexpr Bits corners[] = {0x00000000, 0x80000000, 0x3f000000, 0x3fc00000, 0xbf000000,
                                0xbf7fffff, 0xbf800000, 0x4effffff, 0x4f000000, 0xcf000000,
                                0xcf000001, 0x4f7fffff, 0x4f800000, 0x7f800000, 0xff800000,
                                0x7fc00000, 0xffc00000, 0x7f800001, 0x00000001, 0x80000001};
    for (int k = 0; k < count; ++k) {
        const auto position = static_cast<std::size_t>(k);
        const Bits a = position < std::size(corners) ? corners[position] : pattern(random);
        for (unsigned mode = 0; mode < float32::rounding_modes; ++mode) {
            const auto rounding = static_cast<Rounding>(mode);
            compare_to_integer<std::int32_t>(a, rounding, float32::to_signed);
            compare_to_integer<std::uint32_t>(a, rounding, float32::to_unsigned);
        }
    }
}

TEST_CASE("float32: conversions from integers in all rounding modes", "[cpu][float32]") {
    std::mt19937_64 random{8};
    for (int k = 0; k < count; ++k) {
        const auto any = static_cast<std::uint32_t>(random()) >> random() % 32;
        const std::uint32_t integer = k % 4 == 0 ? any & 0xffffffc0U : any;
        for (unsigned mode = 0; mode < float32::rounding_modes; ++mode) {
            const auto rounding = static_cast<Rounding>(mode);
            for (const bool is_signed : {false, true}) {
                const auto value = is_signed
                                       ? static_cast<double>(static_cast<std::int32_t>(integer))
                                       : static_cast<double>(integer);
                // In units of the last of 24 bits the number rounds to an integer.
                const double unit = value == 0 ? 1 : std::ldexp(1.0, std::ilogb(value) - 23);
                const double expected = to_integral(value / unit, rounding) * unit;
                Flags flags = 0;
                const Bits result = is_signed ? float32::from_signed(integer, rounding, flags)
                                              : float32::from_unsigned(integer, rounding, flags);
                INFO(std::hex << integer << " mode " << mode);
                REQUIRE(double{std::bit_cast<float>(result)} == expected);
                REQUIRE(flags == (expected == value ? 0 : float32::inexact));
            }
        }
    }
    Flags flags = 0;
    CHECK(float32::from_signed(0, Rounding::down, flags) == 0);
}

TEST_CASE("float32: comparisons, and which NaNs they call invalid", "[cpu][float32]") {
    std::mt19937_64 random{9};
    constexpr Bits corners[] = {0,          0x80000000, 1,          0x80000001, 0x7f800000,
                                0xff800000, 0x7fc00000, 0xffffffff, 0x7f800001, 0xff800001,
                                0x3f800000, 0xbf800000, 0x3f800001, 0x7f7fffff};
    const auto signaling = [](Bits a) {
        return (a & 0x7fffffffU) > 0x7f800000U && (a & 0x400000U) == 0;
    };
    for (int k = 0; k < count; ++k) {
        const Bits a =
            k % 2 == 0 ? corners[random() % std::size(corners)] : static_cast<Bits>(random());
        const Bits b =
            k % 3 == 0 ? corners[random() % std::size(corners)] : static_cast<Bits>(random());
        const auto x = std::bit_cast<float>(a);
        const auto y = std::bit_cast<float>(b);
        const bool unordered = std::isnan(x) || std::isnan(y);
        const Flags quiet = signaling(a) || signaling(b) ? float32::invalid : 0;
        Flags equal = 0;
        Flags less = 0;
        Flags less_or_equal = 0;
        Flags extremes = 0;
        INFO(std::hex << a << " " << b);
        REQUIRE(float32::equal(a, b, equal) == (x == y));
        REQUIRE(float32::less(a, b, less) == (x < y));
        REQUIRE(float32::less_or_equal(a, b, less_or_equal) == (x <= y));
        REQUIRE(equal == quiet);
        REQUIRE(less == (unordered ? float32::invalid : 0));
        REQUIRE(less_or_equal == less);
        const Bits least = float32::minimum(a, b, extremes);
        const Bits greatest = float32::maximum(a, b, extremes);
        REQUIRE(extremes == quiet);
        if (std::isnan(x) && std::isnan(y)) {
            REQUIRE(least == float32::canonical_nan);
            REQUIRE(greatest == float32::canonical_nan);
        } else if (unordered) {
            REQUIRE(least == (std::isnan(x) ? b : a));
            REQUIRE(greatest == least);
        } else {
            const bool a_first = x < y || (x == y && std::signbit(x));
            REQUIRE(least == (a_first ? a : b));
            REQUIRE(greatest == (x > y || (x == y && !std::signbit(x)) ? a : b));
        }
    }
}

TEST_CASE("float32: classes", "[cpu][float32]") {
    const std::pair<Bits, std::uint32_t> classes[] = {
        {0xff800000, 0x001}, {0xff7fffff, 0x002}, {0x80800000, 0x002}, {0x807fffff, 0x004},
        {0x80000001, 0x004}, {0x80000000, 0x008}, {0x00000000, 0x010}, {0x00000001, 0x020},
        {0x007fffff, 0x020}, {0x00800000, 0x040}, {0x7f7fffff, 0x040}, {0x7f800000, 0x080},
        {0x7f800001, 0x100}, {0xffbfffff, 0x100}, {0x7fc00000, 0x200}, {0xffffffff, 0x200}};
    for (const auto& [a, expected] : classes) {
        INFO(std::hex << a);
        CHECK(float32::classify(a) == expected);
    }
}

TEST_CASE("float32: NaN results are canonical and infinity times zero is invalid",
          "[cpu][float32]") {
    constexpr auto mode = Rounding::nearest_even;
    constexpr Bits quiet = 0xffc12345;
    constexpr Bits signaling = 0x7f812345;
    Flags flags = 0;
    CHECK(float32::add(quiet, float32::one, mode, flags) == float32::canonical_nan);
    CHECK(float32::square_root(quiet, mode, flags) == float32::canonical_nan);
    CHECK(float32::fused(quiet, quiet, quiet, mode, flags) == float32::canonical_nan);
    CHECK(flags == 0);
    CHECK(float32::multiply(signaling, float32::one, mode, flags) == float32::canonical_nan);
    CHECK(flags == float32::invalid);
    flags = 0;
    CHECK(float32::fused(float32::infinity, 0, quiet, mode, flags) == float32::canonical_nan);
    CHECK(flags == float32::invalid);
}
