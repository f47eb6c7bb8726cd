// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <utility>

#include <fmt/format.h>

#include "models/peripherals/watchdog.hpp"
#include "platform/soc/simulation.hpp"

namespace cimera {

void Simulation::request_reset(const std::string& reason) {
    reset_reason_ = reason;
    reset_requested_ = kernel_now();
    reset_pending_ = true;
    soc_->host().request_attention();
}

void Simulation::reset_soc() {
    reset_pending_ = false;
    const std::string reason = std::exchange(reset_reason_, "");
    if (!reason.empty()) {
        log_.warn(reason,
                  fmt::format("{}\n  {}, {}", reason, where(), human_time(reset_requested_)));
    }
    phases_.clear();
    if (htif_) {
        htif_->reset();
    }
    soc_->reset(ResetKind::cold);
    for (RunObserver* observer : observers_) {
        observer->was_reset(kernel_now(), reason);
    }
    soc_->host().set_owner(soc_->ledger().owner("host", "none"));
}

void Simulation::reset_if_asked(cpu::Boundary& boundary) {
    if (!reset_pending_) {
        return;
    }
    show_reset();
    if (ended_) {
        return;
    }
    reset_soc();
    switch (boundary) {
        case cpu::Boundary::dead:
        case cpu::Boundary::asleep:
        case cpu::Boundary::sleeping:
        case cpu::Boundary::storm:
        case cpu::Boundary::semihosting:
            boundary = cpu::Boundary::attention;  // what the program was about is over
            break;
        case cpu::Boundary::attention:
        case cpu::Boundary::debug:
        case cpu::Boundary::stopped:
        case cpu::Boundary::instruction_limit:
            break;
    }
}

bool Simulation::watchdog_armed() const {
    const auto* watchdog = soc_->device<Watchdog>();
    return watchdog != nullptr && watchdog->armed();
}

/// The program cannot get on by itself: the end of the run, or the watchdog's business.
void Simulation::dead_end(std::string reason) {
    if (watchdog_armed()) {
        soc_->host().lock_up();
    } else {
        stop(exit_status::firmware_died, std::move(reason));
    }
}

}  // namespace cimera
