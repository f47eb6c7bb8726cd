// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>

namespace cimera {

/// One counter of the timer. Time is cycles of its clock, and nothing happens per count: whatever
/// is asked is computed from the cycle at which the counter was last set or has wrapped.
class TimerChannel {
public:
    enum class Mode : std::uint8_t { free, periodic, one_shot };
    struct Setting {
        bool running = false;
        Mode mode = Mode::free;
        std::uint32_t divider = 1;  ///< cycles per count
        std::uint32_t compare = 0xFFFF'FFFF;
    };
    /// What has happened since the last take().
    struct Passed {
        bool match = false;
        std::uint64_t increments = 0;  ///< of counter and prescaler
    };

    /// All that has happened up to `cycle`.
    Passed take(std::uint64_t cycle);
    /// Changes the setting, after take(cycle); the present increment begins anew.
    void set(const Setting& setting, std::uint32_t count, std::uint64_t cycle);
    /// Changes the compare value, after take(cycle); the present increment goes on.
    void set_compare(std::uint32_t compare, std::uint64_t cycle);

    [[nodiscard]] const Setting& setting() const { return setting_; }
    [[nodiscard]] std::uint32_t count(std::uint64_t cycle) const;
    /// Cycle of the next match that was not taken; none while the counter stands.
    [[nodiscard]] std::optional<std::uint64_t> match() const;

private:
    [[nodiscard]] std::uint64_t counts_since_begin(std::uint64_t cycle) const;

    Setting setting_;
    std::uint64_t begin_ = 0;  ///< cycle at which the count was base_
    std::uint32_t base_ = 0;
    std::uint64_t taken_ = 0;  ///< last cycle of take()
};

}  // namespace cimera
