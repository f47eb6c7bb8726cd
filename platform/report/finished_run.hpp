// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "platform/report/counts_file.hpp"
#include "platform/report/json.hpp"

namespace cimera {

/// What the folder of a finished run (`-o DIR`) keeps of it. Energy is not read but priced again.
struct FinishedRun {
    Json report;        ///< as the run has written it
    CountsFile counts;  ///< `result` has what a table on the terminal shows, without energy
};

/// Reads DIR/report.json and DIR/counts.json. What is missing or wrong is an InputError.
[[nodiscard]] FinishedRun read_finished_run(const std::filesystem::path& folder);

/// A report of this version. Anything else is an InputError.
[[nodiscard]] Json parse_report(const std::string& name, std::string_view text);
[[nodiscard]] Json read_report(const std::filesystem::path& folder);

/// The two texts of a folder; names appear in messages.
[[nodiscard]] FinishedRun parse_finished_run(const std::string& report_name,
                                             std::string_view report,
                                             const std::string& counts_name,
                                             std::string_view counts);

}  // namespace cimera
