// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/crossbar_kernel.hpp"

#include <array>
#include <bit>

// Highway compiles what follows once for each instruction set and picks one at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/cim/crossbar_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimera::cim::HWY_NAMESPACE {  // NOLINT(modernize-concat-nested-namespaces)

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, lanes>;
using Vector = hn::Vec<Tag>;

/// Vectors of a panel's row that are summed at a time: few enough for sixteen registers.
constexpr std::size_t at_a_time = hn::MaxLanes(Tag()) >= 16 ? 2 : 4;

Vector load_half(Tag tag, const Half* from) {
    const hn::Rebind<std::uint16_t, Tag> narrow;
    const hn::Rebind<std::uint32_t, Tag> wide;
    return hn::BitCast(tag, hn::ShiftLeft<16>(hn::PromoteTo(wide, hn::LoadU(narrow, from))));
}

void product(const float* g, const Half* variances, const float* v, std::size_t rows,
             float* current, float* variance) {
    const Tag tag;
    const std::size_t step = hn::Lanes(tag);
    for (std::size_t first = 0; first < panel_columns; first += at_a_time * step) {
        Vector sums[at_a_time];  // vectors are no elements of std::array with every target
        Vector squares[at_a_time];
        for (std::size_t k = 0; k < at_a_time; ++k) {
            sums[k] = hn::Zero(tag);
            squares[k] = hn::Zero(tag);
        }
        const float* cells = g + first;
        if (variances == nullptr) {
            for (std::size_t r = 0; r < rows; ++r, cells += panel_columns) {
                const Vector input = hn::Set(tag, v[r]);
                for (std::size_t k = 0; k < at_a_time; ++k) {
                    sums[k] = hn::Add(sums[k], hn::Mul(input, hn::LoadU(tag, cells + k * step)));
                }
            }
        } else {
            const Half* spread = variances + first;
            for (std::size_t r = 0; r < rows;
                 ++r, cells += panel_columns, spread += panel_columns) {
                const Vector input = hn::Set(tag, v[r]);
                const Vector square = hn::Mul(input, input);
                for (std::size_t k = 0; k < at_a_time; ++k) {
                    sums[k] = hn::Add(sums[k], hn::Mul(input, hn::LoadU(tag, cells + k * step)));
                    squares[k] =
                        hn::Add(squares[k], hn::Mul(square, load_half(tag, spread + k * step)));
                }
            }
        }
        for (std::size_t k = 0; k < at_a_time; ++k) {
            hn::StoreU(sums[k], tag, current + first + k * step);
            if (variances != nullptr) {
                hn::StoreU(squares[k], tag, variance + first + k * step);
            }
        }
    }
}

void transposed(const float* g, const Half* variances, const float* v, std::size_t rows,
                float* current, float* variance) {
    const Tag tag;
    const std::size_t step = hn::Lanes(tag);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < panel_columns; c += step) {
            const std::size_t lane = r * lanes + c % lanes;
            const Vector input = hn::LoadU(tag, v + c);
            const Vector cells = hn::LoadU(tag, g + r * panel_columns + c);
            hn::StoreU(hn::Add(hn::LoadU(tag, current + lane), hn::Mul(input, cells)), tag,
                       current + lane);
            if (variances != nullptr) {
                const Vector spread = load_half(tag, variances + r * panel_columns + c);
                hn::StoreU(hn::Add(hn::LoadU(tag, variance + lane),
                                   hn::Mul(hn::Mul(input, input), spread)),
                           tag, variance + lane);
            }
        }
    }
}

}  // namespace cimera::cim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cimera::cim {

HWY_EXPORT(product);
HWY_EXPORT(transposed);

Half to_half(float value) {
    // To nearest, ties to even.
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<Half>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16);
}

float from_half(Half half) {
    return std::bit_cast<float>(std::uint32_t{half} << 16);
}

void panel_product(const float* g, const Half* variances, const float* v, std::size_t rows,
                   float* current, float* variance) {
    HWY_DYNAMIC_DISPATCH(product)(g, variances, v, rows, current, variance);
}

void panel_transposed(const float* g, const Half* variances, const float* v, std::size_t rows,
                      float* current, float* variance) {
    HWY_DYNAMIC_DISPATCH(transposed)(g, variances, v, rows, current, variance);
}

float sum_lanes(const float* partial) {
    std::array<float, lanes> sum{};
    for (std::size_t i = 0; i < lanes; ++i) {
        sum[i] = partial[i];
    }
    for (std::size_t half = lanes / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            sum[i] = sum[i] + sum[i + half];
        }
    }
    return sum[0];
}

}  // namespace cimera::cim
#endif
