// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <variant>

#include "models/cim/adder_tree.hpp"
#include "models/cpu/isa_string.hpp"
#include "platform/config/address_ranges.hpp"
#include "platform/config/analog_arrays.hpp"
#include "platform/config/builder.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

std::string range_name(const AddressRange& range) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), " [0x%08llx, 0x%08llx)",
                  static_cast<unsigned long long>(range.base),
                  static_cast<unsigned long long>(range.base) + range.bytes);
    return range.name + text.data();
}

bool overlap(const AddressRange& a, const AddressRange& b) {
    return a.bytes != 0 && b.bytes != 0 && a.base < b.base + b.bytes && b.base < a.base + a.bytes;
}

bool good_name(const std::string& name) {
    return !name.empty() && std::isalpha(static_cast<unsigned char>(name[0])) != 0 &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
           });
}

}  // namespace

std::uint64_t tile_window_bytes(const TileConfig& tile) {
    return fixed_map::tile_register_bytes + tile.l1_in_bytes + tile.l1_out_bytes +
           tile.array_bytes();
}

std::vector<AddressRange> address_ranges(const SocConfig& config) {
    using namespace fixed_map;
    return {
        {"rom", "", rom_base, rom_bytes},
        {"nvm", "nvm.size", nvm_base, config.nvm.size_bytes},
        {"the window of the host's TCM", "", tcm_base, csram_base - tcm_base},
        {"csram", "csram.size", csram_base, config.csram.size_bytes},
        {"cim", "cim.stride", cim_base, config.cim.tile_count() * config.cim.stride_bytes},
        {"the window of the SNN clusters", "", snn_base, l2_base - snn_base},
        {"l2", "l2.size", l2_base, config.l2.size_bytes},
        {"the window of external DRAM", "", dram_base, (1ULL << 32U) - dram_base},
    };
}

void SocBuilder::validate_host() const {
    const auto isa = cpu::parse_isa(config_.host.isa);
    if (const auto* problem = std::get_if<cpu::IsaProblem>(&isa)) {
        refuse({{"host.isa", 0}}, problem->what, problem->hint);
    }
    constexpr std::uint64_t slot_with_irq_of_dma = 7;
    if (config_.dma.channels != 0 && config_.host.virtio_slots > slot_with_irq_of_dma) {
        refuse({{"dma.channels", 0}, {"host.virtio_slots", 0}},
               "the DMA and virtio slot 7 would share interrupt source 8",
               "set channels = 0 in [dma], or virtio_slots to at most 7");
    }
}

void SocBuilder::validate_weights(std::size_t i) const {
    const TileConfig& tile = config_.cim.tiles[i];
    const Place element{"cim.tile", i};
    if (tile.cols % tile.code_bits() != 0) {
        const bool sign = tile.sign == WeightSign::beside;
        refuse({{"cim.tile.cols", i}, {"cim.tile.weight_bits", i}, {"cim.tile.sign", i}, element},
               "a row of " + std::to_string(tile.cols) + " bits does not hold whole weights of " +
                   std::to_string(tile.weight_bits) + " bits" + (sign ? " and a sign" : ""),
               sign ? "cols must be a multiple of weight_bits + 1"
                    : "cols must be a multiple of weight_bits");
    }
    if (tile.encoding == WeightEncoding::binary && tile.sign != WeightSign::none) {
        refuse({{"cim.tile.sign", i}, {"cim.tile.encoding", i}, element},
               "binary weights have no sign bit: they are two's complement where a job says so",
               "leave sign out, or set encoding = \"fibbinary\" or \"relaxed\"");
    }
    if (tile.sign == WeightSign::inside && tile.weight_bits < 2) {
        refuse({{"cim.tile.sign", i}, {"cim.tile.weight_bits", i}, element},
               "a weight of 1 bit has no magnitude beside the sign inside it",
               "set sign = \"beside\", or weight_bits to 2 or more");
    }
    std::uint32_t levels = 0;
    if (!cim::parse_levels(tile.adder_levels, levels)) {
        refuse({{"cim.tile.adder_levels", i}, element},
               "'" + tile.adder_levels + "' is no list of levels of an adder tree",
               "levels are 1 to 16, for example adder_levels = \"1-3,5\" or \"all\"");
    }
}

