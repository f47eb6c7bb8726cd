// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/peripherals/clint.hpp"
#include "regs/clint.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::clint;

struct ClintBench : test::Bench {
    Clint clint{"clint", env};
    test::BusProbe bus{clint.bus.get_base_interface()};
    test::IrqSpy software;
    test::IrqSpy timer;

    ClintBench() {
        clint.software.bind(software);
        clint.timer.bind(timer);
        clint.reset(ResetKind::cold);
    }
    void at(Picoseconds time) { bus.delay = sc_core::sc_time::from_value(time); }
    std::uint64_t mtime() {
        const sc_core::sc_time before = bus.delay;
        const std::uint64_t low = bus.read(MTIME_LO);
        bus.delay = before;
        const std::uint64_t value = std::uint64_t{bus.read(MTIME_HI)} << 32 | low;
        bus.delay = before;
        return value;
    }
    void compare(std::uint64_t value) {
        const sc_core::sc_time before = bus.delay;
        bus.write(MTIMECMP_HI, static_cast<std::uint32_t>(value >> 32));
        bus.delay = before;
        bus.write(MTIMECMP_LO, static_cast<std::uint32_t>(value));
        bus.delay = before;
    }
};

}  // namespace

TEST_CASE("clint: the software interrupt follows its bit", "[clint]") {
    ClintBench b;
    b.bus.write(MSIP, 0xffff'fffe);
    CHECK_FALSE(b.software.level);
    CHECK(b.bus.read(MSIP) == 0);
    b.bus.write(MSIP, 0xffff'ffff);
    CHECK(b.software.level);
    CHECK(b.bus.read(MSIP) == 1);
    b.bus.write(MSIP, 0);
    CHECK_FALSE(b.software.level);
    CHECK(b.software.changes.size() == 2);
}

TEST_CASE("clint: mtime counts at 10 MHz, at the caller's own time", "[clint]") {
    ClintBench b;
    CHECK(b.mtime() == 0);
    b.at(99'999);
    CHECK(b.mtime() == 0);
    b.at(100'000);
    CHECK(b.mtime() == 1);
    b.at(12'345'678'900'000);
    CHECK(b.mtime() == 123'456'789);
    CHECK(b.clint.mtime(1'000'000) == 10);
}

TEST_CASE("clint: mtime can be written by halves", "[clint]") {
    ClintBench b;
    b.at(500'000);
    b.bus.write(MTIME_LO, 0xffff'fff0);
    b.at(500'000);
    CHECK(b.mtime() == 0xffff'fff0);
    b.bus.write(MTIME_HI, 7);
    b.at(500'000);
    CHECK(b.mtime() == 0x7'ffff'fff0);
    b.at(500'000 + 32 * Clint::tick);
    CHECK(b.mtime() == 0x8'0000'0010);
}

TEST_CASE("clint: the timer interrupts while mtime >= mtimecmp", "[clint]") {
    ClintBench b;
    CHECK_FALSE(b.timer.level);
    b.at(1'000'000);  // mtime 10
    b.compare(11);
    CHECK_FALSE(b.timer.level);
    b.compare(10);
    CHECK(b.timer.level);
    REQUIRE_FALSE(b.timer.changes.empty());
    CHECK(b.timer.changes.back().second == 1'000'000);
    b.compare(~std::uint64_t{0});
    CHECK_FALSE(b.timer.level);
    b.compare(0x1'0000'0000);
    CHECK_FALSE(b.timer.level);
    b.bus.write(MTIME_HI, 1);
    CHECK(b.timer.level);
}

TEST_CASE("clint: reset clears the interrupts and never rings by itself", "[clint]") {
    ClintBench b;
    b.bus.write(MSIP, 1);
    b.compare(0);
    REQUIRE(b.timer.level);
    b.clint.reset(ResetKind::warm);
    CHECK_FALSE(b.timer.level);
    CHECK_FALSE(b.software.level);
    CHECK(b.bus.read(MTIMECMP_LO) == 0xffff'ffff);
    CHECK(b.bus.read(MTIMECMP_HI) == 0xffff'ffff);
}

}  // namespace cimera
