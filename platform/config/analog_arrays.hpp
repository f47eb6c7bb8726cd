// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include "models/cim/array.hpp"
#include "models/cim/c3cim_array.hpp"
#include "models/cim/crossbar_array.hpp"
#include "platform/config/soc_config.hpp"

namespace cimera {

/// A tile's configuration in the terms of the models.
[[nodiscard]] cim::Geometry tile_geometry(const TileConfig& tile);
[[nodiscard]] cim::C3cimArrayConfig series_array(const TileConfig& tile);
[[nodiscard]] cim::CrossbarArrayConfig level_array(const TileConfig& tile);

/// Why the cells of a tile cannot be as configured; empty if they can.
[[nodiscard]] std::string analog_refusal(const TileConfig& tile);

}  // namespace cimera
