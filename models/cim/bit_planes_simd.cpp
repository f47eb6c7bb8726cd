// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <utility>

#include "models/cim/bit_planes.hpp"

// Compiled once for each instruction set; Highway picks one when the program runs.
#define HWY_WANT_AVX3_DL  // population counts of vectors; Highway leaves it out by default
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/cim/bit_planes_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimera::cim::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::CappedTag<std::uint64_t, block_columns>;
using Word = hn::Vec<Words>;

/// Ones of the cells of a vector of neighbouring columns under input planes. `bits` is the number
/// of magnitude bits where it is known when compiling, otherwise 0.
template <unsigned bits, bool signs, bool whole>
struct Columns {
    const PlaneProduct& p;
    const std::uint64_t* cells;  // the first plane's, of these columns
    hn::Mask<Words> used;        // where they are not a whole vector

    [[nodiscard]] HWY_INLINE unsigned count() const { return bits != 0 ? bits : p.weight_bits; }
    /// Unrolled where the number is known.
    template <class Step>
    HWY_INLINE void each_bit(Step step) const {
        if constexpr (bits != 0) {
            [&step]<unsigned... b>(std::integer_sequence<unsigned, b...>) {
                (step(b), ...);
            }
            (std::make_integer_sequence<unsigned, bits>{});
        } else {
            for (unsigned b = 0; b < p.weight_bits; ++b) {
                step(b);
            }
        }
    }
    HWY_INLINE Word load(unsigned bit, std::size_t word) const {
        const Words d;
        const Word v = hn::LoadU(d, cells + (bit * p.words + word) * block_columns);
        return whole ? v : hn::IfThenElseZero(used, v);
    }
    HWY_INLINE Word ones(unsigned bit, std::size_t word, Word rows, Word& any) const {
        const Word hits = hn::And(rows, load(bit, word));
        any = hn::Or(any, hits);
        const Word all = hn::PopulationCount(hits);
        if (!signs) {
            return all;
        }
        const Word negative = hn::PopulationCount(hn::And(hits, load(count(), word)));
        return hn::Sub(all, hn::Add(negative, negative));
    }
    /// Weighted ones under one plane.
    HWY_INLINE Word partial(unsigned plane, Word& any) const {
        const Words d;
        Word of_bit[bits != 0 ? bits : 16];
        each_bit([&](unsigned b) { of_bit[b] = hn::Zero(d); });
        for (std::size_t w = 0; w < p.words; ++w) {
            const Word rows = hn::Set(d, p.inputs[plane * p.words + w]);
            each_bit([&](unsigned b) { of_bit[b] = hn::Add(of_bit[b], ones(b, w, rows, any)); });
        }
        Word& top = of_bit[count() - 1];
        if (p.weight_top_negative) {
            top = hn::Sub(hn::Zero(d), top);
        }
        Word sum = hn::Zero(d);
        each_bit([&](unsigned b) { sum = hn::Add(hn::Add(sum, sum), of_bit[count() - 1 - b]); });
        return sum;
    }
    HWY_INLINE Word toggled() const {
        const Words d;
        Word sum = hn::Zero(d);
        for (unsigned t = p.toggle_bits; t-- > 0;) {
            sum = hn::Add(sum, sum);
            for (std::size_t w = 0; w < p.words; ++w) {
                const Word rows = hn::Set(d, p.toggles[t * p.words + w]);
                each_bit([&](unsigned b) {
                    sum = hn::Add(sum, hn::PopulationCount(hn::And(rows, load(b, w))));
                });
            }
        }
        return sum;
    }
    HWY_INLINE Word product(std::uint64_t& accumulations) const {
        const Words d;
        Word sum = hn::Zero(d);
        Word any = hn::Zero(d);
        for (unsigned plane = p.input_bits; plane-- > 0;) {
            const Word weighted = partial(plane, any);
            const bool negative = p.input_top_negative && plane == p.input_bits - 1;
            sum = hn::Add(sum, sum);
            sum = negative ? hn::Sub(sum, weighted) : hn::Add(sum, weighted);
            if (p.slice == 1 || plane % p.slice == 0) {
                accumulations += hn::CountTrue(d, hn::Ne(any, hn::Zero(d)));
                any = hn::Zero(d);
            }
        }
        return sum;
    }
};

