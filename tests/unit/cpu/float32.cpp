// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// The arithmetic against the host's, which is IEEE 754 in four rounding modes, and against rounding
// of exact integers, written here anew, in all five.

#include "models/cpu/float32.hpp"

#include <bit>
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace cimera::cpu;
using float32::Bits;
using float32::Flags;
using float32::Rounding;

namespace {

constexpr int pairs = 150'000;

constexpr Bits specials[] = {
    0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x00000002, 0x007fffff, 0x807fffff, 0x00800000,
    0x80800000, 0x00800001, 0x01000000, 0x33800000, 0x34000000, 0x3effffff, 0x3f000000, 0x3f7fffff,
    0x3f800000, 0xbf800000, 0x3f800001, 0x3fc00000, 0x40000000, 0x40490fdb, 0x4b000000, 0x4b7fffff,
    0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000, 0x7e800000, 0x7f7fffff,
    0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x7fffffff};

/// Bit patterns that meet often: any, special, close to a power of two, of like exponents.
class Operands {
public:
    Bits next() {
        const auto any = static_cast<Bits>(random_());
        switch (random_() % 8) {
            case 0:
                return specials[any % std::size(specials)];
            case 1:  // around a special one
                return specials[any % std::size(specials)] + (any >> 8) % 9 - 4;
            case 2:  // few bits set
                return any & static_cast<Bits>(random_()) & static_cast<Bits>(random_());
            case 3:  // small exponents
                return any & 0x83ffffffU;
            case 4:
            case 5:  // exponents around one
                return (any & 0x87ffffffU) + 0x3c000000U;
            default:
                return any;
        }
    }

private:
    std::mt19937_64 random_{20240501};
};

struct Mode {
    Rounding rounding;
    int host;
};
constexpr Mode host_modes[] = {{Rounding::nearest_even, FE_TONEAREST},
                               {Rounding::toward_zero, FE_TOWARDZERO},
                               {Rounding::down, FE_DOWNWARD},
                               {Rounding::up, FE_UPWARD}};

struct Result {
    Bits bits = 0;
    Flags flags = 0;
    bool operator==(const Result&) const = default;
};

Flags host_flags() {
    const int raised = std::fetestexcept(FE_ALL_EXCEPT);
    return ((raised & FE_INEXACT) != 0 ? float32::inexact : 0) |
           ((raised & FE_UNDERFLOW) != 0 ? float32::underflow : 0) |
           ((raised & FE_OVERFLOW) != 0 ? float32::overflow : 0) |
           ((raised & FE_DIVBYZERO) != 0 ? float32::divided_by_zero : 0) |
           ((raised & FE_INVALID) != 0 ? float32::invalid : 0);
}

/// What the host computes; the volatiles keep the compiler from moving or folding it.
template <typename Operation>
Result on_host(const Mode& mode, Operation operation, Bits a, Bits b) {
    volatile float x = std::bit_cast<float>(a);
    volatile float y = std::bit_cast<float>(b);
    std::fesetround(mode.host);
    std::feclearexcept(FE_ALL_EXCEPT);
    volatile float z = operation(x, y);
    const Flags flags = host_flags();
    std::fesetround(FE_TONEAREST);
    const float value = z;
    return {std::isnan(value) ? float32::canonical_nan : std::bit_cast<Bits>(value), flags};
}

template <typename Ours, typename Host>
void compare(Ours ours, Host host) {
    Operands operands;
    for (int k = 0; k < pairs; ++k) {
        const Bits a = operands.next();
        const Bits b = operands.next();
        for (const Mode& mode : host_modes) {
            Result mine;
            mine.bits = ours(a, b, mode.rounding, mine.flags);
            const Result expected = on_host(mode, host, a, b);
            if (mine != expected) {
                INFO(std::hex << a << " " << b << " mode " << static_cast<int>(mode.rounding));
                CHECK(mine.bits == expected.bits);
                CHECK(mine.flags == expected.flags);
            }
        }
    }
}

}  // namespace

TEST_CASE("float32: addition as on the host", "[cpu][float32]") {
    compare(float32::add, [](float a, float b) { return a + b; });
}

TEST_CASE("float32: multiplication as on the host", "[cpu][float32]") {
    compare(float32::multiply, [](float a, float b) { return a * b; });
}

TEST_CASE("float32: division as on the host", "[cpu][float32]") {
    compare(float32::divide, [](float a, float b) { return a / b; });
}

TEST_CASE("float32: square root as on the host", "[cpu][float32]") {
    compare([](Bits a, Bits, Rounding rounding,
               Flags& flags) { return float32::square_root(a, rounding, flags); },
            [](float a, float) { return std::sqrt(a); });
}

// ---- an exact reference for every rounding mode

namespace {

/// An integer of 1024 bits, enough for the sum of a product and an addend in units of 2^-300.
class Wide {
public:
    static constexpr int unit = -300;  // least exponent of a product: -298

