// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/csr.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

HartConfig machine_only() {
    HartConfig config;
    config.user_mode = false;
    return config;
}

}  // namespace

TEST_CASE("cpu: CSRs keep what they can hold", "[cpu]") {
    struct Row {
        std::uint32_t number;
        std::uint32_t ones;    ///< after writing all ones
        std::uint32_t zeroes;  ///< after writing zero
    };
    const Row row = GENERATE(values<Row>({
        {csr::mstatus, 0x80007888, 0x1800},
        {csr::mstatush, 0, 0},
        {csr::misa, 0x40001125, 0x40001125},
        {csr::mie, 0x888, 0},
        {csr::mip, 0, 0},
        {csr::mscratch, 0xffffffff, 0},
        {csr::mepc, 0xfffffffe, 0},
        {csr::mcause, 0xffffffff, 0},
        {csr::mtval, 0xffffffff, 0},
        {csr::mcountinhibit, 0xfffd, 0},
        {csr::mhpmcounter3, 0xffffffff, 0},
        {csr::mhpmcounter3h, 0xffffffff, 0},
        {csr::mhpmcounter3 + 12, 0xffffffff, 0},
        {csr::mhpmcounter3 + 13, 0, 0},
        {csr::mhpmcounter31h, 0, 0},
        {csr::mhpmevent3, 0, 0},
        {csr::mhpmevent31, 0, 0},
        {csr::pmpcfg0, 0x9f9f9f9f, 0x9f9f9f9f},  // locked by the ones
        {csr::pmpaddr15, 0xffffffff, 0},
    }));
    INFO(row.number);
    Machine m({op::csr("csrrw", 0, row.number, 1), op::csr("csrrw", 2, row.number, 0),
               op::csr("csrrs", 3, row.number, 0)},
              machine_only());
    m.hart.set_x(1, 0xffffffff);
    m.bus.stop_at = [](const Trap&) { return true; };
    CHECK(m.steps(3) == Exit::instruction_limit);
    CHECK(m.hart.x(2) == row.ones);
    CHECK(m.hart.x(3) == row.zeroes);
}

TEST_CASE("cpu: mtvec takes direct and vectored modes only", "[cpu]") {
    Machine m;
    m.hart.write_csr(csr::mtvec, 0x101);
    CHECK(m.csr(csr::mtvec) == 0x101);
    m.hart.write_csr(csr::mtvec, 0x202);
    m.hart.write_csr(csr::mtvec, 0x303);
    CHECK(m.csr(csr::mtvec) == 0x101);
}

TEST_CASE("cpu: only the CSRs of an M-mode hart exist", "[cpu]") {
    Machine m({}, machine_only());
    unsigned count = 0;
    for (std::uint32_t number = 0; number < 4096; ++number) {
        count += m.hart.read_csr(number).has_value() ? 1 : 0;
        if (number >> 10 == 3) {
            CHECK_FALSE(m.hart.write_csr(number, 0));
        }
    }
    // 11 of trap handling and mcountinhibit, 5 of identity, 4 machine and 6 user counters, 5 x 29
    // of events, 20 of memory protection, 3 of floating point, 4 of triggers.
    CHECK(count == 11 + 5 + 4 + 6 + 145 + 20 + 3 + 4);
    CHECK_FALSE(m.hart.read_csr(0x306).has_value());         // mcounteren
    CHECK_FALSE(m.hart.read_csr(0x302).has_value());         // medeleg
    CHECK_FALSE(m.hart.read_csr(csr::menvcfg).has_value());  // hpmcounter3
}

TEST_CASE("cpu: set and clear touch only the bits given", "[cpu]") {
    Machine m({op::csr("csrrwi", 0, csr::mscratch, 0x1e), op::csr("csrrsi", 1, csr::mscratch, 1),
               op::csr("csrrci", 2, csr::mscratch, 0x18), op::csr("csrrc", 3, csr::mscratch, 1),
               op::csr("csrrw", 4, csr::mscratch, 4)});
    m.hart.set_x(4, 0x1234);
    m.steps(5);
    CHECK(m.hart.x(1) == 0x1e);
    CHECK(m.hart.x(2) == 0x1f);
    CHECK(m.hart.x(3) == 0x07);
    CHECK(m.hart.x(4) == (0x07 & ~0x1eU));
    CHECK(m.csr(csr::mscratch) == 0x1234);
}

