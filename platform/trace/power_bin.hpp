// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <vector>

#include "models/common/clock.hpp"
#include "models/power/ledger.hpp"

namespace cimera {

/// What all components had spent when a piece of time began and when it ended, in the order of
/// Ledger::components().
struct PowerBin {
    Picoseconds begin;
    Picoseconds end;
    const std::vector<ComponentEnergy>& before;
    const std::vector<ComponentEnergy>& after;
};

/// Hears of all bins of a run, one after the other, from time zero without gaps.
class PowerSink {
public:
    PowerSink() = default;
    PowerSink(const PowerSink&) = delete;
    PowerSink& operator=(const PowerSink&) = delete;
    virtual ~PowerSink() = default;
    virtual void bin(const PowerBin& bin) = 0;
};

/// Mean power in watts of an energy over a time.
[[nodiscard]] inline double mean_watts(Attojoules energy, Picoseconds time) {
    return static_cast<double>(energy) / static_cast<double>(time) * 1e-6;
}

[[nodiscard]] inline Attojoules total_of(const ComponentEnergy& energy) {
    return energy.dynamic + energy.clock + energy.leakage;
}

}  // namespace cimera
