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

struct UartBench : test::Bench {
    std::string sent;
    Uart16550 uart{"uart", env, [this](std::uint8_t byte) { sent.push_back(char(byte)); }};
    test::BusProbe bus{uart.bus.get_base_interface()};
    test::IrqSpy irq;

    UartBench() {
        uart.irq.bind(irq);
        uart.reset(ResetKind::cold);
    }
    std::uint32_t get(std::uint32_t offset) {
        const std::uint32_t value = bus.read(offset, 1);
        REQUIRE(bus.response == tlm::TLM_OK_RESPONSE);
        return value;
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        REQUIRE(bus.write(offset, value, 1) == tlm::TLM_OK_RESPONSE);
    }
    void receive(const std::string& text) {
        for (const char c : text) {
            uart.receive(static_cast<std::uint8_t>(c));
        }
    }
};

constexpr std::uint32_t FCR = IIR;

}  // namespace

TEST_CASE("uart: values after reset", "[uart]") {
    UartBench b;
    CHECK(b.get(IER) == 0);
    CHECK(b.get(IIR) == 1);
    CHECK(b.get(LCR) == 0);
    CHECK(b.get(LSR) == 0x60);
    CHECK(b.get(DATA) == 0);
    b.set(SCR, 0xa5);
    CHECK(b.get(SCR) == 0xa5);
    b.uart.reset(ResetKind::warm);
    CHECK(b.get(SCR) == 0);
}

TEST_CASE("uart: a written byte leaves and costs energy once", "[uart]") {
    UartBench b;
    for (const char c : std::string("Hi\n")) {
        b.set(DATA, static_cast<std::uint32_t>(c));
    }
    CHECK(b.sent == "Hi\n");
    CHECK(b.count("uart", "uart.byte") == 3);
    CHECK(b.count("uart", "peripheral.access") == 3);
    CHECK((b.get(LSR) & 0x60) == 0x60);
}

TEST_CASE("uart: the divisor latch hides data and interrupt enable", "[uart]") {
    UartBench b;
    b.set(IER, 0x05);
    b.set(LCR, 0x83);
    CHECK(b.get(DATA) == 0);
    b.set(DATA, 0x34);
    b.set(IER, 0x12);
    CHECK(b.get(DATA) == 0x34);
    CHECK(b.get(IER) == 0x12);
    b.set(LCR, 0x03);
    CHECK(b.sent.empty());
    CHECK(b.get(IER) == 0x05);
    b.set(LCR, 0x83);
    CHECK(b.get(DATA) == 0x34);
    CHECK(b.get(IER) == 0x12);
}

TEST_CASE("uart: interrupt enable keeps four bits", "[uart]") {
    UartBench b;
    b.set(IER, 0xff);
    CHECK(b.get(IER) == 0x0f);
}

TEST_CASE("uart: received data interrupts until it is read", "[uart]") {
    UartBench b;
    b.receive("x");
    CHECK_FALSE(b.irq.level);
    b.set(IER, 1);
    CHECK(b.irq.level);
    CHECK((b.get(IIR) & 15) == 4);
    CHECK((b.get(LSR) & 1) == 1);
    CHECK(b.get(DATA) == 'x');
    CHECK_FALSE(b.irq.level);
    CHECK((b.get(IIR) & 15) == 1);
    CHECK((b.get(LSR) & 1) == 0);
}

TEST_CASE("uart: the FIFO interrupts from its trigger level on", "[uart]") {
    const auto [code, level] =
        GENERATE(table<std::uint32_t, unsigned>({{0x01, 1}, {0x41, 4}, {0x81, 8}, {0xc1, 14}}));
    UartBench b;
    b.set(FCR, code);
    b.set(IER, 1);
    for (unsigned n = 1; n <= 16; ++n) {
        b.receive("a");
        INFO(n << " bytes, level " << level);
        CHECK(b.get(IIR) == (0xc0U | (n >= level ? 4U : 1U)));
        CHECK(b.irq.level == (n >= level));
    }
}

TEST_CASE("uart: a full FIFO loses the byte and says so once", "[uart]") {
    UartBench b;
    b.set(FCR, 0x01);
    b.set(IER, 4);
    b.receive("0123456789abcdef");
    CHECK_FALSE(b.irq.level);
    b.receive("!");
    CHECK(b.irq.level);
    CHECK((b.get(IIR) & 15) == 6);
    CHECK((b.get(LSR) & 2) == 2);
    CHECK_FALSE(b.irq.level);
    CHECK((b.get(LSR) & 2) == 0);
    for (const char c : std::string("0123456789abcdef")) {
        CHECK(b.get(DATA) == static_cast<std::uint32_t>(c));
    }
    CHECK(b.get(DATA) == 0);
}

TEST_CASE("uart: without FIFOs one byte is held", "[uart]") {
    UartBench b;
    b.receive("ab");
    CHECK((b.get(LSR) & 3) == 3);
    CHECK(b.get(DATA) == 'a');
    CHECK((b.get(LSR) & 1) == 0);
}

TEST_CASE("uart: the receive FIFO can be emptied", "[uart]") {
    UartBench b;
    b.set(FCR, 0x01);
    b.set(IER, 1);
    b.receive("abc");
    CHECK(b.irq.level);
    b.set(FCR, 0x03);
    CHECK_FALSE(b.irq.level);
    CHECK((b.get(LSR) & 1) == 0);
}

