// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <vector>

#include "models/cpu/isa.hpp"
#include "tests/differential/lockstep/builder.hpp"

namespace cimera::lockstep {

/// Addresses where there is no memory on the board and on most SoCs.
inline constexpr std::array<Word, 6> nowhere{0,          0x00000800, 0x88000000,
                                             0x90000000, 0xf0000000, 0xfffff000};

bool has_operand(const cpu::InstructionInfo& row, char letter);
bool accesses_memory(const cpu::InstructionInfo& row);
bool is_atomic(const cpu::InstructionInfo& row);
bool jumps(const cpu::InstructionInfo& row);
/// Only operands in registers and immediates: may stand anywhere.
bool is_plain(const cpu::InstructionInfo& row);

/// Instructions of the table with random operands that leave the program's own registers alone.
class Operands : public Builder {
public:
    explicit Operands(std::uint64_t seed);

    Word destination();
    Word source() { return chance(90) ? 1 + below(plain_registers) : below(32); }
    /// The row with random bits for its operands, then registers that may be used.
    Word random_bits(const cpu::InstructionInfo& row);

    /// An instruction of a plain row; now and then illegal.
    Word plain(const cpu::InstructionInfo& row);
    Word plain() { return plain(*pick(plain_rows_)); }
    /// A load or store; now and then of an address without memory.
    void memory(const cpu::InstructionInfo& row);
    /// New values for the source registers of an instruction.
    void load_sources(const cpu::InstructionInfo& row, Word bits);

    /// Mostly makes floating point usable again, with a rounding mode that is valid as a rule; the
    /// flags so far into a register.
    void flags();

    [[nodiscard]] const std::vector<const cpu::InstructionInfo*>& rows() const { return rows_; }

private:
    void load_float(Word rd);

    std::vector<const cpu::InstructionInfo*> rows_;
    std::vector<const cpu::InstructionInfo*> plain_rows_;
};

}  // namespace cimera::lockstep
