// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute.hpp"
#include "models/cpu/jit/emitter.hpp"

// What the handlers in execute_bits.cpp do; rotations are in emit_alu.cpp; orc.b and
// products without carry are left to the handlers.

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

namespace {

namespace Inst = x86::Inst;
using x86::CondCode;

}  // namespace

void Emitter::add_bits(Emits& emits) {
    emits[&Execute::sh1add] = &Emitter::shift_add<1>;
    emits[&Execute::sh2add] = &Emitter::shift_add<2>;
    emits[&Execute::sh3add] = &Emitter::shift_add<3>;
    emits[&Execute::andn] = &Emitter::inverted<Inst::kIdAnd>;
    emits[&Execute::orn] = &Emitter::inverted<Inst::kIdOr>;
    emits[&Execute::xnor] = &Emitter::xnor;
    emits[&Execute::clz] = &Emitter::counting<Inst::kIdLzcnt>;
    emits[&Execute::ctz] = &Emitter::counting<Inst::kIdTzcnt>;
    emits[&Execute::cpop] = &Emitter::counting<Inst::kIdPopcnt>;
    emits[&Execute::sext_b] = &Emitter::sign_extend_byte;
    emits[&Execute::sext_h] = &Emitter::sign_extend_half;
    emits[&Execute::zext_h] = &Emitter::zero_extend_half;
    emits[&Execute::rev8] = &Emitter::unary<Inst::kIdBswap>;
    emits[&Execute::max] = &Emitter::choose<CondCode::kSignedLT>;
    emits[&Execute::maxu] = &Emitter::choose<CondCode::kUnsignedLT>;
    emits[&Execute::min] = &Emitter::choose<CondCode::kSignedGT>;
    emits[&Execute::minu] = &Emitter::choose<CondCode::kUnsignedGT>;
    emits[&Execute::bclr] = &Emitter::single_bit<Inst::kIdBtr>;
    emits[&Execute::binv] = &Emitter::single_bit<Inst::kIdBtc>;
    emits[&Execute::bset] = &Emitter::single_bit<Inst::kIdBts>;
    emits[&Execute::bclri] = &Emitter::single_bit_immediate<Inst::kIdBtr>;
    emits[&Execute::binvi] = &Emitter::single_bit_immediate<Inst::kIdBtc>;
    emits[&Execute::bseti] = &Emitter::single_bit_immediate<Inst::kIdBts>;
    emits[&Execute::bext] = &Emitter::bext;
    emits[&Execute::bexti] = &Emitter::bexti;
}

template <unsigned amount>
void Emitter::shift_add(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    const Gp shifted = read(i.rs1, x86::eax);
    const Gp other = read(i.rs2, x86::ecx);
    const Gp to = target(i.rd);
    a_.lea(to, x86::ptr(other.r64(), shifted.r64(), amount));
    written(i.rd, to);
}

/// rs1 op ~rs2.
template <Emitter::Id id>
void Emitter::inverted(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::eax, i.rs2);
    a_.not_(x86::eax);
    a_.emit(id, x86::eax, source(i.rs1));
    written(i.rd, x86::eax);
}

void Emitter::xnor(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::eax, i.rs2);
    a_.emit(Inst::kIdXor, x86::eax, source(i.rs1));
    a_.not_(x86::eax);
    written(i.rd, x86::eax);
}

template <Emitter::Id id>
void Emitter::unary(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    const Gp to = target(i.rd);
    move(to, i.rs1);
    a_.emit(id, to);
    written(i.rd, to);
}

template <Emitter::Id id>
void Emitter::counting(const Instruction& i) {
    const bool known = id == Inst::kIdLzcnt   ? features_.lzcnt
                       : id == Inst::kIdTzcnt ? features_.bmi1
                                              : features_.popcnt;
    if (!known) {
        step(i);
    } else if (i.rd != Instruction::discard) {
        const Gp to = target(i.rd);
        a_.emit(id, to, read(i.rs1, x86::eax));
        written(i.rd, to);
    }
}

void Emitter::sign_extend_byte(const Instruction& i) {
    if (i.rd != Instruction::discard) {
        move(x86::eax, i.rs1);
        a_.movsx(x86::eax, x86::al);
        written(i.rd, x86::eax);
    }
}

void Emitter::sign_extend_half(const Instruction& i) {
    if (i.rd != Instruction::discard) {
        const Gp to = target(i.rd);
        a_.movsx(to, read(i.rs1, x86::eax).r16());
        written(i.rd, to);
    }
}

void Emitter::zero_extend_half(const Instruction& i) {
    if (i.rd != Instruction::discard) {
        const Gp to = target(i.rd);
        a_.movzx(to, read(i.rs1, x86::eax).r16());
        written(i.rd, to);
    }
}

/// rs2 if rs1 compares so with it, else rs1.
template <CondCode other>
void Emitter::choose(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::eax, i.rs1);
    const Gp second = read(i.rs2, x86::ecx);
    a_.cmp(x86::eax, second);
    a_.cmov(other, x86::eax, second);
    written(i.rd, x86::eax);
}

/// The host takes the number of the bit modulo 32 as well.
template <Emitter::Id id>
void Emitter::single_bit(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::ecx, i.rs2);
    const Gp to = target(i.rd);
    move(to, i.rs1);
    a_.emit(id, to, x86::ecx);
    written(i.rd, to);
}

template <Emitter::Id id>
void Emitter::single_bit_immediate(const Instruction& i) {
    binary(i, id, asmjit::imm(i.imm & 31U), false);
}

void Emitter::bext(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::ecx, i.rs2);
    move(x86::eax, i.rs1);
    a_.shr(x86::eax, x86::cl);
    a_.and_(x86::eax, 1);
    written(i.rd, x86::eax);
}

void Emitter::bexti(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    move(x86::eax, i.rs1);
    a_.shr(x86::eax, i.imm & 31U);
    a_.and_(x86::eax, 1);
    written(i.rd, x86::eax);
}

}  // namespace cimera::cpu::jit