    Wide() = default;
    Wide(std::uint64_t value, int exponent) {
        const auto at = static_cast<unsigned>(exponent - unit);
        for (unsigned k = 0; k < 64; ++k) {
            if ((value >> k & 1U) != 0) {
                bits_[at + k] = true;
            }
        }
    }
    [[nodiscard]] int leading() const {
        for (int k = static_cast<int>(bits_.size()); k-- != 0;) {
            if (bits_[static_cast<std::size_t>(k)]) {
                return k;
            }
        }
        return -1;
    }
    [[nodiscard]] bool bit(int k) const { return k >= 0 && bits_[static_cast<std::size_t>(k)]; }
    [[nodiscard]] bool any_below(int k) const {
        for (int j = 0; j < k; ++j) {
            if (bits_[static_cast<std::size_t>(j)]) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool less_than(const Wide& other) const {
        for (std::size_t k = bits_.size(); k-- != 0;) {
            if (bits_[k] != other.bits_[k]) {
                return other.bits_[k];
            }
        }
        return false;
    }
    void add(const Wide& other) {
        bool carry = false;
        for (std::size_t k = 0; k < bits_.size(); ++k) {
            const int sum = int{bits_[k]} + int{other.bits_[k]} + int{carry};
            bits_[k] = sum % 2 != 0;
            carry = sum > 1;
        }
    }
    /// `other` must not be greater.
    void subtract(const Wide& other) {
        bool borrow = false;
        for (std::size_t k = 0; k < bits_.size(); ++k) {
            const int difference = int{bits_[k]} - int{other.bits_[k]} - int{borrow};
            bits_[k] = difference % 2 != 0;
            borrow = difference < 0;
        }
    }

private:
    std::vector<bool> bits_ = std::vector<bool>(640);
};

/// Value times 2^149 of a finite number, in units of the least subnormal.
std::pair<std::uint64_t, int> integer_and_exponent(Bits a) {
    const int field = static_cast<int>(a >> 23 & 255U);
    const std::uint64_t fraction = a & 0x7fffffU;
    return field == 0 ? std::pair{fraction, -149} : std::pair{fraction + 0x800000, field - 150};
}

/// Rounds to `last`, the position of the last bit that remains; tells whether upwards.
bool rounds_up(const Wide& value, int last, bool negative, Rounding rounding) {
    const bool half = value.bit(last - 1);
    const bool beyond = value.any_below(last - 1);
    switch (rounding) {
        case Rounding::nearest_even:
            return half && (beyond || value.bit(last));
        case Rounding::nearest_away:
            return half;
        case Rounding::toward_zero:
            return false;
        case Rounding::down:
            return negative && (half || beyond);
        case Rounding::up:
            return !negative && (half || beyond);
    }
    return false;
}

Result rounded(const Wide& value, bool negative, Rounding rounding) {
    constexpr int least_bit = -149 - Wide::unit;  // position of the least subnormal
    const int leading = value.leading();
    const int free_last = leading - 23;
    const int last = std::max(free_last, least_bit);
    std::uint64_t kept = 0;
    for (int k = leading; k >= last; --k) {
        kept = kept * 2 + (value.bit(k) ? 1 : 0);
    }
    kept += rounds_up(value, last, negative, rounding) ? 1 : 0;
    const bool inexact = value.any_below(last);
    // Tiny: below 2^-126 when rounded to 24 bits, however small the exponent.
    const int normal = -126 - Wide::unit;
    bool all_ones = true;
    for (int k = leading; k >= free_last; --k) {
        all_ones = all_ones && value.bit(k);
    }
    const bool reaches =
        leading == normal - 1 && all_ones && rounds_up(value, free_last, negative, rounding);
    const bool tiny = leading < normal && !reaches;
    Result result;
    const double magnitude = std::ldexp(static_cast<double>(kept), last + Wide::unit);
    const bool too_large = magnitude > static_cast<double>(std::numeric_limits<float>::max());
    const Bits sign = negative ? float32::sign_bit : 0;
    if (too_large) {
        const bool away = rounding == Rounding::nearest_even ||
                          rounding == Rounding::nearest_away ||
                          rounding == (negative ? Rounding::down : Rounding::up);
        return {sign | (away ? 0x7f800000U : 0x7f7fffffU), float32::overflow | float32::inexact};
    }
    result.bits = sign | std::bit_cast<Bits>(static_cast<float>(magnitude));  // exact
    result.flags = (inexact ? float32::inexact : 0) | (inexact && tiny ? float32::underflow : 0);
    return result;
}

/// a * b + c of finite numbers.
Result exact_fused(Bits a, Bits b, Bits c, Rounding rounding) {
    const auto [x, x_exponent] = integer_and_exponent(a);
    const auto [y, y_exponent] = integer_and_exponent(b);
    const auto [z, z_exponent] = integer_and_exponent(c);
    const bool product_negative = ((a ^ b) & float32::sign_bit) != 0;
    const bool addend_negative = (c & float32::sign_bit) != 0;
    Wide sum(x * y, x_exponent + y_exponent);
    Wide addend(z, z_exponent);
    bool negative = product_negative;
    if (product_negative == addend_negative) {
        sum.add(addend);
    } else if (sum.less_than(addend)) {
        std::swap(sum, addend);
        sum.subtract(addend);
        negative = addend_negative;
    } else {
        sum.subtract(addend);
    }
    if (sum.leading() < 0) {
        const bool sign =
            product_negative == addend_negative ? product_negative : rounding == Rounding::down;
        return {sign ? float32::sign_bit : 0, 0};
    }
    return rounded(sum, negative, rounding);
}

bool finite(Bits a) {
    return (a & 0x7f800000U) != 0x7f800000U;
}

}  // namespace

TEST_CASE("float32: fused multiply-add against exact integers, all rounding modes",
          "[cpu][float32]") {
    Operands operands;
    int compared = 0;
    for (int k = 0; k < 30'000; ++k) {
        const Bits a = operands.next();
        const Bits b = operands.next();
        Bits c = operands.next();
        if (k % 3 == 0) {  // cancels all or most of the product
            Flags ignored = 0;
            c = float32::multiply(a, b, Rounding::toward_zero, ignored) ^ float32::sign_bit;
            c += static_cast<Bits>(k % 5) - 2;
        }
        if (!finite(a) || !finite(b) || !finite(c)) {
            continue;
        }
        ++compared;
        for (unsigned mode = 0; mode < float32::rounding_modes; ++mode) {
            const auto rounding = static_cast<Rounding>(mode);
            Result mine;
            mine.bits = float32::fused(a, b, c, rounding, mine.flags);
            const Result expected = exact_fused(a, b, c, rounding);
            if (mine != expected) {
                INFO(std::hex << a << " " << b << " " << c << " mode " << mode);
                CHECK(mine.bits == expected.bits);
                CHECK(mine.flags == expected.flags);
            }
        }
    }
    CHECK(compared > 20'000);
}

TEST_CASE("float32: fused multiply-add as on the host", "[cpu][float32]") {
    Operands operands;
    for (int k = 0; k < pairs; ++k) {
        const Bits a = operands.next();
        const Bits b = operands.next();
        const Bits c = operands.next();
        // RISC-V: invalid; IEEE 754 leaves it open with a quiet NaN as addend.
        const bool no_product =
            (a << 1 == 0 && b << 1 == 0xff000000U) || (b << 1 == 0 && a << 1 == 0xff000000U);
        for (const Mode& mode : host_modes) {
            Result mine;
            mine.bits = float32::fused(a, b, c, mode.rounding, mine.flags);
            Result expected = on_host(
                mode, [c](float x, float y) { return std::fma(x, y, std::bit_cast<float>(c)); }, a,
                b);
            expected.flags |= no_product ? float32::invalid : 0;
            if (mine != expected) {
                INFO(std::hex << a << " " << b << " " << c << " mode "
                              << static_cast<int>(mode.rounding));
                CHECK(mine.bits == expected.bits);
                CHECK(mine.flags == expected.flags);
            }
        }
    }
}

TEST_CASE("float32: rounding to nearest, ties away from zero", "[cpu][float32]") {
    Operands operands;
    for (int k = 0; k < 20'000; ++k) {
        const Bits a = operands.next();
        const Bits b = operands.next();
        if (!finite(a) || !finite(b)) {
            continue;
        }
        constexpr auto mode = Rounding::nearest_away;
        Result sum;
        sum.bits = float32::add(a, b, mode, sum.flags);
        Result product;
        product.bits = float32::multiply(a, b, mode, product.flags);
        INFO(std::hex << a << " " << b);
        REQUIRE(sum == exact_fused(a, float32::one, b, mode));
        REQUIRE(product == exact_fused(a, b, (a ^ b) & float32::sign_bit, mode));
        // A quotient and a root are never half way between two numbers of 24 bits, but for
        // subnormal quotients; they round to nearest even as well as away.
        Result root;
        Result even_root;
        root.bits = float32::square_root(a, mode, root.flags);
        even_root.bits = float32::square_root(a, Rounding::nearest_even, even_root.flags);
        REQUIRE(root == even_root);
        Result quotient;
        Result even_quotient;
        quotient.bits = float32::divide(a, b, mode, quotient.flags);
        even_quotient.bits = float32::divide(a, b, Rounding::nearest_even, even_quotient.flags);
        if ((quotient.flags & float32::underflow) == 0) {
            REQUIRE(quotient == even_quotient);
        }
    }
    // Ties among subnormal quotients: 3 * 2^-149 / 2.
    Flags flags = 0;
    CHECK(float32::divide(0x00000003, 0x40000000, Rounding::nearest_away, flags) == 2);
    CHECK(float32::divide(0x00000005, 0x40000000, Rounding::nearest_away, flags) == 3);
    CHECK(float32::divide(0x00000005, 0x40000000, Rounding::nearest_even, flags) == 2);
    CHECK(flags == (float32::inexact | float32::underflow));
}
