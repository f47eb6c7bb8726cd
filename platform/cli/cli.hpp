// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "platform/config/files.hpp"

namespace cimera::cli {

/// Folders of presets and technologies that belong to this program.
[[nodiscard]] PresetDirs preset_dirs();
[[nodiscard]] PresetDirs technology_dirs();

/// Options that choose a SoC, common to several subcommands.
struct SocChoice {
    std::string soc = "sep";
    std::vector<std::string> set;
};
void add_soc_options(CLI::App& command, SocChoice& choice);

/// Each adds one subcommand; its callback sets the exit status.
void add_run(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_describe(CLI::App& app, int& status);
void add_list(CLI::App& app, int& status);

/// Throws where a file could not be written; leaves what is there as it is.
void require_writable(const std::filesystem::path& path);
/// Writes a file so that it is either complete or not there.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace cimera::cli
