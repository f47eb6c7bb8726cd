// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"

namespace cimera {

/// Up-counter with one compare interrupt: the example of docs/write-a-model.md.
class Ticker final : public Peripheral {
public:
    IrqPort irq{"irq"};

    Ticker(const sc_core::sc_module_name& name, const Environment& env);

private:
    void reset_device(ResetKind kind) override;
    void control(std::uint32_t value);
    void match();
    void schedule();
    void book();
    void update_irq();
    [[nodiscard]] std::uint64_t count() const;

    bool running_ = false;
    std::uint64_t start_ = 0;      // cycle of the clock at which COUNT was zero
    std::uint32_t prescaler_ = 1;  // cycles per count
    std::uint64_t booked_ = 0;     // counts that the meter has already
    OwnerId owner_ = 0;            // who started the counter
    sc_core::sc_event due_;
};

}  // namespace cimera
