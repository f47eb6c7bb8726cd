// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/isa.hpp"

#include <array>
#include <string_view>
#include <vector>

#include "models/cpu/decode.hpp"
#include "models/cpu/execute.hpp"

namespace cimera::cpu {

namespace {

using F = Format;
using T = Timing;
using N = Energy;
using X = Extension;
using H = Execute;

// clang-format off
constexpr InstructionInfo table[] = {
    {"lui",       0x0000007f, 0x00000037, F::u,       H::lui,       T::alu,     N::alu,    X::i},
    {"auipc",     0x0000007f, 0x00000017, F::u,       H::auipc,     T::alu,     N::alu,    X::i},
    {"jal",       0x0000007f, 0x0000006f, F::jump,    H::jal,       T::jump,    N::jump,   X::i},
    {"jalr",      0x0000707f, 0x00000067, F::load,    H::jalr,      T::jalr,    N::jump,   X::i},
    {"beq",       0x0000707f, 0x00000063, F::branch,  H::beq,       T::branch,  N::branch, X::i},
    {"bne",       0x0000707f, 0x00001063, F::branch,  H::bne,       T::branch,  N::branch, X::i},
    {"blt",       0x0000707f, 0x00004063, F::branch,  H::blt,       T::branch,  N::branch, X::i},
    {"bge",       0x0000707f, 0x00005063, F::branch,  H::bge,       T::branch,  N::branch, X::i},
    {"bltu",      0x0000707f, 0x00006063, F::branch,  H::bltu,      T::branch,  N::branch, X::i},
    {"bgeu",      0x0000707f, 0x00007063, F::branch,  H::bgeu,      T::branch,  N::branch, X::i},
    {"lb",        0x0000707f, 0x00000003, F::load,    H::lb,        T::load,    N::load,   X::i},
    {"lh",        0x0000707f, 0x00001003, F::load,    H::lh,        T::load,    N::load,   X::i},
    {"lw",        0x0000707f, 0x00002003, F::load,    H::lw,        T::load,    N::load,   X::i},
    {"lbu",       0x0000707f, 0x00004003, F::load,    H::lbu,       T::load,    N::load,   X::i},
    {"lhu",       0x0000707f, 0x00005003, F::load,    H::lhu,       T::load,    N::load,   X::i},
    {"sb",        0x0000707f, 0x00000023, F::store,   H::sb,        T::store,   N::store,  X::i},
    {"sh",        0x0000707f, 0x00001023, F::store,   H::sh,        T::store,   N::store,  X::i},
    {"sw",        0x0000707f, 0x00002023, F::store,   H::sw,        T::store,   N::store,  X::i},
    {"addi",      0x0000707f, 0x00000013, F::i,       H::addi,      T::alu,     N::alu,    X::i},
    {"slti",      0x0000707f, 0x00002013, F::i,       H::slti,      T::alu,     N::alu,    X::i},
    {"sltiu",     0x0000707f, 0x00003013, F::i,       H::sltiu,     T::alu,     N::alu,    X::i},
    {"xori",      0x0000707f, 0x00004013, F::i,       H::xori,      T::alu,     N::alu,    X::i},
    {"ori",       0x0000707f, 0x00006013, F::i,       H::ori,       T::alu,     N::alu,    X::i},
    {"andi",      0x0000707f, 0x00007013, F::i,       H::andi,      T::alu,     N::alu,    X::i},
    {"slli",      0xfe00707f, 0x00001013, F::shift,   H::slli,      T::alu,     N::alu,    X::i},
    {"srli",      0xfe00707f, 0x00005013, F::shift,   H::srli,      T::alu,     N::alu,    X::i},
    {"srai",      0xfe00707f, 0x40005013, F::shift,   H::srai,      T::alu,     N::alu,    X::i},
    {"add",       0xfe00707f, 0x00000033, F::r,       H::add,       T::alu,     N::alu,    X::i},
    {"sub",       0xfe00707f, 0x40000033, F::r,       H::sub,       T::alu,     N::alu,    X::i},
    {"sll",       0xfe00707f, 0x00001033, F::r,       H::sll,       T::alu,     N::alu,    X::i},
    {"slt",       0xfe00707f, 0x00002033, F::r,       H::slt,       T::alu,     N::alu,    X::i},
    {"sltu",      0xfe00707f, 0x00003033, F::r,       H::sltu,      T::alu,     N::alu,    X::i},
    {"xor",       0xfe00707f, 0x00004033, F::r,       H::bit_xor,   T::alu,     N::alu,    X::i},
    {"srl",       0xfe00707f, 0x00005033, F::r,       H::srl,       T::alu,     N::alu,    X::i},
    {"sra",       0xfe00707f, 0x40005033, F::r,       H::sra,       T::alu,     N::alu,    X::i},
    {"or",        0xfe00707f, 0x00006033, F::r,       H::bit_or,    T::alu,     N::alu,    X::i},
    {"and",       0xfe00707f, 0x00007033, F::r,       H::bit_and,   T::alu,     N::alu,    X::i},
    {"fence",     0x0000707f, 0x0000000f, F::fence,   H::fence,     T::fence,   N::system, X::i},
    {"fence.i",   0x0000707f, 0x0000100f, F::none,    H::fence_i,   T::fence_i, N::system, X::i},
    {"ecall",     0xffffffff, 0x00000073, F::none,    H::ecall,     T::trap,    N::system, X::i},
    {"ebreak",    0xffffffff, 0x00100073, F::none,    H::ebreak,    T::trap,    N::system, X::i},
    {"mret",      0xffffffff, 0x30200073, F::none,    H::mret,      T::mret,    N::system, X::i},
    {"sret",      0xffffffff, 0x10200073, F::none,    H::sret,      T::mret,    N::system, X::i},
    {"sfence.vma", 0xfe007fff, 0x12000073, F::sfence, H::sfence_vma, T::fence,  N::system, X::i},
    {"wfi",       0xffffffff, 0x10500073, F::none,    H::wfi,       T::wait,    N::system, X::i},
    {"csrrw",     0x0000707f, 0x00001073, F::csr,     H::csrrw,     T::csr,     N::csr,    X::i},
    {"csrrs",     0x0000707f, 0x00002073, F::csr,     H::csrrs,     T::csr,     N::csr,    X::i},
    {"csrrc",     0x0000707f, 0x00003073, F::csr,     H::csrrc,     T::csr,     N::csr,    X::i},
    {"csrrwi",    0x0000707f, 0x00005073, F::csr_imm, H::csrrwi,    T::csr,     N::csr,    X::i},
    {"csrrsi",    0x0000707f, 0x00006073, F::csr_imm, H::csrrsi,    T::csr,     N::csr,    X::i},
    {"csrrci",    0x0000707f, 0x00007073, F::csr_imm, H::csrrci,    T::csr,     N::csr,    X::i},
    {"mul",       0xfe00707f, 0x02000033, F::r,       H::mul,       T::mul,     N::mul,    X::m},
    {"mulh",      0xfe00707f, 0x02001033, F::r,       H::mulh,      T::mulh,    N::mul,    X::m},
    {"mulhsu",    0xfe00707f, 0x02002033, F::r,       H::mulhsu,    T::mulh,    N::mul,    X::m},
    {"mulhu",     0xfe00707f, 0x02003033, F::r,       H::mulhu,     T::mulh,    N::mul,    X::m},
    {"div",       0xfe00707f, 0x02004033, F::r,       H::div,       T::div,     N::div,    X::m},
    {"divu",      0xfe00707f, 0x02005033, F::r,       H::divu,      T::div,     N::div,    X::m},
    {"rem",       0xfe00707f, 0x02006033, F::r,       H::rem,       T::div,     N::div,    X::m},
    {"remu",      0xfe00707f, 0x02007033, F::r,       H::remu,      T::div,     N::div,    X::m},
    {"lr.w",      0xf9f0707f, 0x1000202f, F::lr,      H::lr_w,      T::lr,      N::atomic, X::a},
    {"sc.w",      0xf800707f, 0x1800202f, F::amo,     H::sc_w,      T::sc,      N::atomic, X::a},
    {"amoswap.w", 0xf800707f, 0x0800202f, F::amo,     H::amoswap_w, T::amo,     N::atomic, X::a},
    {"amoadd.w",  0xf800707f, 0x0000202f, F::amo,     H::amoadd_w,  T::amo,     N::atomic, X::a},
    {"amoxor.w",  0xf800707f, 0x2000202f, F::amo,     H::amoxor_w,  T::amo,     N::atomic, X::a},
    {"amoand.w",  0xf800707f, 0x6000202f, F::amo,     H::amoand_w,  T::amo,     N::atomic, X::a},
    {"amoor.w",   0xf800707f, 0x4000202f, F::amo,     H::amoor_w,   T::amo,     N::atomic, X::a},
    {"amomin.w",  0xf800707f, 0x8000202f, F::amo,     H::amomin_w,  T::amo,     N::atomic, X::a},
    {"amomax.w",  0xf800707f, 0xa000202f, F::amo,     H::amomax_w,  T::amo,     N::atomic, X::a},
    {"amominu.w", 0xf800707f, 0xc000202f, F::amo,     H::amominu_w, T::amo,     N::atomic, X::a},
    {"amomaxu.w", 0xf800707f, 0xe000202f, F::amo,     H::amomaxu_w, T::amo,     N::atomic, X::a},

    {"sh1add",    0xfe00707f, 0x20002033, F::r,           H::sh1add,     T::alu,     N::alu,    X::zba},
    {"sh2add",    0xfe00707f, 0x20004033, F::r,           H::sh2add,     T::alu,     N::alu,    X::zba},
    {"sh3add",    0xfe00707f, 0x20006033, F::r,           H::sh3add,     T::alu,     N::alu,    X::zba},
    {"andn",      0xfe00707f, 0x40007033, F::r,           H::andn,       T::alu,     N::alu,    X::zbb},
    {"orn",       0xfe00707f, 0x40006033, F::r,           H::orn,        T::alu,     N::alu,    X::zbb},
    {"xnor",      0xfe00707f, 0x40004033, F::r,           H::xnor,       T::alu,     N::alu,    X::zbb},
    {"clz",       0xfff0707f, 0x60001013, F::unary,       H::clz,        T::alu,     N::alu,    X::zbb},
    {"ctz",       0xfff0707f, 0x60101013, F::unary,       H::ctz,        T::alu,     N::alu,    X::zbb},
    {"cpop",      0xfff0707f, 0x60201013, F::unary,       H::cpop,       T::alu,     N::alu,    X::zbb},
    {"sext.b",    0xfff0707f, 0x60401013, F::unary,       H::sext_b,     T::alu,     N::alu,    X::zbb},
    {"sext.h",    0xfff0707f, 0x60501013, F::unary,       H::sext_h,     T::alu,     N::alu,    X::zbb},
    {"zext.h",    0xfff0707f, 0x08004033, F::unary,       H::zext_h,     T::alu,     N::alu,    X::zbb},
    {"orc.b",     0xfff0707f, 0x28705013, F::unary,       H::orc_b,      T::alu,     N::alu,    X::zbb},
    {"rev8",      0xfff0707f, 0x69805013, F::unary,       H::rev8,       T::alu,     N::alu,    X::zbb},
    {"max",       0xfe00707f, 0x0a006033, F::r,           H::max,        T::alu,     N::alu,    X::zbb},
    {"maxu",      0xfe00707f, 0x0a007033, F::r,           H::maxu,       T::alu,     N::alu,    X::zbb},
    {"min",       0xfe00707f, 0x0a004033, F::r,           H::min,        T::alu,     N::alu,    X::zbb},
    {"minu",      0xfe00707f, 0x0a005033, F::r,           H::minu,       T::alu,     N::alu,    X::zbb},
    {"rol",       0xfe00707f, 0x60001033, F::r,           H::rol,        T::alu,     N::alu,    X::zbb},
    {"ror",       0xfe00707f, 0x60005033, F::r,           H::ror,        T::alu,     N::alu,    X::zbb},
    {"rori",      0xfe00707f, 0x60005013, F::shift,       H::rori,       T::alu,     N::alu,    X::zbb},
    {"clmul",     0xfe00707f, 0x0a001033, F::r,           H::clmul,      T::alu,     N::mul,    X::zbc},
    {"clmulh",    0xfe00707f, 0x0a003033, F::r,           H::clmulh,     T::alu,     N::mul,    X::zbc},
    {"clmulr",    0xfe00707f, 0x0a002033, F::r,           H::clmulr,     T::alu,     N::mul,    X::zbc},
    {"bclr",      0xfe00707f, 0x48001033, F::r,           H::bclr,       T::alu,     N::alu,    X::zbs},
    {"bclri",     0xfe00707f, 0x48001013, F::shift,       H::bclri,      T::alu,     N::alu,    X::zbs},
    {"bext",      0xfe00707f, 0x48005033, F::r,           H::bext,       T::alu,     N::alu,    X::zbs},
    {"bexti",     0xfe00707f, 0x48005013, F::shift,       H::bexti,      T::alu,     N::alu,    X::zbs},
    {"binv",      0xfe00707f, 0x68001033, F::r,           H::binv,       T::alu,     N::alu,    X::zbs},
    {"binvi",     0xfe00707f, 0x68001013, F::shift,       H::binvi,      T::alu,     N::alu,    X::zbs},
    {"bset",      0xfe00707f, 0x28001033, F::r,           H::bset,       T::alu,     N::alu,    X::zbs},
    {"bseti",     0xfe00707f, 0x28001013, F::shift,       H::bseti,      T::alu,     N::alu,    X::zbs},
    {"flw",       0x0000707f, 0x00002007, F::f_load,      H::flw,        T::load,    N::load,   X::f},
    {"fsw",       0x0000707f, 0x00002027, F::f_store,     H::fsw,        T::store,   N::store,  X::f},
    {"fmadd.s",   0x0600007f, 0x00000043, F::f_r4_rm,     H::fmadd_s,    T::fp,      N::fp,     X::f},
    {"fmsub.s",   0x0600007f, 0x00000047, F::f_r4_rm,     H::fmsub_s,    T::fp,      N::fp,     X::f},
    {"fnmsub.s",  0x0600007f, 0x0000004b, F::f_r4_rm,     H::fnmsub_s,   T::fp,      N::fp,     X::f},
    {"fnmadd.s",  0x0600007f, 0x0000004f, F::f_r4_rm,     H::fnmadd_s,   T::fp,      N::fp,     X::f},
    {"fadd.s",    0xfe00007f, 0x00000053, F::f_r_rm,      H::fadd_s,     T::fp,      N::fp,     X::f},
    {"fsub.s",    0xfe00007f, 0x08000053, F::f_r_rm,      H::fsub_s,     T::fp,      N::fp,     X::f},
    {"fmul.s",    0xfe00007f, 0x10000053, F::f_r_rm,      H::fmul_s,     T::fp,      N::fp,     X::f},
    {"fdiv.s",    0xfe00007f, 0x18000053, F::f_r_rm,      H::fdiv_s,     T::fdiv,    N::fdiv,   X::f},
    {"fsqrt.s",   0xfff0007f, 0x58000053, F::f_unary_rm,  H::fsqrt_s,    T::fdiv,    N::fdiv,   X::f},
    {"fsgnj.s",   0xfe00707f, 0x20000053, F::f_r,         H::fsgnj_s,    T::fp,      N::fp,     X::f},
    {"fsgnjn.s",  0xfe00707f, 0x20001053, F::f_r,         H::fsgnjn_s,   T::fp,      N::fp,     X::f},
    {"fsgnjx.s",  0xfe00707f, 0x20002053, F::f_r,         H::fsgnjx_s,   T::fp,      N::fp,     X::f},
    {"fmin.s",    0xfe00707f, 0x28000053, F::f_r,         H::fmin_s,     T::fp,      N::fp,     X::f},
    {"fmax.s",    0xfe00707f, 0x28001053, F::f_r,         H::fmax_s,     T::fp,      N::fp,     X::f},
    {"fcvt.w.s",  0xfff0007f, 0xc0000053, F::f_to_x_rm,   H::fcvt_w_s,   T::fp,      N::fp,     X::f},
    {"fcvt.wu.s", 0xfff0007f, 0xc0100053, F::f_to_x_rm,   H::fcvt_wu_s,  T::fp,      N::fp,     X::f},
    {"fmv.x.w",   0xfff0707f, 0xe0000053, F::f_to_x,      H::fmv_x_w,    T::fp,      N::fp,     X::f},
    {"feq.s",     0xfe00707f, 0xa0002053, F::f_compare,   H::feq_s,      T::fp,      N::fp,     X::f},
    {"flt.s",     0xfe00707f, 0xa0001053, F::f_compare,   H::flt_s,      T::fp,      N::fp,     X::f},
    {"fle.s",     0xfe00707f, 0xa0000053, F::f_compare,   H::fle_s,      T::fp,      N::fp,     X::f},
    {"fclass.s",  0xfff0707f, 0xe0001053, F::f_to_x,      H::fclass_s,   T::fp,      N::fp,     X::f},
    {"fcvt.s.w",  0xfff0007f, 0xd0000053, F::f_from_x_rm, H::fcvt_s_w,   T::fp,      N::fp,     X::f},
    {"fcvt.s.wu", 0xfff0007f, 0xd0100053, F::f_from_x_rm, H::fcvt_s_wu,  T::fp,      N::fp,     X::f},
    {"fmv.w.x",   0xfff0707f, 0xf0000053, F::f_from_x,    H::fmv_w_x,    T::fp,      N::fp,     X::f},
};
// clang-format on

constexpr InstructionInfo illegal_row{"illegal",  0,       0,         F::none,
                                      H::illegal, T::trap, N::system, X::i};

/// Rows by bits 6..2 of the word, which every mask covers.
using Index = std::array<std::vector<const InstructionInfo*>, 32>;

constexpr std::uint32_t bucket(std::uint32_t word) {
    return word >> 2 & 31U;
}

Index make_index() {
    Index index;
    for (const auto& row : table) {
        index[bucket(row.match)].push_back(&row);
    }
    return index;
}

/// Unpriv. spec, 11.2: static rounding modes 5 and 6 are reserved.
bool reserved_rounding(const InstructionInfo& info, std::uint32_t word) {
    const std::uint32_t rm = rm_of(word);
    return (rm == 5 || rm == 6) && operand_pattern(info.format).find('m') != std::string_view::npos;
}

}  // namespace

std::span<const InstructionInfo> instruction_table() {
    return table;
}

const InstructionInfo& illegal_instruction() {
    return illegal_row;
}

const InstructionInfo& find_instruction(std::uint32_t word, ExtensionSet extensions) {
    static const Index index = make_index();
    for (const InstructionInfo* row : index[bucket(word)]) {
        if ((word & row->mask) == row->match && (extensions & bit(row->extension)) != 0 &&
            !reserved_rounding(*row, word)) {
            return *row;
        }
    }
    return illegal_row;
}

}  // namespace cimera::cpu
