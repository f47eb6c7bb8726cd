// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/config/sensor_input.hpp"

namespace cimera {

/// What a firmware's own `FIRMWARE.run.toml` asks for; options of the command line win.
struct RunDefaults {
    /// The file read; empty if the firmware has none.
    std::filesystem::path source;
    std::optional<std::string> soc;
    std::vector<std::string> set;
    std::optional<std::filesystem::path> model;
    std::optional<std::filesystem::path> gpio_in;
    std::vector<SensorInput> sensors;
    std::optional<std::uint64_t> max_time_ps;
    std::optional<std::uint64_t> max_instructions;
    std::optional<std::uint64_t> seed;
};

/// Reads the file beside the ELF (`digits.elf`: `digits.run.toml`). Relative paths in it are
/// relative to it. A file that is not there gives no defaults; a wrong one is an InputError.
[[nodiscard]] RunDefaults load_run_defaults(const std::filesystem::path& elf);

}  // namespace cimera
