// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <string>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// Assembly text of the instruction in `bits` (2 or 4 bytes) at `pc`, from the instruction table;
/// compressed instructions appear as what they expand to.
std::string disassemble(std::uint32_t bits, std::uint32_t pc,
                        ExtensionSet extensions = all_extensions);

}  // namespace cimera::cpu
