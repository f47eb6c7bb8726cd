// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace cimera {

/// Simulated time and durations, integer picoseconds: `sc_time::value()` at the default resolution.
using Picoseconds = std::uint64_t;

/// Frequency of a period, rounded to whole hertz.
[[nodiscard]] constexpr std::uint32_t hertz(Picoseconds period) {
    return static_cast<std::uint32_t>((1'000'000'000'000U + period / 2) / period);
}

/// The clock of a domain. Operating points change its period; who derives something from the period
/// registers a callback. Edge n lies at epoch + (n - epoch's cycle) · period.
class Clock {
public:
    explicit Clock(Picoseconds period) : period_(period) {}
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;

    /// An instant that lies beyond the end of time.
    static constexpr Picoseconds never = std::numeric_limits<Picoseconds>::max();

    [[nodiscard]] Picoseconds period() const { return period_; }
    /// Whole cycles that have passed at `at`, counted from time zero over all period changes.
    [[nodiscard]] std::uint64_t cycle_at(Picoseconds at) const {
        return epoch_cycle_ + (at - epoch_) / period_;
    }
    /// The edge with which `cycle` begins, a cycle since the last change; `never` beyond the end of
    /// time.
    [[nodiscard]] Picoseconds time_of(std::uint64_t cycle) const {
        const std::uint64_t cycles = cycle - epoch_cycle_;
        return cycles < (never - epoch_) / period_ ? epoch_ + cycles * period_ : never;
    }
    /// First edge at or after `at`.
    [[nodiscard]] Picoseconds edge_at_or_after(Picoseconds at) const {
        return epoch_ + (at - epoch_ + period_ - 1) / period_ * period_;
    }
    /// Cycles needed to cover a duration.
    [[nodiscard]] std::uint64_t cycles_for(Picoseconds duration) const {
        return (duration + period_ - 1) / period_;
    }

    /// Changes the period from `at` (not before the last change) on, where an edge lies.
    void set_period(Picoseconds period, Picoseconds at) {
        restart(at);
        period_ = period;
        for (const auto& callback : callbacks_) {
            callback();
        }
    }
    /// Lays an edge at `at` (not before the last change): a reset starts the grid anew, so that
    /// what follows does not depend on when it came. The cycle it cuts off is not counted.
    void restart(Picoseconds at) {
        epoch_cycle_ = cycle_at(at);
        epoch_ = at;
    }
    void on_change(std::function<void()> callback) const {
        callbacks_.push_back(std::move(callback));
    }

private:
    Picoseconds period_;
    Picoseconds epoch_ = 0;
    std::uint64_t epoch_cycle_ = 0;
    mutable std::vector<std::function<void()>> callbacks_;  // observers, not state of the clock
};

}  // namespace cimera
