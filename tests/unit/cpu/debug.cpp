// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

/// Three instructions of a loop that counts in x5, x6 and x7.
const std::initializer_list<std::uint32_t> loop = {op::i("addi", 5, 5, 1), op::i("addi", 6, 6, 1),
                                                   op::i("addi", 7, 7, 1), op::jal(0, -12)};

Exit go(Machine& m) {
    return m.hart.run(no_limit, 1000);
}

Exit step(Machine& m) {
    return m.hart.run_step(no_limit, 1000);
}

}  // namespace

TEST_CASE("debug: a breakpoint stops before its instruction, each time around", "[cpu][debug]") {
    for (const bool direct : {true, false}) {
        Machine m(loop);
        m.bus.direct = direct;
        m.hart.insert_breakpoint(code_base + 4);
        for (std::uint32_t round = 1; round <= 3; ++round) {
            REQUIRE(go(m) == Exit::debug);
            CHECK(m.hart.pc() == code_base + 4);
            CHECK(m.hart.x(5) == round);
            CHECK(m.hart.x(6) == round - 1);
            CHECK(go(m) == Exit::debug);  // it stands there until it steps
            CHECK(m.hart.instret() == 4 * (round - 1) + 1);
            CHECK(step(m) == Exit::debug);
            CHECK(m.hart.pc() == code_base + 8);
        }
    }
}

TEST_CASE("debug: breakpoints come and go in code that has run", "[cpu][debug]") {
    Machine m(loop);
    m.steps(40);
    CHECK(m.hart.pc() == code_base);
    m.hart.insert_breakpoint(code_base + 8);
    CHECK(go(m) == Exit::debug);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.hart.remove_breakpoint(code_base + 8));
    CHECK_FALSE(m.hart.remove_breakpoint(code_base + 8));
    CHECK(go(m) == Exit::instruction_limit);
}

TEST_CASE("debug: a breakpoint within the block that stands still is met", "[cpu][debug]") {
    Machine m(loop);
    m.steps(1);
    m.hart.insert_breakpoint(code_base + 4);
    CHECK(go(m) == Exit::debug);
    CHECK(m.hart.instret() == 1);
}

TEST_CASE("debug: a jump, a return and a trap meet the breakpoint at their target",
          "[cpu][debug]") {
    Machine m({op::jal(0, 8), op::nop(), op::i("jalr", 0, 9, 0), op::bare("ecall")});
    m.load({op::bare("mret")}, vector_base);
    m.hart.set_x(9, code_base + 12);
    for (const std::uint32_t target : {code_base + 8, code_base + 12, vector_base}) {
        m.hart.insert_breakpoint(target);
        REQUIRE(go(m) == Exit::debug);
        CHECK(m.hart.pc() == target);
        CHECK(step(m) == Exit::debug);
        if (target == code_base + 12) {
            CHECK(m.hart.pc() == vector_base);  // the step was the trap
        }
        m.hart.remove_breakpoint(target);
        m.hart.set_pc(target);
    }
}

TEST_CASE("debug: an interrupt comes before a breakpoint, and the step is its entry",
          "[cpu][debug]") {
    Machine m(loop);
    m.load({op::bare("mret")}, vector_base);
    m.hart.insert_breakpoint(code_base);
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    m.hart.set_interrupt(interrupt::timer, true);
    CHECK(step(m) == Exit::debug);
    CHECK(m.hart.pc() == vector_base);
    CHECK(m.hart.instret() == 0);
    CHECK(m.csr(csr::mepc) == code_base);
    m.hart.set_interrupt(interrupt::timer, false);
    CHECK(step(m) == Exit::debug);
    CHECK(go(m) == Exit::debug);
    CHECK(m.hart.pc() == code_base);
    CHECK(m.hart.instret() == 1);
}

TEST_CASE("debug: a step is one instruction, and ends like run where it has to", "[cpu][debug]") {
    Machine m({op::i("addi", 5, 0, 1), op::bare("wfi"), op::i("addi", 5, 5, 1)});
    CHECK(step(m) == Exit::debug);
    CHECK(m.hart.instret() == 1);
    CHECK(step(m) == Exit::wfi);
    CHECK(m.hart.run_step(m.hart.cycles(), no_limit) == Exit::horizon);
    CHECK(m.hart.run_step(no_limit, m.hart.instret()) == Exit::instruction_limit);
    m.hart.request_leave();
    CHECK(step(m) == Exit::leave);
    CHECK(m.hart.instret() == 2);
    CHECK(step(m) == Exit::debug);
    CHECK(m.hart.x(5) == 2);
}

