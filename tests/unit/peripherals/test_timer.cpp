// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/common/random.hpp"
#include "models/peripherals/timer.hpp"
#include "regs/timer.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::timer;
using Mode = TimerChannel::Mode;

constexpr Picoseconds cycle = 10'000;
constexpr std::uint32_t running_once = CTRL_EN::of(1) | CTRL_MODE::of(2);
constexpr std::uint32_t running_periodic = CTRL_EN::of(1) | CTRL_MODE::of(1);

/// The same counter as a circuit would be: something happens each cycle.
struct TickingChannel {
    TimerChannel::Setting setting;
    std::uint32_t count = 0;
    std::uint32_t prescaler = 0;
    bool match = false;
    std::uint64_t increments = 0;

    void tick() {
        if (!setting.running) {
            return;
        }
        increments += setting.divider > 1 ? 1 : 0;
        if (++prescaler < setting.divider) {
            return;
        }
        prescaler = 0;
        ++count;
        ++increments;
        if (count == setting.compare) {
            match = true;
            count = setting.mode == Mode::periodic ? 0 : count;
            setting.running = setting.mode != Mode::one_shot;
        }
    }
};

struct TimerBench : test::Bench {
    Timer timer{"timer", env};
    test::BusProbe bus{timer.bus.get_base_interface()};
    test::IrqSpy irq;
    OwnerId host = ledger.owner("host", "none");

    TimerBench() {
        timer.irq.bind(irq);
        timer.reset(ResetKind::cold);
        bus.payload.tag.owner = host;
    }
    void at(std::uint64_t cycles) { bus.delay = sc_core::sc_time::from_value(cycles * cycle); }
    void set(std::uint32_t offset, std::uint32_t value) {
        const sc_core::sc_time before = bus.delay;
        REQUIRE(bus.write(offset, value) == tlm::TLM_OK_RESPONSE);
        bus.delay = before;
    }
    std::uint32_t get(std::uint32_t offset) {
        const sc_core::sc_time before = bus.delay;
        const std::uint32_t value = bus.read(offset);
        bus.delay = before;
        return value;
    }
};

}  // namespace

TEST_CASE("timer: computed counts are those of a counter that ticks", "[timer]") {
    const Random random(GENERATE(range(0, 20)), "timer");
    std::uint32_t draws = 0;
    const auto draw = [&](std::uint32_t bound) { return random.below(bound, 0, draws++, 0); };
    TimerChannel computed;
    TickingChannel ticking;
    unsigned matches = 0;
    std::uint64_t now = 0;
    for (int step = 0; step < 500; ++step) {
        const std::uint64_t wait = draw(4) == 0 ? draw(2000) : draw(20);
        for (std::uint64_t n = 0; n < wait; ++n) {
            ticking.tick();
        }
        now += wait;
        INFO("step " << step << ", cycle " << now);
        REQUIRE(computed.count(now) == ticking.count);
        const TimerChannel::Passed passed = computed.take(now);
        REQUIRE(passed.match == ticking.match);
        REQUIRE(passed.increments == ticking.increments);
        REQUIRE(computed.setting().running == ticking.setting.running);
        matches += passed.match ? 1 : 0;
        ticking.match = false;
        ticking.increments = 0;
        if (draw(3) == 0) {
            const std::uint32_t compare = draw(5) == 0 ? ticking.count + draw(3) : draw(60);
            computed.set_compare(compare, now);
            ticking.setting.compare = compare;
        } else if (draw(3) == 0) {
            const TimerChannel::Setting setting{draw(5) != 0, static_cast<Mode>(draw(3)),
                                                1 + draw(2) * draw(12), draw(60)};
            const std::uint32_t count = draw(2) == 0 ? ticking.count : 0U - draw(50);
            computed.set(setting, count, now);
            ticking.setting = setting;
            ticking.count = count;
            ticking.prescaler = 0;
        }
        REQUIRE(computed.count(now) == ticking.count);
    }
    CHECK(matches > 20);
}

