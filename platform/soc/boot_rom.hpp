// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

#include "platform/config/soc_config.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// What the boot ROM holds: the reset vector, what it hands on, and the device tree. The program
/// begins with a0 = hart id, a1 = device tree, a2 = OpenSBI's `struct fw_dynamic_info`, as on
/// QEMU's virt board.
[[nodiscard]] std::vector<std::uint8_t> boot_rom(const SocConfig& config,
                                                 const std::vector<MapEntry>& map,
                                                 std::uint32_t elf_entry);

}  // namespace cimera
