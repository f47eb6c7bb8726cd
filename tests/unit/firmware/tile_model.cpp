// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tile_model.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace {

std::int64_t fit(std::int64_t value, std::uint32_t bits, bool is_signed) {
    const std::int64_t low = is_signed ? -(std::int64_t{1} << (bits - 1)) : 0;
    return std::clamp(value, low, low + (std::int64_t{1} << bits) - 1);
}

std::int32_t decode(std::uint32_t code, std::uint32_t bits, bool is_signed) {
    const std::uint32_t value = code & ((1U << bits) - 1);
    const bool negative = is_signed && (value >> (bits - 1)) != 0;
    return static_cast<std::int32_t>(value) - (negative ? 1 << bits : 0);
}

template <typename T>
T* at(std::uint32_t address) {
    return reinterpret_cast<T*>(std::uintptr_t{address});
}

}  // namespace

TileModel::TileModel(Recorder& recorder, std::size_t count, const Geometry& geometry)
    : recorder_(recorder), geometry_(geometry), tiles_(count), drivers_(count) {
    recorder_.keep_log = false;
    interrupt = [this](std::size_t number) { cim_interrupt(&drivers_[number]); };
    recorder_.on_read = [this](std::uintptr_t address) { return read(address); };
    recorder_.on_write = [this](std::uintptr_t address, std::uint32_t value) {
        write(address, value);
    };
    for (std::size_t t = 0; t < count; ++t) {
        tiles_[t].cells.assign(
            std::size_t{geometry.macros} * geometry.rows * (geometry.cols / geometry.weight_bits),
            0);
        tiles_[t].l1_in.assign(geometry.l1_in, 0);
        tiles_[t].l1_out.assign(geometry.l1_out, 0);
        if (cim_init(&drivers_[t], base + t * stride) != CIMERA_OK) {
            throw std::logic_error("init");
        }
    }
}

std::uint32_t TileModel::read(std::uintptr_t address) {
    const Tile& tile = tiles_.at((address - base) / stride);
    switch ((address - base) % stride) {
        case CIM_ID_OFFSET:
            return 0x314D4943;
        case CIM_CAPABILITY0_OFFSET:
            return geometry_.macros | 8U << 16;
        case CIM_CAPABILITY1_OFFSET:
            return geometry_.rows | geometry_.cols << 16;
        case CIM_CAPABILITY2_OFFSET:
            return geometry_.weight_bits | 8U << 8;
        case CIM_L1_IN_SIZE_OFFSET:
            return geometry_.l1_in;
        case CIM_L1_OUT_SIZE_OFFSET:
            return geometry_.l1_out;
        case CIM_STATUS_OFFSET:
            return 0;
        case CIM_IRQ_STATUS_OFFSET:
            return tile.irq_status;
        case CIM_ERROR_CODE_OFFSET:
            return 5;
        default:
            throw std::logic_error("read of another register");
    }
}

void TileModel::write(std::uintptr_t address, std::uint32_t value) {
    const std::size_t number = (address - base) / stride;
    Tile& tile = tiles_.at(number);
    const std::uintptr_t offset = (address - base) % stride;
    if (offset == CIM_IRQ_STATUS_OFFSET) {
        tile.irq_status &= ~value;
    }
    if (offset != CIM_JOB_OFFSET) {
        return;
    }
    for (std::uint32_t next = value; next != 0;) {
        const cim_job_t job = *at<const cim_job_t>(next);
        if (fail_after >= 0 && fail_after-- == 0) {
            tile.irq_status |= CIM_IRQ_STATUS_ERROR_MASK;
            break;
        }
        if (run(tile, job)) {
            tile.irq_status |= CIM_IRQ_STATUS_DONE_MASK;
        }
        next = job.LINK;
    }
    recorder_.interrupts.push_back([this, number] { interrupt(number); });
}

std::int32_t& TileModel::cell(Tile& tile, const cim_job_t& job, std::uint32_t r, std::uint32_t c) {
    const std::uint32_t columns = geometry_.cols / geometry_.weight_bits;
    const std::uint32_t macro = FIELD_GET(job.PRECISION, CIM_JOB_PRECISION_MACRO);
    const std::uint32_t row = FIELD_GET(job.ROWS, CIM_JOB_ROWS_FIRST) + r;
    const std::uint32_t column = FIELD_GET(job.COLUMNS, CIM_JOB_COLUMNS_FIRST) + c;
    if (macro >= geometry_.macros || row >= geometry_.rows || column >= columns) {
        throw std::logic_error("cell outside the macro");
    }
    return tile.cells.at((std::size_t{macro} * geometry_.rows + row) * columns + column);
}

