// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/calendar.hpp"

#include <algorithm>
#include <utility>

namespace cimera {

/// Where the slot is in use for another bucket.
Calendar::Slot& Calendar::crowded_slot(std::uint64_t number) {
    if (slots_.size() == slot_count) {
        Slot& forgotten = slots_[number & (slot_count - 1)];
        forgotten = {static_cast<std::uint32_t>(number), 0, 0, 0};
        return forgotten;
    }
    grow();
    return slot(number);
}

/// No two buckets that had slots of their own share one afterwards.
void Calendar::grow() {
    if (slots_.empty()) {
        slots_.assign(first_.begin(), first_.end());
    }
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : before) {
        if (slot.used != 0) {
            slots_[slot.number & (slots_.size() - 1)] = slot;
        }
    }
}

Calendar::Share* Calendar::find_share(std::uint32_t master) {
    const auto of_master = [master](const Share& share) {
        return share.used != 0 && share.master == master;
    };
    const auto first = std::find_if(few_.begin(), few_.end(), of_master);
    if (first != few_.end()) {
        return &*first;
    }
    const auto next = std::find_if(more_.begin(), more_.end(), of_master);
    return next != more_.end() ? &*next : nullptr;
}

/// The master's share of a bucket, which may be that of another one until now.
Calendar::Share& Calendar::share(std::uint64_t number, std::uint32_t master) {
    if (Share* known = find_share(master)) {
        return *known;
    }
    const auto unused = [this, number](const Share& share) {
        return share.used == 0 || over(share.number, number);
    };
    const auto first = std::find_if(few_.begin(), few_.end(), unused);
    if (first != few_.end()) {
        return *first;
    }
    const auto next = std::find_if(more_.begin(), more_.end(), unused);
    return next != more_.end() ? *next : more_.emplace_back();
}

/// What is left of a bucket, or of the master's share of it if that is more.
Picoseconds Calendar::room(std::uint64_t number, std::uint32_t master) {
    const Slot& bin = slot(number);
    if (alone(bin, master)) {
        return capacity();
    }
    const Share* own = find_share(master);
    const bool known = own != nullptr && own->number == bin.number;
    const unsigned masters = bin.masters + (known ? 0U : 1U);
    const Picoseconds fair = masters > 1 ? capacity() / masters : 0;
    const Picoseconds used = known ? own->used : 0;
    return std::max(capacity() - bin.used, fair - std::min(fair, used));
}

void Calendar::take(std::uint64_t number, std::uint32_t master, Picoseconds busy) {
    if (busy == 0) {
        return;
    }
    touch(number, master);
    Slot& bin = slot(number);
    const bool own = alone(bin, master);
    if (own) {
        bin.masters = 1;
    } else {
        enter_share(bin, number, master, busy);
    }
    const Picoseconds left = capacity() - bin.used;
    fill(bin, master, busy);
    if (!own && busy > left) {
        borrow(number + 1, master, busy - left);
    }
}

/// Of a bucket that others have touched, too.
void Calendar::enter_share(Slot& slot, std::uint64_t number, std::uint32_t master,
                           Picoseconds busy) {
    if (slot.master != several && slot.masters == 1) {
        share(number, slot.master) = {slot.number, slot.used, slot.master};
    }
    Share& own = share(number, master);
    if (own.used == 0 || own.master != master || own.number != slot.number) {
        own = {slot.number, 0, master};
        ++slot.masters;
    }
    own.used += static_cast<std::uint32_t>(busy);
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

void Calendar::reset(Picoseconds now) {
    *this = Calendar(lanes_, queues_);
    zero_ = now;
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
    return std::max(end, start + busy) - at - busy;
}

Picoseconds Calendar::spread(std::uint32_t master, Picoseconds from, Picoseconds to,
                             Picoseconds busy) {
    from = from > zero_ ? from - zero_ : 0;
    to = std::max(from + 1, to > zero_ ? to - zero_ : 0);
    const Spread taken{master, from, to, busy};
    if (postpone(taken)) {
        return 0;
    }
    enter_postponed();
    return enter(taken);
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
        std::erase_if(postponed_,
                      [this](const Spread& s) { return (s.to / bucket + 1) * bucket <= now_; });
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
