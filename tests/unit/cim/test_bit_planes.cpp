// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <bit>
#include <cstdint>
#include <functional>
#include <hwy/targets.h>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/bit_planes.hpp"
#include "models/common/random.hpp"

namespace cimera::cim {
namespace {

/// Runs a check with each instruction set that the machine has, scalar code included.
void with_each_target(const std::function<void()>& check) {
    for (std::int64_t targets = hwy::SupportedTargets() | HWY_SCALAR; targets != 0;
         targets &= targets - 1) {
        const std::int64_t target = targets & -targets;
        INFO("target " << hwy::TargetName(target));
        hwy::GetChosenTarget().Update(target);
        check();
    }
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

struct Planes {
    std::vector<std::uint64_t> cells;
    std::vector<std::uint64_t> inputs;
    std::vector<std::uint64_t> toggles;
    PlaneProduct product;

    Planes(std::size_t words, unsigned weight_bits, bool signs, std::size_t all_columns,
           const Random& random) {
        product.words = words;
        product.code_bits = weight_bits + (signs ? 1 : 0);
        product.weight_bits = weight_bits;
        product.signs = signs;
        product.input_bits = 5;
        product.toggle_bits = 3;
        const std::size_t blocks = (all_columns + block_columns - 1) / block_columns;
        fill(cells, blocks * product.block_words(), 0, random);
        fill(inputs, product.input_bits * words, 1, random);
        fill(toggles, product.toggle_bits * words, 2, random);
        product.cells = cells.data();
        product.inputs = inputs.data();
        product.toggles = toggles.data();
    }
    static void fill(std::vector<std::uint64_t>& words, std::size_t count, std::uint32_t stream,
                     const Random& random) {
        for (std::uint32_t i = 0; i < count; ++i) {
            words.push_back(std::uint64_t{random.bits(stream, i, 0)} << 32 |
                            random.bits(stream, i, 1));
        }
    }
    [[nodiscard]] bool bit(std::size_t column, unsigned b, std::size_t row) const {
        const std::size_t word = column / block_columns * product.block_words() +
                                 (b * product.words + row / 64) * block_columns +
                                 column % block_columns;
        return (cells[word] >> row % 64 & 1U) != 0;
    }
};

bool plane_bit(const std::vector<std::uint64_t>& planes, std::size_t words, unsigned b,
               std::size_t row) {
    return (planes[b * words + row / 64] >> row % 64 & 1U) != 0;
}

/// One multiply-accumulate after the other.
PlaneCounts one_by_one(const Planes& planes, std::vector<std::int64_t>& sums) {
    const PlaneProduct& p = planes.product;
    PlaneCounts counts;
    for (std::size_t c = 0; c < p.columns; ++c) {
        std::vector<bool> active(8, false);
        for (std::size_t r = 0; r < 64 * p.words; ++r) {
            std::int64_t x = 0;
            std::int64_t w = 0;
            std::uint64_t stored = 0;
            std::uint64_t toggles = 0;
            for (unsigned b = 0; b < p.weight_bits; ++b) {
                const bool one = planes.bit(p.first_column + c, b, r);
                const bool negative = p.weight_top_negative && b + 1 == p.weight_bits;
                w += one ? (negative ? -1 : 1) * (std::int64_t{1} << b) : 0;
                stored += one ? 1 : 0;
            }
            if (p.signs && planes.bit(p.first_column + c, p.weight_bits, r)) {
                w = -w;
            }
            for (unsigned b = 0; b < p.input_bits; ++b) {
                const bool one = plane_bit(planes.inputs, p.words, b, r);
                const bool negative = p.input_top_negative && b + 1 == p.input_bits;
                x += one ? (negative ? -1 : 1) * (std::int64_t{1} << b) : 0;
                active[b / p.slice] = active[b / p.slice] || (one && stored != 0);
            }
            for (unsigned b = 0; b < p.toggle_bits; ++b) {
                toggles += plane_bit(planes.toggles, p.words, b, r) ? 1ULL << b : 0;
            }
            sums[c] += x * w;
            counts.toggled += toggles * stored;
        }
        for (const bool cycle : active) {
            counts.accumulations += cycle ? 1 : 0;
        }
    }
    return counts;
}

TEST_CASE("bit planes: every instruction set gives the sums of single products", "[cim]") {
    const Random random(3, "planes");
    const unsigned weight_bits = GENERATE(1U, 2U, 3U, 4U, 8U, 15U, 16U);
    const bool signs = GENERATE(false, true);
    const std::size_t words = GENERATE(1U, 3U);
    Planes planes(words, weight_bits, signs, 37, random);
    planes.product.weight_top_negative = !signs;
    planes.product.input_top_negative = words == 3;
    planes.product.slice = weight_bits % 2 == 0 ? 2 : 1;
    for (const auto& [first, count] :
         {std::pair<std::size_t, std::size_t>{0, 37}, {0, 16}, {5, 2}, {3, 30}, {8, 8}}) {
        planes.product.first_column = first;
        planes.product.columns = count;
        std::vector<std::int64_t> expected(count, -7);
        const PlaneCounts counts = one_by_one(planes, expected);
        with_each_target([&] {
            std::vector<std::int64_t> sums(count, -7);
            planes.product.sums = sums.data();
            const PlaneCounts given = plane_product(planes.product);
            CHECK(sums == expected);
            CHECK(given.toggled == counts.toggled);
            CHECK(given.accumulations == counts.accumulations);
        });
    }
}

TEST_CASE("bit planes: every instruction set adds a tree in the same order", "[cim]") {
    const Random random(4, "tree");
    const std::size_t rows = GENERATE(1U, 2U, 5U, 64U, 100U);
    const AdderConfig adder{GENERATE(0U, 1U, 4U, 16U), GENERATE(1U, 0b101U, 0xFFFFU)};
    constexpr std::size_t columns = 2 * tree_columns;
    std::vector<std::int32_t> weights(rows * columns);
    std::vector<std::int32_t> inputs(rows);
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
        weights[i] = static_cast<std::int32_t>(random.below(1U << 16U, 0, i, 0)) - (1 << 15);
    }
    for (std::uint32_t i = 0; i < rows; ++i) {
        inputs[i] = static_cast<std::int32_t>(random.below(4, 1, i, 0)) - 1;
    }
    std::vector<std::int32_t> expected(columns);
    for (std::size_t c = 0; c < columns; ++c) {
        std::vector<std::int32_t> leaves(rows);
        for (std::size_t r = 0; r < rows; ++r) {
            const std::size_t block = c / tree_columns * rows + r;
            leaves[r] = inputs[r] * weights[block * tree_columns + c % tree_columns];
        }
        expected[c] = tree_sum(leaves, adder);
    }
    with_each_target([&] {
        std::vector<std::int32_t> sums(columns);
        std::vector<std::int32_t> scratch((rows + 1) / 2 * tree_columns);
        tree_product(
            {weights.data(), inputs.data(), rows, columns, adder, sums.data(), scratch.data()});
        CHECK(sums == expected);
    });
}

TEST_CASE("bit planes: bytes of rows become planes", "[cim]") {
    const Random random(5, "bytes");
    std::vector<std::uint8_t> bytes(128);
    for (std::uint32_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(random.bits(0, i, 0));
    }
    std::vector<std::uint64_t> planes(2 * 8, ~0ULL);
    bytes_to_planes(bytes.data(), 2, 8, planes.data());
    for (std::size_t row = 0; row < bytes.size(); ++row) {
        for (unsigned b = 0; b < 8; ++b) {
            CHECK(plane_bit(planes, 2, b, row) == ((bytes[row] >> b & 1U) != 0));
        }
    }
}

}  // namespace
}  // namespace cimera::cim
