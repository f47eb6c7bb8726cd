// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/common/clock.hpp"
#include "models/common/calendar.hpp"

namespace cimera {

TEST_CASE("clock: edges and cycles", "[clock]") {
    const Clock clock(5000);
    CHECK(clock.cycle_at(0) == 0);
    CHECK(clock.cycle_at(4999) == 0);
    CHECK(clock.cycle_at(5000) == 1);
    CHECK(clock.edge_at_or_after(0) == 0);
    CHECK(clock.edge_at_or_after(1) == 5000);
    CHECK(clock.edge_at_or_after(5000) == 5000);
    CHECK(clock.cycles_for(0) == 0);
    CHECK(clock.cycles_for(1) == 1);
    CHECK(clock.cycles_for(10'000) == 2);
    CHECK(clock.cycles_for(10'001) == 3);
}

TEST_CASE("clock: cycles go on over a change of the period", "[clock]") {
    Clock clock(5000);
    int changes = 0;
    clock.on_change([&changes] { ++changes; });
    clock.set_period(20'000, 50'000);
    CHECK(changes == 1);
    CHECK(clock.period() == 20'000);
    CHECK(clock.cycle_at(50'000) == 10);
    CHECK(clock.cycle_at(69'999) == 10);
    CHECK(clock.cycle_at(70'000) == 11);
    CHECK(clock.edge_at_or_after(50'001) == 70'000);
    clock.set_period(1000, 90'000);
    CHECK(clock.cycle_at(90'000) == 12);
    CHECK(clock.cycle_at(93'000) == 15);
}

TEST_CASE("calendar: a lone master never waits", "[calendar]") {
    Calendar calendar(1);
    for (const Picoseconds at : {0U, 5'000'000U, 1'000U, 999'999U, 2'000'000U, 0U}) {
        for (const Picoseconds busy : {10'000U, 900'000U, 3'500'000U}) {
            CHECK(calendar.book(3, at, busy) == 0);
            CHECK(calendar.spread(3, at, at + 10 * busy, busy) == 0);
        }
    }
}

TEST_CASE("calendar: two masters share the capacity of a bucket", "[calendar]") {
    Calendar calendar(1);
    CHECK(calendar.book(0, 0, 600'000) == 0);
    // 400 ns of the first microsecond are left; the rest is served in the next one.
    CHECK(calendar.book(1, 0, 600'000) == 600'000);
    // Both come first.
    CHECK(calendar.book(2, 500'000, 100'000) == 700'000);
}

TEST_CASE("calendar: what comes late in the order of calls has its share of a bucket",
          "[calendar]") {
    Calendar calendar(1);
    CHECK(calendar.book(0, 900'000, 50'000) == 0);
    CHECK(calendar.book(1, 200'000, 800'000) == 0);
    // 150 ns are left, but a third of the bucket is its share: 50 ns of the next one go for it.
    CHECK(calendar.book(2, 100'000, 200'000) == 0);
    CHECK(calendar.book(0, 1'000'000, 1'000'000) == 50'000);
    // It has had its share but for 133 ns.
    CHECK(calendar.book(2, 300'000, 200'000) > 0);
}

TEST_CASE("calendar: transfers in the order of time wait as in a queue", "[calendar]") {
    const unsigned lanes = GENERATE(1U, 2U, 3U);
    Calendar calendar(lanes);
    std::vector<Picoseconds> free(lanes, 0);  // when each server is idle again
    for (std::uint32_t n = 0; n < 400; ++n) {
        const Picoseconds at = 3'000 * n;
        const Picoseconds busy = 1'000 + 997 * n % 9'000;
        const auto server = std::min_element(free.begin(), free.end());
        const Picoseconds begin = std::max(at, *server);
        *server = begin + busy;
        const Picoseconds waited = calendar.book(n % 5, at, busy);
        INFO("transfer " << n << " on " << lanes << " lanes");
        CHECK(waited == begin - at);
    }
}

TEST_CASE("calendar: spread work takes its share of each bucket", "[calendar]") {
    Calendar calendar(1);
    // 600 ns of each of ten microseconds.
    CHECK(calendar.spread(0, 0, 10'000'000, 6'000'000) == 0);
    CHECK(calendar.book(1, 0, 400'000) == 0);
    // It wants eight tenths, four are left, and half is its share: 1.6 of 0.5 a microsecond, the
    // last of them at the pace that it wants.
    CHECK(calendar.spread(1, 1'000'000, 3'000'000, 1'600'000) == 1'125'000);
}

TEST_CASE("calendar: what is spread in buckets of its own counts when others come", "[calendar]") {
    Calendar late(2, false);
    Calendar early(2, false);
    early.book(9, 3'000'000'000,
               1);  // somebody is ahead of all that follows: it is entered at once
    Picoseconds from = 0;
    for (std::uint32_t n = 0; n < 3000; ++n) {
        const Picoseconds to = from + 100'000 + 997 * n % 400'000;
        CHECK(late.spread(n / 1500, from, to, (to - from) / (1 + n % 3)) ==
              early.spread(n / 1500, from, to, (to - from) / (1 + n % 3)));
        from = to + n % 5 * 10'000;
    }
    for (Picoseconds at = 0; at < from; at += 333'333) {
        REQUIRE(late.book(7, at, 700'000) == early.book(7, at, 700'000));
    }
}

TEST_CASE("calendar: lanes serve at the same time", "[calendar]") {
    Calendar calendar(2);
    CHECK(calendar.book(0, 0, 600'000) == 0);
    CHECK(calendar.book(1, 0, 600'000) == 0);
    CHECK(calendar.book(2, 0, 800'000) == 600'000);
    CHECK(calendar.book(3, 0, 100'000) == 600'000);
}

TEST_CASE("calendar: a master that ran ahead does not starve another", "[calendar]") {
    Calendar calendar(1);
    for (Picoseconds at = 100'000'000; at < 200'000'000; at += 1'000'000) {
        REQUIRE(calendar.book(0, at, 1'000'000) == 0);
    }
    CHECK(calendar.book(1, 0, 900'000) == 0);
    CHECK(calendar.book(1, 99'000'000, 500'000) == 0);
    // Where the first one is, the second has half of each bucket and waits for the next one.
    CHECK(calendar.book(1, 150'000'000, 500'000) == 0);
    CHECK(calendar.book(1, 150'500'000, 600'000) == 1'000'000);
    // The first one has to wait for these 1.1 us when it comes back.
    CHECK(calendar.book(0, 200'000'000, 1'000'000) == 1'100'000);
}

TEST_CASE("calendar: waiting depends on what was booked, not on the order of distant bookings",
          "[calendar]") {
    Calendar one(1);
    Calendar other(1);
    one.book(0, 0, 700'000);
    one.book(0, 50'000'000, 700'000);
    const Picoseconds first = one.book(1, 50'000'000, 700'000);
    other.book(0, 50'000'000, 700'000);
    other.book(0, 0, 700'000);
    CHECK(other.book(1, 50'000'000, 700'000) == first);
    CHECK(first == 700'000);
}

TEST_CASE("calendar: old buckets are forgotten", "[calendar]") {
    Calendar calendar(1);
    calendar.book(0, 0, 1'000'000);
    // 4096 buckets later the slot stands for another microsecond.
    CHECK(calendar.book(1, 4096 * Picoseconds{1'000'000}, 1'000'000) == 0);
}

TEST_CASE("calendar: buckets that are over make room, others do not", "[calendar]") {
    Calendar told(1);
    Calendar untold(1);
    for (Picoseconds at = 0; at < 3'000'000'000; at += 1'000'000) {
        REQUIRE(told.book(0, at, 800'000) == 0);
        REQUIRE(untold.book(0, at, 800'000) == 0);
        told.advance(at > 100'000'000 ? at - 100'000'000 : 0);
    }
    for (Picoseconds at = 2'900'000'000; at < 3'000'000'000; at += 7'300'000) {
        CHECK(told.book(1, at, 900'000) == untold.book(1, at, 900'000));
    }
}

TEST_CASE("calendar: after a reset the same bookings wait as long as on a fresh one",
          "[calendar]") {
    Calendar used(1);
    Calendar fresh(1);
    for (std::uint32_t n = 0; n < 50; ++n) {
        static_cast<void>(used.book(n % 3, 1'000 * n, 400'000));
    }
    constexpr Picoseconds instant = 12'345'678;  // within a bucket
    used.reset(instant);
    Picoseconds waited = 0;
    for (std::uint32_t n = 0; n < 50; ++n) {
        const Picoseconds at = 70'000 * n;
        const Picoseconds wait = used.book(n % 2, instant + at, 300'000);
        CHECK(wait == fresh.book(n % 2, at, 300'000));
        waited += wait;
    }
    CHECK(waited > 0);
}

}  // namespace cimera
