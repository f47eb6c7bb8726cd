// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <systemc>
#include <tlm_utils/simple_initiator_socket.h>

#include <catch2/catch.hpp>

#include "regs/ticker.hpp"
#include "tests/unit/docs/ticker.hpp"

namespace cimera {
namespace {

using namespace regs::ticker;
using sc_core::SC_NS;
using sc_core::sc_time;

// [bench]
/// Every event costs one attojoule, nothing leaks.
struct UnitPrices final : PriceList {
    [[nodiscard]] double energy(const std::string& /*entry*/) const override { return 1; }
    [[nodiscard]] double leakage(const std::string& /*entry*/) const override { return 0; }
};

/// Bus master and interrupt controller in one, and who is told of mistakes.
struct Bench final : sc_core::sc_module, Diagnostics, IrqIf {
    UnitPrices prices;
    Ledger ledger{prices};
    DomainId domain = ledger.add_domain("always_on");
    OwnerId owner = ledger.owner("host", "phase");
    Clock clock{10'000};
    Ticker ticker{"ticker", {ledger, *this, domain, clock}};
    tlm_utils::simple_initiator_socket<Bench> master{"master"};
    TaggedPayload transaction;
    sc_time delay;  // how far the bench is ahead of the kernel
    bool level = false;
    Picoseconds changed = 0;
    std::string complaint;

    explicit Bench(const sc_core::sc_module_name& name = "bench") : sc_module(name) {
        transaction.tag.owner = owner;
        master.bind(ticker.bus);
        ticker.irq.bind(*this);
    }

    tlm::tlm_response_status access(tlm::tlm_command command, std::uint32_t offset,
                                    std::uint32_t& word) {
        auto& payload =
            transaction.prepare(command, offset, reinterpret_cast<std::uint8_t*>(&word), 4);
        // The target itself: links work only once the kernel runs, which registers do not need.
        ticker.bus.get_base_export()->b_transport(payload, delay);
        return payload.get_response_status();
    }
    tlm::tlm_response_status write(std::uint32_t offset, std::uint32_t word) {
        return access(tlm::TLM_WRITE_COMMAND, offset, word);
    }
    std::uint32_t read(std::uint32_t offset) {
        std::uint32_t word = 0;
        REQUIRE(access(tlm::TLM_READ_COMMAND, offset, word) == tlm::TLM_OK_RESPONSE);
        return word;
    }
    std::uint64_t spent(const std::string& event) {
        const auto by_event = ledger.report(kernel_now()).by_event;
        const auto found = by_event.find(event);
        return found == by_event.end() ? 0 : static_cast<std::uint64_t>(found->second);
    }

    void firmware_error(const FirmwareError& error) override {
        complaint = error.place + ": " + error.reason;
    }
    void set(bool on, Picoseconds at) override {
        level = on;
        changed = at;
    }
};
// [/bench]

// [registers-test]
TEST_CASE("ticker: counts cycles of its clock over the prescaler", "[docs]") {
    Bench b;
    REQUIRE(b.write(CTRL, CTRL_EN::of(1) | CTRL_PRESC::of(4)) == tlm::TLM_OK_RESPONSE);
    CHECK(b.delay == sc_time(10, SC_NS));  // one access, one cycle
    b.delay = sc_time(399, SC_NS);
    CHECK(b.read(COUNT) == 9);
    b.delay = sc_time(400, SC_NS);
    CHECK(b.read(COUNT) == 10);
    REQUIRE(b.write(CTRL, CTRL_PRESC::of(1)) == tlm::TLM_OK_RESPONSE);
    CHECK(b.read(COUNT) == 0);
}

TEST_CASE("ticker: says what is wrong with an access", "[docs]") {
    Bench b;
    CHECK(b.write(CTRL, CTRL_EN::of(1)) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.complaint == "CTRL (offset 0x0): PRESC is 0");
    CHECK(b.read(CTRL) == CTRL_PRESC::of(1));
    CHECK(b.write(COUNT, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.complaint == "COUNT (offset 0xc): write to a read-only register");
}
// [/registers-test]

// [interrupt-test]
TEST_CASE("ticker: interrupts when it reaches the compare value", "[docs]") {
    Bench b;
    sc_core::sc_start(sc_time(5, SC_NS));
    REQUIRE(b.write(COMPARE, 20) == tlm::TLM_OK_RESPONSE);
    b.delay = sc_time(20, SC_NS);  // at 25 ns: the third cycle
    REQUIRE(b.write(CTRL, CTRL_EN::of(1) | CTRL_IE::of(1) | CTRL_PRESC::of(2)) ==
            tlm::TLM_OK_RESPONSE);

    sc_core::sc_start(sc_time(414, SC_NS));
    CHECK_FALSE(b.level);
    sc_core::sc_start(sc_time(2, SC_NS));
    CHECK(b.level);
    CHECK(b.changed == 420'000);  // cycle 2 + 20 * 2
    CHECK(b.spent("ticker.count") == 20 * 2);

    b.delay = sc_core::SC_ZERO_TIME;
    CHECK(b.read(STATUS) == STATUS_HIT::of(1));
    REQUIRE(b.write(STATUS, STATUS_HIT::of(1)) == tlm::TLM_OK_RESPONSE);
    CHECK_FALSE(b.level);
}
// [/interrupt-test]

TEST_CASE("ticker: keeps counting across a change of the clock", "[docs]") {
    Bench b;
    REQUIRE(b.write(CTRL, CTRL_EN::of(1) | CTRL_PRESC::of(1)) == tlm::TLM_OK_RESPONSE);
    b.clock.set_period(20'000, 100'000);
    b.delay = sc_time(140, SC_NS);
    CHECK(b.read(COUNT) == 10 + 2);
}

TEST_CASE("ticker: a reset stops it", "[docs]") {
    Bench b;
    REQUIRE(b.write(CTRL, CTRL_EN::of(1) | CTRL_PRESC::of(2)) == tlm::TLM_OK_RESPONSE);
    b.ticker.reset(ResetKind::warm);
    CHECK(b.read(CTRL) == CTRL_PRESC::of(1));
    b.delay = sc_time(100, SC_NS);
    CHECK(b.read(COUNT) == 0);
}

}  // namespace
}  // namespace cimera
