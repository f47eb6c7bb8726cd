// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/compressed.hpp"

namespace cimera::cpu {

namespace {

using Word = std::uint32_t;

constexpr Word zero = 0;
constexpr Word ra = 1;
constexpr Word sp = 2;

/// Bits `high`..`low` of the instruction, moved to begin at bit `to`.
constexpr Word field(Word half, unsigned high, unsigned low, unsigned to = 0) {
    return ((half >> low) & ((Word{1} << (high - low + 1)) - 1)) << to;
}

constexpr Word sign_extend(Word value, unsigned bits) {
    const Word sign = Word{1} << (bits - 1);
    return (value ^ sign) - sign;
}

constexpr Word encode_r(Word match, Word rd, Word rs1, Word rs2) {
    return match | rd << 7 | rs1 << 15 | rs2 << 20;
}

constexpr Word encode_i(Word match, Word rd, Word rs1, Word imm) {
    return match | rd << 7 | rs1 << 15 | imm << 20;
}

constexpr Word encode_s(Word match, Word rs1, Word rs2, Word imm) {
    return match | rs1 << 15 | rs2 << 20 | field(imm, 4, 0, 7) | field(imm, 11, 5, 25);
}

constexpr Word encode_b(Word match, Word rs1, Word imm) {
    return match | rs1 << 15 | field(imm, 11, 11, 7) | field(imm, 4, 1, 8) | field(imm, 10, 5, 25) |
           field(imm, 12, 12, 31);
}

constexpr Word encode_jal(Word rd, Word imm) {
    return 0x6f | rd << 7 | field(imm, 19, 12, 12) | field(imm, 11, 11, 20) |
           field(imm, 10, 1, 21) | field(imm, 20, 20, 31);
}

constexpr Word addi = 0x00000013;
constexpr Word slli = 0x00001013;
constexpr Word srli = 0x00005013;
constexpr Word srai = 0x40005013;
constexpr Word andi = 0x00007013;
constexpr Word lui = 0x00000037;
constexpr Word lw = 0x00002003;
constexpr Word sw = 0x00002023;
constexpr Word flw = 0x00002007;
constexpr Word fsw = 0x00002027;
constexpr Word add = 0x00000033;
constexpr Word sub = 0x40000033;
constexpr Word exclusive_or = 0x00004033;
constexpr Word inclusive_or = 0x00006033;
constexpr Word bitwise_and = 0x00007033;
constexpr Word beq = 0x00000063;
constexpr Word bne = 0x00001063;
constexpr Word jalr = 0x00000067;
constexpr Word ebreak = 0x00100073;

std::optional<Word> expand_quadrant0(Word c) {
    const Word rs1 = 8 + field(c, 9, 7);
    const Word rd = 8 + field(c, 4, 2);
    const Word offset = field(c, 5, 5, 6) | field(c, 12, 10, 3) | field(c, 6, 6, 2);
    switch (field(c, 15, 13)) {
        case 0: {  // c.addi4spn
            const Word imm =
                field(c, 10, 7, 6) | field(c, 12, 11, 4) | field(c, 5, 5, 3) | field(c, 6, 6, 2);
            if (imm == 0) {
                return std::nullopt;
            }
            return encode_i(addi, rd, sp, imm);
        }
        case 2:
            return encode_i(lw, rd, rs1, offset);
        case 3:
            return encode_i(flw, rd, rs1, offset);
        case 6:
            return encode_s(sw, rs1, rd, offset);
        case 7:
            return encode_s(fsw, rs1, rd, offset);
        default:
            return std::nullopt;
    }
}

std::optional<Word> expand_arithmetic(Word c) {
    const Word rd = 8 + field(c, 9, 7);
    const Word rs2 = 8 + field(c, 4, 2);
    const Word imm = field(c, 12, 12, 5) | field(c, 6, 2);
    const bool high = field(c, 12, 12) != 0;
    switch (field(c, 11, 10)) {
        case 0:
        case 1:
            if (high) {  // shift amounts of 32 and more exist in RV64C only
                return std::nullopt;
            }
            return encode_i(field(c, 10, 10) == 0 ? srli : srai, rd, rd, imm);
        case 2:
            return encode_i(andi, rd, rd, sign_extend(imm, 6));
        default:
            break;
    }
    if (high) {
        return std::nullopt;
    }
    constexpr Word operations[] = {sub, exclusive_or, inclusive_or, bitwise_and};
    return encode_r(operations[field(c, 6, 5)], rd, rd, rs2);
}

std::optional<Word> expand_lui(Word c) {
    const Word rd = field(c, 11, 7);
    const Word sign = field(c, 12, 12);
    if (sign == 0 && field(c, 6, 2) == 0) {
        return std::nullopt;
    }
    if (rd == sp) {  // c.addi16sp
        const Word imm = sign << 9 | field(c, 4, 3, 7) | field(c, 5, 5, 6) | field(c, 2, 2, 5) |
                         field(c, 6, 6, 4);
        return encode_i(addi, sp, sp, sign_extend(imm, 10));
    }
    return lui | rd << 7 | sign_extend(sign << 5 | field(c, 6, 2), 6) << 12;
}

std::optional<Word> expand_quadrant1(Word c) {
    const Word rd = field(c, 11, 7);
    const Word imm = sign_extend(field(c, 12, 12, 5) | field(c, 6, 2), 6);
    const Word jump = sign_extend(field(c, 12, 12, 11) | field(c, 8, 8, 10) | field(c, 10, 9, 8) |
                                      field(c, 6, 6, 7) | field(c, 7, 7, 6) | field(c, 2, 2, 5) |
                                      field(c, 11, 11, 4) | field(c, 5, 3, 1),
                                  12);
    const Word branch = sign_extend(field(c, 12, 12, 8) | field(c, 6, 5, 6) | field(c, 2, 2, 5) |
                                        field(c, 11, 10, 3) | field(c, 4, 3, 1),
                                    9);
    switch (field(c, 15, 13)) {
        case 0:
            return encode_i(addi, rd, rd, imm);
        case 1:
            return encode_jal(ra, jump);
        case 2:
            return encode_i(addi, rd, zero, imm);
        case 3:
            return expand_lui(c);
        case 4:
            return expand_arithmetic(c);
        case 5:
            return encode_jal(zero, jump);
        case 6:
            return encode_b(beq, 8 + field(c, 9, 7), branch);
        default:
            return encode_b(bne, 8 + field(c, 9, 7), branch);
    }
}

std::optional<Word> expand_register_move(Word c) {
    const Word rd = field(c, 11, 7);
    const Word rs2 = field(c, 6, 2);
    const bool links_or_adds = field(c, 12, 12) != 0;
    if (rs2 != 0) {  // c.add, c.mv
        return encode_r(add, rd, links_or_adds ? rd : zero, rs2);
    }
    if (rd != 0) {  // c.jalr, c.jr
        return encode_i(jalr, links_or_adds ? ra : zero, rd, 0);
    }
    if (links_or_adds) {
        return ebreak;
    }
    return std::nullopt;
}

std::optional<Word> expand_quadrant2(Word c) {
    const Word rd = field(c, 11, 7);
    const Word load_offset = field(c, 12, 12, 5) | field(c, 6, 4, 2) | field(c, 3, 2, 6);
    const Word store_offset = field(c, 12, 9, 2) | field(c, 8, 7, 6);
    switch (field(c, 15, 13)) {
        case 0:
            if (field(c, 12, 12) != 0) {
                return std::nullopt;
            }
            return encode_i(slli, rd, rd, field(c, 6, 2));
        case 2:  // c.lwsp
            if (rd == 0) {
                return std::nullopt;
            }
            return encode_i(lw, rd, sp, load_offset);
        case 3:  // c.flwsp
            return encode_i(flw, rd, sp, load_offset);
        case 4:
            return expand_register_move(c);
        case 6:  // c.swsp
            return encode_s(sw, sp, field(c, 6, 2), store_offset);
        case 7:  // c.fswsp
            return encode_s(fsw, sp, field(c, 6, 2), store_offset);
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<std::uint32_t> expand_compressed(std::uint16_t half) {
    switch (half & 3U) {
        case 0:
            return expand_quadrant0(half);
        case 1:
            return expand_quadrant1(half);
        case 2:
            return expand_quadrant2(half);
        default:
            return std::nullopt;
    }
}

}  // namespace cimera::cpu
