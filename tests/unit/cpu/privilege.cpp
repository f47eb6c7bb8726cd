// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

constexpr std::uint32_t supervisor_vector = 0x80009000;
constexpr std::uint32_t mret_at = code_base + 0x7000;

HartConfig with_supervisor() {
    HartConfig config;
    config.supervisor_mode = true;
    return config;
}

/// Everything is allowed to lower modes; `enter` leaves M mode by mret.
struct Modes : Machine {
    explicit Modes(std::initializer_list<std::uint32_t> program = {},
                   const HartConfig& config = with_supervisor())
        : Machine(program, config) {
        hart.write_csr(csr::pmpaddr15, 0xffffffff);
        hart.write_csr(csr::pmpcfg3, 0x1f000000);
        hart.write_csr(csr::stvec, supervisor_vector);
        bus.poke32(mret_at, op::bare("mret"));
    }
    void enter(Privilege mode, std::uint32_t pc = code_base) {
        const std::uint32_t status = csr(csr::mstatus) & ~mstatus::mpp;
        hart.write_csr(csr::mstatus, status | static_cast<std::uint32_t>(mode) * mstatus::mpp_unit);
        hart.write_csr(csr::mepc, pc);
        hart.set_pc(mret_at);
        steps(1);
    }
    /// The cause of the exception that the next instruction raises; the state is that after it.
    std::uint32_t trap() {
        bus.stop_at = [this](const Trap&) {
            hart.request_leave();
            return false;
        };
        REQUIRE(hart.run(no_limit, no_limit) == Exit::leave);
        return bus.traps.back().cause;
    }
};

}  // namespace

TEST_CASE("privilege: mret goes to MPP and leaves the least mode there", "[cpu][privilege]") {
    Modes m;
    const auto mode = GENERATE(Privilege::user, Privilege::supervisor, Privilege::machine);
    m.hart.write_csr(csr::mstatus, mstatus::mprv | mstatus::mpie);
    m.enter(mode);
    CHECK(m.hart.privilege() == mode);
    CHECK(m.hart.pc() == code_base);
    const std::uint32_t mprv = mode == Privilege::machine ? mstatus::mprv : 0;
    CHECK(m.csr(csr::mstatus) == (mstatus::mie | mstatus::mpie | mprv));
}

TEST_CASE("privilege: MPP holds only modes that exist", "[cpu][privilege]") {
    HartConfig config;
    config.user_mode = GENERATE(true, false);
    Modes m({}, config);
    m.hart.write_csr(csr::mstatus, mstatus::mpp);
    m.hart.write_csr(csr::mstatus, mstatus::mpp_unit);
    CHECK((m.csr(csr::mstatus) & mstatus::mpp) == mstatus::mpp);
    m.hart.write_csr(csr::mstatus, 0);
    CHECK((m.csr(csr::mstatus) & mstatus::mpp) == (config.user_mode ? 0 : mstatus::mpp));
}

TEST_CASE("privilege: ecall tells the mode it comes from", "[cpu][privilege]") {
    Modes m({op::bare("ecall")});
    const auto mode = GENERATE(Privilege::user, Privilege::supervisor, Privilege::machine);
    m.enter(mode);
    CHECK(m.trap() == 8 + static_cast<std::uint32_t>(mode));
    CHECK((m.csr(csr::mstatus) & mstatus::mpp) / mstatus::mpp_unit ==
          static_cast<std::uint32_t>(mode));
    CHECK(m.hart.privilege() == Privilege::machine);
    CHECK(m.hart.pc() == vector_base);
}

TEST_CASE("privilege: delegated exceptions go to S mode, never from M mode", "[cpu][privilege]") {
    Modes m({op::bare("ebreak")});
    m.hart.write_csr(csr::medeleg, 1U << cause::breakpoint);
    m.hart.write_csr(csr::mcause, 99);
    SECTION("from U mode") {
        m.hart.write_csr(csr::mstatus, mstatus::sie | mstatus::spp);
        m.enter(Privilege::user);
        CHECK(m.trap() == cause::breakpoint);
        CHECK(m.hart.privilege() == Privilege::supervisor);
        CHECK(m.hart.pc() == supervisor_vector);
        CHECK(m.csr(csr::scause) == cause::breakpoint);
        CHECK(m.csr(csr::sepc) == code_base);
        CHECK(m.csr(csr::stval) == 0);
        CHECK(m.csr(csr::mcause) == 99);
        CHECK(m.csr(csr::sstatus) == mstatus::spie);
    }
    SECTION("from S mode") {
        m.enter(Privilege::supervisor);
        m.trap();
        CHECK(m.hart.privilege() == Privilege::supervisor);
        CHECK(m.csr(csr::sstatus) == mstatus::spp);
    }
    SECTION("from M mode") {
        m.trap();
        CHECK(m.hart.privilege() == Privilege::machine);
        CHECK(m.csr(csr::mcause) == cause::breakpoint);
    }
}

