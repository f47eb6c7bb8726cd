// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>
#include <vector>

#include "models/peripherals/watchdog.hpp"
#include "regs/watchdog.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using namespace regs::watchdog;
using namespace test::assemble;
using test::Code;

constexpr std::uint32_t watchdog = 0x1001'4000;
constexpr std::uint32_t key = 0x0051'F15E;
constexpr std::uint32_t food = 0x0D09'F00D;
constexpr std::uint32_t mtime = 0x0200'bff8;

struct ResetSpy final : RunControl {
    void finish(std::uint32_t /*code*/) override {}
    void request_reset(const std::string& reason) override {
        resets.emplace_back(kernel_now(), reason);
    }
    void mark_phase(std::uint32_t /*index*/, bool /*end*/, Picoseconds /*at*/) override {}
    std::vector<std::pair<Picoseconds, std::string>> resets;
};

/// Prints cause and notes; the first three times a program that does not feed, then the end.
Code hanging_program(const std::vector<std::uint32_t>& hang) {
    Code code;
    code.load(28, watchdog + RESET_CAUSE).print(28);
    code.load(28, watchdog + SCRATCH).print(28);
    code.load(21, watchdog + SCRATCH).li(7, 3);
    code.add(b("bne", 21, 7, 4 + 4 * 6));  // over pass(): 5 instructions and its jump
    code.pass();
    code.add(i("addi", 21, 21, 1)).store(21, watchdog + SCRATCH);
    code.set(watchdog + KEY, key);
    code.set(watchdog + TIMEOUT, 300).set(watchdog + GRACE, 33);
    code.set(watchdog + CTRL, CTRL_EN::of(1));
    code.load(28, mtime).print(28);
    const std::uint32_t begin = code.here();
    for (const std::uint32_t word : hang) {
        code.add(word);
    }
    return code.jump_to(begin);
}

}  // namespace

TEST_CASE("watchdog: barks, then bites, at its instants", "[kernel]") {
    test::Bench b;
    ResetSpy control;
    Watchdog device("watchdog", b.env, control);
    test::BusProbe bus(device.bus.get_base_interface());
    test::Plug plug("plug", device.bus);
    test::IrqSpy irq;
    device.irq.bind(irq);
    device.reset(ResetKind::cold);
    const auto set = [&bus](std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        CHECK(bus.write(offset, value) == tlm::TLM_OK_RESPONSE);
    };
    const auto run_until = [](double microseconds) {
        sc_core::sc_start(sc_core::sc_time(microseconds, sc_core::SC_US) -
                          sc_core::sc_time_stamp());
    };
    set(KEY, key);
    set(TIMEOUT, 100);
    set(GRACE, 20);
    set(CTRL, CTRL_EN::of(1));
    run_until(9);
    set(FEED, food);
    run_until(20);
    REQUIRE(irq.level);
    CHECK(irq.changes.back().second == 19'000'000);
    CHECK(bus.read(STATUS) == (STATUS_BARKED::mask));
    set(FEED, food);  // in time
    CHECK_FALSE(irq.level);
    CHECK(bus.read(STATUS) == 0);
    run_until(30.5);
    REQUIRE(irq.level);
    CHECK(irq.changes.back().second == 30'000'000);
    set(IRQ_STATUS, 1);
    CHECK_FALSE(irq.level);
    CHECK(bus.read(IRQ_STATUS) == 0);
    run_until(31.9);
    CHECK(control.resets.empty());
    run_until(50);
    REQUIRE(control.resets.size() == 1);
    CHECK(control.resets[0].first == 32'000'000);
    CHECK(control.resets[0].second == "watchdog resets the chip: not fed for 120 ticks of 100 ns");
    device.reset(ResetKind::cold);
    CHECK(bus.read(RESET_CAUSE) == (RESET_CAUSE_CAUSE::of(2) | RESET_CAUSE_BITES::of(1)));
    run_until(500);
    CHECK(control.resets.size() == 1);
    // A timeout that has passed when it is set barks at once; a stopped one never.
    set(KEY, key);
    set(GRACE, 20);
    set(CTRL, CTRL_EN::of(1));
    run_until(600);
    set(TIMEOUT, 10);
    run_until(600.001);
    CHECK(irq.level);
    set(CTRL, 0);
    CHECK_FALSE(irq.level);
    run_until(700);
    CHECK(control.resets.size() == 1);
}

TEST_CASE("watchdog: resets a core that hangs, in every mode at the same instant", "[kernel]") {
    const auto [name, hang] = GENERATE(table<std::string, std::vector<std::uint32_t>>({
        {"spins", {nop()}},
        {"divides", {r("div", 14, 11, 13), r("div", 14, 11, 13)}},
        {"polls a register", {u("lui", 11, 0x1000'0000), i("lbu", 12, 11, 5)}},
        {"sleeps without interrupts", {bare("wfi")}},
        {"sleeps for one that never comes",
         {i("addi", 11, 0, 8), test::assemble::csr("csrrw", 0, cpu::csr::mie, 11), bare("wfi")}},
        {"traps into nothing", {test::assemble::csr("csrrw", 0, cpu::csr::mtvec, 0), 0}},
        {"traps into a trap",
         {u("auipc", 11, 0), i("addi", 11, 11, 12),
          test::assemble::csr("csrrw", 0, cpu::csr::mtvec, 11), 0}},
    }));
    INFO(name);
    const Code code = hanging_program(hang);
    const test::Outcome first = test::run_world(code);
    INFO(first.report["end_reason"]);
    REQUIRE(first.report["exit_code"] == 0);
    const std::uint32_t begin = first.words[2];
    CHECK(first.words == std::vector<std::uint32_t>{0, 0, begin,             //
                                                    1U << 16 | 2, 1, begin,  //
                                                    2U << 16 | 2, 2, begin,  //
                                                    3U << 16 | 2, 3});
    bool told = false;
    for (const auto& warning : first.report["warnings"]) {
        const std::string text = warning["text"];
        if (text.find("watchdog resets the chip: not fed for 333 ticks of 100 ns") == 0) {
            told = true;
            CHECK(warning["count"] == 3);
        }
    }
    CHECK(told);
    for (const test::Mode& mode : test::all_modes()) {
        INFO(mode.name);
        const test::Outcome other = test::run_world(code, mode);
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
}

}  // namespace cimera
