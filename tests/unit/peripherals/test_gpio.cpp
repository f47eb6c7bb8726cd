// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/peripherals/gpio.hpp"
#include "regs/gpio.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::gpio;
using Level = PinChange::Level;

struct GpioBench : test::Bench {
    Gpio gpio{"gpio", env, {}};
    test::BusProbe bus{gpio.bus.get_base_interface()};
    test::IrqSpy irq;

    GpioBench() {
        gpio.irq.bind(irq);
        gpio.reset(ResetKind::cold);
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        REQUIRE(bus.write(offset, value) == tlm::TLM_OK_RESPONSE);
    }
    std::uint32_t get(std::uint32_t offset) { return bus.read(offset); }
};

}  // namespace

TEST_CASE("gpio: outputs are set, cleared, toggled and read back", "[gpio]") {
    GpioBench b;
    CHECK(b.get(ID) == 0x4f495047);
    CHECK(CAPABILITY_PINS::get(b.get(CAPABILITY)) == 32);
    b.set(OUT, 0xff00'00ff);
    CHECK(b.get(IN) == 0);  // no outputs yet
    b.set(DIR, 0x0000'ffff);
    CHECK(b.get(IN) == 0xff);
    b.set(OUT_SET, 0x0000'0f00);
    CHECK(b.get(OUT) == 0xff00'0fff);
    b.set(OUT_CLEAR, 0xf000'000f);
    CHECK(b.get(OUT) == 0x0f00'0ff0);
    b.set(OUT_TOGGLE, 0xffff'ffff);
    CHECK(b.get(OUT) == 0xf0ff'f00f);
    CHECK(b.get(IN) == 0xf00f);
    // A byte of it, as firmware may.
    REQUIRE(b.bus.write(OUT_SET + 2, 0x0f00, 2) == tlm::TLM_OK_RESPONSE);
    CHECK(b.get(OUT) == 0xffff'f00f);
    REQUIRE(b.bus.write(OUT_TOGGLE, 0xff, 1) == tlm::TLM_OK_RESPONSE);
    CHECK(b.get(OUT) == 0xffff'f0f0);
    CHECK(b.bus.write(IN, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
}

TEST_CASE("gpio: edges of a pin, its own outputs too", "[gpio]") {
    GpioBench b;
    b.set(DIR, 0xf);
    b.set(IRQ_RISE, 1 | 4);
    b.set(IRQ_FALL, 2 | 4);
    b.set(OUT, 0xf);
    CHECK(b.get(IRQ_STATUS) == (1 | 4));
    CHECK(b.irq.level);
    b.set(IRQ_STATUS, 1);
    CHECK(b.irq.level);
    b.set(IRQ_STATUS, 4);
    CHECK_FALSE(b.irq.level);
    b.set(OUT, 0xf);  // no edge
    CHECK(b.get(IRQ_STATUS) == 0);
    b.set(OUT, 0);
    CHECK(b.get(IRQ_STATUS) == (2 | 4));
}

TEST_CASE("gpio: levels keep their bit", "[gpio]") {
    GpioBench b;
    b.set(DIR, 3);
    b.set(IRQ_HIGH, 1);
    b.set(IRQ_LOW, 2);
    CHECK(b.get(IRQ_STATUS) == 2);
    b.set(IRQ_STATUS, 2);
    CHECK(b.get(IRQ_STATUS) == 2);
    b.set(OUT, 3);
    b.set(IRQ_STATUS, 2);
    CHECK(b.get(IRQ_STATUS) == 1);
    b.set(IRQ_HIGH, 0);
    CHECK(b.irq.level);
    b.set(IRQ_STATUS, 1);
    CHECK(b.get(IRQ_STATUS) == 0);
    CHECK_FALSE(b.irq.level);
}

TEST_CASE("gpio: changes of outputs are told, and cost", "[gpio]") {
    GpioBench b;
    b.bus.delay = sc_core::sc_time(1, sc_core::SC_US);
    b.set(OUT, 4);
    b.set(DIR, 4 | 8);
    CHECK(b.count("gpio", "gpio.toggle") == 0);
    b.set(OUT_TOGGLE, 4 | 8 | 16);
    b.set(OUT_SET, 8);
    CHECK(b.count("gpio", "gpio.toggle") == 2);
    b.gpio.reset(ResetKind::cold);
    const auto& told = b.gpio.outputs();
    REQUIRE(told.size() == 6);
    CHECK(b.gpio.output_changes() == 6);
    const auto check = [&told](std::size_t n, Picoseconds at, std::uint32_t pin, Level level) {
        INFO(n);
        CHECK(told[n].at == at);
        CHECK(told[n].pin == pin);
        CHECK(told[n].level == level);
    };
    check(0, 1'010'000, 2, Level::high);
    check(1, 1'010'000, 3, Level::low);
    check(2, 1'020'000, 2, Level::low);
    check(3, 1'020'000, 3, Level::high);
    check(4, 0, 2, Level::released);  // the kernel stands at zero
    check(5, 0, 3, Level::released);
    CHECK(b.get(OUT) == 0);
}

TEST_CASE("gpio: the first changes are kept, all are counted", "[gpio]") {
    GpioBench b;
    b.set(DIR, 1);
    for (std::size_t n = 0; n < 2 * Gpio::most_changes; ++n) {
        b.set(OUT_TOGGLE, 1);
    }
    CHECK(b.gpio.outputs().size() == Gpio::most_changes);
    CHECK(b.gpio.output_changes() == 2 * Gpio::most_changes + 1);
}

}  // namespace cimera
