// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <span>
#include <string>

#include "platform/config/files.hpp"
#include "platform/config/soc_config.hpp"

namespace cimera {

/// Overrides that the firmware's own file asks for; `where` names it in messages.
struct FirmwareOverrides {
    std::string where;
    std::span<const std::string> texts;
};

/// Reads a preset or file, then applies overrides of the form `path.to.key=value` in order, the
/// firmware's first. A file may begin with `extends = "preset"`: it changes what that preset says.
/// Lists of tables
/// ([[cim.tile]], [[sensor]]) replace the preset's list. Everything wrong is an InputError.
[[nodiscard]] SocConfig load_soc(const std::string& preset_or_file,
                                 std::span<const std::string> overrides, const PresetDirs& dirs,
                                 const FirmwareOverrides& firmware = {});

/// The same for a text; `name` appears in messages.
[[nodiscard]] SocConfig load_soc_text(const std::string& name, std::string_view text,
                                      std::span<const std::string> overrides,
                                      const PresetDirs& dirs);

}  // namespace cimera
