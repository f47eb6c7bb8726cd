// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
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
        : lanes_(lanes), queues_(queues), free_from_(lanes, 0) {}

    /// Books `busy` picoseconds of service for `master` from `at` on and returns how long the
    /// master has to wait because others hold the capacity.
    Picoseconds book(std::uint32_t master, Picoseconds at, Picoseconds busy) {
        at = at > zero_ ? at - zero_ : 0;
        // Most transfers: within the bucket of the last one, which the master has for itself.
        if (at < latest_ || at + busy > recent_end_ || recent_->master != master) {
            return book_any(master, at, busy);
        }
        latest_ = at;
        serve(at, busy);
        recent_->used += static_cast<std::uint32_t>(std::min(busy, capacity() - recent_->used));
        return 0;
    }
    /// Books service that `master` took evenly between `from` and `to`, and returns how long it
    /// would have had to wait in all.
    Picoseconds spread(std::uint32_t master, Picoseconds from, Picoseconds to, Picoseconds busy);
    /// Nobody will book before `now`.
    void advance(Picoseconds now) { floor_ = (now > zero_ ? now - zero_ : 0) / bucket; }
    /// Forgets all bookings; time counts from `now`, so that what follows equals a fresh start.
    void reset(Picoseconds now);

private:
    static constexpr Picoseconds bucket = 1'000'000;  // 1 µs
    static constexpr std::size_t first_slots = 32;    // as many as most links ever need
    static constexpr std::size_t slot_count = 4096;   // reaches 4 ms ahead

    static constexpr std::uint16_t several = 0xFFFF;

    // Small: a simulation walks through all of them again and again.
    struct Slot {
        std::uint32_t number = ~std::uint32_t{0};  // low bits of the bucket it stands for
        std::uint32_t used = 0;                    // picoseconds, at most the capacity
        std::uint16_t master = 0;                  // the only one so far, or `several`
        std::uint16_t masters = 0;                 // how many, as far as each books in order
    };
    /// What a master has in the bucket where it booked last, once others are there.
    struct Share {
        std::uint64_t number = ~std::uint64_t{0};
        Picoseconds used = 0;
    };
    /// Service taken evenly in buckets that nobody else has touched: entered when somebody books.
    struct Spread {
        std::uint32_t master;
        Picoseconds from;  // all since zero_
        Picoseconds to;
        Picoseconds busy;
    };
    Slot& slot(std::uint64_t number);
    void grow();
    Share& share(std::uint32_t master);
    [[nodiscard]] static bool alone(const Slot& slot, std::uint32_t master) {
        return slot.used == 0 || slot.master == master;
    }
    [[nodiscard]] Picoseconds capacity() const { return bucket * lanes_; }
    [[nodiscard]] Picoseconds room(std::uint64_t number, std::uint32_t master);
    void take(std::uint64_t number, std::uint32_t master, Picoseconds busy);
    void borrow(std::uint64_t number, std::uint32_t master, Picoseconds busy);
    void fill(Slot& slot, std::uint32_t master, Picoseconds busy) const;
    /// By the first lane that is free; since when it is.
    Picoseconds serve(Picoseconds at, Picoseconds busy) {
        Picoseconds& lane = lanes_ == 1 ? free_from_.front()
                                        : *std::min_element(free_from_.begin(), free_from_.end());
        const Picoseconds free = lane;
        lane = std::max(free, at) + busy;
        return free;
    }
    Picoseconds book_any(std::uint32_t master, Picoseconds at, Picoseconds busy);
    void touch(std::uint64_t number, std::uint32_t master);
    [[nodiscard]] bool postpone(const Spread& spread);
    void enter_postponed();
    Picoseconds enter(const Spread& spread);
    [[nodiscard]] Picoseconds queue(Picoseconds at, Picoseconds busy, bool alone);

    unsigned lanes_;
    bool queues_;
    Picoseconds zero_ = 0;
    std::uint64_t floor_ = 0;             // buckets before it are over
    Picoseconds latest_ = 0;              // begin of the latest transfer booked
    std::vector<Picoseconds> free_from_;  // by lane, for transfers booked in the order of time
    std::uint64_t lender_ = 0;            // all buckets from the last that borrowed to it are full
    std::vector<Spread> postponed_;       // no two masters in one bucket
    std::uint32_t toucher_ = 0;           // who touched a bucket last
    std::uint64_t foreign_ = 0;           // buckets from here on have been touched by it alone
    std::uint64_t untouched_ = 0;         // and from here on by nobody
    std::vector<Share> shares_;           // by master
    std::vector<Slot> slots_;             // a power of two, or none before the first booking
    Slot* recent_ = nullptr;              // where `latest_` lies, if it is known to be in use
    Picoseconds recent_end_ = 0;          // its end; 0: not known
};

}  // namespace cimera
