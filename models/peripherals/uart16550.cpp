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
constexpr std::uint32_t id_modem = 0;

constexpr std::uint32_t default_divisor = Uart16550::reference_hz / 16 / 115'200;
constexpr unsigned timeout_characters = 4;

}  // namespace

Uart16550::Uart16550(const sc_core::sc_module_name& name, const Environment& environment,
                     std::function<void(std::uint8_t)> transmit)
    : Peripheral(name, block, environment, {{"uart.byte", {{"uart.byte"}}}}),
      transmit_(std::move(transmit)) {
    regs.on_read(DATA, [this] { return read_data(); });
    regs.on_write(DATA, [this](std::uint32_t value) { write_data(value); });
    regs.on_read(IER, [this] { return divisor_access() ? divisor_high_ : interrupt_enable_; });
    regs.on_write(IER, [this](std::uint32_t value) { write_ier(value); });
    regs.on_read(IIR, [this] { return read_iir(); });
    regs.on_write(IIR, [this](std::uint32_t value) { write_fcr(value); });
    regs.on_write(MCR, [this](std::uint32_t) { write_mcr(); });
    regs.on_read(LSR, [this] { return read_lsr(); });
    regs.on_read(MSR, [this] { return read_msr(); });
    spawn_method("arrive", {&character_done_}, [this] { arrive(); });
    spawn_method("time_out", {&timeout_due_}, [this] { watch_timeout(); });
}

void Uart16550::notify_in(sc_core::sc_event& event, Picoseconds delay) {
    event.cancel();
    event.notify(sc_core::sc_time::from_value(now() - kernel_now() + delay));
}

void Uart16550::reset_device(ResetKind /*kind*/) {
    received_.clear();
    interrupt_enable_ = 0;
    divisor_low_ = 0;
    divisor_high_ = 0;
    trigger_ = 1;
    fifo_enabled_ = false;
    overrun_ = false;
    timeout_ = false;
    timeout_due_.cancel();
    listening_ = false;
    line_busy_ = false;
    character_done_.cancel();
    modem_lines_ = modem_lines();
    modem_changes_ = 0;
    transmitter_empty_event_ = true;
    update_irq();
}

bool Uart16550::divisor_access() const {
    return LCR_DLAB::get(regs[LCR]) != 0;
}

bool Uart16550::full() const {
    return received_.size() >= (fifo_enabled_ ? fifo_depth : 1);
}

bool Uart16550::listens() const {
    return IER_ERBFI::get(interrupt_enable_) != 0;
}

// --- the receiver and its line -------------------------------------------------------------

Picoseconds Uart16550::character_time() const {
    // Start bit, 5 to 8 bits, parity, one or two stop bits; 16 clocks of the generator each.
    const std::uint32_t format = regs[LCR];
    const std::uint64_t bits =
        1 + 5 + LCR_WORD::get(format) + LCR_PARITY::get(format) + 1 + LCR_STOP::get(format);
    const std::uint32_t divisor = divisor_high_ << 8 | divisor_low_;
    const std::uint64_t clocks = 16 * bits * (divisor == 0 ? default_divisor : divisor);
    return clocks * 1'000'000'000'000U / reference_hz;
}

void Uart16550::listen() {
    listening_ = true;
    continue_line();
}

void Uart16550::continue_line() {
    if (source_ == nullptr || !listening_ || line_busy_ || !source_->ready() ||
        (source_->holds_back() && full())) {
        return;
    }
    line_busy_ = true;
    notify_in(character_done_, character_time());
}

void Uart16550::arrive() {
    if (!line_busy_) {
        return;  // a reset at this very instant
    }
    line_busy_ = false;
    receive(source_->take());
    continue_line();
}

void Uart16550::receive(std::uint8_t byte) {
    if (full()) {
        overrun_ = true;
        ++overruns_;
    } else {
        received_.push_back(byte);
    }
    if (fifo_enabled_) {
        notify_in(timeout_due_, timeout_characters * character_time());
    }
    update_irq();
}

/// 16550A: bytes below the trigger level that nobody has read for four characters interrupt too.
void Uart16550::watch_timeout() {
    timeout_ = !received_.empty();
    update_irq();
}

std::uint32_t Uart16550::read_data() {
    if (divisor_access()) {
        return divisor_low_;
    }
    std::uint8_t byte = 0;
    if (!received_.empty()) {
        byte = received_.front();
        received_.pop_front();
        timeout_ = false;
        timeout_due_.cancel();
        if (fifo_enabled_ && !received_.empty()) {
            notify_in(timeout_due_, timeout_characters * character_time());
        }
        update_irq();
    }
    listen();
    return byte;
}

