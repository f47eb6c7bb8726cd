// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <string_view>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// An instruction word with its row of the table.
struct Decoded {
    const InstructionInfo* info = nullptr;
    std::uint32_t word = 0;  ///< 32-bit form; the 16 bits where there is none
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

/// The operands of a format in the order of assembly. d, s, t and r stand for rd, rs1, rs2 and rs3,
/// capital letters for floating-point registers; i immediate, h shift amount, u upper immediate,
/// b target, c CSR, z immediate in the place of rs1, f sets of a fence, m rounding mode.
std::string_view operand_pattern(Format format);

/// Registers by one number: x0 to x31, then f0 to f31.
inline constexpr std::uint32_t first_float = 32;
/// 0: the instruction writes no register.
std::uint32_t destination(const Decoded& decoded);
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
constexpr std::uint32_t rs3_of(std::uint32_t word) {
    return word >> 27;
}
/// The rounding mode of a floating-point instruction.
constexpr std::uint32_t rm_of(std::uint32_t word) {
    return (word >> 12) & 7U;
}

}  // namespace cimera::cpu
