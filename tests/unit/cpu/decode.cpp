// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/decode.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "models/cpu/compressed.hpp"
#include "models/cpu/disassemble.hpp"
#include "models/cpu/isa.hpp"

using namespace cimera::cpu;

TEST_CASE("cpu: rows of the instruction table do not overlap", "[cpu]") {
    const auto table = instruction_table();
    for (const auto& a : table) {
        INFO(a.mnemonic);
        CHECK((a.match & ~a.mask) == 0);
        CHECK(&find_instruction(a.match, all_extensions) == &a);
        for (const auto& b : table) {
            const std::uint32_t common = a.mask & b.mask;
            CHECK((&a == &b || (a.match & common) != (b.match & common)));
        }
    }
}

TEST_CASE("cpu: disassembly shows what was decoded", "[cpu]") {
    const std::pair<std::uint32_t, std::string> words[] = {
        {0x00c58533, "add a0,a1,a2"},
        {0xfff00093, "addi ra,zero,-1"},
        {0x41f5d593, "srai a1,a1,31"},
        {0x123452b7, "lui t0,0x12345"},
        {0xffc12083, "lw ra,-4(sp)"},
        {0x00812e23, "sw s0,28(sp)"},
        {0xfe000ee3, "beq zero,zero,0x80000ffc"},
        {0x008000ef, "jal ra,0x80001008"},
        {0x00008067, "jalr zero,0(ra)"},
        {0x34202573, "csrrs a0,mcause,zero"},
        {0x3402d073, "csrrwi zero,mscratch,5"},
        {0x7ff02573, "csrrs a0,0x7ff,zero"},
        {0x1005252f, "lr.w a0,(a0)"},
        {0x18c5252f, "sc.w a0,a2,(a0)"},
        {0x06c5252f, "amoadd.w.aqrl a0,a2,(a0)"},
        {0x14c5252f, "illegal 0x14c5252f"},
        {0x02c5d533, "divu a0,a1,a2"},
        {0x30200073, "mret"},
        {0x0000100f, "fence.i"},
        {0x0ff0000f, "fence iorw,iorw"},
        {0x8330000f, "fence.tso"},
        {0xffffffff, "illegal 0xffffffff"},
        {0x4501, "addi a0,zero,0"},
        {0x8082, "jalr zero,0(ra)"},
        {0x9002, "ebreak"},
        {0x0000, "illegal 0x0"},
    };
    for (const auto& [word, text] : words) {
        CHECK(disassemble(word, 0x80001000) == text);
    }
}

TEST_CASE("cpu: compressed instructions expand to their 32-bit forms", "[cpu]") {
    const std::pair<std::uint16_t, std::string> halves[] = {
        {0x1fe8, "addi a0,sp,1020"},        {0x5ffc, "lw a5,124(a5)"},
        {0xdffc, "sw a5,124(a5)"},          {0x1101, "addi sp,sp,-32"},
        {0x3fe9, "jal ra,0x80000fda"},      {0x557d, "addi a0,zero,-1"},
        {0x7101, "addi sp,sp,-512"},        {0x757d, "lui a0,0xfffff"},
        {0x81fd, "srli a1,a1,31"},          {0x85fd, "srai a1,a1,31"},
        {0x99c1, "andi a1,a1,-16"},         {0x8d91, "sub a1,a1,a2"},
        {0x8db1, "xor a1,a1,a2"},           {0x8dd1, "or a1,a1,a2"},
        {0x8df1, "and a1,a1,a2"},           {0xbffd, "jal zero,0x80000ffe"},
        {0xdffd, "beq a5,zero,0x80000ffe"}, {0xfffd, "bne a5,zero,0x80000ffe"},
        {0x057e, "slli a0,a0,31"},          {0x557e, "lw a0,252(sp)"},
        {0x8502, "jalr zero,0(a0)"},        {0x9502, "jalr ra,0(a0)"},
        {0x852e, "add a0,zero,a1"},         {0x952e, "add a0,a0,a1"},
        {0xdfaa, "sw a0,252(sp)"},
    };
    for (const auto& [half, text] : halves) {
        CHECK(disassemble(half, 0x80001000) == text);
        CHECK(decode(half, all_extensions).length == 2);
    }
}

TEST_CASE("cpu: reserved compressed encodings are illegal", "[cpu]") {
    // Zero, c.addi4spn 0, double precision, shamt[5], c.lui 0, c.lwsp to x0, c.jr x0, RV64
    // arithmetic.
    constexpr std::uint16_t halves[] = {0x0000, 0x0004, 0x2000, 0x2002, 0xa000, 0x9181,
                                        0x1502, 0x6501, 0x4002, 0x8002, 0x9d91};
    for (const std::uint16_t half : halves) {
        INFO(half);
        CHECK_FALSE(expand_compressed(half).has_value());
    }
}

TEST_CASE("cpu: an extension left out makes its instructions illegal", "[cpu]") {
    const ExtensionSet without_m = all_extensions & ~bit(Extension::m);
    CHECK(decode(0x02c5d533, without_m).info == &illegal_instruction());
    const ExtensionSet without_f = all_extensions & ~bit(Extension::f);
    CHECK(decode(0x6108, without_f).info == &illegal_instruction());  // c.flw
    CHECK(decode(0x6108, all_extensions).info->mnemonic == "flw");
    CHECK(decode(0x20c5a533, all_extensions & ~bit(Extension::zba)).info == &illegal_instruction());
    const ExtensionSet without_c = all_extensions & ~bit(Extension::c);
    CHECK(decode(0x4501, without_c).info == &illegal_instruction());
    CHECK(decode(0x00c58533, bit(Extension::i)).info->mnemonic == "add");
}
