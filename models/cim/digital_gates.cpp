// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/digital_gates.hpp"

#include <algorithm>

namespace cimera::cim {

MultiplierGates multiplier_gates(Encoding encoding, unsigned slice, unsigned group_bits) {
    MultiplierGates gates;
    gates.products = slice * group_bits;
    if (slice == 1 || group_bits == 1) {
        gates.leaf_bits = gates.products;
    } else if (encoding == Encoding::binary) {
        // x * d0 + 2x * d1: the lowest place has one product, the next no carry in, the one above
        // the highest a product and a carry.
        gates.half_adders = 2;
        gates.full_adders = slice - 2;
        gates.leaf_bits = slice + 2;
    } else {
        gates.leaf_bits = slice + 1;  // 0, x or 2x
    }
    return gates;
}

ColumnGates column_gates(const Geometry& geometry, const DigitalConfig& config) {
    const unsigned magnitude =
        WeightCodec(config.encoding, config.sign, geometry.weight_bits).magnitude_bits();
    const unsigned group = config.group_bits(magnitude);
    const unsigned sign = config.has_signs() ? 1 : 0;
    ColumnGates column;
    for (unsigned low = 0; low < magnitude; low += group) {
        const MultiplierGates one =
            multiplier_gates(config.encoding, config.input_slice, std::min(group, magnitude - low));
        column.multiplier.products += one.products;
        column.multiplier.full_adders += one.full_adders;
        column.multiplier.half_adders += one.half_adders;
        column.multiplier.leaf_bits += one.leaf_bits;
        const TreeGates tree = tree_gates(geometry.rows, one.leaf_bits + sign, config.adder);
        column.tree.full_adders += tree.full_adders;
        column.tree.simple_gates += tree.simple_gates;
        if (low != 0) {
            column.combining_adders += one.leaf_bits + sign + tree_levels(geometry.rows);
        }
    }
    column.sign_gates = sign * column.multiplier.leaf_bits;
    // The widest sum of 8-bit inputs.
    column.accumulator_bits = geometry.weight_bits + tree_levels(geometry.rows) + 8;
    return column;
}

double ColumnGates::area(unsigned rows) const {
    return rows * (multiplier.area() + nand2::xor_area * sign_gates) + tree.simple_gates +
           nand2::full_adder_area * (tree.full_adders + combining_adders + accumulator_bits) +
           nand2::flip_flop_area * accumulator_bits;
}

Geometry with_signs(Geometry geometry, const DigitalConfig& config) {
    geometry.sign_bits = config.has_signs() && config.sign == SignPlace::beside ? 1 : 0;
    return geometry;
}

}  // namespace cimera::cim
