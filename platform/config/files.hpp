// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cimera {

/// Folders that hold named TOML files, such as presets or technologies; the first match counts.
struct PresetDirs {
    std::vector<std::filesystem::path> directories;
};

/// Names of all files `NAME.toml`, sorted, each once.
[[nodiscard]] std::vector<std::string> list_presets(const PresetDirs& dirs);

/// Whether the user means a file rather than a preset: it ends in ".toml" or has a slash.
[[nodiscard]] bool is_file_name(std::string_view text);

/// The path of a preset or file; an unknown preset is an InputError. `kind` and `kinds` are what
/// messages call it: "preset", "presets".
[[nodiscard]] std::filesystem::path find_preset(const std::string& preset_or_file,
                                                const PresetDirs& dirs, const std::string& kind,
                                                const std::string& kinds);

}  // namespace cimera
