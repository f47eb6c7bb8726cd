// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/calendar.hpp"

#include <algorithm>
#include <utility>

namespace cimera {

Calendar::Slot& Calendar::slot(std::uint64_t number) {
    if (slots_.empty()) {
        slots_.resize(first_slots);
    }
    const auto low = static_cast<std::uint32_t>(number);
    for (;; grow()) {
        Slot& slot = slots_[number & (slots_.size() - 1)];
        if (slot.number == low) {
            return slot;
        }
        const auto ahead = static_cast<std::int32_t>(slot.number - low);
        const bool over = slot.used == 0 || number + static_cast<std::uint64_t>(ahead) < floor_;
        if (over || slots_.size() == slot_count) {
            slot = {low, 0, 0, 0};
            return slot;
        }
    }
}

/// No two buckets that had slots of their own share one afterwards.
void Calendar::grow() {
    recent_end_ = 0;
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : before) {
        if (slot.used != 0) {
            slots_[slot.number & (slots_.size() - 1)] = slot;
        }
    }
}

Calendar::Share& Calendar::share(std::uint32_t master) {
    if (master >= shares_.size()) {
        shares_.resize(master + 1);
    }
    return shares_[master];
}

/// What is left of a bucket, or of the master's share of it if that is more.
Picoseconds Calendar::room(std::uint64_t number, std::uint32_t master) {
    const Slot& bin = slot(number);
    if (alone(bin, master)) {
        return capacity();
    }
    const Share& own = share(master);
    const bool known = own.number == number;
    const unsigned masters = bin.masters + (known ? 0U : 1U);
    const Picoseconds fair = masters > 1 ? capacity() / masters : 0;
    const Picoseconds used = known ? own.used : 0;
    return std::max(capacity() - bin.used, fair - std::min(fair, used));
}

void Calendar::take(std::uint64_t number, std::uint32_t master, Picoseconds busy) {
    if (busy == 0) {
        return;
    }
    touch(number, master);
    Slot& bin = slot(number);
    if (alone(bin, master)) {
        bin.masters = 1;
        fill(bin, master, busy);
        return;
    }
    if (bin.master != several && bin.masters == 1) {
        share(bin.master) = {number, bin.used};
    }
    Share& own = share(master);
    if (own.number != number) {
        own = {number, 0};
        ++bin.masters;
    }
    own.used += busy;
    const Picoseconds left = capacity() - bin.used;
    fill(bin, master, busy);
    if (busy > left) {
        borrow(number + 1, master, busy - left);
    }
}

void Calendar::borrow(std::uint64_t number, std::uint32_t master, Picoseconds busy) {
    const std::uint64_t last = number + slot_count - 1;
    for (number = std::max(number, std::min(lender_, last)); busy != 0 && number < last; ++number) {
        Slot& bin = slot(number);
        const Picoseconds lent = std::min(busy, capacity() - bin.used);
        touch(number, master);
        fill(bin, master, lent);
        busy -= lent;
        lender_ = number;
    }
}

void Calendar::fill(Slot& slot, std::uint32_t master, Picoseconds busy) const {
    slot.master = alone(slot, master) ? static_cast<std::uint16_t>(master) : several;
    slot.used = static_cast<std::uint32_t>(std::min(slot.used + busy, capacity()));
}

void Calendar::reset(Picoseconds now) {
    recent_end_ = 0;
    zero_ = now;
    floor_ = 0;
    latest_ = 0;
    std::fill(free_from_.begin(), free_from_.end(), 0);
    lender_ = 0;
    postponed_.clear();
    toucher_ = 0;
    foreign_ = untouched_ = 0;
    shares_.clear();
    slots_.clear();
}

/// Transfers that come in the order of time are served in this order, one by each lane.
Picoseconds Calendar::queue(Picoseconds at, Picoseconds busy, bool alone) {
    if (at < latest_ || !queues_) {
        return 0;
    }
    latest_ = at;
    const Picoseconds free = serve(at, busy);
    return alone ? 0 : std::max(at, free) - at;
}