template <unsigned bits, bool signs>
PlaneCounts all_columns(const PlaneProduct& p) {
    const Words d;
    const std::size_t lanes = hn::Lanes(d);
    PlaneCounts counts;
    Word toggled = hn::Zero(d);
    auto* sums = reinterpret_cast<std::uint64_t*>(p.sums);  // the same bits modulo 2^64
    const std::size_t end = p.first_column + p.columns;
    for (std::size_t c = p.first_column / lanes * lanes; c < end; c += lanes) {
        const std::uint64_t* cells =
            p.cells + c / block_columns * p.block_words() + c % block_columns;
        if (c >= p.first_column && c + lanes <= end) {
            const Columns<bits, signs, true> columns{p, cells, {}};
            std::uint64_t* to = sums + (c - p.first_column);
            hn::StoreU(hn::Add(hn::LoadU(d, to), columns.product(counts.accumulations)), d, to);
            toggled = hn::Add(toggled, columns.toggled());
            continue;
        }
        const std::size_t skipped = c < p.first_column ? p.first_column - c : 0;
        const std::size_t used = std::min(lanes, end - c);
        const Columns<bits, signs, false> columns{
            p, cells, hn::AndNot(hn::FirstN(d, skipped), hn::FirstN(d, used))};
        HWY_ALIGN std::uint64_t results[block_columns];
        hn::Store(columns.product(counts.accumulations), d, results);
        for (std::size_t i = skipped; i < used; ++i) {
            sums[c + i - p.first_column] += results[i];
        }
        toggled = hn::Add(toggled, columns.toggled());
    }
    counts.toggled = hn::GetLane(hn::SumOfLanes(d, toggled));
    return counts;
}

template <bool signs>
PlaneCounts of_precision(const PlaneProduct& p) {
    switch (p.weight_bits) {
        case 1:
            return all_columns<1, signs>(p);
        case 2:
            return all_columns<2, signs>(p);
        case 4:
            return all_columns<4, signs>(p);
        case 8:
            return all_columns<8, signs>(p);
        default:
            return all_columns<0, signs>(p);
    }
}

PlaneCounts PlaneProductOf(const PlaneProduct& p) {
    return p.signs ? of_precision<true>(p) : of_precision<false>(p);
}

using Numbers = hn::CappedTag<std::int32_t, tree_columns>;
using Number = hn::Vec<Numbers>;

HWY_INLINE Number add(Number a, Number b, unsigned k) {
    if (k == 0) {
        return hn::Add(a, b);
    }
    const Numbers d;
    const int upper = static_cast<int>(k);
    const Number carry = hn::And(hn::ShiftRightSame(hn::And(a, b), upper - 1), hn::Set(d, 1));
    const Number low = hn::And(hn::Or(a, b), hn::Set(d, (1 << k) - 1));
    const Number high =
        hn::Add(hn::Add(hn::ShiftRightSame(a, upper), hn::ShiftRightSame(b, upper)), carry);
    return hn::Or(hn::ShiftLeftSame(high, upper), low);
}

void TreeProductOf(const TreeProduct& p) {
    const Numbers d;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t c = 0; c < p.columns; c += lanes) {
        const std::int32_t* weights =
            p.weights + c / tree_columns * tree_columns * p.rows + c % tree_columns;
        const auto leaf = [&p, weights, d](std::size_t r) {
            return hn::Mul(hn::Set(d, p.inputs[r]), hn::LoadU(d, weights + r * tree_columns));
        };
        const unsigned first = p.adder.or_bits_of(1);
        for (std::size_t i = 0; i < p.rows / 2; ++i) {
            hn::StoreU(add(leaf(2 * i), leaf(2 * i + 1), first), d, p.scratch + i * lanes);
        }
        if (p.rows % 2 != 0) {
            hn::StoreU(leaf(p.rows - 1), d, p.scratch + p.rows / 2 * lanes);
        }
        std::size_t n = (p.rows + 1) / 2;
        for (unsigned level = 2; n > 1; ++level) {
            const unsigned k = p.adder.or_bits_of(level);
            for (std::size_t i = 0; i < n / 2; ++i) {
                const Number a = hn::LoadU(d, p.scratch + 2 * i * lanes);
                const Number b = hn::LoadU(d, p.scratch + (2 * i + 1) * lanes);
                hn::StoreU(add(a, b, k), d, p.scratch + i * lanes);
            }
            if (n % 2 != 0) {
                hn::StoreU(hn::LoadU(d, p.scratch + (n - 1) * lanes), d, p.scratch + n / 2 * lanes);
            }
            n = (n + 1) / 2;
        }
        hn::StoreU(hn::LoadU(d, p.scratch), d, p.sums + c);
    }
}

}  // namespace
}  // namespace cimera::cim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cimera::cim {

HWY_EXPORT(PlaneProductOf);
HWY_EXPORT(TreeProductOf);

PlaneCounts plane_product(const PlaneProduct& product) {
    return HWY_DYNAMIC_DISPATCH(PlaneProductOf)(product);
}

void tree_product(const TreeProduct& product) {
    HWY_DYNAMIC_DISPATCH(TreeProductOf)(product);
}

}  // namespace cimera::cim
#endif  // HWY_ONCE
