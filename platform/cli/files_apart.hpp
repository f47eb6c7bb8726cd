// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cimera::cli {

/// A file and the option that names it.
struct NamedFile {
    std::string option;
    std::filesystem::path path;  ///< empty: none
};

/// Two names of one regular file, be it there or not.
[[nodiscard]] bool same_file(const std::filesystem::path& one, const std::filesystem::path& other);

/// Refuses what would write two outputs into one file, or an output over an input. Devices and
/// pipes may take several.
void require_apart(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

}  // namespace cimera::cli
