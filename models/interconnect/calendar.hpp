// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/clock.hpp"

namespace cimera {

/// Capacity of a shared resource, booked by simulated time in buckets. Masters may book in any
/// order: one that ran ahead does not starve another. A master that has a bucket for itself never
/// waits in it. Bookings in the order of time wait as in a queue.
class Calendar {
public:
    /// `lanes` transfers can be served at the same time.
    explicit Calendar(unsigned lanes) : lanes_(lanes), free_from_(lanes, 0) {}

    /// Books `busy` picoseconds of service for `master` from `at` on and returns how long the
    /// master has to wait because others hold the capacity.
    Picoseconds book(std::uint32_t master, Picoseconds at, Picoseconds busy);
    /// Books service that `master` took evenly between `from` and `to`, and returns how long it
    /// would have had to wait in all.
    Picoseconds spread(std::uint32_t master, Picoseconds from, Picoseconds to, Picoseconds busy);
    /// Forgets all bookings; time counts from `now`, so that what follows equals a fresh start.
    void reset(Picoseconds now);

private:
    static constexpr Picoseconds bucket = 1'000'000;  // 1 µs
    static constexpr std::size_t slot_count = 4096;   // reaches 4 ms back and ahead

    static constexpr std::uint32_t several = ~std::uint32_t{0};

    // Small: a simulation walks through all of them again and again.
    struct Slot {
        std::uint64_t number = ~std::uint64_t{0};  // which bucket of time it stands for
        std::uint32_t used = 0;                    // picoseconds, at most the capacity
        std::uint32_t master = 0;                  // the only one so far, or `several`
    };
    Slot& slot(std::uint64_t number);
    [[nodiscard]] static bool alone(const Slot& slot, std::uint32_t master) {
        return slot.used == 0 || slot.master == master;
    }
    [[nodiscard]] Picoseconds capacity() const { return bucket * lanes_; }
    void take(Slot& slot, std::uint32_t master, Picoseconds busy) const;
    [[nodiscard]] Picoseconds queue(Picoseconds at, Picoseconds busy, bool alone);

    unsigned lanes_;
    Picoseconds zero_ = 0;
    Picoseconds latest_ = 0;              // begin of the latest transfer booked
    std::vector<Picoseconds> free_from_;  // by lane, for transfers booked in the order of time
    std::vector<Slot> slots_;             // none before the first booking: most links are idle
};

}  // namespace cimera
