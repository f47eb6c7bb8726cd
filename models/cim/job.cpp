// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/job.hpp"

#include <algorithm>

#include "regs/cim_job.hpp"

namespace cimera::cim {

using namespace regs::cim_job;

const char* name_of(Operation operation) {
    switch (operation) {
        case Operation::program:
            return "program";
        case Operation::mvm:
            return "mvm";
        case Operation::mvm_transposed:
            return "mvm_transposed";
        case Operation::update:
            return "update";
        case Operation::read_back:
            return "read_back";
    }
    return "job";
}

const char* describe(JobError error) {
    switch (error) {
        case JobError::none:
            return "no error";
        case JobError::operation:
            return "unknown operation or activation";
        case JobError::geometry:
            return "macro, rows or columns that the tile does not have";
        case JobError::precision:
            return "precision out of range";
        case JobError::l1_range:
            return "vector beyond the end of an L1 buffer";
        case JobError::bus_read:
            return "bus error on a read";
        case JobError::bus_write:
            return "bus error on a write";
        case JobError::verify:
            return "a cell did not take its value";
        case JobError::descriptor:
            return "misaligned descriptor or reserved bits set";
        case JobError::worn_out:
            return "cells beyond their endurance";
        case JobError::no_such_code:
            return "a weight that the array's encoding does not have";
        case JobError::power:
            return "the tile was switched off before the job had ended";
    }
    return "";
}

JobError error_of(CellStatus status) {
    switch (status) {
        case CellStatus::ok:
            return JobError::none;
        case CellStatus::mismatch:
            return JobError::verify;
        case CellStatus::worn_out:
            return JobError::worn_out;
        case CellStatus::no_such_code:
            return JobError::no_such_code;
    }
    return JobError::none;
}

std::int32_t PostProcessing::apply(std::int64_t sum, bool& saturated) const {
    // |sum| < 2^33 and factor < 2^16: the product fits 64 bits.
    std::int64_t value = sum * static_cast<std::int64_t>(factor);
    if (shift != 0) {
        value = (value + (std::int64_t{1} << (shift - 1))) >> shift;
    }
    switch (activation) {
        case Activation::none:
            break;
        case Activation::relu:
            value = std::max<std::int64_t>(value, 0);
            break;
        case Activation::sign:
            value = value >= 0 ? 1 : -1;
            break;
        case Activation::threshold:
            value = value >= threshold ? 1 : 0;
            break;
    }
    const std::int64_t low = output_signed ? -(std::int64_t{1} << (output_bits - 1)) : 0;
    const std::int64_t high = low + (std::int64_t{1} << output_bits) - 1;
    const std::int64_t fitted = std::clamp(value, low, high);
    saturated = fitted != value;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(fitted));
}

namespace {

JobError check_window(const Window& w, const Geometry& g) {
    const bool fits = w.macro < g.macros && w.row_count != 0 && w.column_count != 0 &&
                      w.first_row + w.row_count <= g.rows &&
                      w.first_column + w.column_count <= g.columns();
    return fits ? JobError::none : JobError::geometry;
}

JobError check_l1(const Job& job, std::uint32_t in_size, std::uint32_t out_size) {
    if (!job.is_product()) {
        return JobError::none;
    }
    const bool fits = job.l1_input + job.inputs() <= in_size && job.l1_output % 4 == 0 &&
                      job.l1_output + 4 * job.outputs() <= out_size;
    return fits ? JobError::none : JobError::l1_range;
}

}  // namespace

JobError decode_job(const std::array<std::uint32_t, Job::words>& words, const Geometry& geometry,
                    std::uint32_t l1_in_size, std::uint32_t l1_out_size, Job& job) {
    const auto word = [&words](std::uint32_t offset) { return words[offset / 4]; };
    const std::uint32_t operation = word(OPERATION);
    const std::uint32_t op = OPERATION_OP::get(operation);
    const std::uint32_t activation = SCALE_ACTIVATION::get(word(SCALE));
    job = {};
    job.link = word(LINK);
    job.tag = word(TAG);
    if ((operation >> 17) != 0 || word(RESERVED) != 0 || word(RESERVED + 4) != 0) {
        return JobError::descriptor;
    }
    if (op < 1 || op > 5 || activation > 3) {
        return JobError::operation;
    }
    job.operation = static_cast<Operation>(op);
    job.window = {PRECISION_MACRO::get(word(PRECISION)), ROWS_FIRST::get(word(ROWS)),
                  ROWS_COUNT::get(word(ROWS)), COLUMNS_FIRST::get(word(COLUMNS)),
                  COLUMNS_COUNT::get(word(COLUMNS))};
    job.formats = {PRECISION_INPUT_BITS::get(word(PRECISION)),
                   OPERATION_INPUT_SIGNED::get(operation) != 0,
                   OPERATION_WEIGHT_SIGNED::get(operation) != 0};
    job.post = {SCALE_FACTOR::get(word(SCALE)),
                SCALE_SHIFT::get(word(SCALE)),
                static_cast<Activation>(activation),
                static_cast<std::int32_t>(word(THRESHOLD)),
                PRECISION_OUTPUT_BITS::get(word(PRECISION)),
                OPERATION_OUTPUT_SIGNED::get(operation) != 0};
    job.accumulate = OPERATION_ACCUMULATE::get(operation) != 0;
    job.fetch = OPERATION_FETCH::get(operation) != 0;
    job.store = OPERATION_STORE::get(operation) != 0;
    job.finish = OPERATION_FINISH::get(operation) != 0;
    job.verify = OPERATION_VERIFY::get(operation) != 0;
    job.interrupt = OPERATION_INTERRUPT::get(operation) != 0;
    job.source = word(SOURCE);
    job.destination = word(DESTINATION);
    job.l1_input = L1_INPUT::get(word(L1));
    job.l1_output = L1_OUTPUT::get(word(L1));
    job.bias = word(BIAS);
    job.stride = word(STRIDE);
    job.delta = word(DELTA);
    if (job.uses_inputs() && (job.formats.input_bits < 1 || job.formats.input_bits > 8)) {
        return JobError::precision;
    }
    if (job.finish && (job.post.output_bits < 1 || job.post.output_bits > 32)) {
        return JobError::precision;
    }
    if (const JobError error = check_window(job.window, geometry); error != JobError::none) {
        return error;
    }
    return check_l1(job, l1_in_size, l1_out_size);
}

}  // namespace cimera::cim