TEST_CASE("timer: a compare value of zero matches at the wrap", "[timer]") {
    constexpr std::uint64_t wrap = std::uint64_t{1} << 32;
    const Mode mode = GENERATE(Mode::free, Mode::periodic, Mode::one_shot);
    TimerChannel channel;
    channel.set({true, mode, 3, 0}, 0, 100);
    CHECK(channel.match() == 100 + 3 * wrap);
    CHECK(channel.count(100 + 3 * wrap - 1) == 0xffff'ffff);
    CHECK(channel.take(100 + 3 * wrap).match);
    CHECK(channel.count(100 + 3 * wrap + 30) == (mode == Mode::one_shot ? 0 : 10));
}

TEST_CASE("timer: counts, stops, goes on and is set through its registers", "[timer]") {
    TimerBench b;
    CHECK(b.get(ID) == 0x524d4954);
    CHECK(CAPABILITY_CHANNELS::get(b.get(CAPABILITY)) == 4);
    const std::uint32_t n = 4 * GENERATE(0U, 3U);
    b.set(PRESCALER + n, 4);
    b.at(10);
    b.set(CTRL + n, CTRL_EN::of(1));
    b.at(10 + 5 * 7);
    CHECK(b.get(COUNT + n) == 7);
    b.at(10 + 5 * 8 - 1);
    CHECK(b.get(COUNT + n) == 7);
    b.set(CTRL + n, 0);
    b.at(1000);
    CHECK(b.get(COUNT + n) == 7);
    b.set(CTRL + n, CTRL_EN::of(1));  // the prescaler begins anew
    b.at(1004);
    CHECK(b.get(COUNT + n) == 7);
    b.at(1005);
    CHECK(b.get(COUNT + n) == 8);
    b.set(COUNT + n, 0xffff'fffe);
    b.at(1005 + 15);
    CHECK(b.get(COUNT + n) == 1);
    b.set(PRESCALER + n, 0);
    b.at(1005 + 15 + 9);
    CHECK(b.get(COUNT + n) == 10);
    for (std::uint32_t other = 0; other < 16; other += 4) {
        if (other != n) {
            CHECK(b.get(COUNT + other) == 0);
            CHECK(b.get(CTRL + other) == 0);
        }
    }
}

TEST_CASE("timer: what has matched shows at once, before any event", "[timer]") {
    TimerBench b;
    b.set(COMPARE + 4, 20);
    b.set(CTRL + 4, running_once);
    b.at(19);
    CHECK(b.get(IRQ_STATUS) == 0);
    CHECK(b.get(CTRL + 4) == running_once);
    b.at(20);
    CHECK(b.get(IRQ_STATUS) == 2);
    CHECK(b.get(CTRL + 4) == CTRL_MODE::of(2));
    CHECK(b.get(COUNT + 4) == 20);
    CHECK(b.bus.peek(IRQ_STATUS) == 0);  // a debugger sees the kernel's time
    b.at(25);
    b.set(COUNT + 4, 3);  // stands, so it stays
    b.at(90);
    CHECK(b.get(COUNT + 4) == 3);
    CHECK(b.get(IRQ_STATUS) == 2);
    b.set(IRQ_STATUS, 1);
    CHECK(b.get(IRQ_STATUS) == 2);
    b.set(IRQ_STATUS, 2);
    CHECK(b.get(IRQ_STATUS) == 0);
}

TEST_CASE("timer: a match that is polled is cleared, with all before it", "[timer]") {
    TimerBench b;
    b.set(COMPARE, 5);
    b.set(CTRL, running_periodic);
    b.at(52);
    const bool read_energy = GENERATE(false, true);  // which takes the matches
    if (read_energy) {
        (void)b.ledger.report(51 * cycle);
    }
    CHECK(b.get(IRQ_STATUS) == 1);
    b.set(IRQ_STATUS, 2);
    CHECK(b.get(IRQ_STATUS) == 1);
    b.set(IRQ_STATUS, 1);
    CHECK(b.get(IRQ_STATUS) == 0);
    b.at(54);
    CHECK(b.get(IRQ_STATUS) == 0);
    b.at(55);
    CHECK(b.get(IRQ_STATUS) == 1);
}

TEST_CASE("timer: the interrupt is that of enabled matches", "[timer]") {
    TimerBench b;
    b.set(COMPARE, 5);
    b.set(CTRL, running_periodic);
    b.at(11);
    b.set(IRQ_ENABLE, 2);
    CHECK_FALSE(b.irq.level);
    b.set(IRQ_ENABLE, 1);
    CHECK(b.irq.level);
    CHECK(b.irq.changes.back().second == 11 * cycle);
    b.set(IRQ_STATUS, 1);
    CHECK_FALSE(b.irq.level);
    b.at(15);
    CHECK(b.get(IRQ_STATUS) == 1);
    b.set(IRQ_STATUS, 0);  // clears nothing
    CHECK(b.irq.level);
    b.timer.reset(ResetKind::cold);
    CHECK_FALSE(b.irq.level);
    CHECK(b.get(IRQ_STATUS) == 0);
    CHECK(b.get(CTRL) == 0);
    CHECK(b.get(COMPARE) == 0xffff'ffff);
    CHECK(b.get(COUNT) == 0);
}

TEST_CASE("timer: an unknown mode is refused, and what runs goes on", "[timer]") {
    TimerBench b;
    b.set(CTRL, CTRL_EN::of(1));
    b.at(7);
    CHECK(b.bus.write(CTRL, CTRL_MODE::of(3)) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason == "MODE is 3");
    b.at(9);
    CHECK(b.get(CTRL) == CTRL_EN::of(1));
    CHECK(b.get(COUNT) == 9);
}

TEST_CASE("timer: increments of counter and prescaler cost, whenever energy is read", "[timer]") {
    TimerBench b;
    const auto spent = [&b](std::uint64_t cycles) {
        const EnergyReport report = b.ledger.report(cycles * cycle);
        const auto found = report.by_event.find("timer.count");
        return found == report.by_event.end() ? 0 : static_cast<std::uint64_t>(found->second) / 2;
    };
    CHECK(spent(5) == 0);
    b.at(10);
    b.set(PRESCALER, 3);
    b.set(COMPARE, 6);
    b.set(CTRL, running_once);
    CHECK(spent(9) == 0);
    CHECK(spent(14) == 4 + 1);
    CHECK(spent(17) == 7 + 1);
    CHECK(spent(16) == 7 + 1);  // nothing is counted twice or taken back
    CHECK(spent(500) == 24 + 6);
    b.at(500);
    b.set(CTRL + 8, running_periodic);
    CHECK(spent(600) == 30 + 100);
    const EnergyReport report = b.ledger.report(600 * cycle);
    CHECK(report.by_initiator.at("host") >= 2 * 130);
}

TEST_CASE("timer: counts on across a change of the clock", "[timer]") {
    TimerBench b;
    b.set(COMPARE, 30);
    b.set(CTRL, CTRL_EN::of(1));
    b.clock.set_period(2 * cycle, 10 * cycle);
    b.at(14);
    CHECK(b.get(COUNT) == 12);
    b.at(10 + 2 * 20 - 1);
    CHECK(b.get(IRQ_STATUS) == 0);
    b.at(10 + 2 * 20);
    CHECK(b.get(IRQ_STATUS) == 1);
}

}  // namespace cimera
