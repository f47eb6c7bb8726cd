// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "regs/cim.hpp"
#include "regs/energy.hpp"
#include "regs/sensor.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using test::Code;
using test::Mode;
using namespace test::assemble;

constexpr std::uint32_t nvm = 0x2000'0000;
constexpr std::uint32_t mtimecmp = 0x0200'4000;
constexpr std::uint32_t mtime = 0x0200'bff8;
constexpr std::uint32_t scratch = 0x8010'0000;
constexpr std::uint32_t camera = 0x1002'0000;
constexpr std::uint32_t energy = 0x1001'1000;
constexpr std::uint32_t info = 0x1001'9000;
constexpr std::uint32_t tile = 0x4000'0000;
constexpr std::uint32_t finisher = 0x0010'0000;

void print_energy(Code& code, std::uint32_t part) {
    using namespace regs::energy;
    code.set(energy + SELECT, SELECT_PART::of(part));
    code.load(28, energy + VALUE_LO).print(28);
}

/// Does a bit of everything, prints what it sees, counts the passes in the NVM, one bit more each,
/// so that all write the same number of cells, and resets the chip after all passes but the last.
Code pass_program(unsigned nops, std::uint32_t passes) {
    using namespace regs::sensor;
    Code code;
    code.load(20, nvm);
    code.add(r("add", 21, 20, 20)).add(i("addi", 21, 21, 1)).store(21, nvm);
    // Contents of the L2 are as loaded.
    code.load(28, scratch).print(28);
    code.set(scratch, 0xdeadbeef);
    code.load(28, mtime).print(28);
    code.nops(nops);
    code.load(28, mtime).print(28);
    code.csrr(28, cpu::csr::mcycle).print(28);
    code.csrr(28, cpu::csr::minstret).print(28);
    for (const std::uint32_t number :
         {cpu::csr::mie, cpu::csr::mtvec, cpu::csr::mepc, cpu::csr::mcause, cpu::csr::mscratch}) {
        code.csrr(28, number).print(28);
    }
    code.csrw(cpu::csr::mscratch, 77);
    code.csrw(cpu::csr::mtvec, Code::base);
    // Sleeps until the timer rings, and leaves it ringing.
    code.set(mtimecmp + 4, 0);
    code.load(7, mtime).add(i("addi", 7, 7, 50)).store(7, mtimecmp);
    code.csrw(cpu::csr::mie, 1U << 7);
    code.add(bare("wfi"));
    code.load(28, mtime).print(28);
    code.csrr(28, cpu::csr::mcycle).print(28);
    // A shuffled, looping window; the sensor is left running.
    code.load(28, camera + DELIVERED).print(28);
    code.load(28, camera + CTRL).print(28);
    code.set(camera + CTRL, CTRL_RUN::mask | CTRL_SHUFFLE::mask | CTRL_LOOP::mask);
    for (int frame = 0; frame < 3; ++frame) {
        code.li(5, camera + STATUS);
        code.add(i("lw", 28, 5, 0)).add(i("andi", 28, 28, 1)).add(b("beq", 28, 0, -8));
        for (const std::uint32_t reg : {DATA, INDEX, TIME_LO, LABEL}) {
            code.load(28, camera + reg).print(28);
        }
        code.set(camera + NEXT, 0);
    }
    // A job, refused for its operation 0, begins and ends at edges of the tile's clock.
    code.set(tile + regs::cim::JOB, scratch + 0x100);
    code.li(5, tile + regs::cim::STATUS);
    code.add(i("lw", 28, 5, 0)).add(i("andi", 28, 28, 1)).add(b("bne", 28, 0, -8));
    code.csrr(28, cpu::csr::mcycle).print(28);
    code.load(28, tile + regs::cim::ERROR_CODE).print(28);
    code.load(28, info + 0x10).print(28);
    code.set(energy + regs::energy::CTRL, 1);
    print_energy(code, 1);
    print_energy(code, 2);
    code.load(28, energy + regs::energy::TIME_LO).print(28);
    print_energy(code, 3);
    code.li(6, 0x7777).li(7, (1U << passes) - 1);
    code.add(b("bne", 21, 7, 12));
    code.li(6, 0x5555);
    code.store(6, finisher);
    return code.jump_to(code.here());
}

Mode with_frames(Mode mode) {
    mode.frames.rows = 1;
    mode.frames.cols = 4;
    for (std::uint8_t n = 0; n < 28; ++n) {
        mode.frames.samples.push_back(n);
    }
    mode.frames.labels = {6, 5, 4, 3, 2, 1, 0};
    return mode;
}

}  // namespace

TEST_CASE("reset: run, reset, run equals a fresh run", "[kernel]") {
    // Different lengths, so that the reset comes at any phase of the slower clocks.
    const unsigned nops = GENERATE(0U, 1U, 2U, 3U, 7U, 13U, 20U, 101U);
    // Also with clocks that share no edges.
    const bool odd = GENERATE(false, true);
    Mode mode = with_frames({});
    if (odd) {
        mode.set = {"clock.host=3 ns", "clock.fabric=7 ns", "clock.cim=101 ns",
                    "clock.peripherals=13 ns"};
    }
    const std::uint32_t passes = 3;
    const test::Outcome fresh = test::run_world(pass_program(nops, 1), mode);
    REQUIRE(fresh.report["exit_code"] == 0);
    const std::size_t length = fresh.words.size();
    REQUIRE(length > 20);
    CHECK(fresh.words[0] == 0);
    const test::Outcome again = test::run_world(pass_program(nops, passes), mode);
    REQUIRE(again.report["exit_code"] == 0);
    REQUIRE(again.words.size() == passes * length);
    for (std::size_t pass = 0; pass < passes; ++pass) {
        for (std::size_t n = 0; n + 1 < length; ++n) {
            INFO("pass " << pass << ", word " << n << ", " << nops << " nops, odd clocks " << odd);
            CHECK(again.words[pass * length + n] == fresh.words[n]);
        }
        // Leakage is cut to whole attojoules at both ends of the interval, for each component.
        const std::int64_t leakage = again.words[pass * length + length - 1];
        CHECK(std::abs(leakage - std::int64_t{fresh.words[length - 1]}) <= 16);
    }
}

TEST_CASE("reset: instructions, cycles and energy of the whole run go on", "[kernel]") {
    const test::Outcome one = test::run_world(pass_program(5, 1), with_frames({}));
    const test::Outcome three = test::run_world(pass_program(5, 3), with_frames({}));
    // The last pass takes one instruction pair more: the li of 0x5555.
    const std::uint64_t instructions = one.report["instructions"];
    CHECK(three.report["instructions"] == 3 * instructions - 2 * 2);
    CHECK(three.report["cycles"].get<std::uint64_t>() >
          2 * one.report["cycles"].get<std::uint64_t>());
    const auto total = [](const test::Outcome& outcome) {
        return std::stoull(outcome.report["energy_aJ"]["total"].get<std::string>());
    };
    CHECK(static_cast<double>(total(three)) ==
          Approx(3.0 * static_cast<double>(total(one))).epsilon(0.01));
}

TEST_CASE("reset: the same in every mode", "[kernel]") {
    const Code code = pass_program(4, 2);
    const test::Outcome first = test::run_world(code, with_frames({}));
    REQUIRE(first.report["exit_code"] == 0);
    for (const Mode& mode : test::all_modes()) {
        INFO(mode.name);
        const test::Outcome other = test::run_world(code, with_frames(mode));
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
}

}  // namespace cimera
