// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/cpu/attribution.hpp"
#include "models/power/price.hpp"
#include "platform/elf/symbols.hpp"

namespace cimera {

/// What something has cost.
struct ProfileCost {
    std::uint64_t instructions = 0;
    std::uint64_t cycles = 0;
    Attojoules energy = 0;

    ProfileCost& operator+=(const ProfileCost& other) {
        instructions += other.instructions;
        cycles += other.cycles;
        energy += other.energy;
        return *this;
    }
};

/// Who caused the instructions, cycles and energy of a run: a tree of calls, by source line.
struct Profile {
    /// A line of a file; ("", 0) where that is not known.
    using Line = std::pair<std::string, std::uint32_t>;
    struct Function {
        std::string name;
        Line begin;
        std::uint32_t address = 0;
        std::uint64_t entered = 0;  ///< executions of its first instruction
    };
    struct Node {
        std::size_t parent = 0;    ///< 0: none
        std::size_t function = 0;  ///< in `functions`
        Line site;                 ///< of the call in the parent
        std::uint64_t calls = 0;
        std::map<Line, ProfileCost> self;
    };
    /// A line that has code, and how often it was executed.
    struct Coverage {
        SourceLocation source;
        std::uint64_t count;
    };

    std::string program;
    std::vector<Function> functions;
    std::vector<Node> nodes;         ///< parents come before their children; the first is nobody
    EnergyReport::Split background;  ///< what nobody caused, by name of its frame
    std::vector<Coverage> lines;
    std::vector<Function> all_functions;  ///< executed or not, in the order of addresses
};

/// A function, "[interrupt 7]" or "[exception 2]"; empty for the root of all else.
[[nodiscard]] std::string node_name(const cpu::CallNode& node, const Symbols& symbols);

/// The function of each place, for LedgerCounts::frames.
[[nodiscard]] std::vector<std::string> frame_names(const cpu::Attribution& attribution,
                                                   const Symbols& symbols);

/// `counts` are of the end of the run: what is attributed has been drained.
[[nodiscard]] Profile make_profile(const std::string& program, const cpu::Attribution& attribution,
                                   const Symbols& symbols, const LedgerCounts& counts,
                                   const PriceList& prices);

/// For KCachegrind and callgrind_annotate: instructions, cycles and attojoules by source line, with
/// inclusive costs of calls.
[[nodiscard]] std::string to_callgrind(const Profile& profile);
/// Stacks and their attojoules, for flamegraph.pl, speedscope and others.
[[nodiscard]] std::string to_folded(const Profile& profile);
/// Lines and functions executed, as a trace file of lcov.
[[nodiscard]] std::string to_lcov(const Profile& profile);

}  // namespace cimera