std::uint32_t Uart16550::read_lsr() {
    const std::uint32_t status = LSR_THRE::mask | LSR_TEMT::mask |
                                 LSR_DR::of(received_.empty() ? 0 : 1) |
                                 LSR_OE::of(overrun_ ? 1 : 0);
    overrun_ = false;
    update_irq();
    listen();
    return status;
}

void Uart16550::write_fcr(std::uint32_t value) {
    constexpr std::array<std::size_t, 4> levels = {1, 4, 8, 14};
    const bool enable = (value & 1U) != 0;
    // 16550A: a change of the enable bit empties the FIFOs too.
    const bool change = enable != fifo_enabled_;
    const bool clear = (value & 2U) != 0 || change;
    // As on QEMU the transmitter that was emptied tells so again.
    transmitter_empty_event_ = transmitter_empty_event_ || (value & 4U) != 0 || change;
    fifo_enabled_ = enable;
    trigger_ = enable ? levels[IIR_FIFO::get(value)] : 1;
    if (clear) {
        received_.clear();
        timeout_ = false;
        timeout_due_.cancel();
    }
    update_irq();
    listen();
}

// --- transmitter, modem lines, interrupts --------------------------------------------------

void Uart16550::write_data(std::uint32_t value) {
    if (divisor_access()) {
        divisor_low_ = value;
        return;
    }
    charge(byte_event, 1);
    transmitter_empty_event_ = true;
    if (MCR_LOOP::get(regs[MCR]) != 0) {
        receive(static_cast<std::uint8_t>(value));
        return;
    }
    transmit_(static_cast<std::uint8_t>(value));
    update_irq();
}

void Uart16550::write_ier(std::uint32_t value) {
    if (divisor_access()) {
        divisor_high_ = value;
        return;
    }
    const bool enabled = IER_ETBEI::get(value & ~interrupt_enable_) != 0;
    interrupt_enable_ = value & ~IER_HIGH::mask;
    // Enabling the interrupt while the transmitter is empty raises it.
    transmitter_empty_event_ = transmitter_empty_event_ || enabled;
    update_irq();
    listen();
}

/// The upper half of MSR. 16550A, loop-back: the outputs of MCR come in as CTS, DSR, RI and DCD.
std::uint32_t Uart16550::modem_lines() const {
    const std::uint32_t control = regs[MCR];
    if (MCR_LOOP::get(control) == 0) {
        return MSR_CTS::mask | MSR_DSR::mask | MSR_DCD::mask;
    }
    return MSR_CTS::of(MCR_RTS::get(control)) | MSR_DSR::of(MCR_DTR::get(control)) |
           MSR_RI::of(MCR_OUT1::get(control)) | MSR_DCD::of(MCR_OUT2::get(control));
}

void Uart16550::write_mcr() {
    const std::uint32_t lines = modem_lines();
    const std::uint32_t changed = lines ^ modem_lines_;
    // Of the ring indicator only the end of a ring is remembered.
    modem_changes_ |= MSR_DCTS::of(MSR_CTS::get(changed)) | MSR_DDSR::of(MSR_DSR::get(changed)) |
                      MSR_TERI::of(MSR_RI::get(changed & modem_lines_)) |
                      MSR_DDCD::of(MSR_DCD::get(changed));
    modem_lines_ = lines;
    update_irq();
}

std::uint32_t Uart16550::read_msr() {
    const std::uint32_t status = modem_lines_ | modem_changes_;
    modem_changes_ = 0;
    update_irq();
    return status;
}

std::uint32_t Uart16550::interrupt_id() const {
    if (IER_ELSI::get(interrupt_enable_) != 0 && overrun_) {
        return id_line_status;
    }
    if (listens() && received_.size() >= trigger_) {
        return id_data;
    }
    if (listens() && timeout_) {
        return id_timeout;
    }
    if (IER_ETBEI::get(interrupt_enable_) != 0 && transmitter_empty_event_) {
        return id_transmitter;
    }
    if (IER_EDSSI::get(interrupt_enable_) != 0 && modem_changes_ != 0) {
        return id_modem;
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

void Uart16550::update_irq() {
    irq.drive(interrupt_id() != id_none, now());
}

}  // namespace cimera
