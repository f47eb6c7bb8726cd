// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/gpio.hpp"

#include <bit>
#include <utility>

#include "regs/gpio.hpp"

namespace cimera {

using namespace regs::gpio;
using Level = PinChange::Level;

namespace {

constexpr std::size_t toggle_event = 0;

}  // namespace

Gpio::Gpio(const sc_core::sc_module_name& name, const Environment& environment,
           std::vector<PinChange> inputs)
    : Peripheral(name, block, environment, {{"gpio.toggle", {{"gpio.toggle"}}}}),
      inputs_(std::move(inputs)) {
    const auto change_out = [this](std::uint32_t offset, auto operation) {
        regs.on_write(offset, [this, offset, operation](std::uint32_t bits) {
            regs[offset] = 0;
            regs[OUT] = operation(regs[OUT], bits);
            update();
        });
    };
    change_out(OUT_SET, [](std::uint32_t out, std::uint32_t bits) { return out | bits; });
    change_out(OUT_CLEAR, [](std::uint32_t out, std::uint32_t bits) { return out & ~bits; });
    change_out(OUT_TOGGLE, [](std::uint32_t out, std::uint32_t bits) { return out ^ bits; });
    for (const std::uint32_t offset :
         {DIR, OUT, IRQ_RISE, IRQ_FALL, IRQ_HIGH, IRQ_LOW, IRQ_STATUS}) {
        regs.on_write(offset, [this](std::uint32_t) { update(); });
    }
    regs.on_read(IN, [this] { return levels_; });
    spawn_method("due", {&due_}, [this] { play(); });
    schedule();
}

void Gpio::reset_device(ResetKind /*kind*/) {
    update();
}

/// To be called after every change of a register or of what is connected.
void Gpio::update() {
    const std::uint32_t dir = regs[DIR];
    const std::uint32_t before = std::exchange(levels_, (regs[OUT] & dir) | (connected_ & ~dir));
    regs[IRQ_STATUS] |= (levels_ & ~before & regs[IRQ_RISE]) |
                        (~levels_ & before & regs[IRQ_FALL]) | (levels_ & regs[IRQ_HIGH]) |
                        (~levels_ & regs[IRQ_LOW]);
    irq.drive(regs[IRQ_STATUS] != 0, now());
    note_outputs();
}

void Gpio::note_outputs() {
    const std::uint32_t dir = regs[DIR];
    const std::uint32_t levels = regs[OUT] & dir;
    const std::uint32_t toggled = dir & driven_ & (levels ^ driven_levels_);
    if (toggled != 0) {
        charge(toggle_event, static_cast<std::uint64_t>(std::popcount(toggled)));
    }
    for (std::uint32_t rest = toggled | (dir ^ driven_); rest != 0; rest &= rest - 1) {
        ++output_changes_;
        const auto pin = static_cast<std::uint32_t>(std::countr_zero(rest));
        if (outputs_.size() < most_changes) {
            outputs_.push_back({now(), pin,
                                (dir >> pin & 1U) == 0      ? Level::released
                                : (levels >> pin & 1U) != 0 ? Level::high
                                                            : Level::low});
        }
    }
    driven_ = dir;
    driven_levels_ = levels;
}

/// One change after the other, so that a short pulse has both of its edges.
void Gpio::play() {
    for (; next_input_ < inputs_.size() && inputs_[next_input_].at <= kernel_now(); ++next_input_) {
        const PinChange& input = inputs_[next_input_];
        const std::uint32_t bit = 1U << input.pin;
        connected_ = input.level == Level::high ? connected_ | bit : connected_ & ~bit;
        update();
    }
    schedule();
}

void Gpio::schedule() {
    if (next_input_ < inputs_.size()) {
        due_.notify(sc_core::sc_time::from_value(inputs_[next_input_].at - kernel_now()));
    }
}

}  // namespace cimera
