// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>

namespace cimera::cim {

/// Which adders of a tree are lower-part-OR adders. Level 1 adds the products.
struct AdderConfig {
    unsigned or_bits = 0;      ///< lower bits that are ORed, 0 to 16; 0: all adders are exact
    std::uint32_t levels = 0;  ///< bit l - 1: level l

    [[nodiscard]] bool exact() const { return or_bits == 0 || levels == 0; }
    /// ORed bits of the adders of a level.
    [[nodiscard]] unsigned or_bits_of(unsigned level) const {
        return (levels >> (level - 1) & 1U) != 0 ? or_bits : 0;
    }
};

/// Levels as a configuration lists them: "1", "1,2", "1-3,5"; "all" is every level.
/// Returns false where the text is no such list or a level is not 1 to 16.
[[nodiscard]] bool parse_levels(const std::string& text, std::uint32_t& levels);

/// ceil(log2 n): the levels of a tree of n operands.
[[nodiscard]] constexpr unsigned tree_levels(unsigned n) {
    return static_cast<unsigned>(std::bit_width(n - 1));
}

/// Lower-part-OR addition of two's complement numbers: the k lower bits are ORed, the carry into
/// the upper part is the AND of the highest of them.
[[nodiscard]] constexpr std::int32_t lower_or_add(std::int32_t a, std::int32_t b, unsigned k) {
    if (k == 0) {
        return a + b;
    }
    const std::int32_t carry = a >> (k - 1) & b >> (k - 1) & 1;
    const std::int32_t low = (a | b) & ((std::int32_t{1} << k) - 1);
    return ((a >> k) + (b >> k) + carry) * (std::int32_t{1} << k) + low;
}

/// Sum by the tree: operands 2i and 2i + 1 meet, an odd one out goes up a level.
[[nodiscard]] std::int32_t tree_sum(std::span<std::int32_t> operands, const AdderConfig& adder);

/// Gates of one tree.
struct TreeGates {
    unsigned full_adders = 0;
    unsigned simple_gates = 0;  ///< ORs of lower parts, ANDs of their carries
};
/// Tree of n operands of `bits` bits; each level's sums are one bit wider.
[[nodiscard]] TreeGates tree_gates(unsigned n, unsigned bits, const AdderConfig& adder);

}  // namespace cimera::cim
