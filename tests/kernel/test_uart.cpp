// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>

#include <catch2/catch.hpp>

#include "models/peripherals/uart16550.hpp"
#include "regs/uart.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::uart;

constexpr std::uint32_t FCR = IIR;

struct Sender final : SerialSource {
    explicit Sender(std::string what, bool waits) : text(std::move(what)), patient(waits) {}
    [[nodiscard]] bool ready() const override { return next < text.size(); }
    std::uint8_t take() override { return static_cast<std::uint8_t>(text[next++]); }
    [[nodiscard]] bool holds_back() const override { return patient; }
    std::string text;
    bool patient;
    std::size_t next = 0;
};

struct LineBench : test::Bench {
    Uart16550 uart{"uart", env, [](std::uint8_t) {}};
    test::Plug plug{"plug", uart.bus};
    test::BusProbe bus{*plug.bus.operator->()};
    test::IrqSpy irq;
    Sender sender;

    explicit LineBench(std::string text, bool patient = false) : sender(std::move(text), patient) {
        uart.irq.bind(irq);
        uart.connect(sender);
        uart.reset(ResetKind::cold);
        set(LCR, 3);
    }
    [[nodiscard]] Picoseconds character() const { return uart.character_time(); }
    static void run(Picoseconds time) { sc_core::sc_start(sc_core::sc_time::from_value(time)); }
    std::uint32_t get(std::uint32_t offset) {
        bus.delay = sc_core::SC_ZERO_TIME;
        return bus.read(offset, 1);
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(offset, value, 1);
    }
};

}  // namespace

TEST_CASE("uart line: bytes arrive one after the other at the baud rate", "[kernel]") {
    LineBench b("abc");
    b.run(10 * b.character());
    CHECK(b.sender.next == 0);  // nobody listens yet
    b.set(FCR, 0x01);
    b.set(IER, 0x01);
    const Picoseconds start = kernel_now();
    b.run(4 * b.character());
    CHECK(b.sender.next == 3);
    REQUIRE(b.irq.changes.size() == 1);
    CHECK(b.irq.changes[0] == std::pair(true, start + b.character()));
    for (const char c : std::string("abc")) {
        CHECK(b.get(DATA) == static_cast<std::uint32_t>(c));
    }
    CHECK((b.get(LSR) & 3) == 0);
}

TEST_CASE("uart line: what lies below the trigger level interrupts after four characters",
          "[kernel]") {
    LineBench b("ab");
    b.set(FCR, 0x81);
    b.set(IER, 0x01);
    b.run(10 * b.character());
    REQUIRE(b.irq.changes.size() == 1);
    CHECK(b.irq.changes[0] == std::pair(true, (2 + 4) * b.character()));
    CHECK(b.get(IIR) == 0xcc);
    CHECK(b.get(DATA) == 'a');
    CHECK_FALSE(b.irq.level);
    b.run(5 * b.character());  // the rest asks again
    CHECK(b.irq.level);
    CHECK(b.get(DATA) == 'b');
    CHECK_FALSE(b.irq.level);
    b.run(10 * b.character());
    CHECK_FALSE(b.irq.level);
}

TEST_CASE("uart line: a receiver that does not read loses bytes and says so", "[kernel]") {
    LineBench b(std::string(20, 'x'));
    b.set(FCR, 0x01);
    b.run(30 * b.character());
    CHECK(b.sender.next == 20);
    CHECK(b.uart.overruns() == 4);
    CHECK((b.get(LSR) & 3) == 3);
    CHECK((b.get(LSR) & 3) == 1);
}

TEST_CASE("uart line: a patient sender waits for room", "[kernel]") {
    LineBench b(std::string(20, 'x'), true);
    b.set(FCR, 0x01);
    b.run(30 * b.character());
    CHECK(b.sender.next == 16);
    b.get(DATA);
    b.get(DATA);
    b.run(30 * b.character());
    CHECK(b.sender.next == 18);
    CHECK(b.uart.overruns() == 0);
}

TEST_CASE("uart line: a source that has something again goes on", "[kernel]") {
    LineBench b("a", true);
    b.set(FCR, 0x01);
    b.run(30 * b.character());
    CHECK(b.sender.next == 1);
    b.sender.text += "b";
    b.run(30 * b.character());
    CHECK(b.sender.next == 1);
    b.uart.source_ready();
    b.run(2 * b.character());
    CHECK(b.sender.next == 2);
}

TEST_CASE("uart line: a reset empties the receiver and the line is silent", "[kernel]") {
    LineBench b(std::string(20, 'x'));
    b.set(FCR, 0x01);
    b.run(5 * b.character());
    b.uart.reset(ResetKind::cold);
    const std::size_t sent = b.sender.next;
    b.run(30 * b.character());
    CHECK(b.sender.next == sent);
    CHECK((b.get(LSR) & 3) == 0);
    b.run(3 * b.character());  // reading LSR was listening
    CHECK(b.sender.next > sent);
}

}  // namespace cimera