void SocBuilder::validate_tiles() const {
    const CimConfig& cim = config_.cim;
    for (std::size_t i = 0; i < cim.tiles.size(); ++i) {
        const TileConfig& tile = cim.tiles[i];
        const Place element{"cim.tile", i};
        validate_weights(i);
        if (const std::string problem = analog_refusal(tile); !problem.empty()) {
            refuse({{"cim.tile.array", i}, element}, "the cells cannot be like this: " + problem,
                   "see [cim.tile.c3cim] and [cim.tile.crossbar] in docs/configuration.md");
        }
        const std::uint64_t bytes = tile_window_bytes(tile);
        if (bytes > cim.stride_bytes) {
            refuse({{"cim.stride", 0},
                    {"cim.tile.macros", i},
                    {"cim.tile.rows", i},
                    {"cim.tile.cols", i},
                    {"cim.tile.l1_in", i},
                    {"cim.tile.l1_out", i},
                    element},
                   "a tile needs " + format_bytes(bytes) + ", more than the stride of " +
                       format_bytes(cim.stride_bytes),
                   "4 KiB registers + " + format_bytes(tile.l1_in_bytes) + " l1_in + " +
                       format_bytes(tile.l1_out_bytes) + " l1_out + " +
                       format_bytes(tile.array_bytes()) + " cells; raise stride in [cim]");
        }
    }
    const std::uint64_t all = cim.tile_count() * cim.stride_bytes;
    if (all > fixed_map::cim_window_bytes) {
        std::vector<Place> places{{"cim.stride", 0}};
        for (std::size_t i = 0; i < cim.tiles.size(); ++i) {
            places.emplace_back("cim.tile.count", i);
        }
        refuse(places,
               std::to_string(cim.tile_count()) + " tiles at a stride of " +
                   format_bytes(cim.stride_bytes) + " need " + format_bytes(all),
               "all tiles share 512 MiB; lower stride in [cim] or count in [[cim.tile]]");
    }
}

void SocBuilder::validate_l2() const {
    const L2Config& l2 = config_.l2;
    constexpr std::uint64_t page = 4096;
    if (l2.size_bytes % (l2.slices * page) != 0) {
        refuse({{"l2.slices", 0}, {"l2.size", 0}},
               format_bytes(l2.size_bytes) + " do not divide into " + std::to_string(l2.slices) +
                   " slices",
               "each slice is a multiple of 4 KiB");
    }
}

void SocBuilder::validate_sensors() const {
    for (std::size_t i = 0; i < config_.sensors.size(); ++i) {
        const std::string& name = config_.sensors[i].name;
        const bool reserved =
            name == "degradation" || schema::find_key("sensor." + name) != nullptr;
        if (!good_name(name) || reserved) {
            refuse({{"sensor.name", i}, {"sensor", i}},
                   "'" + name + "' cannot be the name of a sensor",
                   reserved ? "it is the name of a key"
                            : "a letter, then letters, digits, '_' or '-'");
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (config_.sensors[j].name == name) {
                refuse({{"sensor.name", i}, {"sensor", i}}, "two sensors are called '" + name + "'",
                       "each needs a name of its own");
            }
        }
    }
}

void SocBuilder::validate_map() const {
    const std::vector<AddressRange> ranges = address_ranges(config_);
    for (const AddressRange& range : ranges) {
        for (const AddressRange& other : ranges) {
            if (&range != &other && !range.key.empty() && overlap(range, other)) {
                refuse({{range.key, 0}}, range_name(range) + " overlaps " + range_name(other),
                       "at most " + format_bytes(other.base - range.base) + " fit");
            }
        }
    }
}

void SocBuilder::validate() const {
    validate_host();
    validate_tiles();
    validate_l2();
    validate_sensors();
    validate_map();
}

}  // namespace cimera
