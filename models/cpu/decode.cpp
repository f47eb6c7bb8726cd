// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/decode.hpp"

#include "models/cpu/compressed.hpp"
#include "models/cpu/isa.hpp"

namespace cimera::cpu {

namespace {

constexpr std::uint32_t sign_of(std::uint32_t word) {
    return (word >> 31) != 0 ? ~std::uint32_t{0} : 0;
}

constexpr std::uint32_t immediate_i(std::uint32_t word) {
    return sign_of(word) << 11 | word >> 20;
}

constexpr std::uint32_t immediate_s(std::uint32_t word) {
    return sign_of(word) << 11 | ((word >> 25) & 0x3fU) << 5 | rd_of(word);
}

constexpr std::uint32_t immediate_b(std::uint32_t word) {
    return sign_of(word) << 12 | ((word >> 7) & 1U) << 11 | ((word >> 25) & 0x3fU) << 5 |
           ((word >> 8) & 0xfU) << 1;
}

constexpr std::uint32_t immediate_j(std::uint32_t word) {
    return sign_of(word) << 20 | (word & 0x000ff000U) | ((word >> 20) & 1U) << 11 |
           ((word >> 21) & 0x3ffU) << 1;
}

bool has_operand(Format format, char letter) {
    return operand_pattern(format).find(letter) != std::string_view::npos;
}

/// Where Hart keeps a register: in the floating-point file if the operand is `float_letter`.
std::uint8_t place(Format format, char float_letter, std::uint32_t number) {
    return static_cast<std::uint8_t>(
        has_operand(format, float_letter) ? Instruction::float_base + number : number);
}

}  // namespace

Decoded decode(std::uint32_t bits, ExtensionSet extensions) {
    if ((bits & 3U) == 3) {
        return {&find_instruction(bits, extensions), bits, bits, 4};
    }
    const auto half = static_cast<std::uint16_t>(bits);
    if ((extensions & bit(Extension::c)) != 0) {
        if (const auto word = expand_compressed(half)) {
            return {&find_instruction(*word, extensions), *word, half, 2};
        }
    }
    return {&illegal_instruction(), half, half, 2};
}

std::uint32_t immediate(Format format, std::uint32_t word) {
    switch (format) {
        case Format::i:
        case Format::load:
        case Format::f_load:
            return immediate_i(word);
        case Format::shift:
            return rs2_of(word);
        case Format::store:
        case Format::f_store:
            return immediate_s(word);
        case Format::branch:
            return immediate_b(word);
        case Format::u:
            return word & 0xfffff000U;
        case Format::jump:
            return immediate_j(word);
        case Format::csr:
        case Format::csr_imm:
            return word >> 20;
        default:
            return 0;
    }
}

Instruction make_instruction(const Decoded& decoded, std::uint32_t pc) {
    const auto& info = *decoded.info;
    Instruction instruction;
    instruction.handler = info.handler;
    instruction.imm = immediate(info.format, decoded.word);
    instruction.pc = pc;
    instruction.raw = decoded.raw;
    instruction.length = decoded.length;
    const std::uint8_t rd = place(info.format, 'D', rd_of(decoded.word));
    instruction.rd = rd == 0 ? Instruction::discard : rd;
    instruction.rs1 = place(info.format, 'S', rs1_of(decoded.word));
    instruction.rs2 = place(info.format, 'T', rs2_of(decoded.word));
    instruction.energy = info.energy;
    instruction.format = info.format;
    instruction.funct3 = static_cast<std::uint8_t>(decoded.word >> 12 & 7U);
    return instruction;
}

std::string_view operand_pattern(Format format) {
    switch (format) {
        case Format::none:
            return "";
        case Format::r:
            return "d,s,t";
        case Format::unary:
            return "d,s";
        case Format::i:
            return "d,s,i";
        case Format::shift:
            return "d,s,h";
        case Format::load:
            return "d,i(s)";
        case Format::store:
            return "t,i(s)";
        case Format::branch:
            return "s,t,b";
        case Format::u:
            return "d,u";
        case Format::jump:
            return "d,b";
        case Format::fence:
            return "f";
        case Format::sfence:
            return "s,t";
        case Format::csr:
            return "d,c,s";
        case Format::csr_imm:
            return "d,c,z";
        case Format::lr:
            return "d,(s)";
        case Format::amo:
            return "d,t,(s)";
        case Format::f_load:
            return "D,i(s)";
        case Format::f_store:
            return "T,i(s)";
        case Format::f_r:
            return "D,S,T";
        case Format::f_r_rm:
            return "D,S,T,m";
        case Format::f_r4_rm:
            return "D,S,T,R,m";
        case Format::f_unary_rm:
            return "D,S,m";
        case Format::f_compare:
            return "d,S,T";
        case Format::f_to_x:
            return "d,S";
        case Format::f_to_x_rm:
            return "d,S,m";
        case Format::f_from_x:
            return "D,s";
        case Format::f_from_x_rm:
            return "D,s,m";
    }
    return "";
}

std::uint32_t destination(const Decoded& decoded) {
    const Format format = decoded.info->format;
    const std::uint32_t rd = rd_of(decoded.word);
    if (has_operand(format, 'D')) {
        return first_float + rd;
    }
    return has_operand(format, 'd') ? rd : 0;
}

bool reads_register(const Decoded& decoded, std::uint32_t number) {
    const Format format = decoded.info->format;
    const std::uint32_t in_file = number % first_float;
    const bool is_float = number >= first_float;
    const std::uint32_t word = decoded.word;
    return (has_operand(format, is_float ? 'S' : 's') && rs1_of(word) == in_file) ||
           (has_operand(format, is_float ? 'T' : 't') && rs2_of(word) == in_file) ||
           (has_operand(format, is_float ? 'R' : 'r') && rs3_of(word) == in_file);
}

bool ends_block(Timing timing) {
    switch (timing) {
        case Timing::alu:
        case Timing::mul:
        case Timing::mulh:
        case Timing::div:
        case Timing::load:
        case Timing::store:
        case Timing::lr:
        case Timing::sc:
        case Timing::amo:
        case Timing::fence:
        case Timing::fp:
        case Timing::fdiv:
            return false;
        case Timing::branch:
        case Timing::jump:
        case Timing::jalr:
        case Timing::csr:
        case Timing::fence_i:
        case Timing::mret:
        case Timing::wait:
        case Timing::trap:
            return true;
    }
    return true;
}

}  // namespace cimera::cpu
