// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include "models/common/clock.hpp"

namespace cimera {

/// Hears what happens to the firmware while a run lasts, and changes nothing. Instants are those of
/// the core, which may be ahead of the kernel; they do not go back.
class RunObserver {
public:
    RunObserver() = default;
    RunObserver(const RunObserver&) = delete;
    RunObserver& operator=(const RunObserver&) = delete;
    virtual ~RunObserver() = default;

    /// A phase begins or ends; `path` is what the firmware is in from then on, "none" outside.
    virtual void phase_changed(Picoseconds at, const std::string& path, bool end) = 0;
    /// The whole chip is reset; all phases are left. `reason` is empty where firmware asked for it.
    virtual void was_reset(Picoseconds at, const std::string& reason) = 0;
    /// A mistake of the firmware, whether or not it was logged before.
    virtual void fault(Picoseconds at, const std::string& text) = 0;
    /// The host waited in a wfi.
    virtual void slept(Picoseconds from, Picoseconds to) = 0;
};

}  // namespace cimera
