// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "platform/config/files.hpp"
#include "platform/report/battery.hpp"

namespace cimera::cli {

/// Folders of presets and technologies that belong to this program.
[[nodiscard]] PresetDirs preset_dirs();
[[nodiscard]] PresetDirs technology_dirs();

/// Makes an option take one value each time it is given.
CLI::Option& repeatable(CLI::Option* option);

/// Options that choose a SoC, common to several subcommands.
struct SocChoice {
    std::string soc = "sep";
    std::vector<std::string> set;
};
void add_soc_options(CLI::App& command, SocChoice& choice);
/// `--set` alone.
void add_overrides(CLI::App& command, SocChoice& choice);

/// What a battery has to be known for.
void add_battery_options(CLI::App& command, BatteryOptions& options);

/// Each adds one subcommand; its callback sets the exit status.
void add_run(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_describe(CLI::App& app, int& status);
void add_list(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_compare(CLI::App& app, int& status);

}  // namespace cimera::cli
