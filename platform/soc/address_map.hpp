// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/common/register_info.hpp"
#include "platform/config/soc_config.hpp"

namespace cimera {

/// One range of the address map.
struct MapEntry {
    std::string name;  ///< instance, as in reports
    std::uint64_t base;
    std::uint64_t size;
    std::string doc;
    const BlockInfo* block;  ///< registers; null for memories
    unsigned irq;            ///< PLIC source; 0: none

    [[nodiscard]] std::uint64_t last() const { return base + (size - 1); }
};

/// The map of a configured SoC, by address. The SoC and its descriptions are built from it.
[[nodiscard]] std::vector<MapEntry> address_map(const SocConfig& config);

/// Whether there is power management: its interrupt is that of a first virtio slot.
[[nodiscard]] bool has_pmu(const SocConfig& config);

/// Whether an entry is the L2 or a slice of it.
[[nodiscard]] bool is_l2(const MapEntry& entry);

/// The entry around `address`, or null.
[[nodiscard]] const MapEntry* find_entry(const std::vector<MapEntry>& map, std::uint64_t address);

/// Where an unmapped address lies: "near cim0 [0x…, 0x…), 0x14 bytes past its end".
[[nodiscard]] std::string describe_nearest(const std::vector<MapEntry>& map, std::uint64_t address);

}  // namespace cimera
