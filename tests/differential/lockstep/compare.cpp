// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/compare.hpp"

#include <fmt/format.h>

#include "models/cpu/disassemble.hpp"
#include "tests/differential/lockstep/ours.hpp"
#include "tests/differential/lockstep/qemu.hpp"

namespace cimera::lockstep {

namespace {

constexpr std::uint64_t most_instructions = 100000;

}  // namespace

Comparison compare_with_qemu(const Program& program, Coverage* coverage) {
    Comparison result;
    Ours ours(program);
    Qemu qemu(program);
    State expected = qemu.next();
    ours.take_registers(expected);
    std::string last = "(start)";
    while (result.instructions < most_instructions) {
        const State before = ours.state();
        const std::uint32_t bits = ours.instruction();
        const std::uint32_t frm = ours.hart().read_csr(cpu::csr::frm).value_or(0);
        if (!ours.step()) {
            continue;
        }
        if (before != expected) {
            result.difference = fmt::format("after instruction {}: {}\n{}", result.instructions,
                                            last, differences(before, expected));
            return result;
        }
        if (before.pc == program.end) {
            return result;
        }
        ++result.instructions;
        expected = qemu.next();
        last = fmt::format("{:08x} {}", before.pc, cpu::disassemble(bits, before.pc));
        if (coverage != nullptr) {
            coverage->count(before, frm, bits, ours.hart().pc());
        }
    }
    result.ended = false;
    result.difference = fmt::format("no end after {} instructions\n", most_instructions);
    return result;
}

std::string compare_modes(const Program& program, std::uint64_t instructions) {
    Ours reference(program);
    reference.run(instructions, 0);
    const std::string expected = reference.outcome();
    struct Mode {
        const char* name;
        bool direct;
        std::uint64_t horizons;
        std::uint32_t hot;  // 0: not translated
    };
    for (const Mode& mode :
         {Mode{"transactions", false, 0, 0}, Mode{"horizons", true, 1, 0},
          Mode{"transactions and horizons", false, 2, 0}, Mode{"translated", true, 0, 1},
          Mode{"translated, horizons", true, 3, 1}, Mode{"translated when warm", true, 4, 3}}) {
        Ours other(program, mode.direct, mode.hot);
        other.run(instructions, mode.horizons == 0 ? 0 : program.seed * 2 + mode.horizons);
        const std::string outcome = other.outcome();
        if (outcome != expected) {
            return fmt::format("mode '{}' differs from whole blocks:\n{}blocks:\n{}", mode.name,
                               outcome, expected);
        }
    }
    return {};
}

}  // namespace cimera::lockstep
