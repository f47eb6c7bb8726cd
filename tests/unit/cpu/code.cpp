// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

/// Runs a loop twice whose first instruction it overwrites; `between` stands before the jump back.
std::uint32_t self_modifying(bool direct, std::uint32_t between) {
    Machine m({op::i("addi", 5, 5, 1), op::s("sw", 7, 11, 0), between, op::jal(0, -12)});
    m.bus.direct = direct;
    m.hart.set_x(7, op::i("addi", 5, 5, 100));
    m.hart.set_x(11, code_base);
    m.steps(8);
    return m.hart.x(5);
}

}  // namespace

TEST_CASE("cpu: own stores to code take effect with fence.i", "[cpu]") {
    const bool direct = GENERATE(true, false);
    CHECK(self_modifying(direct, op::bare("fence.i")) == 101);
    CHECK(self_modifying(direct, op::nop()) == 2);
}

TEST_CASE("cpu: code written by others is decoded again after invalidate_code", "[cpu]") {
    Machine m({op::i("addi", 5, 5, 1), op::nop(), op::jal(0, -8)});
    m.bus.direct = GENERATE(true, false);
    m.steps(4);  // in the middle of the block
    m.bus.poke32(code_base, op::i("addi", 5, 5, 16));
    m.bus.poke32(code_base + 4, op::i("addi", 5, 5, 16));
    m.steps(1);
    CHECK(m.hart.x(5) == 2);
    m.hart.invalidate_code(code_base + 0x100, code_base + 0x1ff);
    m.steps(3);
    CHECK(m.hart.x(5) == 3);
    m.hart.invalidate_code(code_base + 3, code_base + 3);
    m.steps(3);
    CHECK(m.hart.x(5) == 35);
}

TEST_CASE("cpu: the word behind a block is part of what it depends on", "[cpu]") {
    Machine m;
    const std::uint32_t at = code_base + 0x1000 - 4;
    m.load({op::i("lw", 5, 10, 0), op::nop()}, at);
    m.hart.set_pc(at);
    CHECK(m.cycles_of_step() == 1);
    m.load({op::r("add", 6, 5, 5)}, at + 4);
    m.hart.invalidate_code(at + 4, at + 7);
    m.hart.set_pc(at);
    CHECK(m.cycles_of_step() == 2);
}

TEST_CASE("cpu: code may be dropped while its own instruction accesses a device", "[cpu]") {
    Machine m({op::s("sw", 7, 11, 0), op::i("addi", 5, 5, 1)});
    m.bus.direct = GENERATE(true, false);
    m.hart.set_x(11, 0x1000);
    m.bus.device_write = [&m](std::uint32_t, unsigned, std::uint32_t) {
        CHECK(m.hart.pc() == code_base);
        m.bus.poke32(code_base + 4, op::i("addi", 5, 5, 64));
        m.hart.invalidate_code(0, 0xffffffff);
        m.hart.invalidate_regions();
        return true;
    };
    m.steps(2);
    CHECK(m.hart.x(5) == 64);
    m.hart.take_counts();
    CHECK(m.code.fetches == 2);
}

TEST_CASE("cpu: a device access that asks for it returns after the instruction", "[cpu]") {
    Machine m({op::nop(), op::i("lbu", 5, 11, 0), op::nop()});
    m.bus.direct = GENERATE(true, false);
    m.hart.set_x(11, 0x1000);
    m.bus.device_read = [&m](std::uint32_t, unsigned size, std::uint32_t& value) {
        CHECK(size == 1);
        CHECK(m.hart.cycles() == 1);
        CHECK(m.hart.instret() == 1);
        CHECK(m.hart.take_counts() == EnergyCounts{1, 0, 0, 1});
        CHECK(m.code.fetches == 2);
        value = 0x1ff;
        m.hart.request_leave();
        return true;
    };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::leave);
    CHECK(m.hart.x(5) == 0xff);
    CHECK(m.hart.instret() == 2);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.steps(1) == Exit::instruction_limit);
}

TEST_CASE("cpu: misaligned accesses never reach a device", "[cpu]") {
    Machine m({op::i("lw", 5, 11, 2)});
    m.hart.set_x(11, 0x1000);
    m.bus.device_read = [](std::uint32_t, unsigned, std::uint32_t&) { return true; };
    m.bus.stop_at = [](const Trap&) { return true; };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::stopped);
    CHECK(m.bus.traps[0].cause == cause::load_fault);
    CHECK(m.bus.traps[0].tval == 0x1002);
}
