// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/uart16550.hpp"

#include <array>

#include "regs/uart.hpp"

namespace cimera {

using namespace regs::uart;

namespace {

constexpr std::size_t fifo_depth = 16;
constexpr std::size_t byte_event = 0;

// Interrupt identities, 16550A data sheet, table of IIR.
constexpr std::uint32_t id_none = 1;
constexpr std::uint32_t id_line_status = 6;
constexpr std::uint32_t id_data = 4;
constexpr std::uint32_t id_timeout = 12;
constexpr std::uint32_t id_transmitter = 2;

}  // namespace

Uart16550::Uart16550(const sc_core::sc_module_name& name, const Environment& environment,
                     std::function<void(std::uint8_t)> transmit)
    : Peripheral(name, block, environment, {{"uart.byte", {{"uart.byte"}}}}),
      transmit_(std::move(transmit)) {
    regs.on_read(DATA, [this] { return read_data(); });
    regs.on_write(DATA, [this](std::uint32_t value) { write_data(value); });
    regs.on_read(IER, [this] { return divisor_access() ? divisor_high_ : interrupt_enable_; });
    regs.on_write(IER, [this](std::uint32_t value) {
        if (divisor_access()) {
            divisor_high_ = value;
            return;
        }
        const bool enabled = IER_ETBEI::get(value & ~interrupt_enable_) != 0;
        interrupt_enable_ = value & ~IER_HIGH::mask;
        // Enabling the interrupt while the transmitter is empty raises it.
        transmitter_empty_event_ = transmitter_empty_event_ || enabled;
        update_irq();
    });
    regs.on_read(IIR, [this] { return read_iir(); });
    regs.on_write(IIR, [this](std::uint32_t value) { write_fcr(value); });
    regs.on_read(LSR, [this] {
        const std::uint32_t status = LSR_THRE::mask | LSR_TEMT::mask |
                                     LSR_DR::of(received_.empty() ? 0 : 1) |
                                     LSR_OE::of(overrun_ ? 1 : 0);
        overrun_ = false;
        update_irq();
        return status;
    });
}

void Uart16550::reset_device(ResetKind /*kind*/) {
    received_.clear();
    interrupt_enable_ = 0;
    divisor_low_ = 0;
    divisor_high_ = 0;
    trigger_ = 1;
    fifo_enabled_ = false;
    overrun_ = false;
    transmitter_empty_event_ = true;
    update_irq();
}

bool Uart16550::divisor_access() const {
    return LCR_DLAB::get(regs[LCR]) != 0;
}

std::uint32_t Uart16550::read_data() {
    if (divisor_access()) {
        return divisor_low_;
    }
    if (received_.empty()) {
        return 0;
    }
    const std::uint8_t byte = received_.front();
    received_.pop_front();
    update_irq();
    return byte;
}

void Uart16550::write_data(std::uint32_t value) {
    if (divisor_access()) {
        divisor_low_ = value;
        return;
    }
    meter.add(caller(), own_event(byte_event), 1);
    transmit_(static_cast<std::uint8_t>(value));
    transmitter_empty_event_ = true;
    update_irq();
}

std::uint32_t Uart16550::interrupt_id() const {
    if (IER_ELSI::get(interrupt_enable_) != 0 && overrun_) {
        return id_line_status;
    }
    if (IER_ERBFI::get(interrupt_enable_) != 0 && !received_.empty()) {
        // Fewer bytes than the trigger level: the time-out of four characters is taken as over.
        return received_.size() >= trigger_ ? id_data : id_timeout;
    }
    if (IER_ETBEI::get(interrupt_enable_) != 0 && transmitter_empty_event_) {
        return id_transmitter;
    }
    return id_none;
}

std::uint32_t Uart16550::read_iir() {
    const std::uint32_t id = interrupt_id();
    if (id == id_transmitter) {
        transmitter_empty_event_ = false;
        update_irq();
    }
    return IIR_ID::of(id) | IIR_FIFO::of(fifo_enabled_ ? 3 : 0);
}

void Uart16550::write_fcr(std::uint32_t value) {
    constexpr std::array<std::size_t, 4> levels = {1, 4, 8, 14};
    fifo_enabled_ = (value & 1U) != 0;
    trigger_ = fifo_enabled_ ? levels[IIR_FIFO::get(value)] : 1;
    if ((value & 2U) != 0) {
        received_.clear();
    }
    update_irq();
}

void Uart16550::receive(std::uint8_t byte) {
    if (received_.size() >= (fifo_enabled_ ? fifo_depth : 1)) {
        overrun_ = true;
    } else {
        received_.push_back(byte);
    }
    update_irq();
}

void Uart16550::update_irq() {
    irq.drive(interrupt_id() != id_none, now());
}

}  // namespace cimera
