// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <span>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// Every 32-bit instruction the core knows. Compressed instructions expand to these.
std::span<const InstructionInfo> instruction_table();

/// The row that matches `word`; the `illegal` row if none of the enabled extensions has one.
const InstructionInfo& find_instruction(std::uint32_t word, ExtensionSet extensions);

const InstructionInfo& illegal_instruction();

}  // namespace cimera::cpu