TEST_CASE("cpu: mcycle and minstret count cycles and retired instructions", "[cpu]") {
    Machine m({op::nop(), op::r("mulh", 1, 1, 1), op::csr("csrrs", 5, csr::cycle, 0),
               op::csr("csrrs", 6, csr::instret, 0), op::csr("csrrs", 7, csr::mcycle, 0),
               op::csr("csrrs", 8, csr::minstret, 0)});
    m.steps(6);
    CHECK(m.hart.x(5) == 6);
    CHECK(m.hart.x(6) == 3);
    CHECK(m.hart.x(7) == 8);
    CHECK(m.hart.x(8) == 5);
    CHECK(m.hart.cycles() == 16);
}

TEST_CASE("cpu: what is written to a counter is what the next instruction reads", "[cpu]") {
    Machine m({op::csr("csrrw", 0, csr::minstret, 1), op::csr("csrrs", 5, csr::minstret, 0),
               op::csr("csrrw", 0, csr::mcycle, 1), op::csr("csrrs", 6, csr::mcycle, 0),
               op::csr("csrrw", 0, csr::mcycleh, 2), op::csr("csrrs", 7, csr::cycleh, 0)});
    m.hart.set_x(1, 0xfffffff0);
    m.hart.set_x(2, 7);
    m.steps(6);
    CHECK(m.hart.x(5) == 0xfffffff0);
    CHECK(m.hart.x(6) == 0xfffffff0);
    CHECK(m.hart.x(7) == 7);
    CHECK(m.hart.instret() == 6);
}

TEST_CASE("cpu: a write to either half of minstret takes the place of its own count", "[cpu]") {
    Machine m({op::csr("csrrw", 0, csr::minstret, 1), op::csr("csrrw", 0, csr::minstreth, 1),
               op::nop(), op::csr("csrrs", 5, csr::minstret, 0),
               op::csr("csrrs", 6, csr::minstreth, 0)});
    m.hart.set_x(1, 0xffffffff);
    m.steps(5);
    CHECK(m.hart.x(5) == 0);
    CHECK(m.hart.x(6) == 0);
}

TEST_CASE("cpu: trigger registers tell that there is no trigger", "[cpu]") {
    Machine m({op::csr("csrrw", 5, csr::tselect, 1), op::csr("csrrs", 6, csr::tselect, 0),
               op::csr("csrrw", 0, csr::tdata1, 1), op::csr("csrrs", 7, csr::tdata1, 0),
               op::csr("csrrw", 0, csr::tdata2, 1), op::csr("csrrw", 8, csr::tdata3, 1)});
    for (const unsigned number : {1U, 5U, 6U, 7U, 8U}) {
        m.hart.set_x(number, 0x80000000);
    }
    m.steps(6);
    CHECK((m.hart.x(5) | m.hart.x(6) | m.hart.x(7) | m.hart.x(8)) == 0);
    CHECK(m.hart.instret() == 6);
}

TEST_CASE("cpu: mcountinhibit holds the counters but not time", "[cpu]") {
    Machine m({op::csr("csrrwi", 0, csr::mcountinhibit, 5), op::csr("csrrs", 5, csr::mcycle, 0),
               op::nop(), op::csr("csrrs", 6, csr::mcycle, 0),
               op::csr("csrrs", 7, csr::minstret, 0), op::csr("csrrwi", 0, csr::mcountinhibit, 0),
               op::csr("csrrs", 8, csr::mcycle, 0), op::csr("csrrs", 9, csr::minstret, 0)});
    m.steps(8);
    CHECK(m.hart.x(5) == 4);
    CHECK(m.hart.x(6) == 4);
    CHECK(m.hart.x(7) == 1);
    CHECK(m.hart.x(8) == 4);
    CHECK(m.hart.x(9) == 2);
    CHECK(m.hart.instret() == 8);
}

TEST_CASE("cpu: the time CSR is mtime", "[cpu]") {
    Machine m({op::csr("csrrs", 5, csr::time, 0), op::csr("csrrs", 6, csr::timeh, 0)});
    m.bus.time = 0x0000000712345678;
    m.steps(2);
    CHECK(m.hart.x(5) == 0x12345678);
    CHECK(m.hart.x(6) == 7);
}
