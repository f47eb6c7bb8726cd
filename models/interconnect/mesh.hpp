// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/interconnect/interconnect.hpp"

namespace cimera {

/// A node of a mesh: column, row, layer.
struct MeshNode {
    unsigned x = 0;
    unsigned y = 0;
    unsigned z = 0;

    auto operator<=>(const MeshNode&) const = default;
};

struct MeshConfig {
    unsigned width = 8;        ///< bytes of a flit
    unsigned hop_latency = 2;  ///< cycles from router to router of a layer
    unsigned tsv_latency = 1;  ///< cycles from layer to layer
    MeshNode size{1, 1, 1};
    std::map<std::string, MeshNode> places;  ///< by master and target; others are at (0, 0, 0)
};

/// 2D or 3D mesh with dimension-ordered routing: first X, then Y, then Z. A packet is as many flits
/// as it has beats of data, at least one; address and control have wires beside the data.
class Mesh final : public Interconnect {
public:
    Mesh(const sc_core::sc_module_name& name, const MeshConfig& config, const Environment& env);

    [[nodiscard]] std::vector<const Link*> channels() const override;
    void reset(ResetKind kind) override;

private:
    void find_way(Way& way) override;
    [[nodiscard]] MeshNode place(const std::string& device) const;
    [[nodiscard]] std::vector<Link*> route(MeshNode from, MeshNode to);
    [[nodiscard]] Link& channel(MeshNode from, MeshNode to);

    MeshConfig config_;
    std::map<std::pair<MeshNode, MeshNode>, std::unique_ptr<Link>> channels_;  // those in use
};

}  // namespace cimera
