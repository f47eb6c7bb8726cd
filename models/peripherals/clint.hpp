// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"

namespace cimera {

/// Core-local interruptor of hart 0: software interrupt, mtime at 10 MHz, timer interrupt.
class Clint final : public Peripheral {
public:
    static constexpr Picoseconds tick = 100'000;  ///< 10 MHz

    IrqPort software{"software"};
    IrqPort timer{"timer"};

    Clint(const sc_core::sc_module_name& name, const Environment& env);

    /// mtime at an instant; the `time` CSR reads it too.
    [[nodiscard]] std::uint64_t mtime(Picoseconds at) const {
        return (at - zero_) / tick + offset_;
    }

private:
    void reset_device(ResetKind kind) override;
    void set_mtime(unsigned half, std::uint32_t value);
    void update_timer();

    sc_core::sc_event due_;
    Picoseconds zero_ = 0;      // last reset: the ticks are counted from there
    std::uint64_t offset_ = 0;  // what firmware added by writing mtime
};

}  // namespace cimera
