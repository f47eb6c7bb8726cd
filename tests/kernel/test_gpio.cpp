// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/peripherals/gpio.hpp"
#include "regs/gpio.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {

using namespace regs::gpio;
using Level = PinChange::Level;

TEST_CASE("gpio: the world outside at its instants, over resets", "[kernel]") {
    test::Bench b;
    Gpio gpio("gpio", b.env,
              {{0, 9, Level::high},
               {1'000'000, 3, Level::high},
               {2'000'000, 3, Level::low},
               {3'000'000, 3, Level::high},
               {3'000'000, 3, Level::low},
               {4'000'000, 4, Level::high},
               {5'000'000, 4, Level::low}});
    test::BusProbe bus(gpio.bus.get_base_interface());
    test::Plug plug("plug", gpio.bus);
    test::IrqSpy irq;
    gpio.irq.bind(irq);
    gpio.reset(ResetKind::cold);
    const auto set = [&bus](std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        REQUIRE(bus.write(offset, value) == tlm::TLM_OK_RESPONSE);
    };
    const auto run_until = [](double microseconds) {
        sc_core::sc_start(sc_core::sc_time(microseconds, sc_core::SC_US) -
                          sc_core::sc_time_stamp());
    };
    run_until(0.5);
    CHECK(bus.read(IN) == 1U << 9);
    set(IRQ_RISE, 1U << 3);
    set(IRQ_FALL, 1U << 3);
    run_until(1.5);
    CHECK(bus.read(IN) == (1U << 9 | 1U << 3));
    REQUIRE(irq.level);
    CHECK(irq.changes.back().second == 1'000'000);
    set(IRQ_STATUS, 1U << 3);
    run_until(2.5);
    CHECK(irq.changes.back().second == 2'000'000);
    set(IRQ_STATUS, 1U << 3);
    // Both edges of a pulse without width.
    set(IRQ_FALL, 0);
    run_until(3.5);
    CHECK(irq.level);
    CHECK(bus.read(IN) == 1U << 9);
    // What is connected to an output is not seen, and not forgotten.
    set(IRQ_STATUS, 1U << 3);
    set(DIR, 1U << 4);
    run_until(4.5);
    CHECK(bus.read(IN) == 1U << 9);
    gpio.reset(ResetKind::cold);
    CHECK(bus.read(IN) == (1U << 9 | 1U << 4));
    run_until(5.5);
    CHECK(bus.read(IN) == 1U << 9);
    CHECK_FALSE(irq.level);
    CHECK_FALSE(sc_core::sc_pending_activity());
}

}  // namespace cimera
