// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include "models/memory/nvm.hpp"
#include "platform/config/soc_config.hpp"

namespace cimera {

/// The file of an NVM that is switched off: contents, wear and the seed of its cells. All numbers
/// are little-endian: "CIMNVM1\n", seed (8 bytes), size (8), bytes of a page (4), the contents, the
/// cycles of each page (4 each), CRC-32 of all that (4).
[[nodiscard]] std::string to_nvm_image(const NvmState& state);

/// Reads such a file for this SoC. Whatever is wrong with it is an InputError; `name` is the file.
[[nodiscard]] NvmState parse_nvm_image(const std::string& name, const std::string& file,
                                       const NvmConfig& nvm);

}  // namespace cimera
