// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cimera::cim {

/// Column currents of a resistive crossbar with resistance `ohms` in every wire segment between
/// neighbouring cells, between driver and first column, and between last row and sense amplifier
/// (a virtual ground). To first order in the resistance: the currents of ideal wires give the
/// voltage that each cell loses, and the cells then carry less.
/// `g` in µS, row-major; `v` in any unit, the result in that unit · µS.
[[nodiscard]] std::vector<double> first_order_currents(std::size_t rows, std::size_t columns,
                                                       std::span<const float> g,
                                                       std::span<const float> v, double ohms);

}  // namespace cimera::cim
