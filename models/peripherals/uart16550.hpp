// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/peripherals/serial_source.hpp"

namespace cimera {

/// UART compatible with the 16550A. A transmitted byte leaves at once (as on QEMU): the line's
/// baud rate does not delay the firmware. Received bytes arrive at the programmed baud rate.
class Uart16550 final : public Peripheral {
public:
    static constexpr std::uint32_t reference_hz = 3'686'400;  ///< of the baud-rate generator

    IrqPort irq{"irq"};

    /// `transmit` gets every byte that leaves the transmitter.
    Uart16550(const sc_core::sc_module_name& name, const Environment& env,
              std::function<void(std::uint8_t)> transmit);

    /// Connects the far end of the line. It begins to send when firmware first reads LSR or DATA,
    /// or writes IER or FCR: before, nobody listens.
    void connect(SerialSource& source) { source_ = &source; }
    /// The source has a byte again. Called at kernel time.
    void source_ready() { continue_line(); }
    /// A byte arrives on the line, at kernel time. A full FIFO loses it (LSR.OE).
    void receive(std::uint8_t byte);

    /// Time of one character on the line, as LCR and the divisor latch say. A divisor of zero, as
    /// after reset, counts as 115200 baud.
    [[nodiscard]] Picoseconds character_time() const;
    /// Whether a received byte raises the interrupt.
    [[nodiscard]] bool listens() const;
    /// Bytes lost because the FIFO was full, since the beginning of the simulation.
    [[nodiscard]] std::uint64_t overruns() const { return overruns_; }

private:
    void reset_device(ResetKind kind) override;
    std::uint32_t read_data();
    void write_data(std::uint32_t value);
    void write_ier(std::uint32_t value);
    std::uint32_t read_iir();
    void write_fcr(std::uint32_t value);
    void write_mcr();
    std::uint32_t read_lsr();
    std::uint32_t read_msr();
    [[nodiscard]] std::uint32_t modem_lines() const;
    [[nodiscard]] bool divisor_access() const;
    [[nodiscard]] bool full() const;
    [[nodiscard]] std::uint32_t interrupt_id() const;
    void listen();
    void continue_line();
    void arrive();
    void watch_timeout();
    void notify_in(sc_core::sc_event& event, Picoseconds delay);
    void update_irq();

    std::function<void(std::uint8_t)> transmit_;
    SerialSource* source_ = nullptr;
    sc_core::sc_event character_done_;
    sc_core::sc_event timeout_due_;
    bool listening_ = false;
    bool line_busy_ = false;
    std::uint64_t overruns_ = 0;
    std::deque<std::uint8_t> received_;
    std::uint32_t interrupt_enable_ = 0;
    std::uint32_t divisor_low_ = 0;
    std::uint32_t divisor_high_ = 0;
    std::uint32_t modem_lines_ = 0;
    std::uint32_t modem_changes_ = 0;
    std::size_t trigger_ = 1;
    bool fifo_enabled_ = false;
    bool overrun_ = false;
    bool timeout_ = false;
    bool transmitter_empty_event_ = true;
};

}  // namespace cimera
