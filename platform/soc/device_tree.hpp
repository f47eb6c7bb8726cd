// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "platform/config/soc_config.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// A node of a device tree (Devicetree Specification v0.3).
struct DeviceTreeNode {
    using Cells = std::vector<std::uint32_t>;
    using Texts = std::vector<std::string>;
    struct Property {
        std::string name;
        std::variant<Cells, Texts> value;  ///< no cells: a property that is just there
    };

    std::string name;
    std::vector<Property> properties;
    std::vector<DeviceTreeNode> children;
};

/// What the SoC tells its firmware about itself; common nodes are named as on QEMU's virt board.
[[nodiscard]] DeviceTreeNode device_tree(const SocConfig& config, const std::vector<MapEntry>& map);

/// The flattened form, as the boot ROM holds it.
[[nodiscard]] std::vector<std::uint8_t> flatten(const DeviceTreeNode& root);

/// The source form, as `dtc` reads it.
[[nodiscard]] std::string to_dts(const DeviceTreeNode& root);

}  // namespace cimera
