// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/cim/adder_tree.hpp"

namespace cimera::cim {

/// Cells lie in blocks of so many neighbouring weight columns.
inline constexpr std::size_t block_columns = 8;

/// An exact product on bit planes: bit r % 64 of word r / 64 belongs to row r. A block of columns
/// is [bit of a code][word][column of the block].
struct PlaneProduct {
    const std::uint64_t* cells = nullptr;  ///< blocks of one macro
    std::size_t words = 1;
    unsigned code_bits = 1;  ///< planes of a block
    std::size_t first_column = 0;
    std::size_t columns = 0;
    unsigned weight_bits = 1;          ///< of these, the lowest that count towards the magnitude
    bool weight_top_negative = false;  ///< two's complement
    bool signs = false;                ///< the plane above them says which weights are negative
    const std::uint64_t* inputs = nullptr;  ///< [bit][word], lowest bit first
    unsigned input_bits = 1;
    bool input_top_negative = false;
    unsigned slice = 1;                      ///< input bits of a cycle
    const std::uint64_t* toggles = nullptr;  ///< [bit][word]: how often a row's inputs toggle
    unsigned toggle_bits = 0;
    std::int64_t* sums = nullptr;  ///< of `columns` columns; the product is added

    /// Words of a block.
    [[nodiscard]] std::size_t block_words() const { return code_bits * words * block_columns; }
};

/// Events of a product.
struct PlaneCounts {
    std::uint64_t toggled = 0;        ///< toggles of products of an input bit and a stored one
    std::uint64_t accumulations = 0;  ///< cycles of columns in which any product is not zero
};

/// By the widest vectors that the machine has; the same integers with any.
PlaneCounts plane_product(const PlaneProduct& product);

/// Columns of a block of a tree's weights; all columns are a multiple of this.
inline constexpr std::size_t tree_columns = 16;

/// One cycle of an adder tree, in the order of its operands.
struct TreeProduct {
    const std::int32_t* weights = nullptr;  ///< [block of columns][row][column of the block]
    const std::int32_t* inputs = nullptr;   ///< [row]
    std::size_t rows = 1;
    std::size_t columns = 0;  ///< with their padding, a multiple of `tree_columns`
    AdderConfig adder;
    std::int32_t* sums = nullptr;     ///< of each column; is set
    std::int32_t* scratch = nullptr;  ///< (rows + 1) / 2 · tree_columns
};

/// By the widest vectors that the machine has; the same integers with any.
void tree_product(const TreeProduct& product);

/// Turns a byte of each row into planes: bit b of rows' bytes to planes[b * words + row / 64].
/// There are 64 bytes for each word.
void bytes_to_planes(const std::uint8_t* bytes, std::size_t words, unsigned planes,
                     std::uint64_t* to);

/// The other way for one column: the codes of 64 rows from the same word of each of `bits` planes,
/// which lie `stride` apart. `bits` is at most 17.
void planes_to_codes(const std::uint64_t* planes, std::size_t stride, unsigned bits,
                     std::uint32_t codes[64]);

}  // namespace cimera::cim
