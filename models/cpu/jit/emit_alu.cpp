// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute.hpp"
#include "models/cpu/jit/emitter.hpp"

// What the handlers in execute_alu.cpp do, and rotations.

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

namespace {

namespace Inst = x86::Inst;

bool is(const asmjit::Operand& operand, const x86::Gp& gp) {
    return operand.isReg() && operand.id() == gp.id();
}

}  // namespace

void Emitter::add_alu(Emits& emits) {
    emits[&Execute::lui] = &Emitter::lui;
    emits[&Execute::auipc] = &Emitter::auipc;
    emits[&Execute::addi] = &Emitter::addi;
    emits[&Execute::slti] = &Emitter::set_less<true, false>;
    emits[&Execute::sltiu] = &Emitter::set_less<false, false>;
    emits[&Execute::xori] = &Emitter::by_immediate<Inst::kIdXor>;
    emits[&Execute::ori] = &Emitter::by_immediate<Inst::kIdOr>;
    emits[&Execute::andi] = &Emitter::by_immediate<Inst::kIdAnd>;
    emits[&Execute::slli] = &Emitter::by_immediate<Inst::kIdShl>;
    emits[&Execute::srli] = &Emitter::by_immediate<Inst::kIdShr>;
    emits[&Execute::srai] = &Emitter::by_immediate<Inst::kIdSar>;
    emits[&Execute::add] = &Emitter::add;
    emits[&Execute::sub] = &Emitter::by_register<Inst::kIdSub, false>;
    emits[&Execute::sll] = &Emitter::shift<Inst::kIdShl>;
    emits[&Execute::slt] = &Emitter::set_less<true, true>;
    emits[&Execute::sltu] = &Emitter::set_less<false, true>;
    emits[&Execute::bit_xor] = &Emitter::by_register<Inst::kIdXor, true>;
    emits[&Execute::srl] = &Emitter::shift<Inst::kIdShr>;
    emits[&Execute::sra] = &Emitter::shift<Inst::kIdSar>;
    emits[&Execute::bit_or] = &Emitter::by_register<Inst::kIdOr, true>;
    emits[&Execute::bit_and] = &Emitter::by_register<Inst::kIdAnd, true>;
    emits[&Execute::mul] = &Emitter::by_register<Inst::kIdImul, true>;
    emits[&Execute::mulh] = &Emitter::high_product<true, true>;
    emits[&Execute::mulhsu] = &Emitter::high_product<true, false>;
    emits[&Execute::mulhu] = &Emitter::high_product<false, false>;
    emits[&Execute::div] = &Emitter::divide<true, false>;
    emits[&Execute::divu] = &Emitter::divide<false, false>;
    emits[&Execute::rem] = &Emitter::divide<true, true>;
    emits[&Execute::remu] = &Emitter::divide<false, true>;
    emits[&Execute::rol] = &Emitter::shift<Inst::kIdRol>;
    emits[&Execute::ror] = &Emitter::shift<Inst::kIdRor>;
    emits[&Execute::rori] = &Emitter::by_immediate<Inst::kIdRor>;
    emits[&Execute::fence] = &Emitter::nothing;
}

/// rd = rs1 op second.
void Emitter::binary(const Instruction& i, Id id, const Operand& second, bool commutes) {
    if (i.rd == Instruction::discard) {
        return;
    }
    const Gp to = target(i.rd);
    if (!is(second, to)) {
        move(to, i.rs1);
        a_.emit(id, to, second);
        written(i.rd, to);
    } else if (commutes && i.rs1 != 0) {
        a_.emit(id, to, source(i.rs1));
    } else {
        move(x86::eax, i.rs1);
        a_.emit(id, x86::eax, second);
        written(i.rd, x86::eax);
    }
}

template <Emitter::Id id, bool commutes>
void Emitter::by_register(const Instruction& i) {
    if (id == Inst::kIdImul && (i.rs1 == 0 || i.rs2 == 0)) {
        load_constant(i.rd, 0);
        return;
    }
    binary(i, id, source(i.rs2), commutes);
}

template <Emitter::Id id>
void Emitter::by_immediate(const Instruction& i) {
    binary(i, id, asmjit::imm(static_cast<std::int32_t>(i.imm)), false);
}

template <Emitter::Id id>
void Emitter::shift(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    const Gp to = target(i.rd);
    move(x86::ecx, i.rs2);
    move(to, i.rs1);
    a_.emit(id, to, x86::cl);
    written(i.rd, to);
}

/// Flags of rs1 - second.
void Emitter::compare(unsigned rs1, const Operand& second) {
    const bool zero = second.isImm() && second.as<asmjit::Imm>().value() == 0;
    if (in_register(rs1) && zero) {
        a_.test(place(rs1), place(rs1));
    } else if (rs1 != 0 && (in_register(rs1) || !second.isMem())) {
        a_.emit(Inst::kIdCmp, source(rs1), second);
    } else {
        move(x86::ecx, rs1);
        a_.emit(Inst::kIdCmp, x86::ecx, second);
    }
}

