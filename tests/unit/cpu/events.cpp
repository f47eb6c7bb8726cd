// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <array>

#include <catch2/catch.hpp>

#include "models/cpu/event.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

void select(Machine& m, unsigned counter, Event event) {
    m.hart.write_csr(csr::mhpmevent3 + counter - 3, static_cast<std::uint32_t>(event));
}

std::uint32_t count(Machine& m, unsigned counter) {
    return m.csr(csr::mhpmcounter3 + counter - 3);
}

}  // namespace

TEST_CASE("events: each is counted exactly, whatever the mode", "[cpu][events]") {
    // Ten passes of a loop with one of each, then an exception.
    Machine m({op::i("addi", 5, 0, 10), op::i("lw", 1, 10, 0), op::s("sw", 1, 10, 5),
               op::r("amoadd.w", 1, 10, 0), op::r("mul", 1, 5, 5), op::r("div", 1, 1, 5),
               op::jal(0, 4), op::b("beq", 5, 0, 8), op::i("addi", 5, 5, -1),
               op::b("bne", 5, 0, -32), op::bare("ecall")},
              {}, {1, 0}, {3, 2});
    m.bus.direct = GENERATE(true, false);
    const std::uint64_t quantum = GENERATE(values<std::uint64_t>({1'000'000, 5}));
    const bool take = GENERATE(false, true);
    for (unsigned counter = 3; counter <= 15; ++counter) {
        select(m, counter, static_cast<Event>(counter - 2));
    }
    m.bus.stop_at = [](const Trap&) { return true; };
    while (m.hart.run(m.hart.cycles() + quantum, no_limit) != Exit::stopped) {
        REQUIRE(m.hart.instret() < 1000);
        if (take) {
            m.hart.take_counts();
        }
    }
    const std::array<std::uint32_t, 13> expected{10, 10, 10, 20, 9, 10, 10, 10, 10,
                                                 // lw 3, sw 2 + 2, amo 3 + 2
                                                 10 * (3 + 4 + 5), 0, 0, 0};
    for (unsigned counter = 3; counter <= 15; ++counter) {
        INFO(counter);
        CHECK(count(m, counter) == expected.at(counter - 3));
    }
}

TEST_CASE("events: traps, interrupts and sleeps", "[cpu][events]") {
    Machine m({op::bare("ecall")});
    m.load({op::csr("csrrw", 0, csr::mepc, 5), op::bare("mret")}, vector_base);  // MPP is M
    m.load({op::bare("wfi"), op::jal(0, 0)}, code_base + 0x100);
    m.hart.set_x(5, code_base + 0x100);
    select(m, 3, Event::exception);
    select(m, 4, Event::interrupt);
    select(m, 5, Event::wfi);
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    CHECK(m.hart.run(no_limit, no_limit) == Exit::wfi);
    CHECK(count(m, 3) == 1);
    CHECK(count(m, 4) == 0);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    m.hart.set_interrupt(interrupt::timer, true);
    m.hart.run(m.hart.cycles() + 1, no_limit);
    CHECK(count(m, 3) == 1);
    CHECK(count(m, 4) == 1);
    CHECK(count(m, 5) == 1);
}

TEST_CASE("events: the handler reads what happened before it", "[cpu][events]") {
    Machine m(
        {op::i("lw", 1, 10, 0), op::csr("csrrs", 5, csr::mhpmcounter3, 0), op::i("lw", 1, 10, 0),
         op::i("lw", 1, 10, 0), op::csr("csrrs", 6, csr::hpmcounter3, 0),
         op::csr("csrrwi", 0, csr::mcountinhibit, 8), op::i("lw", 1, 10, 0),
         op::csr("csrrs", 7, csr::mhpmcounter3, 0), op::csr("csrrw", 0, csr::mhpmcounter3h, 1),
         op::csr("csrrs", 8, csr::hpmcounter3h, 0)});
    m.bus.direct = GENERATE(true, false);
    select(m, 3, Event::load);
    m.hart.set_x(2, 0);
    m.steps(7);
    m.hart.set_x(1, 9);
    m.steps(3);
    CHECK(m.hart.x(5) == 1);
    CHECK(m.hart.x(6) == 3);
    CHECK(m.hart.x(7) == 3);
    CHECK(m.hart.x(8) == 9);
}

TEST_CASE("events: unknown ones select none, and counters keep their value", "[cpu][events]") {
    Machine m({op::i("lw", 1, 10, 0), op::i("lw", 1, 10, 0)});
    select(m, 3, Event::load);
    m.steps(1);
    m.hart.write_csr(csr::mhpmevent3, 14);
    CHECK(m.csr(csr::mhpmevent3) == 0);
    CHECK(count(m, 3) == 1);
    m.steps(1);
    CHECK(count(m, 3) == 1);
    m.hart.write_csr(csr::mhpmevent31, 1);
    CHECK(m.csr(csr::mhpmevent31) == 0);
}
