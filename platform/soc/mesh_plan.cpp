// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/mesh_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

unsigned narrow(std::uint64_t value) {
    return static_cast<unsigned>(value);
}

bool is_memory(const MapEntry& entry) {
    return entry.block == nullptr && entry.name != "rom";
}

bool is_tile(const MapEntry& entry) {
    return entry.base >= fixed_map::cim_base && entry.base < fixed_map::snn_base;
}

/// Node `number` of layers that begin with `first`.
MeshNode node(const MeshNode& size, unsigned first, unsigned layers, std::size_t number) {
    const unsigned all = size.x * size.y * layers;
    const auto index = static_cast<unsigned>(number % all);
    return {index % size.x, index / size.x % size.y, first + index / (size.x * size.y)};
}

/// The smallest grid that is nearly square and has room for `devices` in a layer.
void choose_size(std::size_t devices, MeshNode& size) {
    if (size.x == 0 && size.y == 0) {
        while (std::size_t{size.x} * size.x < devices) {
            ++size.x;
        }
    }
    if (size.x == 0) {
        size.x = narrow((devices + size.y - 1) / size.y);
    } else if (size.y == 0) {
        size.y = narrow((devices + size.x - 1) / size.x);
    }
    size.x = std::max(size.x, 1U);
    size.y = std::max(size.y, 1U);
}

void check(const PlaceConfig& place, const std::vector<MapEntry>& map, const MeshNode& size) {
    const std::string where = "interconnect.place '" + place.device + "'";
    const bool known = place.device == "host" ||
                       std::any_of(map.begin(), map.end(), [&place](const MapEntry& entry) {
                           return entry.name == place.device;
                       });
    if (!known) {
        throw InputError(where, "there is no such device",
                         "`host`, or a name of the address map that `cimera describe` shows");
    }
    if (place.x >= size.x || place.y >= size.y || place.z >= size.z) {
        throw InputError(where,
                         fmt::format("({}, {}, {}) is outside the mesh of {} x {} x {} nodes",
                                     place.x, place.y, place.z, size.x, size.y, size.z),
                         "columns, rows and layers in [interconnect] set its size");
    }
}

}  // namespace

MeshConfig mesh_plan(const SocConfig& config, const std::vector<MapEntry>& map) {
    const InterconnectConfig& fabric = config.interconnect;
    MeshConfig mesh;
    mesh.width = narrow(fabric.width_bytes);
    mesh.hop_latency = narrow(fabric.latency_cycles);
    mesh.tsv_latency = narrow(fabric.tsv_latency_cycles);
    mesh.size = {narrow(fabric.columns), narrow(fabric.rows), narrow(fabric.layers)};
    std::vector<std::string> memories;
    std::vector<std::string> tiles;
    for (const MapEntry& entry : map) {
        if (is_memory(entry)) {
            memories.push_back(entry.name);
        } else if (is_tile(entry)) {
            tiles.push_back(entry.name);
        }
    }
    // The L2 first: the program is in its first slice, next to the host.
    std::stable_partition(memories.begin(), memories.end(),
                          [](const std::string& name) { return name.starts_with("l2"); });
    const bool stacked = mesh.size.z > 1;
    const std::size_t below = stacked ? (tiles.size() + mesh.size.z - 1) / (mesh.size.z - 1)
                                      : 1 + memories.size() + tiles.size();
    choose_size(std::max(below, stacked ? memories.size() : 0), mesh.size);
    // Node 0 is the host's.
    std::size_t next = 1;
    for (std::size_t i = 0; i < memories.size(); ++i) {
        mesh.places[memories[i]] =
            stacked ? node(mesh.size, mesh.size.z - 1, 1, i) : node(mesh.size, 0, 1, next++);
    }
    for (const std::string& tile : tiles) {
        mesh.places[tile] = node(mesh.size, 0, stacked ? mesh.size.z - 1 : 1, next++);
    }
    for (const PlaceConfig& place : fabric.places) {
        check(place, map, mesh.size);
        mesh.places[place.device] = {narrow(place.x), narrow(place.y), narrow(place.z)};
    }
    return mesh;
}

}  // namespace cimera
