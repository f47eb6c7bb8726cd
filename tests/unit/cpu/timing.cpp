// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

TEST_CASE("cpu: latencies follow the CV32E40P manual", "[cpu]") {
    struct Row {
        std::uint32_t word;
        std::uint64_t cycles;
    };
    const Row row = GENERATE(values<Row>({
        {op::r("add", 5, 1, 2), 1},
        {op::r("mul", 5, 1, 2), 1},
        {op::r("mulhsu", 5, 1, 2), 5},
        {op::r("divu", 5, 1, 2), 3},       // x2 = 0x80000001
        {op::r("div", 5, 1, 2), 4},        // magnitude 0x7fffffff
        {op::r("rem", 5, 1, 0), 35},       // by zero
        {op::r("remu", 5, 1, 3), 3 + 31},  // by one
        {op::i("lw", 5, 10, 0), 1},
        {op::i("lw", 5, 10, 2), 2},
        {op::i("lh", 5, 10, 1), 1},
        {op::i("lh", 5, 10, 3), 2},
        {op::s("sw", 5, 10, 1), 2},
        {op::s("sb", 5, 10, 3), 1},
        {op::jal(5, 8), 2},
        {op::i("jalr", 5, 4, 8), 2},
        {op::b("beq", 1, 2, 8), 1},
        {op::b("bne", 1, 2, 8), 3},
        {op::csr("csrrs", 5, csr::mepc, 0), 4},
        {op::csr("csrrs", 5, csr::mhpmcounter31h, 0), 4},
        {op::csr("csrrs", 5, csr::mscratch, 0), 1},
        {op::csr("csrrs", 5, csr::cycle, 0), 1},
        {op::bare("fence"), 2},
        {op::bare("fence.i"), 2},
        {op::bare("mret"), 2},
        {op::r("lr.w", 5, 10, 0), 1},
        {op::r("sc.w", 5, 10, 1), 1},
        {op::r("amoadd.w", 5, 10, 1), 3},
    }));
    INFO(row.word);
    Machine m({row.word, op::nop(), op::nop()});
    m.bus.direct = GENERATE(true, false);
    m.hart.set_x(2, 0x80000001);
    m.hart.set_x(3, 1);
    m.hart.set_x(4, code_base);
    m.hart.write_csr(csr::mepc, code_base + 8);
    CHECK(m.cycles_of_step() == row.cycles);
}

TEST_CASE("cpu: a load stalls the next instruction in memory that needs its result", "[cpu]") {
    const std::uint32_t load = op::i("lw", 5, 10, 0);
    CHECK(Machine({load, op::r("add", 6, 5, 1)}).cycles_of_step() == 2);
    CHECK(Machine({load, op::r("add", 6, 1, 5)}).cycles_of_step() == 2);
    CHECK(Machine({load, op::s("sw", 5, 10, 4)}).cycles_of_step() == 2);
    CHECK(Machine({load, op::r("add", 5, 1, 2)}).cycles_of_step() == 1);
    CHECK(Machine({load, op::i("addi", 6, 1, 5)}).cycles_of_step() == 1);
    CHECK(Machine({load, op::csr("csrrwi", 6, csr::mscratch, 5)}).cycles_of_step() == 1);
    CHECK(Machine({load, 0x00009296}).cycles_of_step() == 2);  // c.add t0,t0,t0
    CHECK(Machine({op::i("lw", 0, 10, 0), op::nop()}).cycles_of_step() == 1);
    // jalr waits for any result.
    CHECK(Machine({op::r("add", 5, 1, 2), op::i("jalr", 0, 5, 0)}).cycles_of_step() == 2);
    CHECK(Machine({op::r("add", 6, 1, 2), op::i("jalr", 0, 5, 0)}).cycles_of_step() == 1);
}

TEST_CASE("cpu: the load-use stall does not depend on the ends of blocks", "[cpu]") {
    Machine m;
    std::uint32_t at = code_base + 0x1000 - 8;
    m.load({op::nop(), op::i("lw", 5, 10, 0), op::r("add", 6, 5, 5)}, at);  // across a page
    m.hart.set_pc(at);
    m.steps(3);
    CHECK(m.hart.cycles() == 4);
}

TEST_CASE("cpu: wait states count for data and for fetches that are not sequential", "[cpu]") {
    Machine m({op::i("lw", 5, 10, 0), op::s("sw", 1, 10, 0), op::r("amoadd.w", 6, 10, 1),
               op::i("lw", 5, 10, 2), op::jal(0, 8), op::nop(), op::nop()},
              {}, {3, 0}, {5, 7});
    m.bus.direct = GENERATE(true, false);
    CHECK(m.cycles_of_step() == 1 + 5);
    CHECK(m.cycles_of_step() == 1 + 7);
    CHECK(m.cycles_of_step() == 3 + 5 + 7);
    CHECK(m.cycles_of_step() == 2 + 5 + 5);
    CHECK(m.cycles_of_step() == 2);
    CHECK(m.cycles_of_step() == 3 + 1);  // the target's wait comes with its own fetch
    m.hart.take_counts();
    CHECK(m.code.fetches == 6);
    CHECK(m.data.reads == 4);
    CHECK(m.data.writes == 2);
}

TEST_CASE("cpu: traps cost their entry", "[cpu]") {
    Machine m({op::bare("ecall")});
    m.load({op::nop()}, vector_base);
    m.steps(1);
    CHECK(m.hart.cycles() == 1 + 4 + 1);
}

TEST_CASE("cpu: instructions count in their energy class, also when they trap", "[cpu]") {
    Machine m({op::nop(), op::r("mulh", 5, 1, 1), op::r("div", 5, 1, 1), op::i("lw", 5, 10, 0),
               op::s("sw", 5, 10, 0), op::b("bne", 1, 1, 8), op::r("amoor.w", 5, 10, 1),
               op::csr("csrrs", 5, csr::mscratch, 0), op::bare("fence"), op::jal(0, 4),
               op::bare("ecall")});
    m.load({op::nop()}, vector_base);
    m.steps(11);
    CHECK(m.hart.take_counts() == EnergyCounts{2, 1, 1, 1, 1, 1, 1, 1, 1, 2});
    CHECK(m.hart.take_counts() == EnergyCounts{});
    CHECK(m.code.fetches == 12);
}
