// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <optional>

#include "platform/cli/plan.hpp"
#include "platform/trace/traces.hpp"

namespace cimera::cli {

/// Before the run: whoever waited for its end should not learn then that it cannot be kept.
void prepare_outputs(const RunOptions& options, const Plan& plan);
void write_outputs(const RunOptions& options, const Plan& plan, const RunResult& result);
/// What `--nvm-out` asks for.
void write_nvm(const RunOptions& options, Simulation& simulation);

/// Opens the files of `--trace`.
[[nodiscard]] Traces make_traces(const RunOptions& options, const Plan& plan,
                                 Traces::ErrorHandler on_error);

/// What architecture tests leave behind, by its symbols.
struct Signature {
    std::uint32_t begin;
    std::uint32_t end;
};

/// None without `--signature`. Throws InputError where the symbols, their memory or the file cannot
/// be had.
[[nodiscard]] std::optional<Signature> find_signature(const RunOptions& options, const Plan& plan,
                                                      const Image& image);
void write_signature(const RunOptions& options, const Signature& signature, Simulation& simulation);

}  // namespace cimera::cli
