// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <vector>

#include "platform/soc/bystander.hpp"
#include "platform/trace/power_bin.hpp"

namespace cimera {

/// Reads the ledger at multiples of an interval. The event that it waits for bounds how far the
/// core runs ahead, so that a bin has all instructions that begin in it, in every mode.
class PowerSampler {
public:
    /// To be built before the simulation starts; `interval` is at least 1 ns.
    PowerSampler(const Ledger& ledger, Picoseconds interval);

    void add(PowerSink& sink) { sinks_.push_back(&sink); }
    [[nodiscard]] Bystander& bystander() { return tick_; }
    /// Tells of the last bin, which may be shorter.
    void finish(Picoseconds end);

private:
    void sample();
    void tell(Picoseconds end, const std::vector<ComponentEnergy>& after);

    const Ledger& ledger_;
    Picoseconds interval_;
    std::vector<PowerSink*> sinks_;
    Bystander tick_;
    Picoseconds told_ = 0;  // end of the last bin told
    std::vector<ComponentEnergy> energy_;
    // The last sample is kept until it is known that the run goes on behind it.
    Picoseconds sampled_ = 0;
    std::vector<ComponentEnergy> sample_;
};

}  // namespace cimera
