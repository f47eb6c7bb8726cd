// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/files.hpp"

#include <set>
#include <system_error>

#include "platform/config/diagnostic.hpp"
#include "platform/config/suggest.hpp"

namespace cimera {

std::vector<std::string> list_presets(const PresetDirs& dirs) {
    std::set<std::string> names;
    for (const std::filesystem::path& directory : dirs.directories) {
        std::error_code missing;
        for (const auto& entry : std::filesystem::directory_iterator(directory, missing)) {
            if (entry.path().extension() == ".toml" && entry.is_regular_file(missing)) {
                names.insert(entry.path().stem().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

bool is_file_name(std::string_view text) {
    constexpr std::string_view ending = ".toml";
    return text.find('/') != std::string_view::npos ||
           (text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending);
}

std::filesystem::path find_preset(const std::string& preset_or_file, const PresetDirs& dirs,
                                  const std::string& kind, const std::string& kinds) {
    if (is_file_name(preset_or_file)) {
        return preset_or_file;
    }
    const std::vector<std::string> known = list_presets(dirs);
    for (const std::filesystem::path& directory : dirs.directories) {
        std::filesystem::path path = directory / (preset_or_file + ".toml");
        std::error_code missing;
        if (std::filesystem::is_regular_file(path, missing)) {
            return path;
        }
    }
    std::string hint = suggestion(preset_or_file, known, kinds);
    hint += (hint.empty() ? "" : "\n") + std::string("a file's name ends in .toml");
    throw InputError("", "unknown " + kind + " '" + preset_or_file + "'", hint);
}

}  // namespace cimera
