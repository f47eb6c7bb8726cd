// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"

namespace cimera {

/// UART compatible with the 16550A. A transmitted byte leaves at once (as on QEMU): the line's
/// baud rate does not delay the firmware.
class Uart16550 final : public Peripheral {
public:
    static constexpr std::uint32_t reference_hz = 3'686'400;  ///< of the baud-rate generator

    IrqPort irq{"irq"};

    /// `transmit` gets every byte that leaves the transmitter.
    Uart16550(const sc_core::sc_module_name& name, const Environment& env,
              std::function<void(std::uint8_t)> transmit);

    /// A byte arrives on the line, at kernel time. A full FIFO loses it (LSR.OE).
    void receive(std::uint8_t byte);

private:
    void reset_device(ResetKind kind) override;
    std::uint32_t read_data();
    void write_data(std::uint32_t value);
    std::uint32_t read_iir();
    void write_fcr(std::uint32_t value);
    [[nodiscard]] bool divisor_access() const;
    [[nodiscard]] std::uint32_t interrupt_id() const;
    void update_irq();

    std::function<void(std::uint8_t)> transmit_;
    std::deque<std::uint8_t> received_;
    std::uint32_t interrupt_enable_ = 0;
    std::uint32_t divisor_low_ = 0;
    std::uint32_t divisor_high_ = 0;
    std::size_t trigger_ = 1;
    bool fifo_enabled_ = false;
    bool overrun_ = false;
    bool transmitter_empty_event_ = true;
};

}  // namespace cimera
