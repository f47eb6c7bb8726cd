// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>

#include <systemc>

#include "models/common/peripheral.hpp"

namespace cimera {

/// An event that nothing in the chip waits for: that it will come is no reason for the core to
/// wake up.
class Bystander {
public:
    void notify_at(Picoseconds due) {
        due_ = std::max(due, kernel_now());
        event_.cancel();
        event_.notify(sc_core::sc_time::from_value(due_ - kernel_now()));
    }
    /// Not pending until resume().
    void suspend() { event_.cancel(); }
    void resume() {
        if (due_ > kernel_now()) {
            notify_at(due_);
        }
    }
    [[nodiscard]] const sc_core::sc_event& event() const { return event_; }
    [[nodiscard]] Picoseconds due() const { return due_; }

private:
    sc_core::sc_event event_;
    Picoseconds due_ = 0;
};

}  // namespace cimera
