// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/wires.hpp"

namespace cimera::cim {

std::vector<double> first_order_currents(std::size_t rows, std::size_t columns,
                                         std::span<const float> g, std::span<const float> v,
                                         double ohms) {
    const double drop = ohms * 1e-6;  // of a current in v · µS
    // loss[r][c]: what the wires take from the voltage across a cell.
    std::vector<double> loss(rows * columns, 0);
    for (std::size_t r = 0; r < rows; ++r) {
        double beyond = 0;  // current of the row's segments, from the driver on
        for (std::size_t c = 0; c < columns; ++c) {
            beyond += double{g[r * columns + c]} * v[r];
        }
        double lost = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            lost += drop * beyond;
            loss[r * columns + c] = lost;
            beyond -= double{g[r * columns + c]} * v[r];
        }
    }
    std::vector<double> currents(columns, 0);
    std::vector<double> above(rows);
    for (std::size_t c = 0; c < columns; ++c) {
        double sum = 0;  // current of the segment below row r
        for (std::size_t r = 0; r < rows; ++r) {
            sum += double{g[r * columns + c]} * v[r];
            above[r] = sum;
        }
        double raised = 0;  // potential of the column at row r
        for (std::size_t r = rows; r-- > 0;) {
            raised += drop * above[r];
            loss[r * columns + c] += raised;
        }
        for (std::size_t r = 0; r < rows; ++r) {
            currents[c] += g[r * columns + c] * (v[r] - loss[r * columns + c]);
        }
    }
    return currents;
}

}  // namespace cimera::cim
