// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// An instruction word with its row of the table.
struct Decoded {
    const InstructionInfo* info = nullptr;
    std::uint32_t word = 0;  ///< 32-bit form; of an illegal compressed one, its 16 bits
    std::uint32_t raw = 0;   ///< as in memory
    std::uint8_t length = 4;
};

/// Length in bytes of the instruction that begins with `half`.
constexpr std::uint8_t instruction_length(std::uint16_t half) {
    return (half & 3U) == 3 ? 4 : 2;
}

/// `bits` holds the 2 or 4 bytes of the instruction; what follows a compressed one is ignored.
Decoded decode(std::uint32_t bits, ExtensionSet extensions);

std::uint32_t immediate(Format format, std::uint32_t word);

/// The executable form at `pc`.
Instruction make_instruction(const Decoded& decoded, std::uint32_t pc);

bool writes_register(Format format);
/// Whether the instruction has register `number` as a source operand.
bool reads_register(const Decoded& decoded, std::uint32_t number);
/// Whether nothing may follow the instruction in a block.
bool ends_block(Timing timing);

constexpr std::uint32_t rd_of(std::uint32_t word) {
    return (word >> 7) & 31U;
}
constexpr std::uint32_t rs1_of(std::uint32_t word) {
    return (word >> 15) & 31U;
}
constexpr std::uint32_t rs2_of(std::uint32_t word) {
    return (word >> 20) & 31U;
}

}  // namespace cimera::cpu