TEST_CASE("privilege: sret restores what the trap into S mode saved", "[cpu][privilege]") {
    Modes m({op::bare("sret")});
    m.hart.write_csr(csr::sepc, code_base + 0x40);
    m.hart.write_csr(csr::mstatus, mstatus::spie | mstatus::mprv);
    const bool from_machine = GENERATE(false, true);
    if (!from_machine) {
        m.enter(Privilege::supervisor);
    }
    m.steps(1);
    CHECK(m.hart.privilege() == Privilege::user);
    CHECK(m.hart.pc() == code_base + 0x40);
    CHECK((m.csr(csr::mstatus) & ~mstatus::mpie) == (mstatus::sie | mstatus::spie));
}

TEST_CASE("privilege: instructions that a mode may not execute are illegal", "[cpu][privilege]") {
    struct Row {
        std::uint32_t word;
        Privilege mode;
        std::uint32_t status;
        bool traps;
    };
    constexpr auto user = Privilege::user;
    constexpr auto supervisor = Privilege::supervisor;
    const Row row = GENERATE(values<Row>({
        {op::bare("mret"), user, 0, true},
        {op::bare("mret"), supervisor, 0, true},
        {op::bare("sret"), user, 0, true},
        {op::bare("sret"), supervisor, 0, false},
        {op::bare("sret"), supervisor, mstatus::tsr, true},
        {op::bare("sfence.vma"), user, 0, true},
        {op::bare("sfence.vma"), supervisor, 0, false},
        {op::bare("sfence.vma"), supervisor, mstatus::tvm, true},
        {op::bare("wfi"), user, 0, true},
        {op::bare("wfi"), supervisor, 0, false},
        {op::bare("wfi"), supervisor, mstatus::tw, true},
        {op::csr("csrrs", 1, csr::satp, 0), supervisor, 0, false},
        {op::csr("csrrs", 1, csr::satp, 0), supervisor, mstatus::tvm, true},
        {op::csr("csrrs", 1, csr::sscratch, 0), user, 0, true},
        {op::csr("csrrs", 1, csr::mscratch, 0), supervisor, 0, true},
    }));
    CAPTURE(row.word, row.status);
    Modes m({row.word});
    m.hart.write_csr(csr::mstatus, row.status);
    m.enter(row.mode);
    m.bus.stop_at = [](const Trap&) { return true; };
    m.steps(1);
    CHECK(m.bus.traps.size() == (row.traps ? 1 : 0));
    if (row.traps) {
        CHECK(m.bus.traps.back().cause == cause::illegal);
        CHECK(m.bus.traps.back().tval == row.word);
    }
}

TEST_CASE("privilege: without S mode its instructions and CSRs do not exist", "[cpu][privilege]") {
    const std::uint32_t word =
        GENERATE(op::bare("sret"), op::bare("sfence.vma"), op::csr("csrrs", 1, csr::sstatus, 0),
                 op::csr("csrrs", 1, csr::medeleg, 0));
    Modes m({word}, HartConfig{});
    CHECK(m.trap() == cause::illegal);
}

TEST_CASE("privilege: wfi in U mode waits beside M mode only, unless TW is set",
          "[cpu][privilege]") {
    Modes m({op::bare("wfi")}, HartConfig{});
    const bool traps = GENERATE(false, true);
    m.hart.write_csr(csr::mstatus, traps ? mstatus::tw : 0);
    m.enter(Privilege::user);
    if (traps) {
        CHECK(m.trap() == cause::illegal);
    } else {
        CHECK(m.hart.run(no_limit, no_limit) == Exit::wfi);
    }
}

TEST_CASE("privilege: counters open to lower modes by mcounteren and scounteren",
          "[cpu][privilege]") {
    struct Row {
        Privilege mode;
        std::uint32_t machine;
        std::uint32_t supervisor;
        bool open;
    };
    const Row row = GENERATE(values<Row>({{Privilege::supervisor, 4, 0, true},
                                          {Privilege::supervisor, ~4U, ~0U, false},
                                          {Privilege::user, 4, 4, true},
                                          {Privilege::user, ~0U, ~4U, false},
                                          {Privilege::user, ~4U, ~0U, false}}));
    Modes m({op::csr("csrrs", 1, csr::instreth, 0)});
    m.hart.write_csr(csr::mcounteren, row.machine);
    m.hart.write_csr(csr::scounteren, row.supervisor);
    m.enter(row.mode);
    m.steps(1);
    CHECK(m.bus.traps.empty() == row.open);
}

