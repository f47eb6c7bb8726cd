// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>
#include <vector>

#include "platform/cli/files_apart.hpp"
#include "platform/cli/run_options.hpp"
#include "platform/config/run_defaults.hpp"
#include "platform/soc/simulation.hpp"
#include "platform/trace/recordings.hpp"

namespace cimera::cli {

/// Options of the command line over the firmware's own defaults over built-in ones.
struct Plan {
    SocConfig soc;
    SocInputs inputs;
    RunLimits limits;
    RecordingOptions recordings;
    std::vector<std::string> origins;  // what came from where
    std::vector<NamedFile> reads;
};

/// The SoC that a firmware runs on: `soc`, changed by what its own file asks for, then by `set`.
[[nodiscard]] SocConfig plan_soc(const std::string& soc, const std::vector<std::string>& set,
                                 const RunDefaults& defaults);
/// Throws where the SoC lacks a sensor that the firmware's own file feeds.
void require_sensors(const SocConfig& soc, const RunDefaults& defaults);

/// Reads what the options name. Throws InputError where something is wrong or missing.
[[nodiscard]] Plan make_plan(const RunOptions& options, const RunDefaults& defaults);

/// The contents of a regular file. Throws InputError, about `option`.
[[nodiscard]] std::string read_text(const std::string& option, const std::string& path);

}  // namespace cimera::cli
