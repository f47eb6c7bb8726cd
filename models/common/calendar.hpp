// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/common/clock.hpp"

namespace cimera {

/// Capacity of a shared resource, booked by simulated time in buckets. Masters may book in any
/// order: one that ran ahead does not starve another, which has its share of a bucket that is full
/// already; what that is too much is taken from the next bucket with room. A master that has a
/// bucket for itself never waits in it. Bookings in the order of time wait as in a queue.
class Calendar {
public:
    /// `lanes` transfers can be served at the same time. Without queues only the capacity of
    /// buckets counts.
    explicit Calendar(unsigned lanes, bool queues = true)
        : lanes_(lanes), queues_(queues), more_lanes_(lanes - 1, 0) {}

    /// Books `busy` picoseconds of service for `master` from `at` on and returns how long the
    /// master has to wait because others hold the capacity.
    Picoseconds book(std::uint32_t master, Picoseconds at, Picoseconds busy) {
        at = at > zero_ ? at - zero_ : 0;
        const std::uint64_t number = at / bucket;
        Slot& bin = slot(number);
        // Most transfers: nobody is in the way, and the bucket has room. The long way does the
        // same.
        const bool own = alone(bin, master);
        const bool free = own || at < latest_ || !queues_ || earliest() <= at;
        if (!free || at + busy > (number + 1) * bucket || bin.used + busy > capacity() ||
            busy == 0 || !postponed_.empty()) {
            return book_any(master, at, busy);
        }
        if (queues_ && at >= latest_) {
            latest_ = at;
            serve(at, busy);
        }
        touch(number, master);
        if (own) {
            bin.masters = 1;
        } else {
            enter_share(bin, number, master, busy);
        }
        fill(bin, master, busy);
        return 0;
    }
    /// Books service that `master` took evenly between `from` and `to`, and returns how long it
    /// would have had to wait in all.
    Picoseconds spread(std::uint32_t master, Picoseconds from, Picoseconds to, Picoseconds busy);
    /// Nobody will book before `now`.
    void advance(Picoseconds now) { now_ = now > zero_ ? now - zero_ : 0; }
    /// Forgets all bookings; time counts from `now`, so that what follows equals a fresh start.
    void reset(Picoseconds now);

private:
    static constexpr Picoseconds bucket = 1'000'000;  // 1 µs
    static constexpr std::size_t first_slots = 4;     // as many as most links ever need
    static constexpr std::size_t slot_count = 4096;   // reaches 4 ms ahead

    static constexpr std::uint16_t several = 0xFFFF;

    // Small: a transfer over a mesh walks through dozens of calendars. A number is the low bits of
    // a bucket's.
    struct Slot {
        std::uint32_t number = ~std::uint32_t{0};
        std::uint32_t used = 0;     // picoseconds, at most the capacity
        std::uint16_t master = 0;   // the only one so far, or `several`
        std::uint16_t masters = 0;  // how many, as far as each books in order
    };
    /// What a master has in the bucket where it booked last, once others are there.
    struct Share {
        std::uint32_t number = 0;
        std::uint32_t used = 0;  // 0: nobody's
        std::uint32_t master = 0;
    };
    /// Service taken evenly in buckets that nobody else has touched: entered when somebody books.
    struct Spread {
        std::uint32_t master;
        Picoseconds from;  // all since zero_
        Picoseconds to;
        Picoseconds busy;
    };
    /// The slot of a bucket.
    Slot& slot(std::uint64_t number) {
        Slot& slot =
            slots_.empty() ? first_[number % first_slots] : slots_[number & (slots_.size() - 1)];
        const auto low = static_cast<std::uint32_t>(number);
        if (slot.number != low) {
            if (slot.used != 0 && !over(slot.number, number)) {
                return crowded_slot(number);
            }
            slot = {low, 0, 0, 0};
        }
        return slot;
    }
    /// Whether nobody will book any more in the bucket with these low bits, which is near `number`.
    [[nodiscard]] bool over(std::uint32_t low, std::uint64_t number) const {
        const auto ahead = static_cast<std::int32_t>(low - static_cast<std::uint32_t>(number));
        return (number + static_cast<std::uint64_t>(ahead) + 1) * bucket <= now_;
    }
    Slot& crowded_slot(std::uint64_t number);
    void grow();
    [[nodiscard]] Share* find_share(std::uint32_t master);
    Share& share(std::uint64_t number, std::uint32_t master);
    [[nodiscard]] static bool alone(const Slot& slot, std::uint32_t master) {
        return slot.used == 0 || slot.master == master;
    }
    [[nodiscard]] Picoseconds capacity() const { return bucket * lanes_; }
    [[nodiscard]] Picoseconds room(std::uint64_t number, std::uint32_t master);
    void take(std::uint64_t number, std::uint32_t master, Picoseconds busy);
    void borrow(std::uint64_t number, std::uint32_t master, Picoseconds busy);
    void enter_share(Slot& slot, std::uint64_t number, std::uint32_t master, Picoseconds busy);
    void fill(Slot& slot, std::uint32_t master, Picoseconds busy) const {
        slot.master = alone(slot, master) ? static_cast<std::uint16_t>(master) : several;
        slot.used = static_cast<std::uint32_t>(std::min(slot.used + busy, capacity()));
    }
    /// When the first lane is free.
    [[nodiscard]] Picoseconds earliest() const {
        return lanes_ == 1 ? free_from_
                           : std::min(free_from_,
                                      *std::min_element(more_lanes_.begin(), more_lanes_.end()));
    }
    /// By the first lane that is free; since when it is.
    Picoseconds serve(Picoseconds at, Picoseconds busy) {
        Picoseconds* lane = &free_from_;
        if (lanes_ != 1) {
            const auto first = std::min_element(more_lanes_.begin(), more_lanes_.end());
            lane = *first < free_from_ ? &*first : lane;
        }
        const Picoseconds free = *lane;
        *lane = std::max(free, at) + busy;
        return free;
    }
    Picoseconds book_any(std::uint32_t master, Picoseconds at, Picoseconds busy);
    void touch(std::uint64_t number, std::uint32_t master) {
        if (master != toucher_) {
            toucher_ = master;
            foreign_ = untouched_;
        }
        untouched_ = std::max(untouched_, number + 1);
    }
    [[nodiscard]] bool postpone(const Spread& spread);
    void enter_postponed();
    Picoseconds enter(const Spread& spread);
    [[nodiscard]] Picoseconds queue(Picoseconds at, Picoseconds busy, bool alone);

    unsigned lanes_;
    bool queues_;
    std::uint32_t toucher_ = 0;    // who touched a bucket last
    std::uint64_t foreign_ = 0;    // buckets from here on have been touched by it alone
    std::uint64_t untouched_ = 0;  // and from here on by nobody
    Picoseconds zero_ = 0;         // all other times count from it
    Picoseconds now_ = 0;          // nobody books before it
    Picoseconds latest_ = 0;       // begin of the latest transfer booked
    Picoseconds free_from_ = 0;    // the first lane, for transfers booked in the order of time
    std::array<Slot, first_slots> first_;
    std::array<Share, 2> few_;       // shares of masters; others that count are in `more_`
    std::vector<Slot> slots_;        // a power of two, or none while the first are enough
    std::vector<Spread> postponed_;  // no two masters in one bucket
    std::vector<Share> more_;
    std::vector<Picoseconds> more_lanes_;  // like free_from_
    std::uint64_t lender_ = 0;             // all buckets from the last that borrowed to it are full
};

}  // namespace cimera
