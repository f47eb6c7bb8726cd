// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "models/cim/adder_tree.hpp"
#include "models/cim/digital_gates.hpp"
#include "models/cim/encoding.hpp"

namespace cimera::cim {
namespace {

std::uint64_t magnitudes(Encoding encoding, unsigned bits) {
    return WeightCodec(encoding, SignPlace::none, bits).magnitudes();
}

std::size_t signed_values(Encoding encoding, unsigned bits) {
    const WeightCodec codec(encoding, SignPlace::beside, bits);
    std::set<std::int32_t> values;
    for (std::uint32_t code = 0; code < 2U << bits; ++code) {
        if (codec.has(code)) {
            values.insert(codec.value(code, true));
        }
    }
    return values.size();
}

TEST_CASE("encoding: numbers of codes", "[cim]") {
    CHECK(magnitudes(Encoding::fibbinary, 4) == 8);
    CHECK(magnitudes(Encoding::fibbinary, 8) == 55);
    CHECK(magnitudes(Encoding::fibbinary, 16) == 2584);
    CHECK(magnitudes(Encoding::relaxed, 4) == 9);
    CHECK(magnitudes(Encoding::relaxed, 8) == 81);
    CHECK(magnitudes(Encoding::relaxed, 16) == 6561);
    CHECK(signed_values(Encoding::relaxed, 4) == 17);
    CHECK(signed_values(Encoding::relaxed, 8) == 161);
    CHECK(signed_values(Encoding::relaxed, 16) == 13121);
}

TEST_CASE("encoding: the nearest code has the nearest value", "[cim]") {
    const auto encoding = GENERATE(Encoding::binary, Encoding::fibbinary, Encoding::relaxed);
    const auto sign = GENERATE(SignPlace::none, SignPlace::inside, SignPlace::beside);
    const WeightCodec codec(encoding, sign, 4);
    const bool is_signed =
        encoding == Encoding::binary ? sign == SignPlace::inside : sign != SignPlace::none;
    REQUIRE(codec.supports(is_signed));
    std::set<std::int32_t> values;
    const unsigned code_bits = encoding != Encoding::binary && sign == SignPlace::beside ? 5 : 4;
    for (std::uint32_t code = 0; code < 1U << code_bits; ++code) {
        if (codec.has(code)) {
            values.insert(codec.value(code, is_signed));
        }
    }
    for (std::int32_t wanted = -40; wanted <= 40; ++wanted) {
        std::int32_t best = *values.begin();
        for (const std::int32_t value : values) {
            const int closer = std::abs(value - wanted) - std::abs(best - wanted);
            if (closer < 0 || (closer == 0 && std::abs(value) < std::abs(best))) {
                best = value;
            }
        }
        bool cut = false;
        const std::uint32_t code = codec.nearest(wanted, is_signed, cut);
        CHECK(codec.has(code));
        CHECK(codec.value(code, is_signed) == best);
        CHECK(cut == (wanted < *values.begin() || wanted > *values.rbegin()));
    }
}

TEST_CASE("encoding: two's complement has no relaxed code in -85 to -1", "[cim]") {
    const WeightCodec codec(Encoding::relaxed, SignPlace::none, 8);
    for (int value = -128; value < 0; ++value) {
        const bool there = codec.has(static_cast<std::uint32_t>(value) & 0xFFU);
        if (value >= -85) {
            CHECK_FALSE(there);
        }
    }
    CHECK(codec.has(static_cast<std::uint32_t>(-86) & 0xFFU));
}

TEST_CASE("adder tree: lists of levels", "[cim]") {
    std::uint32_t levels = 0;
    CHECK(parse_levels("1", levels));
    CHECK(levels == 1);
    CHECK(parse_levels("1-3,5", levels));
    CHECK(levels == 0b10111);
    CHECK(parse_levels("all", levels));
    CHECK(levels == 0xFFFF);
    for (const char* wrong : {"", "0", "17", "1,", "3-1", "a", "1 2", "1-", "-1", "1-3-5"}) {
        INFO(wrong);
        CHECK_FALSE(parse_levels(wrong, levels));
    }
}

TEST_CASE("adder tree: gates", "[cim]") {
    // n(p + 1) - (p + log2 n + 1), FACTS of 2-bit products of 4-bit inputs with 64 rows.
    CHECK(tree_gates(64, 6, {}).full_adders == 435);
    CHECK(tree_gates(64, 5, {}).full_adders == 372);
    for (const unsigned n : {2U, 8U, 64U, 256U}) {
        for (const unsigned p : {1U, 4U, 16U}) {
            CHECK(tree_gates(n, p, {}).full_adders == n * (p + 1) - (p + tree_levels(n) + 1));
        }
    }
    CHECK(tree_gates(1, 8, {}).full_adders == 0);
    CHECK(tree_gates(3, 4, {}).full_adders == 4 + 5);  // the third operand goes up a level
    // Three of four bits of each of 32 adders: three ORs and the AND of the carry.
    const TreeGates approximate = tree_gates(64, 4, {3, 1});
    CHECK(approximate.full_adders == tree_gates(64, 4, {}).full_adders - 3 * 32);
    CHECK(approximate.simple_gates == 4 * 32);
}

TEST_CASE("adder tree: lower-part-OR addition", "[cim]") {
    CHECK(lower_or_add(0b0101, 0b0011, 0) == 8);
    CHECK(lower_or_add(0b0101, 0b0011, 2) == 0b0111);  // 1 + 0, low 01 | 11, no carry
    CHECK(lower_or_add(0b0110, 0b0011, 2) == 0b1011);  // 1 + 0 + carry, low 10 | 11
    CHECK(lower_or_add(-1, -1, 3) == -1);              // -1 - 1 + 1, low 111
    CHECK(lower_or_add(-8, 5, 3) == -3);
}

TEST_CASE("multipliers: gates of two bits of a weight", "[cim]") {
    const MultiplierGates binary = multiplier_gates(Encoding::binary, 4, 2);
    CHECK(binary.products == 8);
    CHECK(binary.full_adders == 2);
    CHECK(binary.half_adders == 2);
    CHECK(binary.leaf_bits == 6);
    const MultiplierGates relaxed = multiplier_gates(Encoding::relaxed, 4, 2);
    CHECK(relaxed.products == 8);
    CHECK(relaxed.full_adders + relaxed.half_adders == 0);
    CHECK(relaxed.leaf_bits == 5);
    CHECK(multiplier_gates(Encoding::binary, 1, 4).leaf_bits == 4);  // a row of ANDs
}

}  // namespace
}  // namespace cimera::cim
