// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cimera::cpu {

class Hart;
struct Instruction;

/// Points at the instruction to execute next. A handler returns the one after the last it issued.
using Cursor = const Instruction*;
using Handler = Cursor (*)(Hart&, Cursor);

/// Operands of an instruction, as written in assembly.
enum class Format : std::uint8_t {
    none,
    r,        ///< rd, rs1, rs2
    i,        ///< rd, rs1, imm
    shift,    ///< rd, rs1, shamt
    load,     ///< rd, imm(rs1); also jalr
    store,    ///< rs2, imm(rs1)
    branch,   ///< rs1, rs2, target
    u,        ///< rd, imm
    jump,     ///< rd, target
    fence,    ///< no operand that matters here
    sfence,   ///< rs1, rs2
    csr,      ///< rd, csr, rs1
    csr_imm,  ///< rd, csr, uimm
    lr,       ///< rd, (rs1)
    amo,      ///< rd, rs2, (rs1)
};

enum class Timing : std::uint8_t {
    alu,
    mul,
    mulh,
    div,
    load,
    store,
    lr,
    sc,
    amo,
    branch,
    jump,
    jalr,
    csr,
    fence,
    fence_i,
    mret,
    wait,
    trap,  ///< ecall, ebreak and illegal instructions: never complete
};

enum class Energy : std::uint8_t {
    alu,
    mul,
    div,
    load,
    store,
    branch,
    jump,
    csr,
    atomic,
    system,
};
inline constexpr std::size_t energy_classes = 10;
using EnergyCounts = std::array<std::uint64_t, energy_classes>;

enum class Extension : std::uint8_t { i, m, a, c };
using ExtensionSet = std::uint32_t;
constexpr ExtensionSet bit(Extension extension) {
    return ExtensionSet{1} << static_cast<unsigned>(extension);
}
inline constexpr ExtensionSet rv32imac =
    bit(Extension::i) | bit(Extension::m) | bit(Extension::a) | bit(Extension::c);

/// One row of the instruction table.
struct InstructionInfo {
    std::string_view mnemonic;
    std::uint32_t mask;
    std::uint32_t match;
    Format format;
    Handler handler;
    Timing timing;
    Energy energy;
    Extension extension;
};

/// A decoded instruction, ready to execute.
struct Instruction {
    Handler handler = nullptr;
    std::uint32_t imm = 0;  ///< immediate, CSR number
    std::uint32_t pc = 0;
    std::uint32_t raw = 0;            ///< as in memory: 16 or 32 bits
    std::uint16_t cycles_before = 0;  ///< fixed cycles of the block's instructions before this one
    std::uint8_t length = 4;          ///< bytes
    std::uint8_t rd = 0;              ///< `discard` instead of x0
    std::uint8_t rs1 = 0;             ///< also the immediate of csrrwi, csrrsi, csrrci
    std::uint8_t rs2 = 0;
    Energy energy = Energy::alu;

    /// Where handlers write results for x0.
    static constexpr std::uint8_t discard = 32;
};

}  // namespace cimera::cpu
