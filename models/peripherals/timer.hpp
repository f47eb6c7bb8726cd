// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/peripherals/timer_channel.hpp"

namespace cimera {

/// Timer of four channels with one interrupt; they count the block's clock.
class Timer final : public Peripheral {
public:
    IrqPort irq{"irq"};

    Timer(const sc_core::sc_module_name& name, const Environment& env);

private:
    struct Channel {
        TimerChannel counter;
        OwnerId owner = 0;  ///< who set it last
    };

    void reset_device(ResetKind kind) override;
    void add_channel_registers();
    void change(std::uint32_t n, std::uint32_t count);
    void take(Picoseconds until);
    void update();
    void schedule();
    [[nodiscard]] std::uint64_t cycle() const { return env.clock.cycle_at(now()); }

    std::array<Channel, 4> channels_;
    std::uint32_t matched_ = 0;  // IRQ_STATUS, as far as matches were taken
    sc_core::sc_event due_;
};

}  // namespace cimera
