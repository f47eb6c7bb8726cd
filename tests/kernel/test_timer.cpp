// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "models/peripherals/timer.hpp"
#include "regs/plic.hpp"
#include "regs/timer.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using namespace regs::timer;
using namespace test::assemble;
using test::Code;

constexpr std::uint32_t timer = 0x1001'3000;
constexpr std::uint32_t plic = 0x0c00'0000;
constexpr std::uint32_t source = 4;

}  // namespace

TEST_CASE("timer: interrupts at the instants of its matches", "[kernel]") {
    test::Bench b;
    Timer device("timer", b.env);
    test::BusProbe bus(device.bus.get_base_interface());
    test::Plug plug("plug", device.bus);
    test::IrqSpy irq;
    device.irq.bind(irq);
    device.reset(ResetKind::cold);
    const auto set = [&bus](std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(offset, value);
    };
    set(IRQ_ENABLE, 1 | 4);
    set(COMPARE, 100);
    set(CTRL, CTRL_EN::of(1) | CTRL_MODE::of(1));
    set(COMPARE + 8, 130);
    set(PRESCALER + 8, 1);
    set(CTRL + 8, CTRL_EN::of(1) | CTRL_MODE::of(2));
    const auto run_until = [](double microseconds) {
        sc_core::sc_start(sc_core::sc_time(microseconds, sc_core::SC_US) -
                          sc_core::sc_time_stamp());
    };
    run_until(1.5);
    REQUIRE(irq.level);
    CHECK(irq.changes.back().second == 1'000'000);
    set(IRQ_STATUS, 1);
    CHECK_FALSE(irq.level);
    run_until(2.5);
    CHECK(irq.level);
    CHECK(irq.changes.back().second == 2'000'000);
    run_until(2.7);
    CHECK(bus.read(IRQ_STATUS) == 5);
    set(IRQ_STATUS, 1);
    CHECK(irq.level);
    set(IRQ_STATUS, 4);
    CHECK_FALSE(irq.level);
    // Later by a longer prescaler, then sooner by a smaller compare value.
    set(PRESCALER, 9);
    set(COUNT, 0);
    run_until(4);
    CHECK_FALSE(irq.level);
    set(COMPARE, 50);
    run_until(8);
    CHECK(irq.changes.back().second == 2'700'000 + 50 * 10 * 10'000);
    // A match that nobody wants to hear of needs no event.
    set(IRQ_ENABLE, 0);
    CHECK_FALSE(sc_core::sc_pending_activity());
}

TEST_CASE("timer: wakes the core in every mode at the same instants", "[kernel]") {
    // Channel 1 every 12.35 us, channel 2 once; each wake-up prints status, count and mcycle.
    Code code;
    code.set(plic + regs::plic::PRIORITY + 4 * source, 1);
    code.set(plic + regs::plic::ENABLE, 1U << source);
    code.csrw(cpu::csr::mie, 1U << 11);
    code.set(timer + IRQ_ENABLE, 6);
    code.set(timer + COMPARE + 4, 1235);
    code.set(timer + COMPARE + 8, 300).set(timer + PRESCALER + 8, 9);
    code.set(timer + CTRL + 4, CTRL_EN::of(1) | CTRL_MODE::of(1));
    code.set(timer + CTRL + 8, CTRL_EN::of(1) | CTRL_MODE::of(2));
    for (int n = 0; n < 8; ++n) {
        code.add(bare("wfi"));
        code.load(29, plic + regs::plic::CLAIM);
        code.load(28, timer + IRQ_STATUS).store(28, timer + IRQ_STATUS).print(28);
        code.load(28, timer + COUNT + 4).print(28);
        code.csrr(28, cpu::csr::mcycle).print(28);
        code.store(29, plic + regs::plic::CLAIM).print(29);
    }
    code.pass();
    const test::Outcome first = test::run_world(code);
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 8 * 4);
    std::vector<std::uint32_t> status;
    for (std::size_t n = 0; n < first.words.size(); n += 4) {
        status.push_back(first.words[n]);
        CHECK(first.words[n + 3] == source);
    }
    CHECK(status == std::vector<std::uint32_t>{2, 2, 4, 2, 2, 2, 2, 2});
    CHECK(first.words[1] < 40);  // cycles of the timer since it woke the core
    CHECK(first.words[4 * 2 + 1] == Approx(3000 - 2 * 1235).margin(80));
    for (const test::Mode& mode : test::all_modes()) {
        INFO(mode.name);
        const test::Outcome other = test::run_world(code, mode);
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
}

}  // namespace cimera
