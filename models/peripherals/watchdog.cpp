// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/watchdog.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/peripherals/clint.hpp"
#include "regs/watchdog.hpp"

namespace cimera {

using namespace regs::watchdog;

namespace {

constexpr std::size_t count_event = 0;
constexpr std::uint32_t unlocking_key = 0x0051'F15E;
constexpr std::uint32_t food = 0x0D09'F00D;
constexpr std::uint32_t most_bites = 0xFFFF;
constexpr Picoseconds tick = Clint::tick;

}  // namespace

Watchdog::Watchdog(const sc_core::sc_module_name& name, const Environment& environment,
                   RunControl& control)
    : Peripheral(name, block, environment, {{"watchdog.count", {{"logic.dff", 2}}}}),
      control_(control) {
    add_settings();
    regs.on_read(STATUS, [this] {
        return STATUS_LOCKED::of(locked_ ? 1 : 0) | STATUS_BARKED::of(barked_ ? 1 : 0);
    });
    regs.on_write(FEED, [this](std::uint32_t value) { feed(value); });
    regs.on_read(
        COUNT, [this] { return running_ ? static_cast<std::uint32_t>((now() - fed_) / tick) : 0; });
    regs.on_write(IRQ_STATUS, [this](std::uint32_t value) { irq.drive(value != 0, now()); });
    regs.on_read(RESET_CAUSE, [this] {
        return RESET_CAUSE_CAUSE::of(static_cast<std::uint32_t>(cause_)) |
               RESET_CAUSE_BITES::of(bites_);
    });
    regs.on_read(SCRATCH, [this](std::uint32_t n) { return scratch_[n]; });
    regs.on_write(SCRATCH, [this](std::uint32_t value, std::uint32_t n) { scratch_[n] = value; });
    env.ledger.before_reading([this](Picoseconds until) { book(until); });
    spawn_method("due", {&due_}, [this] { due(); });
}

/// What the lock protects.
void Watchdog::add_settings() {
    regs.on_write(KEY, [this](std::uint32_t key) {
        locked_ = key != unlocking_key || CTRL_FIXED::get(regs[CTRL]) != 0;
    });
    for (const std::uint32_t setting : {CTRL, TIMEOUT, GRACE, WINDOW}) {
        regs.on_write(setting, [this, setting](std::uint32_t value) {
            if (locked_) {
                regs.refuse("the settings are locked: write 0x0051f15e to KEY first");
            } else if (setting == CTRL) {
                control(value);
            } else {
                schedule();
            }
        });
    }
}

void Watchdog::reset_device(ResetKind /*kind*/) {
    book(now());
    cause_ = bitten_ ? *bitten_ : powered_ ? Cause::other : Cause::power_on;
    powered_ = true;
    bitten_.reset();
    locked_ = true;
    running_ = false;
    barked_ = false;
    irq.drive(false, now());
    due_.cancel();
}

void Watchdog::control(std::uint32_t value) {
    locked_ = CTRL_FIXED::get(value) != 0;
    const bool run = CTRL_EN::get(value) != 0;
    if (run == running_) {
        return;
    }
    book(now());
    running_ = run;
    owner_ = caller();
    restart();
}

void Watchdog::feed(std::uint32_t value) {
    if (value != food) {
        regs.refuse("FEED takes 0x0d09f00d only");
    } else if (running_ && !bitten_) {
        if (now() - fed_ < regs[WINDOW] * tick) {
            bite(Cause::fed_too_early);
            return;
        }
        book(now());
        restart();
    }
}

void Watchdog::restart() {
    fed_ = now();
    booked_ = 0;
    barked_ = false;
    regs[IRQ_STATUS] = 0;
    irq.drive(false, now());
    schedule();
}

void Watchdog::due() {
    if (barked_) {
        bite(Cause::not_fed);
        return;
    }
    barked_ = true;
    bark_ = now();
    regs[IRQ_STATUS] = IRQ_STATUS_BARK::mask;
    irq.drive(true, now());
    schedule();
}

void Watchdog::bite(Cause cause) {
    due_.cancel();
    bitten_ = cause;
    bites_ = std::min(bites_ + 1, most_bites);
    control_.request_reset(
        fmt::format("{} resets the chip: {}", name(),
                    cause == Cause::not_fed
                        ? fmt::format("not fed for {} ticks of 100 ns", (now() - fed_) / tick)
                        : fmt::format("fed within the {} ticks of 100 ns in which it must not be",
                                      regs[WINDOW])));
}

void Watchdog::schedule() {
    due_.cancel();
    if (running_ && !bitten_) {
        const Picoseconds at = barked_ ? bark_ + regs[GRACE] * tick : fed_ + regs[TIMEOUT] * tick;
        due_.notify(sc_core::sc_time::from_value(std::max(at, kernel_now()) - kernel_now()));
    }
}

void Watchdog::book(Picoseconds until) {
    const std::uint64_t ticks = running_ && until > fed_ ? (until - fed_) / tick : 0;
    if (ticks > booked_) {
        meter.add(owner_, own_event(count_event), ticks - booked_);
        booked_ = ticks;
    }
}

}  // namespace cimera