TEST_CASE("uart: an empty transmitter interrupts when enabled and after each byte", "[uart]") {
    UartBench b;
    b.set(IER, 2);
    CHECK(b.irq.level);
    CHECK((b.get(IIR) & 15) == 2);  // reading the identity answers it
    CHECK_FALSE(b.irq.level);
    CHECK((b.get(IIR) & 15) == 1);
    b.set(DATA, 'x');
    CHECK(b.irq.level);
    b.set(IER, 0);
    CHECK_FALSE(b.irq.level);
    b.set(IER, 2);
    CHECK(b.irq.level);
}

TEST_CASE("uart: identities have priorities", "[uart]") {
    UartBench b;
    b.set(IER, 7);
    b.receive("ab");  // the second one is lost
    CHECK((b.get(IIR) & 15) == 6);
    b.get(LSR);
    CHECK((b.get(IIR) & 15) == 4);
    b.get(DATA);
    CHECK((b.get(IIR) & 15) == 2);
    CHECK((b.get(IIR) & 15) == 1);
}

TEST_CASE("uart: enabling or disabling the FIFOs empties them", "[uart]") {
    UartBench b;
    b.set(FCR, 0x01);
    b.receive("ab");
    b.set(FCR, 0x01);
    CHECK((b.get(LSR) & 1) == 1);
    b.set(FCR, 0x00);
    CHECK((b.get(LSR) & 1) == 0);
}

TEST_CASE("uart: in loop-back it hears itself and nobody else does", "[uart]") {
    UartBench b;
    b.set(MCR, 0x10);
    b.set(DATA, 'x');
    CHECK(b.sent.empty());
    CHECK((b.get(LSR) & 1) == 1);
    CHECK(b.get(DATA) == 'x');
    b.set(MCR, 0);
    b.set(DATA, 'y');
    CHECK(b.sent == "y");
    CHECK((b.get(LSR) & 1) == 0);
}

TEST_CASE("uart: loop-back wires the modem outputs to its inputs", "[uart]") {
    const auto [outputs, inputs] = GENERATE(table<std::uint32_t, std::uint32_t>(
        {{0x10, 0x00}, {0x11, 0x20}, {0x12, 0x10}, {0x14, 0x40}, {0x18, 0x80}, {0x1f, 0xf0}}));
    UartBench b;
    CHECK(b.get(MSR) == 0xb0);
    b.set(MCR, outputs);
    CHECK((b.get(MSR) & 0xf0) == inputs);
}

TEST_CASE("uart: a change of modem lines interrupts until MSR is read", "[uart]") {
    UartBench b;
    b.set(IER, 8);
    b.set(MCR, 0x1f);  // CTS, DSR and DCD stay, the bell begins to ring
    CHECK_FALSE(b.irq.level);
    b.set(MCR, 0x1b);  // and ends
    CHECK(b.irq.level);
    CHECK((b.get(IIR) & 15) == 0);
    CHECK(b.get(MSR) == 0xb4);
    CHECK_FALSE(b.irq.level);
    CHECK(b.get(MSR) == 0xb0);
    b.set(MCR, 0x10);
    CHECK(b.get(MSR) == 0x0b);
}

TEST_CASE("uart: a character takes its bits at the programmed rate", "[uart]") {
    UartBench b;
    const auto program = [&b](std::uint32_t divisor, std::uint32_t format) {
        b.set(LCR, 0x80);
        b.set(DATA, divisor & 0xff);
        b.set(IER, divisor >> 8);
        b.set(LCR, format);
    };
    // Whole picoseconds: less than one is cut off.
    const auto bits = [](double count, double baud) { return count / baud * 1e12; };
    const auto time = [&b] { return static_cast<double>(b.uart.character_time()); };
    b.set(LCR, 3);
    CHECK(time() == Approx(bits(10, 115'200)).epsilon(0).margin(1));  // nothing programmed yet
    program(2, 0x03);
    CHECK(time() == Approx(bits(10, 115'200)).epsilon(0).margin(1));
    program(24, 0x03);
    CHECK(time() == Approx(bits(10, 9600)).epsilon(0).margin(1));
    program(24, 0x0f);  // parity and two stop bits
    CHECK(time() == Approx(bits(12, 9600)).epsilon(0).margin(1));
    program(0xffff, 0x00);  // five bits
    CHECK(time() == Approx(bits(7, 230'400.0 / 65535)).epsilon(0).margin(1));
}

TEST_CASE("uart: a word reaches the register at its address", "[uart]") {
    UartBench b;
    b.bus.write(DATA, 0x4342'4140U);
    CHECK(b.sent == "@");
    b.bus.write(MCR, 0x4342'4102U);
    CHECK(b.bus.read(MCR) == 2);
}

TEST_CASE("uart: writing status has no effect", "[uart]") {
    UartBench b;
    b.set(LSR, 0xff);
    b.set(MSR, 0xff);
    CHECK(b.get(LSR) == 0x60);
    CHECK(b.get(MSR) == 0xb0);
}

TEST_CASE("uart: a debugger's look changes nothing", "[uart]") {
    UartBench b;
    b.set(FCR, 1);
    b.set(IER, 2);
    b.receive("ab");
    const std::uint64_t accesses = b.count("uart", "peripheral.access");
    for (std::uint32_t offset = 0; offset < 8; ++offset) {
        b.bus.peek(offset, 1);
    }
    CHECK(b.count("uart", "peripheral.access") == accesses);
    CHECK((b.get(IIR) & 15) == 2);
    CHECK(b.get(DATA) == 'a');
    CHECK(b.get(DATA) == 'b');
}

}  // namespace cimera
