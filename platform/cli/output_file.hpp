// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>

namespace cimera::cli {

/// Throws where a file could not be written; leaves what is there as it is.
void require_writable(const std::filesystem::path& path);
/// Writes a file so that it is either complete or not there.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace cimera::cli
