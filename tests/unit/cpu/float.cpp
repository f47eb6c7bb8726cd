// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "models/cpu/disassemble.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

constexpr std::uint32_t initial = 1U << 13;
constexpr std::uint32_t dirty = mstatus::fs | mstatus::sd;
constexpr std::uint32_t dynamic = 7U << 12;
constexpr std::uint32_t one = 0x3f800000;
constexpr std::uint32_t three = 0x40400000;
constexpr std::uint32_t third = 0x3eaaaaab;

/// A machine with the floating-point unit on, f1 = 1 and f2 = 3.
struct FloatMachine : Machine {
    FloatMachine(std::initializer_list<std::uint32_t> program) : Machine(program) {
        hart.write_csr(csr::mstatus, initial);
        hart.set_f(1, one);
        hart.set_f(2, three);
    }
};

std::uint32_t status(Machine& m) {
    return m.csr(csr::mstatus) & dirty;
}

bool trapped(Machine& m) {
    return m.csr(csr::mcause) == cause::illegal && m.csr(csr::mepc) == code_base;
}

}  // namespace

TEST_CASE("cpu: floating point is illegal while mstatus.FS is off", "[cpu]") {
    for (const auto& row : instruction_table()) {
        if (row.extension != Extension::f) {
            continue;
        }
        INFO(row.mnemonic);
        Machine m({row.match | 10U << 15});
        m.load({op::nop()}, vector_base);
        m.steps(1);
        CHECK(trapped(m));
        CHECK(m.csr(csr::mtval) == (row.match | 10U << 15));
        CHECK(status(m) == 0);
    }
    for (const std::uint32_t number : {csr::fflags, csr::frm, csr::fcsr}) {
        Machine m({op::csr("csrrs", 5, number, 0)});
        m.load({op::nop()}, vector_base);
        m.steps(1);
        CHECK(trapped(m));
    }
}

TEST_CASE("cpu: without F the unit cannot be turned on", "[cpu]") {
    Machine m({op::r("fadd.s", 3, 1, 2)}, {.extensions = all_extensions & ~bit(Extension::f)});
    m.load({op::nop()}, vector_base);
    m.hart.write_csr(csr::mstatus, mstatus::fs);
    CHECK(status(m) == 0);
    CHECK((m.csr(csr::misa) & 1U << 5) == 0);
    CHECK_FALSE(m.hart.read_csr(csr::fcsr));
    CHECK_FALSE(m.hart.write_csr(csr::fcsr, 0));
    m.steps(1);
    CHECK(trapped(m));
}

TEST_CASE("cpu: misa names the single-letter extensions", "[cpu]") {
    CHECK(Machine().csr(csr::misa) ==
          (1U << 30 | 1U << 20 | 1U << 12 | 1U << 8 | 1U << 5 | 1U << 2 | 1U));
    CHECK(Machine({}, {.extensions = bit(Extension::i), .user_mode = false}).csr(csr::misa) ==
          (1U << 30 | 1U << 8));
}

TEST_CASE("cpu: what changes floating-point state makes it dirty", "[cpu]") {
    struct Row {
        std::uint32_t word;
        bool dirties;
    };
    const Row row = GENERATE(values<Row>({
        {op::r("fadd.s", 3, 1, 2) | dynamic, true},
        {op::r("fmv.w.x", 3, 0, 0), true},
        {op::i("flw", 3, 10, 0), true},
        {op::csr("csrrwi", 0, csr::frm, 0), true},
        {op::s("fsw", 3, 10, 0), false},
        {op::r("fmv.x.w", 5, 1, 0), false},
        {op::r("flt.s", 5, 1, 2), false},              // no flag
        {op::r("flt.s", 5, 1, 4), true},               // invalid: f4 is a NaN
        {op::r("fcvt.w.s", 5, 4, 0) | dynamic, true},  // invalid
        {op::csr("csrrs", 5, csr::fcsr, 0), false},
        {op::i("flw", 3, 0, 0), false},  // faults
    }));
    INFO(disassemble(row.word, 0));
    FloatMachine m({row.word});
    m.load({op::nop()}, vector_base);
    m.hart.set_f(4, 0x7fc00000);
    m.bus.direct = GENERATE(true, false);
    m.steps(1);
    CHECK(status(m) == (row.dirties ? dirty : initial));
}

TEST_CASE("cpu: rounding modes come from the instruction or frm; reserved ones are illegal",
          "[cpu]") {
    const std::uint32_t divide = op::r("fdiv.s", 3, 1, 2);
    for (std::uint32_t mode = 0; mode < 8; ++mode) {
        for (const bool is_dynamic : {false, true}) {
            INFO(mode << (is_dynamic ? " in frm" : " in the instruction"));
            FloatMachine m({divide | (is_dynamic ? dynamic : mode << 12)});
            m.load({op::nop()}, vector_base);
            m.hart.write_csr(csr::frm, is_dynamic || mode == 7 ? mode : 1);
            m.steps(1);
            if (mode >= 5) {
                CHECK(trapped(m));
                CHECK(m.hart.f(3) == 0);
                continue;
            }
            const bool down = mode == 1 || mode == 2;
            CHECK(m.hart.f(3) == (down ? third - 1 : third));
            CHECK(m.csr(csr::fflags) == 1);
        }
    }
}