bool TileModel::run(Tile& tile, const cim_job_t& job) {
    const std::uint32_t op = FIELD_GET(job.OPERATION, CIM_JOB_OPERATION_OP);
    ++jobs[op];
    if (job.OPERATION >> 17 != 0 || job.RESERVED[0] != 0 || job.RESERVED[1] != 0) {
        throw std::logic_error("reserved bits");
    }
    if (op == CIM_PROGRAM) {
        program(tile, job);
    } else if (op == CIM_MVM) {
        multiply(tile, job);
    } else {
        throw std::logic_error("operation");
    }
    return (job.OPERATION & CIM_JOB_OPERATION_INTERRUPT_MASK) != 0;
}

void TileModel::program(Tile& tile, const cim_job_t& job) {
    for (std::uint32_t r = 0; r < FIELD_GET(job.ROWS, CIM_JOB_ROWS_COUNT); ++r) {
        const auto* row = at<const std::uint8_t>(job.SOURCE + r * job.STRIDE);
        for (std::uint32_t c = 0; c < FIELD_GET(job.COLUMNS, CIM_JOB_COLUMNS_COUNT); ++c) {
            std::int32_t code = 0;
            for (std::uint32_t b = 0; b < geometry_.weight_bits; ++b) {
                const std::uint32_t bit = c * geometry_.weight_bits + b;
                code |= (row[bit / 8] >> bit % 8 & 1) << b;
            }
            cell(tile, job, r, c) = code;
        }
    }
}

void TileModel::multiply(Tile& tile, const cim_job_t& job) {
    const std::uint32_t op = job.OPERATION;
    const std::uint32_t rows = FIELD_GET(job.ROWS, CIM_JOB_ROWS_COUNT);
    const std::uint32_t columns = FIELD_GET(job.COLUMNS, CIM_JOB_COLUMNS_COUNT);
    const std::uint32_t input_bits = FIELD_GET(job.PRECISION, CIM_JOB_PRECISION_INPUT_BITS);
    const std::uint32_t output_bits = FIELD_GET(job.PRECISION, CIM_JOB_PRECISION_OUTPUT_BITS);
    const std::uint32_t in = FIELD_GET(job.L1, CIM_JOB_L1_INPUT);
    const std::uint32_t out = FIELD_GET(job.L1, CIM_JOB_L1_OUTPUT);
    if (in + rows > tile.l1_in.size() || out + 4 * columns > tile.l1_out.size()) {
        throw std::logic_error("outside L1");
    }
    if ((op & CIM_JOB_OPERATION_FETCH_MASK) != 0) {
        std::memcpy(&tile.l1_in[in], at<const std::uint8_t>(job.SOURCE), rows);
        fetched_bytes += rows;
    }
    const std::uint32_t bytes = output_bits <= 8 ? 1 : output_bits <= 16 ? 2 : 4;
    for (std::uint32_t c = 0; c < columns; ++c) {
        std::int64_t sum = 0;
        if ((op & CIM_JOB_OPERATION_ACCUMULATE_MASK) != 0) {
            std::int32_t before = 0;
            std::memcpy(&before, &tile.l1_out[out + 4 * c], 4);
            sum = before;
        }
        for (std::uint32_t r = 0; r < rows; ++r) {
            sum += std::int64_t{decode(tile.l1_in[in + r], input_bits,
                                       (op & CIM_JOB_OPERATION_INPUT_SIGNED_MASK) != 0)} *
                   decode(static_cast<std::uint32_t>(cell(tile, job, r, c)), geometry_.weight_bits,
                          (op & CIM_JOB_OPERATION_WEIGHT_SIGNED_MASK) != 0);
        }
        auto result = static_cast<std::int32_t>(fit(sum, 32, true));
        if ((op & CIM_JOB_OPERATION_FINISH_MASK) == 0) {
            std::memcpy(&tile.l1_out[out + 4 * c], &result, 4);
            continue;
        }
        const std::int64_t bias = job.BIAS == 0 ? 0 : at<const std::int32_t>(job.BIAS)[c];
        const std::uint32_t shift = FIELD_GET(job.SCALE, CIM_JOB_SCALE_SHIFT);
        std::int64_t v = (result + bias) * FIELD_GET(job.SCALE, CIM_JOB_SCALE_FACTOR);
        v = shift == 0 ? v : (v + (std::int64_t{1} << (shift - 1))) >> shift;
        switch (FIELD_GET(job.SCALE, CIM_JOB_SCALE_ACTIVATION)) {
            case 1:
                v = std::max<std::int64_t>(v, 0);
                break;
            case 2:
                v = v >= 0 ? 1 : -1;
                break;
            case 3:
                v = v >= static_cast<std::int32_t>(job.THRESHOLD) ? 1 : 0;
                break;
            default:
                break;
        }
        result = static_cast<std::int32_t>(
            fit(v, output_bits, (op & CIM_JOB_OPERATION_OUTPUT_SIGNED_MASK) != 0));
        std::memcpy(&tile.l1_out[out + bytes * c], &result, bytes);
    }
    if ((op & CIM_JOB_OPERATION_STORE_MASK) != 0) {
        std::memcpy(at<std::uint8_t>(job.DESTINATION), &tile.l1_out[out], bytes * columns);
    }
}
