// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <vector>

#include "tests/support/world.hpp"

namespace cimera {
namespace {

using test::Code;
using test::Mode;
using namespace test::assemble;

constexpr std::uint32_t mtimecmp = 0x0200'4000;
constexpr std::uint32_t mtime = 0x0200'bff8;
constexpr std::uint32_t msip = 0x0200'0000;
constexpr Picoseconds cycle = 5000;
constexpr std::uint32_t table = 0x8010'0000;  // next distance to ring after, in ticks
constexpr std::uint32_t next = 18;            // register that points into the table

/// Ticks from one timer interrupt to the next: shorter and longer than every quantum.
const std::vector<std::uint32_t> distances = {
    1,   2,    3,    7,    10,   11,     13,     29,     50,     97, 100, 101,
    367, 1000, 1001, 9973, 9999, 10'000, 10'001, 12'345, 20'011, 1,  5};

void write_table(Code& code) {
    for (std::size_t i = 0; i < distances.size(); ++i) {
        code.set(table + 4 * static_cast<std::uint32_t>(i), distances[i]);
    }
    code.set(table + 4 * static_cast<std::uint32_t>(distances.size()), 0);
    code.li(next, table);
}

/// Compare = mtime + the table's next distance; where the table ends, the run does. Uses x7, x10.
void ring_next(Code& code) {
    code.add(i("lw", 10, next, 0)).add(i("addi", next, next, 4));
    code.add(b("bne", 10, 0, 4 * 7));
    code.pass();
    code.load(7, mtime).add(r("add", 7, 7, 10)).store(7, mtimecmp);
}

/// Interrupted all the time while running `body`; each interrupt prints mcycle, mepc and mtimecmp.
Code interrupted_program(const std::vector<std::uint32_t>& body) {
    Code code;
    const std::size_t over_handler = code.reserve();
    const std::uint32_t handler = code.here();
    code.csrr(28, cpu::csr::mcycle).csrr(29, cpu::csr::mepc);
    code.load(30, mtimecmp);
    code.print(28).print(29).print(30);
    ring_next(code);
    code.add(bare("mret"));
    code.fill(over_handler, jal(0, static_cast<std::int32_t>(code.here() - Code::base)));
    write_table(code);
    code.csrw(cpu::csr::mtvec, handler);
    code.set(mtimecmp + 4, 0);
    code.csrw(cpu::csr::mie, 1U << 7);
    ring_next(code);
    code.csrw(cpu::csr::mstatus, cpu::mstatus::mie);
    const std::uint32_t loop = code.here();
    for (const std::uint32_t word : body) {
        code.add(word);
    }
    return code.jump_to(loop);
}

}  // namespace

TEST_CASE("interrupts: taken at the first instruction boundary at or after the instant",
          "[kernel]") {
    // Cycles that the longest instruction of the loop, its jump, takes, measured by the program.
    Code measure;
    measure.csrr(28, cpu::csr::mcycle).add(jal(0, 4)).csrr(29, cpu::csr::mcycle);
    measure.csrr(30, cpu::csr::mcycle);
    measure.print(28).print(29).print(30).pass();
    const std::vector<std::uint32_t> cycles = test::run_world(measure).words;
    REQUIRE(cycles.size() == 3);
    const std::uint32_t longest = (cycles[1] - cycles[0]) - (cycles[2] - cycles[1]);
    INFO("a jump takes " << longest << " cycles");
    REQUIRE(longest >= 2);
    REQUIRE(longest < 10);

    const Code code = interrupted_program(std::vector<std::uint32_t>(30, nop()));
    const test::Outcome first = test::run_world(code);
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 3 * distances.size());
    // From the instant to the handler's first instruction: up to the boundary, then the same for
    // all interrupts.
    std::vector<Picoseconds> late;
    for (std::size_t n = 0; n < distances.size(); ++n) {
        if (distances[n] < 5) {
            continue;  // it rings before the handler that armed it has returned
        }
        const Picoseconds instant = first.words[3 * n + 2] * Picoseconds{100'000};
        const Picoseconds entered = first.words[3 * n] * cycle;
        REQUIRE(entered > instant);
        late.push_back((entered - instant) / cycle);
    }
    const auto [least, most] = std::minmax_element(late.begin(), late.end());
    CHECK(*least <= 10);
    CHECK(*most - *least < longest);
    test::check_all_modes(code, first);
}

TEST_CASE("interrupts: the same instruction in every mode, whatever is interrupted", "[kernel]") {
    // Divisions, multiplications, memory and device accesses of different lengths.
    std::vector<std::uint32_t> body;
    body.push_back(u("lui", 11, 0x8020'0000));
    body.push_back(u("lui", 12, 0x1001'9000));
    for (int n = 0; n < 8; ++n) {
        body.push_back(r("mul", 13, 13, 11));
        body.push_back(r("div", 14, 11, 13));
        body.push_back(i("lw", 15, 11, 4 * n));
        body.push_back(i("lw", 16, 12, 0x10));
        body.push_back(s("sw", 13, 11, 4 * n));
        body.push_back(nop());
        body.push_back(bare("fence.i"));
    }
    const Code code = interrupted_program(body);
    const test::Outcome first = test::run_world(code);
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 3 * distances.size());
    test::check_all_modes(code, first);
}

TEST_CASE("interrupts: wfi wakes at the instant and its time is no active time", "[kernel]") {
    Code code;
    write_table(code);
    code.set(mtimecmp + 4, 0);
    code.csrw(cpu::csr::mie, 1U << 7);  // MIE of mstatus stays 0: wake up and go on
    const std::uint32_t loop = code.here();
    ring_next(code);
    code.add(bare("wfi"));
    code.load(28, mtime).load(29, mtimecmp).csrr(30, cpu::csr::mip);
    code.print(28).print(29).print(30);
    code.jump_to(loop);
    const test::Outcome first = test::run_world(code);
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 3 * distances.size());
    std::uint64_t ticks = 0;
    for (std::size_t n = 0; n < distances.size(); ++n) {
        INFO("distance " << distances[n]);
        // The load that reads mtime ends within two ticks; short distances are over before the wfi.
        CHECK(first.words[3 * n] >= first.words[3 * n + 1]);
        CHECK(first.words[3 * n] <= first.words[3 * n + 1] + 2);
        CHECK((first.words[3 * n + 2] & 1U << 7) != 0);
        ticks += distances[n];
    }
    const double asleep = first.report["asleep_s"];
    CHECK(asleep > static_cast<double>(ticks) * 1e-7 * 0.95);
    CHECK(asleep < static_cast<double>(ticks) * 1e-7);
    const double active = first.report["cycles"].get<double>() * 5e-9;
    // Each sleep may end between two edges of the clock.
    CHECK(active + asleep <= first.report["simulated_time_s"].get<double>() + 1e-12);
    CHECK(active + asleep >= first.report["simulated_time_s"].get<double>() - 23 * 5e-9);
    test::check_all_modes(code, first);
}

TEST_CASE("interrupts: a cleared interrupt is not taken again", "[kernel]") {
    Code code;
    const std::size_t over_handler = code.reserve();
    const std::uint32_t handler = code.here();
    code.add(i("addi", 20, 20, 1)).csrr(28, cpu::csr::mcause).print(28);
    code.store(0, msip);
    code.add(bare("mret"));
    code.fill(over_handler, jal(0, static_cast<std::int32_t>(code.here() - Code::base)));
    code.csrw(cpu::csr::mtvec, handler);
    code.csrw(cpu::csr::mie, 1U << 3);
    code.csrw(cpu::csr::mstatus, cpu::mstatus::mie);
    for (int n = 0; n < 5; ++n) {
        code.set(msip, 1);
        // Taken before the very next instruction.
        code.add(i("addi", 28, 20, 0)).print(28);
        code.nops(20);
    }
    code.pass();
    for (const Mode& mode : test::all_modes()) {
        INFO(mode.name);
        const std::uint32_t cause = cpu::interrupt::cause_bit | 3U;
        CHECK(test::run_world(code, mode).words ==
              std::vector<std::uint32_t>{cause, 1, cause, 2, cause, 3, cause, 4, cause, 5});
    }
}

}  // namespace cimera