TEST_CASE("cpu: a debugger sees fcsr while mstatus.FS is off, and leaves it off", "[cpu]") {
    Machine m;
    REQUIRE((m.csr(csr::mstatus) & mstatus::fs) == 0);
    CHECK(m.hart.write_csr(csr::fcsr, 0x45));
    CHECK(m.hart.read_csr(csr::fflags) == 0x05U);
    CHECK(m.hart.read_csr(csr::frm) == 0x02U);
    CHECK((m.csr(csr::mstatus) & mstatus::fs) == 0);
}

TEST_CASE("cpu: floating-point flags accrue; the CSRs are views of fcsr", "[cpu]") {
    FloatMachine m({op::r("fdiv.s", 3, 1, 0) | dynamic, op::r("fdiv.s", 3, 1, 2) | dynamic,
                    op::r("fsqrt.s", 3, 4, 0) | dynamic});
    m.hart.set_f(4, 0xbf800000);
    m.steps(3);
    CHECK(m.csr(csr::fflags) == (8 | 1 | 16));
    CHECK(m.hart.f(3) == 0x7fc00000);
    CHECK(m.hart.write_csr(csr::fcsr, 0xffffff5f));
    CHECK(m.csr(csr::fcsr) == 0x5f);
    CHECK(m.csr(csr::frm) == 2);
    CHECK(m.hart.write_csr(csr::frm, 0xfc));
    CHECK(m.csr(csr::fcsr) == 0x9f);
    CHECK(m.hart.write_csr(csr::fflags, 0xe2));
    CHECK(m.csr(csr::fcsr) == 0x82);
}

TEST_CASE("cpu: loads, stores and moves of floating-point registers", "[cpu]") {
    FloatMachine m({op::s("fsw", 2, 10, 4), op::i("flw", 0, 10, 4), op::i("lw", 5, 10, 4),
                    op::r("fmv.x.w", 6, 0, 0), op::r("fmv.w.x", 31, 5, 0),
                    op::r("fsgnjn.s", 31, 31, 31), op::i("flw", 7, 10, 5)});
    m.bus.direct = GENERATE(true, false);
    m.steps(7);
    CHECK(m.hart.x(5) == three);
    CHECK(m.hart.x(6) == three);
    CHECK(m.hart.f(0) == three);
    CHECK(m.hart.f(31) == (three | 0x80000000));
    CHECK(m.hart.f(7) == three >> 8);
    CHECK(m.hart.x(0) == 0);
}

TEST_CASE("cpu: compressed floating-point loads and stores", "[cpu]") {
    // c.fsw f10,0(a0); c.flw f9,0(a0); c.fswsp f9,4(sp); c.flwsp f1,4(sp)
    FloatMachine m({0xe108U | 0x6104U << 16, 0xe226U | 0x6092U << 16});
    m.hart.set_f(10, three);
    m.hart.set_f(1, 0);
    m.hart.set_x(2, data_base + 16);
    m.steps(4);
    CHECK(m.hart.f(9) == three);
    CHECK(m.hart.f(1) == three);
    CHECK(m.bus.peek32(data_base + 20) == three);
    Machine without({0xe108}, {.extensions = all_extensions & ~bit(Extension::f)});
    without.load({op::nop()}, vector_base);
    without.steps(1);
    CHECK(trapped(without));
    CHECK(without.csr(csr::mtval) == 0xe108);
}

TEST_CASE("cpu: cycles and energy of floating point", "[cpu]") {
    const std::uint32_t load = op::i("flw", 1, 10, 0);
    CHECK(FloatMachine({op::r("fmadd.s", 3, 1, 2) | 3U << 27}).cycles_of_step() == 1);
    CHECK(FloatMachine({op::r("fdiv.s", 3, 1, 2)}).cycles_of_step() == 19);
    CHECK(FloatMachine({op::r("fsqrt.s", 3, 1, 0)}).cycles_of_step() == 19);
    CHECK(FloatMachine({load, op::r("fadd.s", 3, 2, 1)}).cycles_of_step() == 2);
    CHECK(FloatMachine({load, op::r("fmadd.s", 3, 2, 2) | 1U << 27}).cycles_of_step() == 2);
    CHECK(FloatMachine({load, op::s("fsw", 1, 10, 0)}).cycles_of_step() == 2);
    CHECK(FloatMachine({load, op::r("add", 5, 1, 1)}).cycles_of_step() == 1);  // x1, not f1
    FloatMachine m({op::r("fadd.s", 3, 1, 2), op::r("fdiv.s", 3, 1, 2), load});
    m.steps(3);
    EnergyCounts expected{};
    expected[static_cast<std::size_t>(Energy::fp)] = 1;
    expected[static_cast<std::size_t>(Energy::fdiv)] = 1;
    expected[static_cast<std::size_t>(Energy::load)] = 1;
    CHECK(m.hart.take_counts() == expected);
}
