// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Products of the digital array: all columns of a window at once.

#include <algorithm>
#include <bit>

#include "models/cim/digital_sram.hpp"

namespace cimera::cim {

namespace {

/// Weighted ones under planes, of the cells of one column at a stride of a block's row.
__attribute__((target_clones("popcnt", "default"))) std::uint64_t weighted_ones(
    const std::uint64_t* planes, unsigned plane_count, std::size_t words, const std::uint64_t* low,
    const std::uint64_t* high, bool both) {
    std::uint64_t sum = 0;
    for (std::size_t w = 0; w < words; ++w) {
        const std::uint64_t a = low[w * block_columns];
        const std::uint64_t b = high[w * block_columns];
        const std::uint64_t cells = both ? a & b : a ^ b;
        for (unsigned p = 0; p < plane_count; ++p) {
            sum += static_cast<std::uint64_t>(std::popcount(planes[p * words + w] & cells)) << p;
        }
    }
    return sum;
}

}  // namespace

DigitalSram::Slices DigitalSram::slices(const Formats& formats) const {
    const unsigned slice = config_.input_slice;
    return {(formats.input_bits + slice - 1) / slice * slice};
}

void DigitalSram::fill_inputs(const Window& window, const Formats& formats,
                              std::span<const std::int32_t> inputs) {
    scratch_.bytes.assign(64 * words_, 0);
    for (unsigned i = 0; i < window.row_count; ++i) {
        scratch_.bytes[window.first_row + i] = static_cast<std::uint8_t>(inputs[i]);
    }
    scratch_.inputs.resize(formats.input_bits * words_);
    bytes_to_planes(scratch_.bytes.data(), words_, formats.input_bits, scratch_.inputs.data());
}

unsigned DigitalSram::toggle_planes(const Window& window, std::span<const std::int32_t> inputs,
                                    const Slices& slices, bool triple,
                                    std::vector<std::uint64_t>& planes, unsigned& plane_count) {
    const unsigned slice = config_.input_slice;
    const std::uint32_t slice_mask = (1U << slice) - 1U;
    scratch_.bytes.assign(64 * words_, 0);
    unsigned all = 0;
    for (unsigned i = 0; i < window.row_count; ++i) {
        const std::uint32_t x = slices.extend(inputs[i]);
        unsigned count = 0;
        if (triple) {
            std::uint32_t before = 0;  // lines rest at zero
            for (unsigned low = slices.bits; low > 0; low -= slice) {
                const std::uint32_t now = 3 * (x >> (low - slice) & slice_mask);
                count += static_cast<unsigned>(std::popcount(before ^ now));
                before = now;
            }
            count += static_cast<unsigned>(std::popcount(before));
        } else {
            // A line carries every slice-th bit: each toggles against the one before it.
            count = static_cast<unsigned>(std::popcount(x ^ x << slice));
        }
        all |= count;
        scratch_.bytes[window.first_row + i] = static_cast<std::uint8_t>(count);
    }
    const auto common = static_cast<unsigned>(all == 0 ? 0 : std::countr_zero(all));
    plane_count = static_cast<unsigned>(std::bit_width(all >> common));
    if (common != 0) {
        for (std::uint8_t& count : scratch_.bytes) {
            count = static_cast<std::uint8_t>(count >> common);
        }
    }
    planes.resize(std::max<std::size_t>(plane_count, 1) * words_);
    bytes_to_planes(scratch_.bytes.data(), words_, plane_count, planes.data());
    return common;
}

PlaneProduct DigitalSram::plane_job(const Window& window, const Formats& formats) const {
    PlaneProduct job;
    job.cells = &cells_[place(window.macro, 0, 0, 0)];
    job.words = words_;
    job.code_bits = geometry().code_bits();
    job.first_column = window.first_column;
    job.columns = window.column_count;
    job.weight_bits = codec_.magnitude_bits();
    job.weight_top_negative = config_.encoding == Encoding::binary && formats.weight_signed;
    job.signs = config_.has_signs();
    job.inputs = scratch_.inputs.data();
    job.input_bits = formats.input_bits;
    job.input_top_negative = formats.input_signed;
    job.slice = config_.input_slice;
    return job;
}

void DigitalSram::multiply(const Window& window, const Formats& formats,
                           std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                           Cost& cost) {
    prepare(cost);
    const Slices cycles = slices(formats);
    fill_inputs(window, formats, inputs);
    PlaneProduct job = plane_job(window, formats);
    const unsigned common =
        toggle_planes(window, inputs, cycles, false, scratch_.toggles, job.toggle_bits);
    job.toggles = scratch_.toggles.data();
    if (config_.adder.exact()) {
        job.sums = sums.data();
    } else {
        scratch_.exact.assign(window.column_count, 0);
        job.sums = scratch_.exact.data();  // this pass is for the events
    }
    const PlaneCounts counts = plane_product(job);
    const std::uint64_t toggled = counts.toggled << common;
    std::uint64_t leaf_toggled = toggled;
    if (config_.encoding == Encoding::binary && config_.input_slice > 1 && job.weight_bits > 1) {
        unsigned planes = 0;
        const unsigned triple_common =
            toggle_planes(window, inputs, cycles, true, scratch_.triple_toggles, planes);
        leaf_toggled =
            (digit_toggles(window, false, scratch_.toggles, job.toggle_bits) << common) +
            (digit_toggles(window, true, scratch_.triple_toggles, planes) << triple_common);
    }
    if (!config_.adder.exact()) {
        multiply_approximate(window, formats, inputs, sums);
    }
    cost.counts[bitcell] += toggled;
    cost.counts[multiplier] += toggled;
    cost.counts[adder_tree] += leaf_toggled;
    cost.counts[shift_accumulate] += counts.accumulations;
    if (events_.size() > multiplier_extra) {
        cost.counts[multiplier_extra] += leaf_toggled;
    }
    // A slice a cycle through a pipelined tree, one cycle to accumulate.
    cost.cycles += cycles.bits / config_.input_slice + tree_levels(geometry().rows) + 1;
}

std::uint64_t DigitalSram::digit_toggles(const Window& window, bool both,
                                         const std::vector<std::uint64_t>& planes,
                                         unsigned plane_count) const {
    std::uint64_t sum = 0;
    for (unsigned c = 0; c < window.column_count; ++c) {
        const unsigned column = window.first_column + c;
        for (unsigned low = 0; low < codec_.magnitude_bits(); low += 2) {
            sum += weighted_ones(planes.data(), plane_count, words_,
                                 &cells_[place(window.macro, low, 0, column)],
                                 &cells_[place(window.macro, low + 1, 0, column)], both);
        }
    }
    return sum;
}

// --- approximate adders ------------------------------------------------------------------------

/// Values of a group of bits of all rows' weights, in `scratch_.weights`.
void DigitalSram::decode_group(const Window& window, const Formats& formats, unsigned low,
                               unsigned width, std::size_t stride) {
    const unsigned magnitude = codec_.magnitude_bits();
    const bool top = low + width == magnitude;
    const bool twos_complement = config_.encoding == Encoding::binary && formats.weight_signed;
    const std::uint32_t mask = (1U << width) - 1U;
    const unsigned rows = geometry().rows;
    scratch_.weights.assign(stride * rows, 0);  // inputs of other rows rest at zero
    for (unsigned r = 0; r < window.row_count; ++r) {
        for (unsigned c = 0; c < window.column_count; ++c) {
            const std::uint32_t stored = scratch_.codes[r * stride + c];
            std::int32_t value = weight_value(stored >> low & mask, width, top && twos_complement);
            if (config_.has_signs() && (stored >> magnitude & 1U) != 0) {
                value = -value;
            }
            const std::size_t block = c / tree_columns * rows + window.first_row + r;
            scratch_.weights[block * tree_columns + c % tree_columns] = value;
        }
    }
}

void DigitalSram::multiply_approximate(const Window& window, const Formats& formats,
                                       std::span<const std::int32_t> inputs,
                                       std::span<std::int64_t> sums) {
    const unsigned rows = geometry().rows;
    const unsigned slice = config_.input_slice;
    const std::size_t stride =
        (window.column_count + tree_columns - 1) / tree_columns * tree_columns;
    scratch_.slice.assign(rows, 0);
    scratch_.sums.resize(stride);
    scratch_.levels.resize((rows + 1) / 2 * tree_columns);
    const Slices cycles = slices(formats);
    const unsigned magnitude = codec_.magnitude_bits();
    const unsigned group = config_.group_bits(magnitude);
    scratch_.codes.resize(window.row_count * stride);
    decode(window, scratch_.codes.data(), stride);
    for (unsigned low = 0; low < magnitude; low += group) {
        decode_group(window, formats, low, std::min(group, magnitude - low), stride);
        for (unsigned first = 0; first < cycles.bits; first += slice) {
            // The top slice of signed inputs counts negative: after the tree where it is a single
            // bit, in the multiplier where it is a number.
            const bool top = formats.input_signed && first + slice == cycles.bits;
            for (unsigned i = 0; i < window.row_count; ++i) {
                const std::uint32_t bits = cycles.extend(inputs[i]) >> first & ((1U << slice) - 1U);
                scratch_.slice[window.first_row + i] = weight_value(bits, slice, top && slice > 1);
            }
            tree_product({scratch_.weights.data(), scratch_.slice.data(), rows, stride,
                          config_.adder, scratch_.sums.data(), scratch_.levels.data()});
            const std::int64_t factor =
                (std::int64_t{1} << (first + low)) * (top && slice == 1 ? -1 : 1);
            for (unsigned c = 0; c < window.column_count; ++c) {
                sums[c] += factor * scratch_.sums[c];
            }
        }
    }
}

}  // namespace cimera::cim
