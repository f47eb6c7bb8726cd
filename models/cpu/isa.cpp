// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/isa.hpp"

#include <algorithm>
#include <iterator>

#include "models/cpu/execute.hpp"

namespace cimera::cpu {

namespace {

using F = Format;
using T = Timing;
using N = Energy;
using X = Extension;
using H = Execute;

// tests/differential/random_program.py reads these rows, too: one row per line.
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
    {"fence.i",   0x0000707f, 0x0000100f, F::fence,   H::fence_i,   T::fence_i, N::system, X::i},
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
};
// clang-format on

constexpr InstructionInfo illegal_row{"illegal",  0,       0,         F::none,
                                      H::illegal, T::trap, N::system, X::i};

}  // namespace

std::span<const InstructionInfo> instruction_table() {
    return table;
}

const InstructionInfo& illegal_instruction() {
    return illegal_row;
}

const InstructionInfo& find_instruction(std::uint32_t word, ExtensionSet extensions) {
    const auto* row = std::find_if(std::begin(table), std::end(table), [=](const auto& info) {
        return (word & info.mask) == info.match && (extensions & bit(info.extension)) != 0;
    });
    return row == std::end(table) ? illegal_row : *row;
}

}  // namespace cimera::cpu
