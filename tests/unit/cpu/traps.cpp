// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

/// The state right after the first trap.
void check_trap(Machine& m, std::uint32_t cause, std::uint32_t tval, std::uint32_t epc) {
    CHECK(m.csr(csr::mcause) == cause);
    CHECK(m.csr(csr::mtval) == tval);
    CHECK(m.csr(csr::mepc) == epc);
    CHECK(m.hart.pc() == vector_base);
}

constexpr std::uint32_t nowhere = 0x40;

}  // namespace

TEST_CASE("cpu: each exception sets mcause, mtval and mepc and does not retire", "[cpu]") {
    struct Row {
        std::uint32_t word;
        std::uint32_t cause;
        std::uint32_t tval;
    };
    const Row row = GENERATE(values<Row>({
        {op::bare("ecall"), 11, 0},
        {op::bare("ebreak"), 3, 0},
        {0xffffffff, 2, 0xffffffff},
        {0x00010000, 2, 0},  // a compressed one: only its own 16 bits
        {op::csr("csrrw", 1, 0x7ff, 0), 2, op::csr("csrrw", 1, 0x7ff, 0)},
        {op::csr("csrrw", 1, csr::mhartid, 0), 2, op::csr("csrrw", 1, csr::mhartid, 0)},
        {op::csr("csrrs", 1, csr::cycle, 3), 2, op::csr("csrrs", 1, csr::cycle, 3)},
        {op::i("lw", 1, 0, nowhere), 5, nowhere},
        {op::i("lh", 1, 10, 0xfff), 5, data_base + 0x1000},  // the part beyond the memory
        {op::s("sb", 1, 0, nowhere), 7, nowhere},
        {op::r("lr.w", 1, 11, 0), 5, nowhere},
        {op::r("amoadd.w", 1, 11, 2), 7, nowhere},
        {op::r("lr.w", 1, 12, 0), 4, data_base + 2},
        {op::r("sc.w", 1, 12, 2), 6, data_base + 2},
        {op::r("amoor.w", 1, 12, 2), 6, data_base + 2},
    }));
    Machine m({op::nop(), row.word});
    const bool split = row.word == op::i("lh", 1, 10, 0xfff);
    if (split) {
        m.hart.set_x(10, data_base + 0x1000);  // 0xfff is -1
    }
    m.bus.direct = GENERATE(true, false);
    m.hart.set_x(1, 0x1111);
    m.hart.set_x(11, nowhere);
    m.hart.set_x(12, data_base + 2);
    m.bus.stop_at = [&m, split](const Trap& trap) {
        CHECK(m.hart.pc() == trap.pc);
        CHECK(m.hart.instret() == 1);
        CHECK(m.hart.cycles() == (split ? 2 : 1));
        m.hart.request_leave();
        return false;
    };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::leave);
    check_trap(m, row.cause, row.tval, code_base + 4);
    CHECK(m.hart.instret() == 1);
    CHECK(m.hart.x(1) == 0x1111);
    CHECK(m.bus.traps.size() == 1);
}

TEST_CASE("cpu: traps save and clear the interrupt enable, mret restores it", "[cpu]") {
    Machine m({op::bare("ecall"), op::nop()});
    m.load({op::bare("mret")}, vector_base);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    m.steps(0);
    m.bus.stop_at = [&m](const Trap&) {
        m.hart.request_leave();
        return false;
    };
    m.hart.run(no_limit, no_limit);
    CHECK(m.csr(csr::mstatus) == (mstatus::mpp | mstatus::mpie));
    m.hart.write_csr(csr::mepc, code_base + 4);
    m.steps(1);
    CHECK(m.csr(csr::mstatus) == (mstatus::mpie | mstatus::mie));  // and MPP the least mode
    CHECK(m.hart.pc() == code_base + 4);
}

TEST_CASE("cpu: a fetch fault names the part of the instruction that is missing", "[cpu]") {
    Machine m;
    m.bus.direct = GENERATE(true, false);
    m.bus.poke16(data_base + 0xffe, 0x0003);  // first half of a 32-bit instruction
    m.hart.set_pc(data_base + 0xffe);
    m.bus.stop_at = [](const Trap&) { return true; };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::stopped);
    REQUIRE(m.bus.traps.size() == 1);
    CHECK(m.bus.traps[0].cause == cause::fetch_fault);
    CHECK(m.bus.traps[0].pc == data_base + 0xffe);
    CHECK(m.bus.traps[0].tval == data_base + 0x1000);
    CHECK(m.hart.pc() == data_base + 0xffe);
}

TEST_CASE("cpu: a trap vector that cannot be fetched ends in death", "[cpu]") {
    Machine m({op::bare("ecall")});
    m.bus.direct = GENERATE(true, false);
    m.hart.write_csr(csr::mtvec, 0x1000);
    CHECK(m.hart.run(no_limit, no_limit) == Exit::dead);
    CHECK(m.hart.run(no_limit, no_limit) == Exit::dead);
    m.load({op::nop()});
    m.start();
    CHECK(m.steps(1) == Exit::instruction_limit);
}

