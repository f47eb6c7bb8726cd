// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "models/cpu/block.hpp"

namespace cimera::cpu {

/// Addresses [first, last] whose loads or stores stop the hart before the instruction, as GDB
/// expects it of RISC-V.
struct Watch {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    bool on_read = false;
    bool on_write = false;

    bool operator==(const Watch&) const = default;
};

/// Breakpoints and watchpoints of a debugger. Blocks of code are cut at breakpoints and stay
/// without a region, so that only the slow path of the run loop looks for them. While there are
/// watchpoints, the hart runs instruction by instruction.
struct DebugHook {
    std::set<std::uint32_t> breakpoints;
    std::vector<Watch> watches;
    std::optional<Watch> hit;  ///< the watchpoint that an access met
    bool stepping = false;     ///< one instruction or trap; breakpoints do not count

    [[nodiscard]] bool cuts(std::uint32_t pc) const {
        return !breakpoints.empty() && breakpoints.contains(pc);
    }
    [[nodiscard]] bool stops_at(std::uint32_t pc) const { return !stepping && cuts(pc); }
    /// True where an access to [first, last] meets a watchpoint.
    bool note(std::uint32_t first, std::uint32_t last, bool read, bool write) {
        const auto met = std::find_if(watches.begin(), watches.end(), [=](const Watch& watch) {
            return ((read && watch.on_read) || (write && watch.on_write)) && watch.first <= last &&
                   watch.last >= first;
        });
        if (met == watches.end()) {
            return false;
        }
        hit = *met;
        return true;
    }
};

}  // namespace cimera::cpu
