// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "models/common/calendar.hpp"

namespace cimera {

struct Transfer;

/// A resource of the interconnect that transfers share: the port of a target, a channel between
/// two routers. It moves one flit per cycle and lane.
struct Link {
    Link(std::string link_name, unsigned lane_count, unsigned cycles, bool is_port)
        : lanes(lane_count),
          latency(cycles),
          port(is_port),
          calendar(lane_count),
          name(std::move(link_name)) {}

    /// Asks the machine for what a booking needs: there may be thousands of links, and dozens on a
    /// way.
    void prefetch() const {
        constexpr std::size_t line = 64;
        constexpr std::size_t lines = 3;
        for (std::size_t i = 0; i < lines; ++i) {
            __builtin_prefetch(reinterpret_cast<const char*>(this) + i * line, 1);
        }
    }

    // What a booking needs comes first.
    unsigned lanes;    ///< transfers at the same time
    unsigned latency;  ///< cycles from its begin to the next link or the target
    bool port;         ///< of a target: it carries the data of reads, too

    // Statistics.
    Picoseconds busy = 0;
    Picoseconds waited = 0;

    // Loosely timed: who may be served when.
    Calendar calendar;

    // Approximately timed: who is served, who waits.
    struct Holder {
        int master;
        Picoseconds until;
    };
    std::deque<Holder> holders;
    std::deque<Transfer*> waiting;
    int last_master = -1;  ///< the one served last, for round robin

    std::string name;
};

}  // namespace cimera
