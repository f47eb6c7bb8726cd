// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/power_sampler.hpp"

#include <utility>

#include "models/common/process.hpp"

namespace cimera {

// A picosecond before the end of a bin: nothing of what happens at its end is in, in whatever order
// the kernel runs the processes of one instant.
PowerSampler::PowerSampler(const Ledger& ledger, Picoseconds interval)
    : ledger_(ledger), interval_(interval), energy_(ledger.components().size()) {
    spawn_method("power_sampler", {&tick_.event()}, [this] { sample(); });
    tick_.notify_at(interval_ - 1);
}

void PowerSampler::sample() {
    if (kernel_now() < tick_.due()) {
        return;
    }
    if (sampled_ != told_) {
        tell(sampled_, sample_);
    }
    sampled_ = tick_.due() + 1;
    sample_ = ledger_.by_component(kernel_now());
    tick_.notify_at(tick_.due() + interval_);
}

void PowerSampler::finish(Picoseconds end) {
    if (sampled_ != told_ && end > sampled_) {
        tell(sampled_, sample_);
    }
    if (end != told_) {
        tell(end, ledger_.by_component(end));
    }
}

void PowerSampler::tell(Picoseconds end, const std::vector<ComponentEnergy>& after) {
    for (PowerSink* sink : sinks_) {
        sink->bin({told_, end, energy_, after});
    }
    told_ = end;
    energy_ = after;
}

}  // namespace cimera
