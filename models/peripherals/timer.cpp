// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/timer.hpp"

#include <algorithm>

#include "regs/timer.hpp"

namespace cimera {

using namespace regs::timer;

namespace {

constexpr std::size_t count_event = 0;
constexpr std::uint32_t modes = 3;

}  // namespace

Timer::Timer(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment, {{"timer.count", {{"logic.dff", 2}}}}) {
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update(); });
    // The stored bits are all set: what is missing after a write is what it clears, of matches up
    // to now.
    regs.on_write(IRQ_STATUS, [this](std::uint32_t left) {
        take(now());
        matched_ &= left;
        regs[IRQ_STATUS] = IRQ_STATUS_MATCH::mask;
        update();
    });
    // A match between two events of the kernel is seen at its instant all the same.
    regs.on_read(IRQ_STATUS, [this] {
        std::uint32_t status = matched_;
        for (std::size_t n = 0; n < channels_.size(); ++n) {
            const auto match = channels_[n].counter.match();
            status |= (match && *match <= cycle() ? 1U : 0U) << n;
        }
        return status;
    });
    add_channel_registers();
    env.clock.on_change([this] { schedule(); });
    env.ledger.before_reading([this](Picoseconds until) { take(until); });
    spawn_method("due", {&due_}, [this] { update(); });
}

void Timer::add_channel_registers() {
    regs.on_read(CTRL, [this](std::uint32_t n) {
        TimerChannel later = channels_[n].counter;
        later.take(cycle());
        return CTRL_EN::insert(regs[CTRL + 4 * n], later.setting().running ? 1 : 0);
    });
    regs.on_write(CTRL, [this](std::uint32_t value, std::uint32_t n) {
        if (CTRL_MODE::get(value) >= modes) {
            regs.refuse("MODE is 3");
            return;
        }
        take(now());
        regs[CTRL + 4 * n] = value;
        change(n, channels_[n].counter.count(cycle()));
    });
    regs.on_write(PRESCALER, [this](std::uint32_t, std::uint32_t n) {
        take(now());
        change(n, channels_[n].counter.count(cycle()));
    });
    regs.on_write(COMPARE, [this](std::uint32_t value, std::uint32_t n) {
        take(now());
        channels_[n].counter.set_compare(value, cycle());
        update();
    });
    regs.on_read(COUNT, [this](std::uint32_t n) { return channels_[n].counter.count(cycle()); });
    regs.on_write(COUNT, [this](std::uint32_t value, std::uint32_t n) {
        take(now());
        change(n, value);
    });
}

void Timer::reset_device(ResetKind /*kind*/) {
    take(now());
    channels_ = {};
    matched_ = 0;
    regs[IRQ_STATUS] = IRQ_STATUS_MATCH::mask;
    update();
}

/// The registers of channel `n` take effect, after take().
void Timer::change(std::uint32_t n, std::uint32_t count) {
    const std::uint32_t ctrl = regs[CTRL + 4 * n];
    channels_[n].owner = caller();
    channels_[n].counter.set(
        {CTRL_EN::get(ctrl) != 0, static_cast<TimerChannel::Mode>(CTRL_MODE::get(ctrl)),
         PRESCALER_DIVIDER::get(regs[PRESCALER + 4 * n]) + 1, regs[COMPARE + 4 * n]},
        count, cycle());
    update();
}

/// Matches and energy up to an instant.
void Timer::take(Picoseconds until) {
    for (std::uint32_t n = 0; n < channels_.size(); ++n) {
        Channel& channel = channels_[n];
        const TimerChannel::Passed passed = channel.counter.take(env.clock.cycle_at(until));
        if (passed.increments != 0) {
            meter.add(channel.owner, own_event(count_event), passed.increments);
        }
        if (passed.match) {
            matched_ |= 1U << n;
            std::uint32_t& ctrl = regs[CTRL + 4 * n];
            ctrl = CTRL_EN::insert(ctrl, channel.counter.setting().running ? 1 : 0);
        }
    }
}

void Timer::update() {
    take(now());
    irq.drive((matched_ & regs[IRQ_ENABLE]) != 0, now());
    schedule();
}

/// An event is needed only where a match would raise the interrupt.
void Timer::schedule() {
    due_.cancel();
    const std::uint32_t wanted = regs[IRQ_ENABLE] & ~matched_;
    Picoseconds at = Clock::never;
    for (std::size_t n = 0; n < channels_.size(); ++n) {
        const auto match = channels_[n].counter.match();
        if (match && (wanted >> n & 1U) != 0) {
            at = std::min(at, env.clock.time_of(*match));
        }
    }
    if (at != Clock::never) {
        due_.notify(sc_core::sc_time::from_value(at - kernel_now()));
    }
}

}  // namespace cimera
