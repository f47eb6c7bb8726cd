// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/config/soc_config.hpp"

namespace cimera {

/// Part of the address map that a key sizes, or that the design keeps for a block.
struct AddressRange {
    std::string name;
    /// The key that sizes it; empty if the range is fixed.
    std::string key;
    std::uint64_t base;
    std::uint64_t bytes;
};

/// Memories, tiles and reserved windows in the order of their addresses.
[[nodiscard]] std::vector<AddressRange> address_ranges(const SocConfig& config);

/// Registers, L1 windows and cell array of one tile.
[[nodiscard]] std::uint64_t tile_window_bytes(const TileConfig& tile);

}  // namespace cimera
