// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <fmt/format.h>

#include "platform/profile/profile.hpp"

namespace cimera {

std::string to_folded(const Profile& profile) {
    std::vector<std::string> stacks(profile.nodes.size());
    EnergyReport::Split costs = profile.background;
    for (std::size_t n = 1; n < profile.nodes.size(); ++n) {
        const Profile::Node& node = profile.nodes[n];
        const std::string& name = profile.functions[node.function].name;
        const std::string& above = stacks[node.parent];
        stacks[n] = above.empty() || name.empty() ? above + name : above + ";" + name;
        for (const auto& [line, cost] : node.self) {
            costs[stacks[n]] += cost.energy;
        }
    }
    std::string text;
    for (const auto& [stack, energy] : costs) {
        if (energy != 0) {
            text += fmt::format("{} {}\n", stack, to_decimal(energy));
        }
    }
    return text;
}

}  // namespace cimera
