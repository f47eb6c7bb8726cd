// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/address_map.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/config/address_ranges.hpp"
#include "platform/soc/device_table.hpp"
#include "regs/cim.hpp"
#include "regs/clint.hpp"
#include "regs/csram.hpp"
#include "regs/dma.hpp"
#include "regs/nvmctl.hpp"
#include "regs/plic.hpp"
#include "regs/pmu.hpp"
#include "regs/sensor.hpp"
#include "regs/uart.hpp"
#include "regs/virtio.hpp"

namespace cimera {

namespace {

constexpr std::uint64_t virtio_base = 0x1000'1000;
constexpr std::uint64_t sensor_base = 0x1002'0000;
constexpr std::uint64_t sensor_stride = 0x1000;

void add_block(std::vector<MapEntry>& map, const std::string& name, std::uint64_t base,
               const BlockInfo& block, unsigned irq) {
    map.push_back({name, base, block.size, std::string(block.doc), &block, irq});
}

}  // namespace

std::vector<MapEntry> address_map(const SocConfig& config) {
    std::vector<MapEntry> map;
    map.push_back({"rom", fixed_map::rom_base, fixed_map::rom_bytes, "Boot ROM.", nullptr, 0});
    add_block(map, "clint", 0x0200'0000, regs::clint::block, 0);
    add_block(map, "plic", 0x0c00'0000, regs::plic::block, 0);
    add_block(map, "uart", 0x1000'0000, regs::uart::block, 10);
    for (const DeviceRow& device : device_table(config)) {
        add_block(map, device.name, device.base, device.block, device.irq);
    }
    if (has_pmu(config)) {
        add_block(map, "pmu", 0x1001'0000, regs::pmu::block, 1);
    }
    if (config.dma.channels != 0) {
        add_block(map, "dma", 0x1001'7000, regs::dma::block, 8);
    }
    for (std::uint64_t i = 0; i < config.host.virtio_slots; ++i) {
        add_block(map, fmt::format("virtio{}", i), virtio_base + i * regs::virtio::block.size,
                  regs::virtio::block, static_cast<unsigned>(1 + i));
    }
    for (std::size_t i = 0; i < config.sensors.size(); ++i) {
        add_block(map, config.sensors[i].name, sensor_base + i * sensor_stride, regs::sensor::block,
                  static_cast<unsigned>(16 + i));
    }
    if (config.nvm.size_bytes != 0) {
        add_block(map, "nvmctl", 0x1001'a000, regs::nvmctl::block, 0);
        map.push_back({"nvm", fixed_map::nvm_base, config.nvm.size_bytes,
                       "Embedded RRAM with model images.", nullptr, 0});
    }
    if (config.csram.size_bytes != 0) {
        add_block(map, "csramctl", 0x1001'b000, regs::csram::block, 0);
        map.push_back({"csram", fixed_map::csram_base, config.csram.size_bytes, "Computing SRAM.",
                       nullptr, 0});
    }
    std::size_t tile = 0;
    for (const TileConfig& group : config.cim.tiles) {
        for (std::uint64_t i = 0; i < group.count; ++i, ++tile) {
            map.push_back({fmt::format("cim{}", tile),
                           fixed_map::cim_base + tile * config.cim.stride_bytes,
                           tile_window_bytes(group), std::string(regs::cim::block.doc),
                           &regs::cim::block, static_cast<unsigned>(64 + tile % 64)});
        }
    }
    const std::uint64_t slices = config.l2.slices;
    for (std::uint64_t i = 0; i < slices; ++i) {
        const std::uint64_t bytes = config.l2.size_bytes / slices;
        map.push_back({slices == 1 ? "l2" : fmt::format("l2_{}", i), fixed_map::l2_base + i * bytes,
                       bytes, "L2 SRAM.", nullptr, 0});
    }
    if (config.dram.size_bytes != 0) {
        map.push_back(
            {"dram", fixed_map::dram_base, config.dram.size_bytes, "External DRAM.", nullptr, 0});
    }
    std::sort(map.begin(), map.end(),
              [](const MapEntry& a, const MapEntry& b) { return a.base < b.base; });
    return map;
}

bool has_pmu(const SocConfig& config) {
    return config.host.virtio_slots == 0;
}

bool is_l2(const MapEntry& entry) {
    return entry.base >= fixed_map::l2_base && entry.base < fixed_map::dram_base;
}

const MapEntry* find_entry(const std::vector<MapEntry>& map, std::uint64_t address) {
    const auto next =
        std::upper_bound(map.begin(), map.end(), address,
                         [](std::uint64_t wanted, const MapEntry& e) { return wanted < e.base; });
    if (next == map.begin() || address > std::prev(next)->last()) {
        return nullptr;
    }
    return &*std::prev(next);
}

std::string describe_nearest(const std::vector<MapEntry>& map, std::uint64_t address) {
    const MapEntry* nearest = nullptr;
    std::uint64_t distance = ~std::uint64_t{0};
    bool past = false;
    for (const MapEntry& entry : map) {
        const bool after = address > entry.last();
        const std::uint64_t gap = after ? address - entry.last() - 1 : entry.base - address;
        if (gap < distance) {
            nearest = &entry;
            distance = gap;
            past = after;
        }
    }
    if (nearest == nullptr) {
        return "nothing is mapped";
    }
    const std::string gap = distance == 0 ? "just past its end"
                                          : fmt::format("0x{:x} bytes {}", distance,
                                                        past ? "past its end" : "before its start");
    return fmt::format("near {} [0x{:08x}, 0x{:08x}), {}", nearest->name, nearest->base,
                       nearest->base + nearest->size, gap);
}

}  // namespace cimera
