// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/disassemble.hpp"

#include <array>
#include <string_view>

#include "models/cpu/csr.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/isa.hpp"

namespace cimera::cpu {

namespace {

constexpr std::array<std::string_view, 32> register_names{
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

constexpr std::array<std::string_view, 32> float_names{
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

/// 5 and 6 are reserved and do not decode.
constexpr std::array<std::string_view, 8> rounding_names{"rne", "rtz", "rdn", "rup",
                                                         "rmm", "",    "",    "dyn"};

/// Unpriv. spec, 2.7: the one fence with a mode.
constexpr std::uint32_t fence_tso = 0x8330000f;

std::string hex(std::uint32_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    do {
        text.insert(text.begin(), digits[value & 15U]);
        value >>= 4;
    } while (value != 0);
    return "0x" + text;
}

std::string decimal(std::uint32_t value) {
    return std::to_string(static_cast<std::int32_t>(value));
}

std::string csr_text(std::uint32_t number) {
    const auto known = csr::name(number);
    return known.empty() ? hex(number) : std::string(known);
}

/// The accesses of one side of a fence: input, output, reads, writes.
std::string fence_set(std::uint32_t bits) {
    constexpr std::string_view letters = "wroi";
    std::string text;
    for (unsigned k = 4; k-- != 0;) {
        if ((bits >> k & 1U) != 0) {
            text += letters[k];
        }
    }
    return text.empty() ? "0" : text;
}

/// What a letter of operand_pattern() stands for.
std::string operand(char letter, std::uint32_t word, std::uint32_t imm, std::uint32_t pc) {
    switch (letter) {
        case 'd':
            return std::string(register_names[rd_of(word)]);
        case 's':
            return std::string(register_names[rs1_of(word)]);
        case 't':
            return std::string(register_names[rs2_of(word)]);
        case 'D':
            return std::string(float_names[rd_of(word)]);
        case 'S':
            return std::string(float_names[rs1_of(word)]);
        case 'T':
            return std::string(float_names[rs2_of(word)]);
        case 'R':
            return std::string(float_names[rs3_of(word)]);
        case 'm':
            return std::string(rounding_names[rm_of(word)]);
        case 'i':
        case 'h':
            return decimal(imm);
        case 'u':
            return hex(imm >> 12);
        case 'b':
            return hex(pc + imm);
        case 'c':
            return csr_text(imm);
        case 'z':
            return std::to_string(rs1_of(word));
        case 'f':
            return fence_set(word >> 24) + "," + fence_set(word >> 20);
        default:
            return {letter};
    }
}

std::string operands(const Decoded& decoded, std::uint32_t pc) {
    const Format format = decoded.info->format;
    const std::uint32_t imm = immediate(format, decoded.word);
    std::string text;
    for (const char letter : operand_pattern(format)) {
        text += operand(letter, decoded.word, imm, pc);
    }
    return text;
}

/// Unpriv. spec, 8.1: the memory ordering of atomics.
std::string_view suffix(const Decoded& decoded) {
    constexpr std::array<std::string_view, 4> orders{"", ".rl", ".aq", ".aqrl"};
    const Format format = decoded.info->format;
    if (format == Format::lr || format == Format::amo) {
        return orders[decoded.word >> 25 & 3U];
    }
    return {};
}

}  // namespace

std::string disassemble(std::uint32_t bits, std::uint32_t pc, ExtensionSet extensions) {
    const Decoded decoded = decode(bits, extensions);
    std::string text(decoded.info->mnemonic);
    if (decoded.info == &illegal_instruction()) {
        return text + " " + hex(decoded.raw);
    }
    if (decoded.word == fence_tso) {
        return text + ".tso";
    }
    text += suffix(decoded);
    const std::string list = operands(decoded, pc);
    return list.empty() ? text : text + " " + list;
}

}  // namespace cimera::cpu
