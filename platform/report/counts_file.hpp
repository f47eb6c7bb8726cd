// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>
#include <string_view>

#include "platform/report/result.hpp"

namespace cimera {

/// What counts.json holds: what a run counted, and all that its report cannot say exactly.
struct CountsFile {
    std::string technology;  ///< as the run was told: a name or a file
    RunResult result;        ///< counts, results, and `inferences` and `learned` without energy
};

/// The text of counts.json; docs/outputs.md describes it.
[[nodiscard]] std::string to_counts_json(const std::string& technology, const RunResult& result);

/// Reads it back. `name` appears in messages. Whatever is wrong with the text is an InputError.
[[nodiscard]] CountsFile parse_counts_json(const std::string& name, std::string_view text);

}  // namespace cimera
