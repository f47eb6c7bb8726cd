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

bool reads_rs1(Format format) {
    switch (format) {
        case Format::none:
        case Format::u:
        case Format::jump:
        case Format::fence:
        case Format::csr_imm:
            return false;
        case Format::r:
        case Format::sfence:
        case Format::i:
        case Format::shift:
        case Format::load:
        case Format::store:
        case Format::branch:
        case Format::csr:
        case Format::lr:
        case Format::amo:
            return true;
    }
    return false;
}

bool reads_rs2(Format format) {
    return format == Format::r || format == Format::store || format == Format::branch ||
           format == Format::amo;
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
            return immediate_i(word);
        case Format::shift:
            return rs2_of(word);
        case Format::store:
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
        case Format::none:
        case Format::r:
        case Format::sfence:
        case Format::fence:
        case Format::lr:
        case Format::amo:
            return 0;
    }
    return 0;
}

Instruction make_instruction(const Decoded& decoded, std::uint32_t pc) {
    const auto& info = *decoded.info;
    Instruction instruction;
    instruction.handler = info.handler;
    instruction.imm = immediate(info.format, decoded.word);
    instruction.pc = pc;
    instruction.raw = decoded.raw;
    instruction.length = decoded.length;
    const auto rd = static_cast<std::uint8_t>(rd_of(decoded.word));
    instruction.rd = rd == 0 ? Instruction::discard : rd;
    instruction.rs1 = static_cast<std::uint8_t>(rs1_of(decoded.word));
    instruction.rs2 = static_cast<std::uint8_t>(rs2_of(decoded.word));
    instruction.energy = info.energy;
    return instruction;
}

bool writes_register(Format format) {
    return format != Format::none && format != Format::store && format != Format::branch &&
           format != Format::fence && format != Format::sfence;
}

bool reads_register(const Decoded& decoded, std::uint32_t number) {
    const Format format = decoded.info->format;
    return (reads_rs1(format) && rs1_of(decoded.word) == number) ||
           (reads_rs2(format) && rs2_of(decoded.word) == number);
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
