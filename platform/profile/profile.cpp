// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/profile/profile.hpp"

#include <fmt/format.h>

namespace cimera {

namespace {

std::string root_name(const cpu::CallNode& node) {
    switch (node.root) {
        case cpu::Root::none:
        case cpu::Root::reset:
            break;
        case cpu::Root::interrupt:
            return fmt::format("[interrupt {}]", node.cause);
        case cpu::Root::exception:
            return fmt::format("[exception {}]", node.cause);
    }
    return {};
}

/// Without a symbol, its address.
std::string function_name(const Symbols& symbols, std::uint32_t address) {
    const auto place = symbols.function_at(address);
    return place && place->offset == 0 ? place->function : fmt::format("0x{:08x}", address);
}

Profile::Line line_of(const Symbols& symbols, std::uint32_t address) {
    const auto source = symbols.locate(address);
    return source ? Profile::Line{source->file, source->line} : Profile::Line{};
}

/// Builds the tree: each function once, however often it is called.
class Builder {
public:
    Builder(Profile& profile, const Symbols& symbols) : profile_(profile), symbols_(symbols) {}

    void add(const cpu::CallNode& node) {
        Profile::Node made;
        if (profile_.nodes.empty()) {
            profile_.nodes.push_back(made);
            return;
        }
        made.parent = node.parent;
        made.calls = node.calls;
        made.function = function(node);
        if (node.site != 0) {
            made.site = line_of(symbols_, node.site);
        }
        profile_.nodes.push_back(std::move(made));
    }

private:
    std::size_t function(const cpu::CallNode& node) {
        const std::string name = node_name(node, symbols_);
        const auto [at, fresh] =
            known_.emplace(std::pair(name, node.code.first), profile_.functions.size());
        if (fresh) {
            const bool root = node.root != cpu::Root::none;
            profile_.functions.push_back(
                {name, root ? Profile::Line{} : line_of(symbols_, node.code.first), node.code.first,
                 0});
        }
        return at->second;
    }

    Profile& profile_;
    const Symbols& symbols_;
    std::map<std::pair<std::string, std::uint32_t>, std::size_t> known_;
};

void add_coverage(Profile& profile, const Symbols& symbols,
                  const std::map<std::uint32_t, std::uint64_t>& executed) {
    const auto count = [&executed](std::uint32_t address) {
        const auto found = executed.find(address);
        return found == executed.end() ? 0 : found->second;
    };
    for (const LinePlace& line : symbols.lines()) {
        profile.lines.push_back({line.source, count(line.first)});
    }
    for (const FunctionPlace& function : symbols.functions()) {
        profile.all_functions.push_back({function.name, line_of(symbols, function.first),
                                         function.first, count(function.first)});
    }
}

}  // namespace

std::string node_name(const cpu::CallNode& node, const Symbols& symbols) {
    return node.root == cpu::Root::none ? function_name(symbols, node.code.first) : root_name(node);
}

std::vector<std::string> frame_names(const cpu::Attribution& attribution, const Symbols& symbols) {
    const auto& nodes = attribution.stack().tree().nodes();
    std::vector<std::string> by_node;
    for (const cpu::CallNode& node : nodes) {
        by_node.push_back(node_name(node, symbols));
    }
    std::vector<std::string> names;
    for (const cpu::PlaceUse& place : attribution.places()) {
        names.push_back(by_node[place.node]);
    }
    return names;
}

Profile make_profile(const std::string& program, const cpu::Attribution& attribution,
                     const Symbols& symbols, const LedgerCounts& counts, const PriceList& prices) {
    Profile profile;
    profile.program = program;
    Builder builder(profile, symbols);
    for (const cpu::CallNode& node : attribution.stack().tree().nodes()) {
        builder.add(node);
    }
    std::vector<Attojoules> energies(attribution.places().size(), 0);
    price(counts, prices, [&](const Posting& part) {
        if (part.frame != 0) {
            energies[part.frame] += part.energy;
        } else if (part.energy != 0) {
            profile.background["[background];" + part.domain.name] += part.energy;
        }
    });
    std::map<std::uint32_t, std::uint64_t> executed;
    std::size_t number = 0;
    for (const cpu::PlaceUse& place : attribution.places()) {
        const Attojoules energy = energies[number++];
        if (place.node == 0) {
            continue;
        }
        Profile::Node& node = profile.nodes[place.node];
        const Profile::Line line =
            place.pc == 0 ? profile.functions[node.function].begin : line_of(symbols, place.pc);
        node.self[line] += {place.instructions, place.all_cycles, energy};
        executed[place.pc] += place.instructions;
    }
    add_coverage(profile, symbols, executed);
    return profile;
}

}  // namespace cimera
