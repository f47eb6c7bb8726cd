// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace cimera::cim {

// A plane of conductances is stored in panels of 32 columns, panel after panel, in a panel row
// after row. A product then reads memory in order, and each column sums its rows in order, one
// multiplication and one addition at a time: the same bits with any instruction set.
inline constexpr std::size_t panel_columns = 32;
/// Partial sums of a transposed product: column c of a plane goes to lane c % 16, in order;
/// `sum_lanes` then adds lanes in halves.
inline constexpr std::size_t lanes = 16;

/// Variances are stored as the upper half of a float (8 bits of mantissa).
using Half = std::uint16_t;
[[nodiscard]] Half to_half(float value);
[[nodiscard]] float from_half(Half half);

/// current[c] = Σ_r v[r] · g[r][c], and unless `variances` is null
/// variance[c] = Σ_r v[r]² · variances[r][c], for the columns of one panel.
void panel_product(const float* g, const Half* variances, const float* v, std::size_t rows,
                   float* current, float* variance);

/// The same along the columns of one panel: adds to `lanes` partial sums for each row.
void panel_transposed(const float* g, const Half* variances, const float* v, std::size_t rows,
                      float* current, float* variance);

/// Sum of 16 lanes: eight pairs (i, i + 8), then four, two, one.
[[nodiscard]] float sum_lanes(const float* partial);

}  // namespace cimera::cim