TEST_CASE("privilege: interrupts by target, then by the order of the specification",
          "[cpu][privilege]") {
    Modes m;
    m.hart.write_csr(csr::mie, ~0U);
    m.hart.write_csr(csr::mip, 0x222);
    for (const unsigned line : {3U, 7U, 11U}) {
        m.hart.set_interrupt(line, true);
    }
    // Nothing is delegated: all go to M mode, and S mode cannot hold them off.
    std::vector<std::uint32_t> order;
    for (const unsigned line : {11U, 3U, 7U, 9U, 1U, 5U}) {
        m.enter(Privilege::supervisor);
        m.hart.run(m.hart.cycles() + 1, no_limit);
        order.push_back(m.csr(csr::mcause) & 31U);
        CHECK(m.hart.privilege() == Privilege::machine);
        m.hart.set_interrupt(line, false);
        m.hart.write_csr(csr::mip, m.csr(csr::mip) & ~(1U << line));
    }
    CHECK(order == std::vector<std::uint32_t>{11, 3, 7, 9, 1, 5});
}

TEST_CASE("privilege: delegated interrupts are masked by SIE and vectored by stvec",
          "[cpu][privilege]") {
    Modes m;
    m.hart.write_csr(csr::mideleg, ~0U);
    CHECK(m.csr(csr::mideleg) == 0x222);
    m.hart.write_csr(csr::stvec, supervisor_vector + 1);
    m.hart.write_csr(csr::sie, ~0U);
    CHECK(m.csr(csr::mie) == 0x222);
    m.hart.set_interrupt(9, true);
    CHECK(m.csr(csr::sip) == 0x200);
    m.load({op::nop(), op::nop(), op::nop()});
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    CHECK(m.steps(1) == Exit::instruction_limit);  // not in M mode
    CHECK(m.hart.pc() == code_base + 4);
    m.enter(Privilege::supervisor);
    m.steps(1);  // SIE is clear
    CHECK(m.hart.pc() == code_base + 4);
    m.hart.write_csr(csr::sstatus, mstatus::sie);
    m.hart.run(m.hart.cycles() + 1, no_limit);
    CHECK(m.hart.pc() == supervisor_vector + 4 * 9);
    CHECK(m.csr(csr::scause) == (interrupt::cause_bit | 9));
    CHECK(m.csr(csr::sepc) == code_base + 4);
}

TEST_CASE("privilege: mip.SEIP is the line or what software wrote", "[cpu][privilege]") {
    // csrrs of another bit must not turn the line into a written bit.
    Modes m({op::csr("csrrsi", 1, csr::mip, 2), op::csr("csrrs", 2, csr::mip, 0)});
    m.hart.set_interrupt(9, true);
    m.steps(2);
    CHECK(m.hart.x(1) == 0x200);
    CHECK(m.hart.x(2) == 0x202);
    m.hart.set_interrupt(9, false);
    CHECK(m.csr(csr::mip) == 2);
    m.hart.write_csr(csr::mip, 0x200);
    CHECK(m.csr(csr::mip) == 0x200);
    m.hart.write_csr(csr::mideleg, 0x222);
    m.hart.write_csr(csr::sip, 2);  // of sip only SSIP can be written
    CHECK(m.csr(csr::mip) == 0x202);
}

TEST_CASE("privilege: a switch of modes breaks an LR reservation", "[cpu][privilege]") {
    Modes m({op::r("lr.w", 1, 10, 0), op::bare("ecall"), op::r("sc.w", 2, 10, 0)});
    m.load({op::csr("csrrw", 0, csr::mepc, 5), op::bare("mret")}, vector_base);
    m.hart.set_x(5, code_base + 8);
    m.enter(Privilege::user);
    m.steps(4);
    CHECK(m.hart.x(2) == 1);
    CHECK(m.hart.privilege() == Privilege::user);
}

TEST_CASE("privilege: a user's trap at the address of the handler is no dead end",
          "[cpu][privilege]") {
    // The handler's first instruction is illegal in U mode, which jumps there twice.
    Modes m;
    m.load({op::csr("csrrw", 6, csr::mscratch, 6), op::jal(0, 0)}, vector_base);
    for (int k = 0; k < 2; ++k) {
        m.enter(Privilege::user, vector_base);
        CHECK(m.steps(1) == Exit::instruction_limit);
        CHECK(m.hart.privilege() == Privilege::machine);
    }
    CHECK(m.bus.traps.size() == 2);
}
