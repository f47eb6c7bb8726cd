// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/peripherals/finisher.hpp"

namespace cimera {

/// Window watchdog: resets the chip unless it is fed in time. Counts at 10 MHz whatever the clocks.
class Watchdog final : public Peripheral {
public:
    enum class Cause : std::uint8_t { power_on, other, not_fed, fed_too_early };

    IrqPort irq{"irq"};

    Watchdog(const sc_core::sc_module_name& name, const Environment& env, RunControl& control);

    /// Whether a program that does not get on any more is reset.
    [[nodiscard]] bool armed() const { return running_; }

private:
    void reset_device(ResetKind kind) override;
    void add_settings();
    void control(std::uint32_t value);
    void feed(std::uint32_t value);
    void restart();
    void due();
    void bite(Cause cause);
    void schedule();
    void book(Picoseconds until);

    RunControl& control_;
    bool locked_ = true;
    bool running_ = false;
    bool barked_ = false;
    Picoseconds bark_ = 0;
    Picoseconds fed_ = 0;       // start or last feeding
    OwnerId owner_ = 0;         // who started it
    std::uint64_t booked_ = 0;  // ticks since fed_
    std::optional<Cause> bitten_;
    Cause cause_ = Cause::power_on;
    bool powered_ = false;
    std::uint32_t bites_ = 0;
    std::array<std::uint32_t, 4> scratch_{};
    sc_core::sc_event due_;
};

}  // namespace cimera