TEST_CASE("debug: a watchpoint stops before accesses of its kind to its bytes", "[cpu][debug]") {
    struct Case {
        std::uint32_t word;
        bool reads;
        bool writes;
    };
    const Case cases[] = {
        {op::i("lw", 5, 10, 4), true, false},   {op::i("lhu", 5, 10, 6), true, false},
        {op::i("lw", 5, 10, 3), true, false},  // its last bytes
        {op::i("flw", 5, 10, 4), true, false},  {op::s("sb", 5, 10, 7), false, true},
        {op::s("fsw", 5, 10, 4), false, true},  {op::r("lr.w", 5, 9, 0), true, false},
        {op::r("sc.w", 5, 9, 0), true, true},   {op::r("amoadd.w", 5, 9, 0), true, true},
        {op::i("lw", 5, 10, 0), false, false},  {op::s("sw", 5, 10, 8), false, false},
        {op::i("addi", 5, 10, 4), false, false}};
    for (const Case& each : cases) {
        for (const bool on_write : {false, true}) {
            INFO(std::hex << each.word << " " << on_write);
            Machine m({op::nop(), each.word, op::nop()});
            m.hart.write_csr(csr::mstatus, mstatus::fs);
            m.hart.set_x(9, data_base + 4);
            const Watch watch{data_base + 4, data_base + 7, !on_write, on_write};
            m.hart.insert_watch(watch);
            const bool meets = on_write ? each.writes : each.reads;
            CHECK(m.hart.run(no_limit, 3) == (meets ? Exit::debug : Exit::instruction_limit));
            CHECK(m.hart.pc() == code_base + (meets ? 4 : 12));
            CHECK(m.hart.take_watch_hit() == (meets ? std::optional(watch) : std::nullopt));
            CHECK_FALSE(m.hart.take_watch_hit());
            CHECK(m.hart.remove_watch(watch));
            CHECK_FALSE(m.hart.remove_watch(watch));
            CHECK(m.hart.run(no_limit, 3) == Exit::instruction_limit);
        }
    }
}

TEST_CASE("debug: a watchpoint set while the loop runs is met in the middle of a block",
          "[cpu][debug]") {
    Machine m(
        {op::i("addi", 5, 5, 1), op::i("addi", 6, 6, 1), op::s("sw", 5, 10, 0), op::jal(0, -12)});
    m.steps(100);
    const Watch watch{data_base, data_base, false, true};
    m.hart.insert_watch(watch);
    REQUIRE(go(m) == Exit::debug);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.bus.peek32(data_base) == 25);
    m.hart.remove_watch(watch);
    CHECK(step(m) == Exit::debug);
    CHECK(m.bus.peek32(data_base) == 26);
}

TEST_CASE("debug: a semihosting call leaves, another ebreak traps", "[cpu][debug]") {
    const std::initializer_list<std::uint32_t> call = {
        op::i("slli", 0, 0, 0x1f), op::bare("ebreak"), op::i("srai", 0, 0, 7), op::bare("ebreak")};
    HartConfig config;
    Machine plain(call, config);
    CHECK(plain.hart.run(no_limit, 1) == Exit::instruction_limit);
    CHECK(plain.steps(1) == Exit::dead);  // the handler is an illegal instruction
    config.semihosting = true;
    Machine m(call, config);
    REQUIRE(go(m) == Exit::semihosting);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.hart.instret() == 2);
    m.hart.set_x(10, 7);
    CHECK(m.hart.run(no_limit, 3) == Exit::instruction_limit);
    CHECK(m.bus.traps.empty());
    m.hart.run(no_limit, 4);
    REQUIRE_FALSE(m.bus.traps.empty());
    CHECK(m.bus.traps.front().cause == cause::breakpoint);
    CHECK(m.bus.traps.front().pc == code_base + 12);
}

TEST_CASE("debug: a fault names the jump that led there, also one with a breakpoint",
          "[cpu][debug]") {
    constexpr std::uint32_t nowhere = 0x4000'0000;
    for (const bool direct : {true, false}) {
        for (const bool debugged : {false, true}) {
            Machine m({op::nop(), op::i("jalr", 0, 11, 0)});
            m.bus.direct = direct;
            m.bus.stop_at = [](const Trap&) { return true; };
            m.hart.set_x(11, nowhere);
            if (debugged) {
                m.hart.insert_breakpoint(code_base + 4);
                REQUIRE(go(m) == Exit::debug);
                REQUIRE(step(m) == Exit::debug);
            }
            REQUIRE(go(m) == Exit::stopped);
            CHECK(m.bus.traps[0].pc == nowhere);
            CHECK(m.bus.traps[0].from == code_base + 4);
        }
    }
}

TEST_CASE("debug: a fault names the return that led to code that ran with more rights",
          "[cpu][debug]") {
    for (const bool direct : {true, false}) {
        Machine m({op::jal(1, 16), op::bare("mret"), op::nop(), op::nop(), op::nop(),
                   op::i("jalr", 0, 1, 0)});
        m.bus.direct = direct;
        m.bus.stop_at = [](const Trap&) { return true; };
        m.hart.write_csr(csr::mepc, code_base + 16);
        m.hart.write_csr(csr::mstatus, 0);  // to user mode, which may access nothing
        REQUIRE(go(m) == Exit::stopped);
        CHECK(m.bus.traps[0].denied);
        CHECK(m.bus.traps[0].from == code_base + 4);
    }
}
