// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/common/clock.hpp"

namespace cimera {

/// Number of an owner of energy in the ledger: (bus master, phase, call-stack node). 0 is nobody.
using OwnerId = std::uint32_t;
/// Number of a power domain in the ledger.
using DomainId = std::uint32_t;

/// What a power domain is supplied with.
enum class PowerState : std::uint8_t {
    on,
    clock_gated,  ///< supplied, no clock edge
    retention,    ///< memories keep their contents at a low voltage, all else is off
    off,          ///< everything volatile is lost
};
inline constexpr std::size_t power_states = 4;
inline constexpr std::array<const char*, power_states> power_state_names = {"on", "clock-gated",
                                                                            "retention", "off"};

/// What a count stands for.
enum class CountKind : std::uint8_t {
    dynamic,    ///< energy of doing something
    clock,      ///< energy of an active clock cycle
    operation,  ///< work done (for energy per operation); has no price
};

/// One kind of event that a model counts. Its price is a sum of technology entries times factors,
/// rounded once to integer attojoules.
struct EventKind {
    struct Term {
        std::string entry;  ///< name in the technology file
        double factor = 1;
    };
    std::string name;  ///< leaf in reports, such as "cim.adder_tree"
    std::vector<Term> price;
    CountKind kind = CountKind::dynamic;
};

/// A part of a component: a technology entry times the number of units. It leaks and takes area.
struct LeakageTerm {
    std::string entry;
    double units = 1;
};

/// Counts of one owner at one operating point, one for each kind of event.
struct CountRow {
    OwnerId owner;
    std::uint32_t point;  ///< of the component's domain
    std::vector<std::uint64_t> counts;
};

/// Time that a domain has spent in a state at an operating point.
struct PowerInterval {
    PowerState state;
    std::uint32_t point;
    Picoseconds time;
};

/// All that a ledger knows at one instant, as plain data. Energy follows from it and a list of
/// prices, of another technology too.
struct LedgerCounts {
    struct Component {
        std::string name;
        DomainId domain = 0;
        std::vector<EventKind> events;
        std::vector<LeakageTerm> leakage;
        std::vector<CountRow> rows;
    };
    struct Domain {
        std::string name;
        std::vector<std::string> points;       ///< names of operating points; 0: after power-on
        std::vector<PowerInterval> intervals;  ///< none is empty; they sum to `now`
        PowerState state = PowerState::on;     ///< at `now`
        std::uint32_t point = 0;               ///< at `now`
    };
    struct Owner {
        std::string initiator;
        std::string phase;
        std::uint32_t frame = 0;  ///< number of a call-stack node; 0: none
    };
    Picoseconds now = 0;
    std::vector<Component> components;
    std::vector<Domain> domains;
    std::vector<Owner> owners;
    std::vector<std::string> frames;  ///< functions by call-stack node; empty: none were followed
};

}  // namespace cimera