TEST_CASE("cpu: a trap handler that begins with an illegal instruction ends in death", "[cpu]") {
    Machine m({op::bare("ecall")});
    CHECK(m.hart.run(no_limit, no_limit) == Exit::dead);
    CHECK(m.bus.traps.size() == 3);
    CHECK(m.hart.pc() == vector_base);
}

TEST_CASE("cpu: on_trap can stop the core at the instruction", "[cpu]") {
    Machine m({op::nop(), op::bare("ebreak"), op::nop()});
    m.bus.stop_at = [](const Trap& trap) { return trap.cause == cause::breakpoint; };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::stopped);
    CHECK(m.hart.pc() == code_base + 4);
    CHECK(m.csr(csr::mcause) == 0);
    m.bus.stop_at = nullptr;
    m.bus.poke32(code_base + 4, op::nop());
    m.hart.invalidate_code(code_base + 4, code_base + 7);
    m.steps(1);
    CHECK(m.hart.pc() == code_base + 8);
}

TEST_CASE("cpu: without C, jumps to half-words and misaligned accesses trap as configured",
          "[cpu]") {
    HartConfig config;
    config.extensions &= ~bit(Extension::c);
    config.misaligned_traps = true;
    Machine m({}, config);
    m.bus.stop_at = [](const Trap&) { return true; };
    m.load({op::jal(1, 6)});
    CHECK(m.hart.run(no_limit, no_limit) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::fetch_misaligned);
    CHECK(m.bus.traps.back().tval == code_base + 6);
    CHECK(m.hart.x(1) == 0);
    m.load({op::i("lh", 1, 10, 1), op::s("sw", 1, 10, 2)}, code_base + 0x100);
    m.hart.set_pc(code_base + 0x100);
    m.hart.run(no_limit, no_limit);
    CHECK(m.bus.traps.back().cause == cause::load_misaligned);
    m.hart.set_pc(code_base + 0x104);
    m.hart.run(no_limit, no_limit);
    CHECK(m.bus.traps.back().cause == cause::store_misaligned);
    CHECK(m.bus.traps.back().tval == data_base + 2);
}

TEST_CASE("cpu: interrupts are taken by priority, vectored if asked", "[cpu]") {
    Machine m({op::nop(), op::nop()});
    const bool vectored = GENERATE(false, true);
    m.hart.write_csr(csr::mtvec, vector_base + (vectored ? 1 : 0));
    m.hart.write_csr(csr::mie, interrupt::mask);
    for (const unsigned number : {interrupt::timer, interrupt::software, interrupt::external}) {
        m.hart.set_interrupt(number, true);
        m.hart.write_csr(csr::mstatus, mstatus::mie);
        m.hart.set_pc(code_base);
        const auto before = m.hart.instret();
        m.hart.run(m.hart.cycles() + 1, no_limit);
        CHECK(m.hart.instret() == before);
        CHECK(m.csr(csr::mcause) == (interrupt::cause_bit | number));
        CHECK(m.csr(csr::mepc) == code_base);
        CHECK(m.csr(csr::mtval) == 0);
        CHECK(m.hart.pc() == vector_base + (vectored ? 4 * number : 0));
    }
    CHECK(m.bus.traps.empty());
}

TEST_CASE("cpu: wfi returns only when nothing is pending, and has retired", "[cpu]") {
    Machine m({op::bare("wfi"), op::nop()});
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    SECTION("nothing pending") {
        CHECK(m.hart.run(no_limit, 10) == Exit::wfi);
        CHECK(m.hart.instret() == 1);
        CHECK(m.hart.pc() == code_base + 4);
        m.hart.set_interrupt(interrupt::software, true);
        CHECK_FALSE(m.hart.interrupt_pending());
        m.hart.set_interrupt(interrupt::timer, true);
        CHECK(m.hart.interrupt_pending());
    }
    SECTION("pending, though mstatus.MIE is clear") {
        m.hart.set_interrupt(interrupt::timer, true);
        CHECK(m.hart.run(no_limit, 2) == Exit::instruction_limit);
        CHECK(m.hart.pc() == code_base + 8);
    }
}

TEST_CASE("cpu: interrupts without an instruction of the program between them are a storm",
          "[cpu]") {
    constexpr std::uint64_t storm = 1'000'000;
    Machine m({op::nop(), op::nop()});
    m.load({op::bare("mret")}, vector_base);
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    m.hart.set_interrupt(interrupt::timer, true);
    // The first came from the program.
    REQUIRE(m.steps(storm) == Exit::instruction_limit);
    SECTION("the next is one") {
        CHECK(m.steps(1) == Exit::storm);
        CHECK(m.hart.pc() == code_base);
    }
    SECTION("after one instruction the count begins anew") {
        m.hart.set_interrupt(interrupt::timer, false);
        REQUIRE(m.steps(1) == Exit::instruction_limit);
        REQUIRE(m.hart.pc() == code_base + 4);
        m.hart.set_interrupt(interrupt::timer, true);
        REQUIRE(m.steps(storm) == Exit::instruction_limit);
        CHECK(m.steps(1) == Exit::storm);
        CHECK(m.hart.pc() == code_base + 4);
    }
}
