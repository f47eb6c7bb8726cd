// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>

#include "models/common/clock.hpp"

namespace cimera {

/// Who decides what becomes of the core while it waits in wfi: power management. All calls come
/// from the core's process, at the kernel's time.
class SleepControl {
public:
    SleepControl() = default;
    SleepControl(const SleepControl&) = delete;
    SleepControl& operator=(const SleepControl&) = delete;
    virtual ~SleepControl() = default;

    /// The core's clock stops. `owner` pays for what its wake-up costs.
    virtual void falls_asleep(std::uint32_t owner, Picoseconds at) = 0;
    /// Whether the interrupts that are `pending` (mip), and those `enabled` (mie), end the sleep.
    [[nodiscard]] virtual bool wakes(std::uint32_t pending, std::uint32_t enabled) const = 0;
    /// Whether anything that `enabled` (mie) allows for could.
    [[nodiscard]] virtual bool can_wake(std::uint32_t enabled) const = 0;
    /// The core wakes up; answers when its clock runs again.
    [[nodiscard]] virtual Picoseconds awakens(Picoseconds at) = 0;
    /// Where the core goes on if it was without supply: it has lost its state. Otherwise, behind
    /// the wfi. To be asked once.
    [[nodiscard]] virtual std::optional<std::uint32_t> restart() = 0;
};

}  // namespace cimera
