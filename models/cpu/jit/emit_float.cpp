// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/csr.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/execute.hpp"
#include "models/cpu/float32.hpp"
#include "models/cpu/jit/emitter.hpp"

// What the handlers in execute_float.cpp do, by the host's unit: while mstatus.FS is dirty, and
// rounded to the nearest. MXCSR gathers the flags from an entry of the unit to its exits and
// helpers, where fcsr gets them. Where the host's answer is not that of RISC-V the handler is
// asked: the flags that the host has raised by then are those of the handler as well.

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

namespace {

namespace Inst = x86::Inst;

constexpr std::uint32_t toward_zero = 1;
constexpr std::uint32_t dynamic = 7;
constexpr std::uint32_t frm_mask = 7U << 5;

}  // namespace

void Emitter::add_float(Emits& emits) {
    emits[&Execute::flw] = &Emitter::load_float;
    emits[&Execute::fsw] = &Emitter::store_float;
    emits[&Execute::fadd_s] = &Emitter::arithmetic<Inst::kIdAddss>;
    emits[&Execute::fsub_s] = &Emitter::arithmetic<Inst::kIdSubss>;
    emits[&Execute::fmul_s] = &Emitter::arithmetic<Inst::kIdMulss>;
    emits[&Execute::fdiv_s] = &Emitter::arithmetic<Inst::kIdDivss>;
    emits[&Execute::fsqrt_s] = &Emitter::square_root;
    emits[&Execute::fmadd_s] = &Emitter::fused<Inst::kIdVfmadd213ss>;
    emits[&Execute::fmsub_s] = &Emitter::fused<Inst::kIdVfmsub213ss>;
    emits[&Execute::fnmsub_s] = &Emitter::fused<Inst::kIdVfnmadd213ss>;
    emits[&Execute::fnmadd_s] = &Emitter::fused<Inst::kIdVfnmsub213ss>;
    emits[&Execute::fsgnj_s] = &Emitter::inject_sign<Sign::copy>;
    emits[&Execute::fsgnjn_s] = &Emitter::inject_sign<Sign::negate>;
    emits[&Execute::fsgnjx_s] = &Emitter::inject_sign<Sign::combine>;
    emits[&Execute::feq_s] = &Emitter::equal;
    emits[&Execute::flt_s] = &Emitter::less<x86::CondCode::kUnsignedGT>;
    emits[&Execute::fle_s] = &Emitter::less<x86::CondCode::kUnsignedGE>;
    emits[&Execute::fcvt_w_s] = &Emitter::to_signed;
    emits[&Execute::fcvt_wu_s] = &Emitter::to_unsigned;
    emits[&Execute::fcvt_s_w] = &Emitter::from_integer<true>;
    emits[&Execute::fcvt_s_wu] = &Emitter::from_integer<false>;
    emits[&Execute::fmv_x_w] = &Emitter::move_bits;
    emits[&Execute::fmv_w_x] = &Emitter::move_bits;
}

/// Nothing in a block but its last instruction makes mstatus.FS less than dirty or changes frm.
void Emitter::check_float(const Instruction& i) {
    if (!float_checked_) {
        a_.cmp(x86::dword_ptr(host::hart, at_.fs), mstatus::fs);
        a_.jne(exit_at(&i));
        float_checked_ = true;
    }
}

/// False where the instruction is left to its handler.
bool Emitter::check_rounding(const Instruction& i) {
    check_float(i);
    const std::uint32_t mode = rm_of(i.raw);
    if (mode == dynamic && !rounding_checked_) {
        a_.test(x86::dword_ptr(host::hart, at_.fcsr), frm_mask);
        a_.jnz(exit_at(&i));
        rounding_checked_ = true;
    }
    if (mode != dynamic && mode != 0) {
        step(i);
        return false;
    }
    return true;
}

void Emitter::clear_flags() {
    if (floats_) {
        a_.ldmxcsr(x86::dword_ptr(default_mxcsr_));
    }
}

void Emitter::keep_flags() {
    if (floats_) {
        a_.stmxcsr(x86::dword_ptr(host::hart, at_.mxcsr));
        a_.mov(x86::edx, x86::dword_ptr(host::hart, at_.mxcsr));
        a_.and_(x86::edx, 63);
        a_.movzx(x86::edx, x86::byte_ptr(host::hart, x86::rdx, 0, at_.flags));
        a_.or_(x86::dword_ptr(host::hart, at_.fcsr), x86::edx);
    }
}

/// xmm0, or the canonical NaN.
void Emitter::store_result(const Instruction& i) {
    const Label nan = a_.newLabel();
    const Label done = a_.newLabel();
    a_.ucomiss(x86::xmm0, x86::xmm0);
    a_.jp(nan);
    a_.movss(memory(i.rd), x86::xmm0);
    a_.bind(done);
    later([this, &i, nan, done] {
        a_.bind(nan);
        a_.mov(memory(i.rd), float32::canonical_nan);
        a_.jmp(done);
    });
}

template <Emitter::Id id>
void Emitter::arithmetic(const Instruction& i) {
    if (check_rounding(i)) {
        a_.movss(x86::xmm0, memory(i.rs1));
        a_.emit(id, x86::xmm0, memory(i.rs2));
        store_result(i);
    }
}