template <bool is_signed, bool by_register>
void Emitter::set_less(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    compare(i.rs1,
            by_register ? source(i.rs2) : Operand(asmjit::imm(static_cast<std::int32_t>(i.imm))));
    a_.set(is_signed ? x86::CondCode::kSignedLT : x86::CondCode::kUnsignedLT, x86::al);
    const Gp to = target(i.rd);
    a_.movzx(to, x86::al);
    written(i.rd, to);
}

void Emitter::lui(const Instruction& i) {
    // With the addi that usually follows, a constant.
    const Instruction& next = (&i)[1];
    if (next.handler == &Execute::addi && next.rd == i.rd && next.rs1 == i.rd) {
        load_constant(i.rd, i.imm + next.imm);
        skip_ = true;
        return;
    }
    load_constant(i.rd, i.imm);
}

void Emitter::auipc(const Instruction& i) {
    load_constant(i.rd, i.pc + i.imm);
}

void Emitter::addi(const Instruction& i) {
    const auto imm = static_cast<std::int32_t>(i.imm);
    if (i.rs1 == 0) {
        load_constant(i.rd, i.imm);
    } else if (i.rd == i.rs1 && !in_register(i.rd)) {
        a_.add(memory(i.rd), imm);
    } else if (i.rd != Instruction::discard && i.rd != i.rs1 && imm != 0 && in_register(i.rd) &&
               in_register(i.rs1)) {
        a_.lea(place(i.rd), x86::ptr(place(i.rs1).r64(), imm));
    } else if (imm == 0 && i.rd != Instruction::discard) {
        const Gp to = target(i.rd);
        move(to, i.rs1);
        written(i.rd, to);
    } else {
        by_immediate<Inst::kIdAdd>(i);
    }
}

void Emitter::add(const Instruction& i) {
    const bool registers = in_register(i.rs1) && in_register(i.rs2);
    if (i.rd != Instruction::discard && in_register(i.rd) && registers && i.rd != i.rs1 &&
        i.rd != i.rs2) {
        a_.lea(place(i.rd), x86::ptr(place(i.rs1).r64(), place(i.rs2).r64()));
        return;
    }
    if (i.rs1 == 0 && i.rd != Instruction::discard) {  // c.mv
        const Gp to = target(i.rd);
        move(to, i.rs2);
        written(i.rd, to);
        return;
    }
    by_register<Inst::kIdAdd, true>(i);
}

void Emitter::nothing(const Instruction& /*i*/) {}

/// As 64 bits.
void Emitter::extended(Gp to, unsigned number, bool is_signed) {
    if (number == 0 || !is_signed) {
        move(to.r32(), number);
    } else if (in_register(number)) {
        a_.movsxd(to.r64(), place(number));
    } else {
        a_.movsxd(to.r64(), memory(number));
    }
}

template <bool first_signed, bool second_signed>
void Emitter::high_product(const Instruction& i) {
    if (i.rd == Instruction::discard) {
        return;
    }
    extended(x86::rax, i.rs1, first_signed);
    extended(x86::rcx, i.rs2, second_signed);
    a_.imul(x86::rax, x86::rcx);
    a_.shr(x86::rax, 32);
    written(i.rd, x86::eax);
}

/// The serial divider takes a cycle for each leading zero of the divisor's magnitude.
template <bool is_signed, bool remainder>
void Emitter::divide(const Instruction& i) {
    if (!features_.lzcnt) {
        step(i);
        return;
    }
    move(x86::ecx, i.rs2);
    if (is_signed) {
        a_.mov(x86::edx, x86::ecx);
        a_.neg(x86::edx);
        a_.cmovs(x86::edx, x86::ecx);
        a_.lzcnt(x86::edx, x86::edx);
    } else {
        a_.lzcnt(x86::edx, x86::ecx);
    }
    a_.sub(host::left, x86::rdx);
    if (i.rd == Instruction::discard) {
        return;
    }
    const Label by_zero = a_.newLabel();
    const Label by_minus_one = a_.newLabel();
    const Label done = a_.newLabel();
    move(x86::eax, i.rs1);
    a_.test(x86::ecx, x86::ecx);
    a_.jz(by_zero);
    if (is_signed) {
        a_.cmp(x86::ecx, -1);
        a_.je(by_minus_one);
        a_.cdq();
        a_.idiv(x86::ecx);
    } else {
        a_.xor_(x86::edx, x86::edx);
        a_.div(x86::ecx);
    }
    if (remainder) {
        a_.mov(x86::eax, x86::edx);
    }
    a_.bind(done);
    written(i.rd, x86::eax);
    // The least number by minus one is itself, which neg says as well.
    later([this, by_zero, by_minus_one, done] {
        a_.bind(by_zero);
        if (!remainder) {
            a_.mov(x86::eax, -1);
        }
        a_.jmp(done);
        a_.bind(by_minus_one);
        if (remainder) {
            a_.xor_(x86::eax, x86::eax);
        } else {
            a_.neg(x86::eax);
        }
        a_.jmp(done);
    });
}

}  // namespace cimera::cpu::jit
