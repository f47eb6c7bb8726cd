// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/mesh.hpp"

#include <fmt/format.h>

namespace cimera {

namespace {

constexpr std::size_t hop_event = 0;
constexpr std::size_t tsv_event = 1;
/// Of a transfer, one way carries the data and the other a flit without.
constexpr unsigned empty_flits = 1;

unsigned distance(unsigned a, unsigned b) {
    return a > b ? a - b : b - a;
}

void step(unsigned& at, unsigned to) {
    at = at < to ? at + 1 : at - 1;
}

std::vector<EventKind> events_of(const MeshConfig& config) {
    const double bytes = config.width;
    return {{"mesh.hop", {{"mesh.hop.byte", bytes}}}, {"mesh.tsv", {{"mesh.tsv.byte", bytes}}}};
}

double routers(const MeshConfig& config) {
    return static_cast<double>(config.size.x) * config.size.y * config.size.z;
}

}  // namespace

Mesh::Mesh(const sc_core::sc_module_name& name, const MeshConfig& config, const Environment& env)
    : Interconnect(name, config.width, empty_flits, 0, env, events_of(config),
                   {{"mesh.router", routers(config)}}),
      config_(config) {}

MeshNode Mesh::place(const std::string& device) const {
    const auto found = config_.places.find(device);
    return found == config_.places.end() ? MeshNode{} : found->second;
}

Link& Mesh::channel(MeshNode from, MeshNode to) {
    std::unique_ptr<Link>& link = channels_[{from, to}];
    if (link == nullptr) {
        const unsigned latency = from.z != to.z ? config_.tsv_latency : config_.hop_latency;
        link = std::make_unique<Link>(
            fmt::format("{},{},{} to {},{},{}", from.x, from.y, from.z, to.x, to.y, to.z), 1,
            latency, false);
    }
    return *link;
}

std::vector<Link*> Mesh::route(MeshNode from, MeshNode to) {
    std::vector<Link*> links;
    while (from != to) {
        MeshNode next = from;
        if (from.x != to.x) {
            step(next.x, to.x);
        } else if (from.y != to.y) {
            step(next.y, to.y);
        } else {
            step(next.z, to.z);
        }
        links.push_back(&channel(from, next));
        from = next;
    }
    return links;
}

void Mesh::find_way(Way& way) {
    const MeshNode from = place(master_name(way.master));
    const MeshNode to = place(way.range->target);
    way.request = route(from, to);
    way.response = route(to, from);
    way.hops = {{hop_event, distance(from.x, to.x) + distance(from.y, to.y)},
                {tsv_event, distance(from.z, to.z)}};
}

void Mesh::reset(ResetKind kind) {
    Interconnect::reset(kind);
    for (const auto& [ends, link] : channels_) {
        link->calendar.reset(kernel_now());
    }
}

std::vector<const Link*> Mesh::channels() const {
    std::vector<const Link*> links;
    links.reserve(channels_.size());
    for (const auto& [ends, link] : channels_) {
        links.push_back(link.get());
    }
    return links;
}

}  // namespace cimera
