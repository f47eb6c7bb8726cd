// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/calendar.hpp"

#include <algorithm>

namespace cimera {

Calendar::Slot& Calendar::slot(std::uint64_t number) {
    if (slots_.empty()) {
        slots_.resize(slot_count);
    }
    Slot& slot = slots_[number % slot_count];
    if (slot.number != number) {
        slot = {number, 0, 0};
    }
    return slot;
}

void Calendar::take(Slot& slot, std::uint32_t master, Picoseconds busy) const {
    slot.master = alone(slot, master) ? master : several;
    slot.used = static_cast<std::uint32_t>(std::min(slot.used + busy, capacity()));
}

void Calendar::reset(Picoseconds now) {
    zero_ = now;
    latest_ = 0;
    std::fill(free_from_.begin(), free_from_.end(), 0);
    slots_.clear();
}

/// Transfers that come in the order of time are served in this order, one by each lane.
Picoseconds Calendar::queue(Picoseconds at, Picoseconds busy, bool alone) {
    if (at < latest_) {
        return 0;
    }
    latest_ = at;
    const auto lane = std::min_element(free_from_.begin(), free_from_.end());
    const Picoseconds begin = alone ? at : std::max(at, *lane);
    *lane = std::max(*lane, at) + busy;
    return begin - at;
}

Picoseconds Calendar::book(std::uint32_t master, Picoseconds at, Picoseconds busy) {
    at = at > zero_ ? at - zero_ : 0;
    const Picoseconds start = at + queue(at, busy, alone(slot(at / bucket), master));
    const std::uint64_t first = start / bucket;
    Picoseconds end = start + busy;
    Picoseconds remaining = busy;
    // Searching further than the slots reach would meet the first one again.
    for (std::uint64_t number = first; remaining != 0 && number < first + slot_count; ++number) {
        Slot& bin = slot(number);
        // A transfer that begins inside the bucket can use what is left of its length.
        const Picoseconds begin = std::max(start, number * bucket);
        const Picoseconds left = (number + 1) * bucket - begin;
        const Picoseconds room = alone(bin, master) ? left : std::min(left, capacity() - bin.used);
        if (room == 0) {
            continue;
        }
        const Picoseconds taken = std::min(room, remaining);
        take(bin, master, taken);
        remaining -= taken;
        end = begin + taken;
    }
    return std::max(end, start + busy) - at - busy;
}

/// Where a bucket's room is less than what the master wants in it, the master works until the room
/// is used up and waits for the next bucket.
Picoseconds Calendar::spread(std::uint32_t master, Picoseconds from, Picoseconds to,
                             Picoseconds busy) {
    __extension__ using Wide = unsigned __int128;
    from = from > zero_ ? from - zero_ : 0;
    to = std::max(from + 1, to > zero_ ? to - zero_ : 0);
    const Picoseconds length = to - from;
    const std::uint64_t first = from / bucket;
    Picoseconds worked = 0;
    Picoseconds given = 0;
    Picoseconds at = from;
    for (std::uint64_t number = first; given != busy && number < first + slot_count; ++number) {
        Slot& bin = slot(number);
        const Picoseconds step = std::min((number + 1) * bucket - at, length - worked);
        const auto wanted = static_cast<Picoseconds>(Wide{busy} * (worked + step) / length) - given;
        const Picoseconds room = alone(bin, master) ? wanted : capacity() - bin.used;
        if (wanted <= room) {
            take(bin, master, wanted);
            given += wanted;
            worked += step;
            at += step;
        } else {
            take(bin, master, room);
            given += room;
            worked = static_cast<Picoseconds>(Wide{given} * length / busy);
            at = (number + 1) * bucket;
        }
    }
    return std::max(at, to) - to;
}

}  // namespace cimera
