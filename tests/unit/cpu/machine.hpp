// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "models/cpu/hart.hpp"
#include "models/cpu/isa.hpp"
#include "tests/support/flat_bus.hpp"

namespace cimera::test {

inline constexpr std::uint32_t code_base = 0x80000000;
inline constexpr std::uint32_t data_base = 0x80010000;
inline constexpr std::uint32_t vector_base = 0x80008000;
inline constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

/// Words of instructions, encoded by means of the instruction table.
namespace assemble {

inline std::uint32_t match(std::string_view mnemonic) {
    for (const auto& row : cpu::instruction_table()) {
        if (row.mnemonic == mnemonic) {
            return row.match;
        }
    }
    throw std::invalid_argument(std::string(mnemonic));
}
inline std::uint32_t bare(std::string_view mnemonic) {
    return match(mnemonic);
}
inline std::uint32_t r(std::string_view mnemonic, std::uint32_t rd, std::uint32_t rs1,
                       std::uint32_t rs2) {
    return match(mnemonic) | rd << 7 | rs1 << 15 | rs2 << 20;
}
/// Also loads, jalr, shifts, and CSR accesses with the CSR as the immediate.
inline std::uint32_t i(std::string_view mnemonic, std::uint32_t rd, std::uint32_t rs1,
                       std::int32_t imm) {
    return match(mnemonic) | rd << 7 | rs1 << 15 | static_cast<std::uint32_t>(imm) << 20;
}
inline std::uint32_t csr(std::string_view mnemonic, std::uint32_t rd, std::uint32_t number,
                         std::uint32_t rs1) {
    return match(mnemonic) | rd << 7 | rs1 << 15 | number << 20;
}
inline std::uint32_t s(std::string_view mnemonic, std::uint32_t rs2, std::uint32_t rs1,
                       std::int32_t imm) {
    const auto bits = static_cast<std::uint32_t>(imm);
    return match(mnemonic) | rs1 << 15 | rs2 << 20 | (bits & 31U) << 7 | (bits >> 5 & 0x7fU) << 25;
}
inline std::uint32_t b(std::string_view mnemonic, std::uint32_t rs1, std::uint32_t rs2,
                       std::int32_t offset) {
    const auto bits = static_cast<std::uint32_t>(offset);
    return match(mnemonic) | rs1 << 15 | rs2 << 20 | (bits >> 11 & 1U) << 7 |
           (bits >> 1 & 15U) << 8 | (bits >> 5 & 63U) << 25 | (bits >> 12 & 1U) << 31;
}
inline std::uint32_t u(std::string_view mnemonic, std::uint32_t rd, std::uint32_t imm) {
    return match(mnemonic) | rd << 7 | (imm & 0xfffff000U);
}
inline std::uint32_t jal(std::uint32_t rd, std::int32_t offset) {
    const auto bits = static_cast<std::uint32_t>(offset);
    return match("jal") | rd << 7 | (bits & 0xff000U) | (bits >> 11 & 1U) << 20 |
           (bits >> 1 & 0x3ffU) << 21 | (bits >> 20 & 1U) << 31;
}
inline std::uint32_t nop() {
    return i("addi", 0, 0, 0);
}

}  // namespace assemble

/// With this variable in the environment all Machines translate, those that would not do it anyway
/// what has executed so often.
inline cpu::HartConfig translating(cpu::HartConfig config) {
    const char* const hot = std::getenv("CIMERA_TEST_JIT");
    if (hot != nullptr && !config.jit) {
        config.jit = true;
        config.jit_threshold = static_cast<std::uint32_t>(std::atoi(hot));
    }
    return config;
}

/// A Hart with code and data memories: x10 points to the data, traps go to vector_base.
struct Machine {
    FlatBus bus;
    cpu::Region& code;
    cpu::Region& data;
    cpu::Hart hart;

    explicit Machine(std::initializer_list<std::uint32_t> program = {},
                     const cpu::HartConfig& config = {}, Waits code_waits = {},
                     Waits data_waits = {})
        : code(bus.add_memory(code_base, 0x10000, code_waits)),
          data(bus.add_memory(data_base, 0x1000, data_waits)),
          hart(translating(config), bus) {
        load(program);
        start();
    }

    void load(std::initializer_list<std::uint32_t> program, std::uint32_t at = code_base) {
        for (const std::uint32_t word : program) {
            bus.poke32(at, word);
            at += 4;
        }
    }
    void start() {
        hart.reset(code_base);
        hart.set_x(10, data_base);
        hart.write_csr(cpu::csr::mtvec, vector_base);
    }
    cpu::Exit steps(std::uint64_t count) { return hart.run(no_limit, hart.instret() + count); }
    /// Cycles that the next instruction takes.
    std::uint64_t cycles_of_step() {
        const std::uint64_t before = hart.cycles();
        steps(1);
        return hart.cycles() - before;
    }
    std::uint32_t csr(std::uint32_t number) { return hart.read_csr(number).value(); }
};

}  // namespace cimera::test
