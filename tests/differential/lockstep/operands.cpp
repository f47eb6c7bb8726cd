// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/operands.hpp"

#include <string_view>

#include "models/cpu/decode.hpp"

namespace cimera::lockstep {

bool has_operand(const cpu::InstructionInfo& row, char letter) {
    return cpu::operand_pattern(row.format).find(letter) != std::string_view::npos;
}
bool accesses_memory(const cpu::InstructionInfo& row) {
    return has_operand(row, '(') && row.timing != cpu::Timing::jalr;
}
bool is_atomic(const cpu::InstructionInfo& row) {
    return row.extension == cpu::Extension::a;
}
bool jumps(const cpu::InstructionInfo& row) {
    return has_operand(row, 'b') || row.timing == cpu::Timing::jalr;
}
bool is_plain(const cpu::InstructionInfo& row) {
    return !accesses_memory(row) && !jumps(row) && !has_operand(row, 'c') &&
           cpu::operand_pattern(row.format).size() > 1;
}

Operands::Operands(std::uint64_t seed) : Builder(seed) {
    for (const auto& row : cpu::instruction_table()) {
        rows_.push_back(&row);
        if (is_plain(row)) {
            plain_rows_.push_back(&row);
        }
    }
}

Word Operands::destination() {
    if (chance(5)) {
        return 0;
    }
    const Word rd = chance(50) ? 8 + below(8) : 1 + below(plain_registers);
    return rd == sp || rd == compact ? 10 : rd;
}

Word Operands::random_bits(const cpu::InstructionInfo& row) {
    Word word = row.match | (static_cast<Word>(random()) & ~row.mask);
    if (has_operand(row, 'd') || has_operand(row, 'D')) {
        word = (word & ~(31U << 7)) | destination() << 7;
    }
    if (has_operand(row, 's')) {
        word = (word & ~(31U << 15)) | source() << 15;
    }
    if (has_operand(row, 't')) {
        word = (word & ~(31U << 20)) | source() << 20;
    }
    if (has_operand(row, 'd') && has_operand(row, 's') && chance(10)) {
        word = (word & ~(31U << 15)) | (word >> 7 & 31U) << 15;
    }
    if (has_operand(row, 'd') && has_operand(row, 't') && chance(10)) {
        word = (word & ~(31U << 20)) | (word >> 7 & 31U) << 20;
    }
    return word;
}

Word Operands::plain(const cpu::InstructionInfo& row) {
    for (;;) {
        Word word = random_bits(row);
        if (has_operand(row, 'i') && chance(50)) {
            word = (word & 0xfffffU) | (value() & 0xfffU) << 20;
        }
        if (&cpu::find_instruction(word, cpu::all_extensions) == &row || chance(2)) {
            return word;
        }
    }
}

void Operands::load_float(Word rd) {
    load_immediate(temporary, pick(singles));
    word(op::match("fmv.w.x") | rd << 7 | temporary << 15);
}

void Operands::load_sources(const cpu::InstructionInfo& row, Word bits) {
    const auto integer = [this](Word rd) {
        if (rd != 0 && rd != sp && rd != compact && rd <= plain_registers) {
            load_immediate(rd, value());
        }
    };
    const Word first = bits >> 15 & 31U;
    const Word second = bits >> 20 & 31U;
    if (has_operand(row, 's')) {
        integer(first);
    }
    if (has_operand(row, 't')) {
        integer(second);
    }
    if (has_operand(row, 'S')) {
        load_float(first);
    }
    if (has_operand(row, 'T')) {
        load_float(second);
    }
    if (has_operand(row, 'R')) {
        load_float(bits >> 27);
    }
}

void Operands::memory(const cpu::InstructionInfo& row) {
    Word bits = random_bits(row);
    Word pointer = base;
    if (chance(3)) {
        pointer = temporary;
        load_immediate(temporary, pick(nowhere));
    }
    // Often around the page boundary, and what was stored before. QEMU rounds the faulting address
    // of a misaligned access down.
    const Word near = chance(50) ? below(64) - 32 : below(4096) - 2048;
    const Word imm = pointer == base ? near : below(128) * 4;
    const bool stores = row.timing == cpu::Timing::store;
    const Word low = stores ? 31U << 7 : 0;
    bits &= ~(31U << 15 | 0xfe000000U | low | (stores ? 0 : 0xfff00000U));
    bits |= pointer << 15;
    bits |= stores ? (imm & 31U) << 7 | (imm >> 5 & 127U) << 25 : (imm & 0xfffU) << 20;
    word(bits);
}

void Operands::flags() {
    begin();
    if (chance(70)) {
        set_csr(0x300, fs_dirty, "csrrs");
        word(op::csr("csrrwi", 0, 0x002, below(chance(15) ? 8 : 5)));
    }
    word(op::csr("csrrw", destination(), 0x001, chance(50) ? 0 : source()));
}

}  // namespace cimera::lockstep
