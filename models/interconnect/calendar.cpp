// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/calendar.hpp"

#include <algorithm>

namespace cimera {

Calendar::Slot& Calendar::slot(std::uint64_t number) {
    Slot& slot = slots_[number % slot_count];
    if (slot.number != number) {
        slot = {number, 0, 0};
    }
    return slot;
}

void Calendar::reset(Picoseconds now) {
    zero_ = now;
    std::fill(slots_.begin(), slots_.end(), Slot{});
}

void Calendar::use(Slot& slot, std::uint32_t master, Picoseconds busy) const {
    const bool first = slot.used == 0 || slot.master == master;
    slot.master = first ? master : several;
    slot.used = static_cast<std::uint32_t>(std::min(slot.used + busy, capacity_));
}

Picoseconds Calendar::book(std::uint32_t master, Picoseconds at, Picoseconds busy) {
    total_ += busy;
    at = at > zero_ ? at - zero_ : 0;
    const std::uint64_t first = at / bucket;
    const Picoseconds undisturbed = at + busy;
    Picoseconds end = undisturbed;
    Picoseconds remaining = busy;
    // Searching further than the slots reach would meet the first one again.
    for (std::uint64_t number = first; remaining != 0 && number < first + slot_count; ++number) {
        Slot& bin = slot(number);
        // A transfer that begins inside the bucket can use what is left of its length.
        const Picoseconds begin = std::max(at, number * bucket);
        const Picoseconds left = (number + 1) * bucket - begin;
        const bool alone = bin.used == 0 || bin.master == master;
        const Picoseconds room = alone ? left : std::min(left, capacity_ - bin.used);
        if (room == 0) {
            continue;
        }
        const Picoseconds taken = std::min(room, remaining);
        use(bin, master, taken);
        remaining -= taken;
        end = begin + taken;
    }
    return std::max(end, undisturbed) - undisturbed;
}

}  // namespace cimera
