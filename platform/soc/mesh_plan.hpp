// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <vector>

#include "models/interconnect/mesh.hpp"
#include "platform/config/soc_config.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// Size of a configured mesh and the place of each device. The host is at (0, 0, 0) with its DMA
/// and the small devices. Without a place of their own, memories and tiles have a node each,
/// memories first, and begin anew where there are more of them than nodes; with several layers,
/// memories are in the top one and tiles in the others.
[[nodiscard]] MeshConfig mesh_plan(const SocConfig& config, const std::vector<MapEntry>& map);

}  // namespace cimera
