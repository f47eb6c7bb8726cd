// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace cimera::dma {

/// Who goes next: the highest priority, in turn among equals.
class Arbiter {
public:
    /// `wishes`: the priority of each channel, nothing for one that is not ready.
    [[nodiscard]] std::optional<unsigned> pick(
        std::span<const std::optional<std::uint32_t>> wishes) {
        const auto count = static_cast<unsigned>(wishes.size());
        std::optional<unsigned> best;
        for (unsigned i = 1; i <= count; ++i) {
            const unsigned candidate = (last_ + i) % count;
            if (wishes[candidate] && (!best || *wishes[candidate] > *wishes[*best])) {
                best = candidate;
            }
        }
        last_ = best.value_or(last_);
        return best;
    }
    void reset() { last_ = ~0U; }

private:
    unsigned last_ = ~0U;  // channel 0 is the first to have its turn
};

}  // namespace cimera::dma
