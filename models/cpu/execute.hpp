// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

struct Block;
struct Trap;

/// The instruction handlers, one per row of the instruction table. Each does its work, then jumps
/// to the handler of the following instruction; those that end a block or leave it early return.
struct Execute {
    static Cursor lui(Hart& h, Cursor i);
    static Cursor auipc(Hart& h, Cursor i);
    static Cursor addi(Hart& h, Cursor i);
    static Cursor slti(Hart& h, Cursor i);
    static Cursor sltiu(Hart& h, Cursor i);
    static Cursor xori(Hart& h, Cursor i);
    static Cursor ori(Hart& h, Cursor i);
    static Cursor andi(Hart& h, Cursor i);
    static Cursor slli(Hart& h, Cursor i);
    static Cursor srli(Hart& h, Cursor i);
    static Cursor srai(Hart& h, Cursor i);
    static Cursor add(Hart& h, Cursor i);
    static Cursor sub(Hart& h, Cursor i);
    static Cursor sll(Hart& h, Cursor i);
    static Cursor slt(Hart& h, Cursor i);
    static Cursor sltu(Hart& h, Cursor i);
    static Cursor bit_xor(Hart& h, Cursor i);
    static Cursor srl(Hart& h, Cursor i);
    static Cursor sra(Hart& h, Cursor i);
    static Cursor bit_or(Hart& h, Cursor i);
    static Cursor bit_and(Hart& h, Cursor i);
    static Cursor mul(Hart& h, Cursor i);
    static Cursor mulh(Hart& h, Cursor i);
    static Cursor mulhsu(Hart& h, Cursor i);
    static Cursor mulhu(Hart& h, Cursor i);
    static Cursor div(Hart& h, Cursor i);
    static Cursor divu(Hart& h, Cursor i);
    static Cursor rem(Hart& h, Cursor i);
    static Cursor remu(Hart& h, Cursor i);

    static Cursor jal(Hart& h, Cursor i);
    static Cursor jalr(Hart& h, Cursor i);
    static Cursor beq(Hart& h, Cursor i);
    static Cursor bne(Hart& h, Cursor i);
    static Cursor blt(Hart& h, Cursor i);
    static Cursor bge(Hart& h, Cursor i);
    static Cursor bltu(Hart& h, Cursor i);
    static Cursor bgeu(Hart& h, Cursor i);

    static Cursor lb(Hart& h, Cursor i);
    static Cursor lh(Hart& h, Cursor i);
    static Cursor lw(Hart& h, Cursor i);
    static Cursor lbu(Hart& h, Cursor i);
    static Cursor lhu(Hart& h, Cursor i);
    static Cursor sb(Hart& h, Cursor i);
    static Cursor sh(Hart& h, Cursor i);
    static Cursor sw(Hart& h, Cursor i);

    static Cursor lr_w(Hart& h, Cursor i);
    static Cursor sc_w(Hart& h, Cursor i);
    static Cursor amoswap_w(Hart& h, Cursor i);
    static Cursor amoadd_w(Hart& h, Cursor i);
    static Cursor amoxor_w(Hart& h, Cursor i);
    static Cursor amoand_w(Hart& h, Cursor i);
    static Cursor amoor_w(Hart& h, Cursor i);
    static Cursor amomin_w(Hart& h, Cursor i);
    static Cursor amomax_w(Hart& h, Cursor i);
    static Cursor amominu_w(Hart& h, Cursor i);
    static Cursor amomaxu_w(Hart& h, Cursor i);

    static Cursor sh1add(Hart& h, Cursor i);
    static Cursor sh2add(Hart& h, Cursor i);
    static Cursor sh3add(Hart& h, Cursor i);
    static Cursor andn(Hart& h, Cursor i);
    static Cursor orn(Hart& h, Cursor i);
    static Cursor xnor(Hart& h, Cursor i);
    static Cursor clz(Hart& h, Cursor i);
    static Cursor ctz(Hart& h, Cursor i);
    static Cursor cpop(Hart& h, Cursor i);
    static Cursor sext_b(Hart& h, Cursor i);
    static Cursor sext_h(Hart& h, Cursor i);
    static Cursor zext_h(Hart& h, Cursor i);
    static Cursor orc_b(Hart& h, Cursor i);
    static Cursor rev8(Hart& h, Cursor i);
    static Cursor max(Hart& h, Cursor i);
    static Cursor maxu(Hart& h, Cursor i);
    static Cursor min(Hart& h, Cursor i);
    static Cursor minu(Hart& h, Cursor i);
    static Cursor rol(Hart& h, Cursor i);
    static Cursor ror(Hart& h, Cursor i);
    static Cursor rori(Hart& h, Cursor i);
    static Cursor clmul(Hart& h, Cursor i);
    static Cursor clmulh(Hart& h, Cursor i);
    static Cursor clmulr(Hart& h, Cursor i);
    static Cursor bclr(Hart& h, Cursor i);
    static Cursor bclri(Hart& h, Cursor i);
    static Cursor bext(Hart& h, Cursor i);
    static Cursor bexti(Hart& h, Cursor i);
    static Cursor binv(Hart& h, Cursor i);
    static Cursor binvi(Hart& h, Cursor i);
    static Cursor bset(Hart& h, Cursor i);
    static Cursor bseti(Hart& h, Cursor i);

