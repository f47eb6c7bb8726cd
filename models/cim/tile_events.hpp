// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace cimera::cim {

// The tile's own kinds of event; the array's follow them.
enum TileEvent : std::size_t {
    l1_read,
    l1_write,
    post_process,
    control,
    tile_clock,
    mac,
    tile_event_count
};

inline constexpr unsigned l1_width = 4;  // bytes of an L1 access

/// Of L1, for so many bytes.
[[nodiscard]] constexpr std::uint64_t accesses(std::uint64_t bytes) {
    return (bytes + l1_width - 1) / l1_width;
}

}  // namespace cimera::cim
