// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/disassemble.hpp"

#include <array>
#include <string_view>

#include "models/cpu/csr.hpp"
#include "models/cpu/decode.hpp"

namespace cimera::cpu {

namespace {

constexpr std::array<std::string_view, 32> register_names{
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

std::string name(std::uint32_t number) {
    return std::string(register_names[number]);
}

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

std::string operands(const Decoded& decoded, std::uint32_t pc) {
    const std::uint32_t word = decoded.word;
    const Format format = decoded.info->format;
    const std::uint32_t imm = immediate(format, word);
    const std::string rd = name(rd_of(word));
    const std::string rs1 = name(rs1_of(word));
    const std::string rs2 = name(rs2_of(word));
    switch (format) {
        case Format::none:
        case Format::fence:
            return {};
        case Format::r:
            return rd + "," + rs1 + "," + rs2;
        case Format::sfence:
            return rs1 + "," + rs2;
        case Format::i:
        case Format::shift:
            return rd + "," + rs1 + "," + decimal(imm);
        case Format::load:
            return rd + "," + decimal(imm) + "(" + rs1 + ")";
        case Format::store:
            return rs2 + "," + decimal(imm) + "(" + rs1 + ")";
        case Format::branch:
            return rs1 + "," + rs2 + "," + hex(pc + imm);
        case Format::u:
            return rd + "," + hex(imm >> 12);
        case Format::jump:
            return rd + "," + hex(pc + imm);
        case Format::csr:
            return rd + "," + csr_text(imm) + "," + rs1;
        case Format::csr_imm:
            return rd + "," + csr_text(imm) + "," + std::to_string(rs1_of(word));
        case Format::lr:
            return rd + ",(" + rs1 + ")";
        case Format::amo:
            return rd + "," + rs2 + ",(" + rs1 + ")";
    }
    return {};
}

}  // namespace

std::string disassemble(std::uint32_t bits, std::uint32_t pc, ExtensionSet extensions) {
    const Decoded decoded = decode(bits, extensions);
    const std::string mnemonic(decoded.info->mnemonic);
    if (decoded.info->timing == Timing::trap && decoded.info->mask == 0) {
        return mnemonic + " " + hex(decoded.raw);
    }
    const std::string text = operands(decoded, pc);
    return text.empty() ? mnemonic : mnemonic + " " + text;
}

}  // namespace cimera::cpu
