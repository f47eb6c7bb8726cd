// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>
#include <vector>

#include "models/cpu/hart.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera::debug {

/// GDB's target description: integer registers, f0 to f31 if the hart has them, every CSR it
/// answers for, and the privilege mode.
[[nodiscard]] std::string target_xml(const cpu::Hart& hart);

/// GDB's memory map. GDB reads nothing outside of it, so devices stand in it as well.
[[nodiscard]] std::string memory_map_xml(const std::vector<MapEntry>& map);

}  // namespace cimera::debug
