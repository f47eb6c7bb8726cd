// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/calendar.hpp"

#include <algorithm>

namespace cimera {

Calendar::Slot& Calendar::slot(std::uint64_t number) {
    Slot& slot = slots_[number % slot_count];
    if (slot.number != number) {
        slot = {number, 0, 0, false};
    }
    return slot;
}

void Calendar::reset(Picoseconds now) {
    zero_ = now;
    std::fill(slots_.begin(), slots_.end(), Slot{});
}

Picoseconds Calendar::book(std::uint32_t master, Picoseconds at, Picoseconds busy) {
    total_ += busy;
    at = at > zero_ ? at - zero_ : 0;
    const std::uint64_t first = at / bucket;
    Slot& start = slot(first);
    if (!start.shared && start.master == master && start.used != 0 &&
        at + busy <= (first + 1) * bucket) {
        start.used += busy;  // what the loop does, for most transfers
        return 0;
    }
    const Picoseconds undisturbed = at + busy;
    Picoseconds end = undisturbed;
    Picoseconds remaining = busy;
    // Searching further than the slots reach would meet the first one again.
    for (std::uint64_t number = first; remaining != 0 && number < first + slot_count; ++number) {
        Slot& bin = slot(number);
        const bool alone = bin.used == 0 || (!bin.shared && bin.master == master);
        // A transfer that begins inside the bucket can use what is left of its length.
        const Picoseconds begin = std::max(at, number * bucket);
        const Picoseconds left = (number + 1) * bucket - begin;
        const Picoseconds room =
            alone ? left : std::min(left, capacity_ - std::min(bin.used, capacity_));
        if (room == 0) {
            continue;
        }
        const Picoseconds taken = std::min(room, remaining);
        bin.shared = bin.shared || !alone;
        bin.master = bin.used == 0 ? master : bin.master;
        bin.used += taken;
        remaining -= taken;
        end = begin + taken;
    }
    return std::max(end, undisturbed) - undisturbed;
}

}  // namespace cimera
