// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <algorithm>
#include <array>

#include "models/cpu/hart.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

/// An exception of instruction `i`: the result of its handler.
Cursor Hart::raise(Cursor i, const Trap& trap) {
    enter(i);
    Trap precise = trap;
    precise.pc = i->pc;
    pc_ = i->pc;
    const bool stop = bus_.on_trap(precise);
    --instret_;  // what traps does not retire
    if (attribution_ != nullptr) {
        attribution_->trapped(i->pc);
    }
    if (stop) {
        attention_ |= attention_stopped;
    } else if (traps_forever(precise)) {
        attention_ |= attention_dead;
    } else {
        enter_trap(exception_target(trap.cause), trap.cause, trap.tval, i->pc);
    }
    return i + 1;
}

/// Whether the trap handler begins with an instruction that always traps, and just did.
bool Hart::traps_forever(const Trap& trap) const {
    const bool always = trap.cause == cause::illegal || trap.cause == cause::breakpoint ||
                        (trap.cause >= cause::ecall_from_u && trap.cause <= cause::ecall_from_m);
    const Privilege target = exception_target(trap.cause);
    const TrapRegisters& registers = trap_registers(target);
    return always && target == privilege_ && trap.pc == vector(registers) &&
           registers.epc == trap.pc;
}

Cursor Hart::raise_illegal(Cursor i) {
    return raise(i, Trap{.cause = cause::illegal, .tval = i->raw});
}

/// Traps never go to a less privileged mode (priv. spec, 3.1.8).
Privilege Hart::exception_target(std::uint32_t cause) const {
    const bool delegated = privilege_ != Privilege::machine && (medeleg_ >> cause & 1U) != 0;
    return delegated ? Privilege::supervisor : Privilege::machine;
}

void Hart::enter_trap(Privilege target, std::uint32_t cause, std::uint32_t tval,
                      std::uint32_t epc) {
    const bool machine = target == Privilege::machine;
    const bool is_interrupt = (cause & interrupt::cause_bit) != 0;
    TrapRegisters& registers = machine ? machine_ : supervisor_;
    registers.epc = epc;
    registers.cause = cause;
    registers.tval = tval;
    if (machine) {
        const bool enabled = (mstatus_ & mstatus::mie) != 0;
        mstatus_ &= ~(mstatus::mie | mstatus::mpie | mstatus::mpp);
        mstatus_ |= static_cast<std::uint32_t>(privilege_) * mstatus::mpp_unit |
                    (enabled ? mstatus::mpie : 0);
    } else {
        const bool enabled = (mstatus_ & mstatus::sie) != 0;
        mstatus_ &= ~(mstatus::sie | mstatus::spie | mstatus::spp);
        mstatus_ |= (privilege_ == Privilege::supervisor ? mstatus::spp : 0) |
                    (enabled ? mstatus::spie : 0);
    }
    set_privilege(target);
    count(is_interrupt ? Event::interrupt : Event::exception);
    reserved_ = false;  // the specification leaves it open; as in QEMU, and so do mret and sret
    const bool vectored = (registers.tvec & 1U) != 0 && is_interrupt;
    pc_ = vector(registers) + (vectored ? 4 * (cause & ~interrupt::cause_bit) : 0);
    cycles_ += timing::trap_entry;
    redirected_ = true;
    arrival_ = Arrival::trap;
    if (debug_.stepping) {
        attention_ |= attention_debug;
    }
}

void Hart::take_interrupt() {
    const std::uint32_t machine = interrupts_for(Privilege::machine);
    const Privilege target = machine != 0 ? Privilege::machine : Privilege::supervisor;
    const std::uint32_t ready = machine != 0 ? machine : interrupts_for(target);
    // Priv. spec, 3.1.9: external before software before timer, machine before supervisor.
    constexpr std::array order{interrupt::external,
                               interrupt::software,
                               interrupt::timer,
                               interrupt::supervisor_external,
                               interrupt::supervisor_software,
                               interrupt::supervisor_timer};
    const auto* const number = std::find_if(
        order.begin(), order.end(), [ready](unsigned bit) { return (ready >> bit & 1U) != 0; });
    cursor_ = nullptr;
    storm_ = arrival_ == Arrival::trap_return ? storm_ + 1 : 0;
    if (storm_ == storm_limit) {
        storm_ = 0;
        attention_ |= attention_storm;
        return;
    }
    enter_trap(target, interrupt::cause_bit | *number, 0, pc_);
    if (attribution_ != nullptr) {
        follow();
    }
}

/// Pending and enabled ones that trap to `target` at this moment.
std::uint32_t Hart::interrupts_for(Privilege target) const {
    const std::uint32_t enable = target == Privilege::machine ? mstatus::mie : mstatus::sie;
    const bool taken = privilege_ < target || (privilege_ == target && (mstatus_ & enable) != 0);
    const std::uint32_t ready = mip_ & mie_;
    return taken ? ready & (target == Privilege::machine ? ~mideleg_ : mideleg_) : 0;
}

void Hart::update_interrupts() {
    interrupt_ready_ = interrupt_pending() && (interrupts_for(Privilege::machine) |
                                               interrupts_for(Privilege::supervisor)) != 0;
}

}  // namespace cimera::cpu
