// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/files_apart.hpp"

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera::cli {

bool same_file(const std::filesystem::path& one, const std::filesystem::path& other) {
    std::error_code error;
    if (one.empty() || other.empty() ||
        (std::filesystem::exists(one, error) && !std::filesystem::is_regular_file(one, error))) {
        return false;
    }
    // Two names of one file, or of one that is not there yet.
    const auto place = [&error](const std::filesystem::path& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    };
    return std::filesystem::equivalent(one, other, error) || place(one) == place(other);
}

void require_apart(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const NamedFile& output = outputs[i];
        for (const NamedFile& input : inputs) {
            if (same_file(output.path, input.path)) {
                throw InputError(output.option,
                                 fmt::format("{} would be overwritten, {} reads it",
                                             output.path.string(), input.option),
                                 "another file");
            }
        }
        for (std::size_t k = 0; k < i; ++k) {
            if (same_file(output.path, outputs[k].path)) {
                throw InputError(
                    output.option,
                    fmt::format("{} is what {} writes", output.path.string(), outputs[k].option),
                    "another file");
            }
        }
    }
}

}  // namespace cimera::cli
