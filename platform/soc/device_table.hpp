// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "platform/config/soc_config.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

struct SocInputs;
struct SocHooks;

/// What a device of the table is built from.
struct DeviceSite {
    const char* name;
    Environment env;
    IrqIf& irq;  ///< its line
    const SocConfig& config;
    const std::vector<MapEntry>& map;
    const SocInputs& inputs;
    const SocHooks& hooks;
};

/// A device at a fixed place that needs no wiring but its bus and its interrupt.
struct DeviceRow {
    const char* name;  ///< instance, as in reports
    std::uint64_t base;
    const BlockInfo& block;
    unsigned irq;  ///< PLIC source; 0: none
    std::unique_ptr<Peripheral> (*make)(const DeviceSite& site);
};

/// The devices of a configured SoC, in the order of their reset. Where a row's interrupt source is
/// that of a virtio slot, as on QEMU's virt board, there is no such device.
[[nodiscard]] std::vector<DeviceRow> device_table(const SocConfig& config);

}  // namespace cimera