void Emitter::square_root(const Instruction& i) {
    if (check_rounding(i)) {
        a_.movss(x86::xmm0, memory(i.rs1));
        a_.sqrtss(x86::xmm0, x86::xmm0);
        store_result(i);
    }
}

/// What the host says of infinity times zero plus a NaN is not what RISC-V says.
template <Emitter::Id id>
void Emitter::fused(const Instruction& i) {
    if (!features_.fma) {
        check_float(i);
        step(i);
        return;
    }
    if (!check_rounding(i)) {
        return;
    }
    const Label nan = a_.newLabel();
    const Label done = a_.newLabel();
    a_.movss(x86::xmm0, memory(i.rs1));
    a_.movss(x86::xmm1, memory(i.rs2));
    a_.emit(id, x86::xmm0, x86::xmm1, memory(Instruction::float_base + rs3_of(i.raw)));
    a_.ucomiss(x86::xmm0, x86::xmm0);
    a_.jp(nan);
    a_.movss(memory(i.rd), x86::xmm0);
    a_.bind(done);
    later([this, &i, nan, done, part = part_] {
        part_ = part;
        a_.bind(nan);
        step(i);
        a_.jmp(done);
    });
}

template <Emitter::Sign sign>
void Emitter::inject_sign(const Instruction& i) {
    check_float(i);
    a_.mov(x86::eax, memory(i.rs1));
    if (sign == Sign::copy && i.rs1 == i.rs2) {
        a_.mov(memory(i.rd), x86::eax);
        return;
    }
    a_.mov(x86::ecx, memory(i.rs2));
    if (sign == Sign::negate) {
        a_.not_(x86::ecx);
    }
    a_.and_(x86::ecx, float32::sign_bit);
    if (sign == Sign::combine) {
        a_.xor_(x86::eax, x86::ecx);
    } else {
        a_.and_(x86::eax, ~float32::sign_bit);
        a_.or_(x86::eax, x86::ecx);
    }
    a_.mov(memory(i.rd), x86::eax);
}

/// Quiet: only signalling NaNs are invalid.
void Emitter::equal(const Instruction& i) {
    check_float(i);
    a_.movss(x86::xmm0, memory(i.rs1));
    a_.ucomiss(x86::xmm0, memory(i.rs2));
    a_.setnp(x86::al);
    a_.sete(x86::cl);
    a_.and_(x86::al, x86::cl);
    a_.movzx(x86::eax, x86::al);
    written(i.rd, x86::eax);
}

/// rs2 above rs1; not if one is a NaN.
template <x86::CondCode condition>
void Emitter::less(const Instruction& i) {
    check_float(i);
    a_.movss(x86::xmm0, memory(i.rs2));
    a_.comiss(x86::xmm0, memory(i.rs1));
    a_.set(condition, x86::al);
    a_.movzx(x86::eax, x86::al);
    written(i.rd, x86::eax);
}

/// The host answers the least number to all that is out of range.
void Emitter::to_signed(const Instruction& i) {
    const bool truncates = rm_of(i.raw) == toward_zero;
    if (truncates) {
        check_float(i);
        a_.cvttss2si(x86::eax, memory(i.rs1));
    } else if (check_rounding(i)) {
        a_.cvtss2si(x86::eax, memory(i.rs1));
    } else {
        return;
    }
    const Label slow = a_.newLabel();
    const Label done = a_.newLabel();
    a_.cmp(x86::eax, static_cast<std::int32_t>(float32::sign_bit));
    a_.je(slow);
    written(i.rd, x86::eax);
    a_.bind(done);
    later([this, &i, slow, done, part = part_] {
        part_ = part;
        a_.bind(slow);
        step(i);
        a_.jmp(done);
    });
}

/// Negative numbers could be inexact for the host and are invalid for RISC-V.
void Emitter::to_unsigned(const Instruction& i) {
    const bool truncates = rm_of(i.raw) == toward_zero;
    if (truncates) {
        check_float(i);
    } else if (!check_rounding(i)) {
        return;
    }
    const Label slow = a_.newLabel();
    const Label done = a_.newLabel();
    a_.cmp(memory(i.rs1), 0);
    a_.jl(slow);
    if (truncates) {
        a_.cvttss2si(x86::rax, memory(i.rs1));
    } else {
        a_.cvtss2si(x86::rax, memory(i.rs1));
    }
    a_.mov(x86::rcx, x86::rax);
    a_.shr(x86::rcx, 32);
    a_.jnz(slow);
    written(i.rd, x86::eax);
    a_.bind(done);
    later([this, &i, slow, done, part = part_] {
        part_ = part;
        a_.bind(slow);
        step(i);
        a_.jmp(done);
    });
}

template <bool is_signed>
void Emitter::from_integer(const Instruction& i) {
    if (check_rounding(i)) {
        extended(x86::rax, i.rs1, is_signed);
        a_.xorps(x86::xmm0, x86::xmm0);
        a_.cvtsi2ss(x86::xmm0, x86::rax);
        a_.movss(memory(i.rd), x86::xmm0);
    }
}

void Emitter::move_bits(const Instruction& i) {
    check_float(i);
    const Gp to = target(i.rd);
    move(to, i.rs1);
    written(i.rd, to);
}

void Emitter::load_float(const Instruction& i) {
    check_float(i);
    load_from<4, false>(i);
}

void Emitter::store_float(const Instruction& i) {
    check_float(i);
    store_to<4>(i);
}

}  // namespace cimera::cpu::jit
