// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/platform.hpp"

namespace cimera::lockstep {

namespace {

constexpr Word mie = 0x304;
constexpr Word timer_compare = 0x02004000;  // of the CLINT
constexpr Word uart = 0x10000000;
constexpr std::int32_t line_status = 5;
constexpr std::int32_t transmitter_empty = 0x20;
constexpr Word finisher = 0x00100000;
constexpr Word pass = 0x5555;
constexpr Word saved = scratch_base + scratch_bytes;  // x and f registers, checksum
constexpr std::int32_t saved_bytes = 65 * 4;

// Once the registers are saved, these are free.
constexpr Word at = 5;
constexpr Word end = 6;
constexpr Word sum = 7;
constexpr Word t = 10;

/// Repeats what `body` appends while `at` is below `end`, which must be set before.
template <typename Body>
void until_end(Builder& program, std::int32_t step, const Body& body) {
    const std::size_t top = program.unit().code.size();
    body();
    program.word(op::i("addi", at, at, step));
    const auto back = static_cast<std::int32_t>(2 * (program.unit().code.size() - top));
    program.word(op::b("bltu", at, end, -back));
}

}  // namespace

void begin_on_platform(Builder& program) {
    program.begin(false);
    program.load_immediate(temporary, timer_compare);
    program.word(op::s("sw", 0, temporary, 0));
    program.word(op::s("sw", 0, temporary, 4));
    program.set_csr(mie, 1U << 7);
    program.word(op::bare("wfi"));  // not taken: mstatus.MIE is 0
    program.word(op::csr("csrrw", 0, mie, 0));
}

void end_on_platform(Builder& program) {
    program.begin(false);
    program.enter_machine_mode();
    program.set_csr(0x300, fs_dirty, "csrrs");
    program.load_immediate(temporary, saved);
    for (Word n = 0; n < 32; ++n) {
        program.word(op::s("sw", n, temporary, static_cast<std::int32_t>(4 * n)));
        program.word(op::s("fsw", n, temporary, static_cast<std::int32_t>(128 + 4 * n)));
    }
    program.load_immediate(at, scratch_base);
    program.load_immediate(end, saved);
    program.word(op::i("addi", sum, 0, 0));
    until_end(program, 4, [&] {
        program.word(op::i("lw", t, at, 0));  // traps where memory protection is locked
        program.word(op::i("slli", 11, sum, 5));
        program.word(op::r("add", sum, sum, 11));
        program.word(op::r("xor", sum, sum, t));
    });
    program.word(op::s("sw", sum, temporary, saved_bytes - 4));
    program.word(op::i("addi", end, at, saved_bytes));
    program.load_immediate(temporary, uart);
    until_end(program, 1, [&] {
        program.word(op::i("lbu", t, temporary, line_status));
        program.word(op::i("andi", t, t, transmitter_empty));
        program.word(op::b("beq", t, 0, -8));
        program.word(op::i("lbu", t, at, 0));
        program.word(op::s("sb", t, temporary, 0));
    });
    program.load_immediate(temporary, finisher);
    program.load_immediate(t, pass);
    program.word(op::s("sw", t, temporary, 0));
    program.word(op::jal(0, 0));
}

}  // namespace cimera::lockstep
