// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/cim/array.hpp"

namespace cimera::cim {

enum class Operation : std::uint8_t {
    program = 1,
    mvm = 2,
    mvm_transposed = 3,
    update = 4,
    read_back = 5
};
/// "mvm" and so on; "job" where it is none of them.
[[nodiscard]] const char* name_of(Operation operation);
enum class Activation : std::uint8_t { none = 0, relu = 1, sign = 2, threshold = 3 };

/// Codes of register ERROR_CODE.
enum class JobError : std::uint8_t {
    none = 0,
    operation = 1,
    geometry = 2,
    precision = 3,
    l1_range = 4,
    bus_read = 5,
    bus_write = 6,
    verify = 7,
    descriptor = 8,
    worn_out = 9,
    no_such_code = 10,
    power = 11
};
[[nodiscard]] const char* describe(JobError error);
[[nodiscard]] JobError error_of(CellStatus status);

/// What follows the accumulation: bias, scale and shift, activation, saturation.
struct PostProcessing {
    std::uint32_t factor = 1;
    unsigned shift = 0;
    Activation activation = Activation::none;
    std::int32_t threshold = 0;
    unsigned output_bits = 32;
    bool output_signed = true;

    [[nodiscard]] unsigned output_bytes() const {
        return output_bits <= 8 ? 1 : output_bits <= 16 ? 2 : 4;
    }
    /// `sum` already holds the bias. Sets `saturated` where the output range cuts it.
    [[nodiscard]] std::int32_t apply(std::int64_t sum, bool& saturated) const;
};

/// A decoded job descriptor (models/cim/job.regs.toml).
struct Job {
    static constexpr std::size_t words = 16;

    Operation operation = Operation::mvm;
    Window window;
    Formats formats;
    PostProcessing post;
    bool accumulate = false;
    bool fetch = false;
    bool store = false;
    bool finish = false;
    bool verify = false;
    bool interrupt = false;
    std::uint32_t source = 0;
    std::uint32_t destination = 0;
    std::uint32_t l1_input = 0;
    std::uint32_t l1_output = 0;
    std::uint32_t bias = 0;
    std::uint32_t stride = 0;
    std::uint32_t delta = 0;
    std::uint32_t link = 0;
    std::uint32_t tag = 0;

    /// Length of the input vector: rows of the window, or its columns for a transposed product.
    [[nodiscard]] unsigned inputs() const {
        return operation == Operation::mvm_transposed ? window.column_count : window.row_count;
    }
    [[nodiscard]] unsigned outputs() const {
        return operation == Operation::mvm_transposed ? window.row_count : window.column_count;
    }
    [[nodiscard]] bool is_product() const {
        return operation == Operation::mvm || operation == Operation::mvm_transposed;
    }
    [[nodiscard]] bool uses_inputs() const {
        return is_product() || operation == Operation::update;
    }
    /// Bytes of one packed row of the window's weights.
    [[nodiscard]] unsigned row_bytes(const Geometry& geometry) const {
        return (window.column_count * geometry.code_bits() + 7) / 8;
    }
};

/// Decodes and checks a descriptor against the tile that is to run it.
[[nodiscard]] JobError decode_job(const std::array<std::uint32_t, Job::words>& words,
                                  const Geometry& geometry, std::uint32_t l1_in_size,
                                  std::uint32_t l1_out_size, Job& job);

}  // namespace cimera::cim
