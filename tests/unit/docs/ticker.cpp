// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/unit/docs/ticker.hpp"

#include "regs/ticker.hpp"

namespace cimera {

using namespace regs::ticker;

// [constructor]
namespace {
constexpr std::size_t count_event = 0;
}

Ticker::Ticker(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment, {{"ticker.count", {{"logic.dff", 2}}}}) {
    regs.on_write(CTRL, [this](std::uint32_t value) { control(value); });
    regs.on_write(STATUS, [this](std::uint32_t) { update_irq(); });
    regs.on_write(COMPARE, [this](std::uint32_t) { schedule(); });
    regs.on_read(COUNT, [this] { return static_cast<std::uint32_t>(count()); });
    env.clock.on_change([this] { schedule(); });
    spawn_method("due", {&due_}, [this] { match(); });
}
// [/constructor]

// [control]
void Ticker::control(std::uint32_t value) {
    if (CTRL_PRESC::get(value) == 0) {
        regs.refuse("PRESC is 0");
        return;
    }
    book();
    running_ = CTRL_EN::get(value) != 0;
    start_ = env.clock.cycle_at(now());
    prescaler_ = CTRL_PRESC::get(value);
    booked_ = 0;
    owner_ = caller();
    schedule();
    update_irq();
}

std::uint64_t Ticker::count() const {
    return running_ ? (env.clock.cycle_at(now()) - start_) / prescaler_ : 0;
}
// [/control]

// [time]
void Ticker::schedule() {
    due_.cancel();
    if (!running_) {
        return;
    }
    const std::uint64_t present = count();
    const std::uint32_t ahead = regs[COMPARE] - static_cast<std::uint32_t>(present);
    const std::uint64_t counts = present + (ahead == 0 ? std::uint64_t{1} << 32 : ahead);
    const Picoseconds edge = env.clock.edge_at_or_after(now());
    const std::uint64_t cycles = start_ + counts * prescaler_ - env.clock.cycle_at(edge);
    const Picoseconds at = edge + cycles * env.clock.period();
    due_.notify(sc_core::sc_time::from_value(at - kernel_now()));
}

void Ticker::match() {
    regs[STATUS] |= STATUS_HIT::mask;
    book();
    schedule();
    update_irq();
}

void Ticker::update_irq() {
    const bool hit = STATUS_HIT::get(regs[STATUS]) != 0;
    irq.drive(hit && CTRL_IE::get(regs[CTRL]) != 0, now());
}
// [/time]

// [energy]
void Ticker::book() {
    const std::uint64_t counts = count();
    meter.add(owner_, own_event(count_event), counts - booked_);
    booked_ = counts;
}
// [/energy]

// [reset]
void Ticker::reset_device(ResetKind /*kind*/) {
    book();
    running_ = false;
    due_.cancel();
    update_irq();
}
// [/reset]

}  // namespace cimera
