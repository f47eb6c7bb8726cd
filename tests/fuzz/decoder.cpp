// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstring>

#include "models/cpu/decode.hpp"
#include "models/cpu/disassemble.hpp"
#include "models/cpu/hart.hpp"
#include "models/cpu/isa.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;
using fuzz::require;

/// Any bytes as code: each instruction decodes to a row of the table that matches it, and decoding,
/// execution and disassembly agree.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint32_t base = 0x80000000;
    const cpu::ExtensionSet extensions = cpu::HartConfig().extensions;
    std::uint32_t offset = 0;
    while (offset + 4 <= size) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, data + offset, sizeof bits);
        const cpu::Decoded decoded = cpu::decode(bits, extensions);
        require(decoded.info != nullptr);
        require(decoded.length == cpu::instruction_length(static_cast<std::uint16_t>(bits)));
        const bool legal = decoded.info != &cpu::illegal_instruction();
        if (legal) {
            require((decoded.word & decoded.info->mask) == decoded.info->match);
            require(&cpu::find_instruction(decoded.word, extensions) == decoded.info);
        }
        const cpu::Instruction made = cpu::make_instruction(decoded, base + offset);
        require(made.pc == base + offset && made.handler != nullptr);
        const std::string text = cpu::disassemble(bits, base + offset, extensions);
        require(!text.empty());
        require(!legal || text.starts_with(decoded.info->mnemonic));
        for (std::uint32_t reg = 0; reg < 32; ++reg) {
            static_cast<void>(cpu::reads_register(decoded, reg));
        }
        offset += decoded.length;
    }
    return 0;
}
