// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/trace.hpp"

#include "models/cpu/decode.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

constexpr std::uint32_t mret_word = 0x30200073;
constexpr std::uint32_t sret_word = 0x10200073;
constexpr std::uint32_t sc_funct5 = 3;
constexpr std::uint8_t word_bytes = 4;

/// funct3 of csrrw and csrrwi; the others write only with an operand that is not zero.
constexpr bool writes_always(std::uint8_t funct3) {
    return (funct3 & 3U) == 1;
}

}  // namespace

/// One instruction, and what it did is told to the sink. Sources are looked at before, results
/// after it.
void Hart::step_traced() {
    // A block that the instruction drops stays in memory until the next one is decoded.
    const Instruction& i = *cursor_;
    const std::uint32_t base = x_[i.rs1];
    const std::uint32_t operand = x_[i.rs2];
    Retired what;
    what.privilege = static_cast<std::uint8_t>(privilege());
    const std::uint32_t flags = fcsr_;
    const std::uint64_t before = instret_;
    run_part(cursor_ + 1);
    if (instret_ == before) {
        return;  // it trapped
    }
    what.pc = i.pc;
    what.raw = i.raw;
    what.length = i.length;
    const std::string_view operands = operand_pattern(i.format);
    const char written = operands.empty() ? ' ' : operands.front();
    if (written == 'D') {
        what.file = Retired::File::f;
        what.rd = static_cast<std::uint8_t>(i.rd - Instruction::float_base);
        what.value = x_[i.rd];
    } else if (written == 'd' && i.rd != Instruction::discard) {
        what.file = Retired::File::x;
        what.rd = i.rd;
        what.value = x_[i.rd];
    }
    trace_access(i, base, operand, what);
    trace_csr(i, fcsr_ != flags, what);
    trace_->retired(what);
}

void Hart::trace_access(const Instruction& i, std::uint32_t base, std::uint32_t operand,
                        Retired& what) {
    const bool atomic = i.energy == Energy::atomic;
    const bool conditional = atomic && i.raw >> 27 == sc_funct5;
    what.loads = i.energy == Energy::load || (atomic && !conditional);
    what.stores = i.energy == Energy::store || (atomic && i.format != Format::lr);
    if (conditional) {
        what.stores = x_[i.rd] == 0;
    }
    if (!what.loads && !what.stores) {
        return;
    }
    what.address = atomic ? base : base + i.imm;
    // The width is in the low bits of funct3, for integers and floats alike.
    what.size = static_cast<std::uint8_t>(1U << (i.funct3 & 3U));
    if (what.stores) {
        what.stored = operand;
    }
    if (what.loads && what.stores) {
        bus_.peek(what.address, &what.stored, word_bytes);
    }
}

/// The CSR that an instruction has written; of those that do not name it, only what it changed.
void Hart::trace_csr(const Instruction& i, bool flags_changed, Retired& what) const {
    if (i.format == Format::csr || i.format == Format::csr_imm) {
        what.csr_written = writes_always(i.funct3) || i.rs1 != 0;
        what.csr = static_cast<std::uint16_t>(i.imm);
    } else if (flags_changed) {
        what.csr_written = true;
        what.csr = csr::fflags;
    } else {
        what.csr_written = i.raw == mret_word || i.raw == sret_word;
        what.csr = csr::mstatus;
    }
    if (what.csr_written) {
        what.csr_value = read_csr(what.csr).value_or(0);
    }
}

}  // namespace cimera::cpu