    static Cursor flw(Hart& h, Cursor i);
    static Cursor fsw(Hart& h, Cursor i);
    static Cursor fmadd_s(Hart& h, Cursor i);
    static Cursor fmsub_s(Hart& h, Cursor i);
    static Cursor fnmsub_s(Hart& h, Cursor i);
    static Cursor fnmadd_s(Hart& h, Cursor i);
    static Cursor fadd_s(Hart& h, Cursor i);
    static Cursor fsub_s(Hart& h, Cursor i);
    static Cursor fmul_s(Hart& h, Cursor i);
    static Cursor fdiv_s(Hart& h, Cursor i);
    static Cursor fsqrt_s(Hart& h, Cursor i);
    static Cursor fsgnj_s(Hart& h, Cursor i);
    static Cursor fsgnjn_s(Hart& h, Cursor i);
    static Cursor fsgnjx_s(Hart& h, Cursor i);
    static Cursor fmin_s(Hart& h, Cursor i);
    static Cursor fmax_s(Hart& h, Cursor i);
    static Cursor fcvt_w_s(Hart& h, Cursor i);
    static Cursor fcvt_wu_s(Hart& h, Cursor i);
    static Cursor fmv_x_w(Hart& h, Cursor i);
    static Cursor feq_s(Hart& h, Cursor i);
    static Cursor flt_s(Hart& h, Cursor i);
    static Cursor fle_s(Hart& h, Cursor i);
    static Cursor fclass_s(Hart& h, Cursor i);
    static Cursor fcvt_s_w(Hart& h, Cursor i);
    static Cursor fcvt_s_wu(Hart& h, Cursor i);
    static Cursor fmv_w_x(Hart& h, Cursor i);

    static Cursor csrrw(Hart& h, Cursor i);
    static Cursor csrrs(Hart& h, Cursor i);
    static Cursor csrrc(Hart& h, Cursor i);
    static Cursor csrrwi(Hart& h, Cursor i);
    static Cursor csrrsi(Hart& h, Cursor i);
    static Cursor csrrci(Hart& h, Cursor i);

    static Cursor fence(Hart& h, Cursor i);
    static Cursor fence_i(Hart& h, Cursor i);
    static Cursor ecall(Hart& h, Cursor i);
    static Cursor ebreak(Hart& h, Cursor i);
    static Cursor mret(Hart& h, Cursor i);
    static Cursor sret(Hart& h, Cursor i);
    static Cursor sfence_vma(Hart& h, Cursor i);
    static Cursor wfi(Hart& h, Cursor i);
    static Cursor illegal(Hart& h, Cursor i);

    /// Instead of jal and jalr where calls are followed.
    static Cursor jal_followed(Hart& h, Cursor i);
    static Cursor jalr_followed(Hart& h, Cursor i);

    /// Stands behind the last instruction of every block.
    static Cursor end_of_block(Hart& h, Cursor i);

    // Of the translator (execute_native.cpp). These two stand for a block's first instruction.
    static Cursor warm(Hart& h, Cursor i);
    static Cursor native(Hart& h, Cursor i);
    /// Behind an instruction that translated code has left to its handler.
    static Cursor native_stop(Hart& h, Cursor i);

private:
    enum class CsrOperation : std::uint8_t { write, set, clear };

    static Cursor next(Hart& h, Cursor i);
    static Cursor result(Hart& h, Cursor i, std::uint32_t value);
    static bool chains(const Hart& h, const Block& following, std::uint64_t extra);
    static Cursor chain(Hart& h, Block& following, std::uint64_t extra);
    static Cursor follow_on(Hart& h, Cursor i, std::uint32_t target);
    static Cursor go_on(Hart& h, Cursor i);
    static Cursor leave(Hart& h, Cursor i);
    static Cursor redirect(Hart& h, Cursor i, std::uint32_t target);
    static Cursor fall_through(Hart& h, Cursor i);
    static Cursor branch(Hart& h, Cursor i, bool taken);
    template <typename T>
    static Cursor load(Hart& h, Cursor i);
    template <typename T>
    static Cursor load_elsewhere(Hart& h, Cursor i, std::uint32_t address);
    template <typename T>
    static bool load_slow(Hart& h, Cursor i, std::uint32_t address);
    static bool trapped(Hart& h, Cursor i, const Trap& trap);
    template <typename T>
    static Cursor store(Hart& h, Cursor i);
    template <typename T>
    static Cursor store_elsewhere(Hart& h, Cursor i, std::uint32_t address);
    static bool store_slow(Hart& h, Cursor i, std::uint32_t address, unsigned size);
    template <typename Operation>
    static Cursor amo(Hart& h, Cursor i, Operation operation);
    template <typename Operation>
    static Cursor float_result(Hart& h, Cursor i, Operation operation);
    template <typename Operation>
    static Cursor rounded_result(Hart& h, Cursor i, Operation operation);
    static Cursor float_fused(Hart& h, Cursor i, std::uint32_t flip_product,
                              std::uint32_t flip_addend);
    static Cursor csr(Hart& h, Cursor i, CsrOperation operation, std::uint32_t operand, bool write);
};

}  // namespace cimera::cpu
