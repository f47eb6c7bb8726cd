// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "models/peripherals/watchdog.hpp"
#include "regs/watchdog.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::watchdog;

constexpr Picoseconds tick = 100'000;
constexpr std::uint32_t key = 0x0051'F15E;
constexpr std::uint32_t food = 0x0D09'F00D;

struct WatchdogBench : test::Bench, RunControl {
    Watchdog watchdog{"watchdog", env, *this};
    test::BusProbe bus{watchdog.bus.get_base_interface()};
    test::IrqSpy irq;
    std::vector<std::string> resets;

    WatchdogBench() {
        watchdog.irq.bind(irq);
        watchdog.reset(ResetKind::cold);
        bus.payload.tag.owner = ledger.owner("host", "none");
    }
    void finish(std::uint32_t /*code*/) override {}
    void request_reset(const std::string& reason) override { resets.push_back(reason); }
    void mark_phase(std::uint32_t /*index*/, bool /*end*/, Picoseconds /*at*/) override {}

    void at(std::uint64_t ticks) { bus.delay = sc_core::sc_time::from_value(ticks * tick); }
    tlm::tlm_response_status set(std::uint32_t offset, std::uint32_t value) {
        const sc_core::sc_time before = bus.delay;
        const tlm::tlm_response_status response = bus.write(offset, value);
        bus.delay = before;
        return response;
    }
    std::uint32_t get(std::uint32_t offset) {
        const sc_core::sc_time before = bus.delay;
        const std::uint32_t value = bus.read(offset);
        bus.delay = before;
        return value;
    }
    void start(std::uint32_t window = 0) {
        set(KEY, key);
        set(TIMEOUT, 1000);
        set(WINDOW, window);
        REQUIRE(set(CTRL, CTRL_EN::of(1)) == tlm::TLM_OK_RESPONSE);
        set(KEY, 0);
    }
};

}  // namespace

TEST_CASE("watchdog: its settings are locked but for the key", "[watchdog]") {
    WatchdogBench b;
    const std::uint32_t setting = GENERATE(CTRL, TIMEOUT, GRACE, WINDOW);
    const std::uint32_t before = b.get(setting);
    CHECK(b.get(STATUS) == STATUS_LOCKED::of(1));
    CHECK(b.set(setting, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.get(setting) == before);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason ==
          "the settings are locked: write 0x0051f15e to KEY first");
    b.set(KEY, key + 1);
    CHECK(b.set(setting, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    b.set(KEY, key);
    CHECK(b.get(STATUS) == 0);
    CHECK(b.set(setting, 1) == tlm::TLM_OK_RESPONSE);
    CHECK(b.get(setting) == 1);
    b.set(KEY, 0);
    CHECK(b.set(setting, 2) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.get(setting) == 1);
}

TEST_CASE("watchdog: fixed until the next reset", "[watchdog]") {
    WatchdogBench b;
    b.set(KEY, key);
    b.set(CTRL, CTRL_EN::of(1) | CTRL_FIXED::of(1));
    b.set(KEY, key);
    CHECK(b.get(STATUS) == STATUS_LOCKED::of(1));
    CHECK(b.set(CTRL, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.watchdog.armed());
    b.watchdog.reset(ResetKind::cold);
    CHECK_FALSE(b.watchdog.armed());
    CHECK(b.get(CTRL) == 0);
    b.set(KEY, key);
    CHECK(b.set(CTRL, 0) == tlm::TLM_OK_RESPONSE);
}

TEST_CASE("watchdog: counts from the start or the last feeding", "[watchdog]") {
    WatchdogBench b;
    CHECK(b.get(COUNT) == 0);
    b.at(30);
    CHECK(b.set(FEED, food) == tlm::TLM_OK_RESPONSE);  // nothing to do
    CHECK(b.get(COUNT) == 0);
    b.start();
    b.at(130);
    CHECK(b.get(COUNT) == 100);
    CHECK(b.set(FEED, food + 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.get(COUNT) == 100);
    b.set(FEED, food);
    CHECK(b.get(COUNT) == 0);
    b.at(1100);
    CHECK(b.get(COUNT) == 970);
    b.set(KEY, key);
    b.set(CTRL, 0);
    CHECK(b.get(COUNT) == 0);
    CHECK(b.resets.empty());
}

TEST_CASE("watchdog: feeding within the window bites at once", "[watchdog]") {
    WatchdogBench b;
    b.start(50);
    b.at(50);
    b.set(FEED, food);
    CHECK(b.resets.empty());
    b.at(99);
    b.set(FEED, food);
    REQUIRE(b.resets.size() == 1);
    CHECK(b.resets[0] ==
          "watchdog resets the chip: fed within the 50 ticks of 100 ns in which it "
          "must not be");
    b.set(FEED, food);
    CHECK(b.resets.size() == 1);
    b.watchdog.reset(ResetKind::cold);
    CHECK(b.get(RESET_CAUSE) == (RESET_CAUSE_CAUSE::of(3) | RESET_CAUSE_BITES::of(1)));
}

TEST_CASE("watchdog: cause and notes outlive resets of either kind", "[watchdog]") {
    WatchdogBench b;
    CHECK(b.get(RESET_CAUSE) == 0);
    b.set(SCRATCH + 8, 0xcafe);
    b.watchdog.reset(GENERATE(ResetKind::warm, ResetKind::cold));
    CHECK(b.get(RESET_CAUSE) == RESET_CAUSE_CAUSE::of(1));
    CHECK(b.get(SCRATCH + 8) == 0xcafe);
    b.start(50);
    b.set(FEED, food);
    b.watchdog.reset(ResetKind::cold);
    b.watchdog.reset(ResetKind::cold);
    CHECK(b.get(RESET_CAUSE) == (RESET_CAUSE_CAUSE::of(1) | RESET_CAUSE_BITES::of(1)));
    CHECK(b.get(SCRATCH + 8) == 0xcafe);
    CHECK(b.get(SCRATCH) == 0);
}

TEST_CASE("watchdog: its ticks cost", "[watchdog]") {
    WatchdogBench b;
    const auto spent = [&b](std::uint64_t ticks) {
        const EnergyReport report = b.ledger.report(ticks * tick);
        const auto found = report.by_event.find("watchdog.count");
        return found == report.by_event.end() ? 0 : static_cast<std::uint64_t>(found->second) / 2;
    };
    CHECK(spent(10) == 0);
    b.at(10);
    b.start();
    CHECK(spent(210) == 200);
    b.at(310);
    b.set(FEED, food);
    CHECK(spent(310) == 300);
    b.at(350);
    b.set(KEY, key);
    b.set(CTRL, 0);
    CHECK(spent(5000) == 340);
}

}  // namespace cimera