/// `at` counts from zero_.
Picoseconds Calendar::book_any(std::uint32_t master, Picoseconds at, Picoseconds busy) {
    enter_postponed();
    const Picoseconds start = at + queue(at, busy, alone(slot(at / bucket), master));
    const std::uint64_t first = start / bucket;
    Picoseconds end = start + busy;
    Picoseconds remaining = busy;
    // Searching further than the slots reach would meet the first one again.
    for (std::uint64_t number = first; remaining != 0 && number < first + slot_count; ++number) {
        // A transfer that begins inside the bucket can use what is left of its length.
        const Picoseconds begin = std::max(start, number * bucket);
        const Picoseconds left = (number + 1) * bucket - begin;
        const Picoseconds taken = std::min({left, room(number, master), remaining});
        if (taken != 0) {
            take(number, master, taken);
            remaining -= taken;
            end = begin + taken;
        }
    }
    recent_ = &slot(first);
    recent_end_ = busy != 0 && latest_ / bucket == first ? (first + 1) * bucket : 0;
    return std::max(end, start + busy) - at - busy;
}

Picoseconds Calendar::spread(std::uint32_t master, Picoseconds from, Picoseconds to,
                             Picoseconds busy) {
    recent_end_ = 0;
    from = from > zero_ ? from - zero_ : 0;
    to = std::max(from + 1, to > zero_ ? to - zero_ : 0);
    const Spread taken{master, from, to, busy};
    if (postpone(taken)) {
        return 0;
    }
    enter_postponed();
    return enter(taken);
}

void Calendar::touch(std::uint64_t number, std::uint32_t master) {
    if (master != toucher_) {
        toucher_ = master;
        foreign_ = untouched_;
    }
    untouched_ = std::max(untouched_, number + 1);
}

/// A master that has its buckets for itself does not wait in them: what is in them matters when
/// others come, or never. Most programs run alone.
bool Calendar::postpone(const Spread& spread) {
    constexpr std::size_t most = 1024;
    const std::uint64_t foreign = spread.master == toucher_ ? foreign_ : untouched_;
    if (spread.from / bucket < foreign || spread.busy > spread.to - spread.from) {
        return false;
    }
    if (postponed_.size() == most) {
        std::erase_if(postponed_, [this](const Spread& s) { return s.to / bucket < floor_; });
        if (postponed_.size() == most) {
            enter_postponed();
        }
    }
    touch(spread.to / bucket, spread.master);
    postponed_.push_back(spread);
    return true;
}

void Calendar::enter_postponed() {
    for (const Spread& spread : postponed_) {
        // What lies further back than the slots reach is forgotten anyway.
        if (untouched_ - spread.to / bucket < slot_count) {
            enter(spread);
        }
    }
    postponed_.clear();
}

/// Where a bucket's room is less than what the master wants in it, the master works until the room
/// is used up and waits for the next bucket.
Picoseconds Calendar::enter(const Spread& spread) {
    __extension__ using Wide = unsigned __int128;
    const auto [master, from, to, busy] = spread;
    const Picoseconds length = to - from;
    const std::uint64_t first = from / bucket;
    Picoseconds worked = 0;
    Picoseconds given = 0;
    Picoseconds at = from;
    for (std::uint64_t number = first; given != busy && number < first + slot_count; ++number) {
        const Picoseconds step = std::min((number + 1) * bucket - at, length - worked);
        const auto wanted = static_cast<Picoseconds>(Wide{busy} * (worked + step) / length) - given;
        const Picoseconds left = room(number, master);
        if (wanted <= left) {
            take(number, master, wanted);
            given += wanted;
            worked += step;
            at += step;
        } else {
            take(number, master, left);
            given += left;
            worked = static_cast<Picoseconds>(Wide{given} * length / busy);
            at = (number + 1) * bucket;
        }
    }
    return std::max(at, to) - to;
}

}  // namespace cimera
