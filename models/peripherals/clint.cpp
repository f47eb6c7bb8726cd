// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/clint.hpp"

#include "regs/clint.hpp"

namespace cimera {

using namespace regs::clint;

Clint::Clint(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment) {
    regs.on_write(MSIP, [this](std::uint32_t value) {
        software.drive(MSIP_PENDING::get(value) != 0, now());
    });
    regs.on_write(MTIMECMP_LO, [this](std::uint32_t) { update_timer(); });
    regs.on_write(MTIMECMP_HI, [this](std::uint32_t) { update_timer(); });
    regs.on_read(MTIME_LO, [this] { return static_cast<std::uint32_t>(mtime(now())); });
    regs.on_read(MTIME_HI, [this] { return static_cast<std::uint32_t>(mtime(now()) >> 32); });
    regs.on_write(MTIME_LO, [this](std::uint32_t value) { set_mtime(0, value); });
    regs.on_write(MTIME_HI, [this](std::uint32_t value) { set_mtime(1, value); });
    spawn_method("due", {&due_}, [this] { update_timer(); });
}

void Clint::reset_device(ResetKind /*kind*/) {
    zero_ = now();
    offset_ = 0;
    due_.cancel();
    software.drive(false, now());
    timer.drive(false, now());
}

void Clint::set_mtime(unsigned half, std::uint32_t value) {
    const std::uint64_t old = mtime(now());
    const std::uint64_t wanted =
        half == 0 ? (old >> 32 << 32 | value) : (old & 0xFFFFFFFFU) | std::uint64_t{value} << 32;
    offset_ += wanted - old;
    update_timer();
}

void Clint::update_timer() {
    const std::uint64_t compare = std::uint64_t{regs[MTIMECMP_HI]} << 32 | regs[MTIMECMP_LO];
    const std::uint64_t present = mtime(now());
    timer.drive(present >= compare, now());
    due_.cancel();
    if (present >= compare) {
        return;
    }
    // The instant at which mtime reaches the compare value; beyond the end of time it never does.
    const std::uint64_t ticks = compare - present;
    const std::uint64_t passed = (now() - zero_) / tick;
    if (ticks < (sc_core::sc_max_time().value() - zero_) / tick - passed) {
        const Picoseconds at = zero_ + (passed + ticks) * tick;
        due_.notify(sc_core::sc_time::from_value(at - kernel_now()));
    }
}

}  // namespace cimera
