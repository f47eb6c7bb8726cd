// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/cim/adder_tree.hpp"
#include "models/cim/array.hpp"
#include "models/cim/encoding.hpp"

namespace cimera::cim {

/// What a digital array computes with.
struct DigitalConfig {
    Encoding encoding = Encoding::binary;
    SignPlace sign = SignPlace::none;  ///< of weights that are not binary
    unsigned input_slice = 1;          ///< input bits of a cycle: 1, 2, 4 or 8
    AdderConfig adder;

    [[nodiscard]] bool has_signs() const {
        return encoding != Encoding::binary && sign != SignPlace::none;
    }
    /// Bits of a weight that one multiplier takes: with single input bits the whole weight.
    [[nodiscard]] unsigned group_bits(unsigned magnitude_bits) const {
        return input_slice == 1 || magnitude_bits == 1 ? magnitude_bits : 2;
    }
};

/// Gates in units of a NAND2: ZigZag-IMC's 28 nm library has NAND2 0.614 um^2 and 0.7 fF, XOR2 2.4
/// and 1.5 of these, a flip-flop 6 and 3; a full adder is three NAND2 and two XOR2.
namespace nand2 {
inline constexpr double full_adder_area = 7.8;
inline constexpr double half_adder_area = 3.4;  // XOR2 and NAND2
inline constexpr double xor_area = 2.4;
inline constexpr double flip_flop_area = 6;
inline constexpr double full_adder_cap = 6;
inline constexpr double half_adder_cap = 2.5;
inline constexpr double xor_cap = 1.5;
/// Of a gate whose other input, the weight, rests.
inline constexpr double product_cap = 0.5;
}  // namespace nand2

/// Multiplier of a slice of an input with a group of a weight's bits. Two products of one place
/// are added by a full or half adder; where an encoding has at most one of them, both and their
/// OR are one AND-OR-invert gate (8 transistors, as two NAND2).
struct MultiplierGates {
    unsigned products = 0;
    unsigned full_adders = 0;
    unsigned half_adders = 0;
    unsigned leaf_bits = 0;  ///< of the result

    /// In NAND2.
    [[nodiscard]] double area() const {
        return products + nand2::full_adder_area * full_adders +
               nand2::half_adder_area * half_adders;
    }
};
[[nodiscard]] MultiplierGates multiplier_gates(Encoding encoding, unsigned slice,
                                               unsigned group_bits);

/// What one weight column of a macro consists of.
struct ColumnGates {
    MultiplierGates multiplier;  ///< of one row: the sum over the weight's groups
    unsigned sign_gates = 0;     ///< XOR2 of one row
    TreeGates tree;              ///< one tree for each group
    unsigned accumulator_bits = 0;
    unsigned combining_adders = 0;  ///< full adders that add the groups' sums

    /// In NAND2, without bit cells.
    [[nodiscard]] double area(unsigned rows) const;
};
[[nodiscard]] ColumnGates column_gates(const Geometry& geometry, const DigitalConfig& config);

/// The geometry with the sign cells that the configuration asks for.
[[nodiscard]] Geometry with_signs(Geometry geometry, const DigitalConfig& config);

}  // namespace cimera::cim
