// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <span>
#include <string>

#include "platform/config/files.hpp"
#include "platform/config/soc_config.hpp"

namespace cimera {

/// Reads a preset or file, then applies overrides of the form `path.to.key=value` in order.
/// A file may begin with `extends = "preset"`: it changes what that preset says. Lists of tables
/// ([[cim.tile]], [[sensor]]) replace the preset's list. Everything wrong is an InputError.
[[nodiscard]] SocConfig load_soc(const std::string& preset_or_file,
                                 std::span<const std::string> overrides, const PresetDirs& dirs);

/// The same for a text; `name` appears in messages.
[[nodiscard]] SocConfig load_soc_text(const std::string& name, std::string_view text,
                                      std::span<const std::string> overrides,
                                      const PresetDirs& dirs);

}  // namespace cimera
