// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

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
    if (stop) {
        attention_ |= attention_stopped;
    } else if (traps_forever(precise)) {
        attention_ |= attention_dead;
    } else {
        enter_trap(trap.cause, trap.tval, i->pc);
    }
    return i + 1;
}

/// Whether the trap handler begins with an instruction that always traps, and just did.
bool Hart::traps_forever(const Trap& trap) const {
    const bool always = trap.cause == cause::illegal || trap.cause == cause::breakpoint ||
                        trap.cause == cause::ecall_from_m;
    return always && trap.pc == exception_vector() && mepc_ == trap.pc;
}

Cursor Hart::raise_illegal(Cursor i) {
    return raise(i, Trap{.cause = cause::illegal, .tval = i->raw});
}

void Hart::enter_trap(std::uint32_t cause, std::uint32_t tval, std::uint32_t epc) {
    mepc_ = epc;
    mcause_ = cause;
    mtval_ = tval;
    mstatus_ = (mstatus_ & mstatus::mie) != 0 ? mstatus::mpie : 0;
    update_interrupts();
    reserved_ = false;  // the specification leaves it open; as in QEMU, and so does mret
    const std::uint32_t base = exception_vector();
    const bool vectored = (mtvec_ & 1U) != 0 && (cause & interrupt::cause_bit) != 0;
    pc_ = vectored ? base + 4 * (cause & ~interrupt::cause_bit) : base;
    cycles_ += timing::trap_entry;
    redirected_ = true;
    arrival_ = Arrival::trap;
    if (debug_.stepping) {
        attention_ |= attention_debug;
    }
}

void Hart::take_interrupt() {
    // Priv. spec, mip: external before software before timer.
    const std::uint32_t ready = mip_ & mie_;
    unsigned number = interrupt::timer;
    if ((ready >> interrupt::external & 1U) != 0) {
        number = interrupt::external;
    } else if ((ready >> interrupt::software & 1U) != 0) {
        number = interrupt::software;
    }
    cursor_ = nullptr;
    storm_ = arrival_ == Arrival::trap_return ? storm_ + 1 : 0;
    if (storm_ == storm_limit) {
        storm_ = 0;
        attention_ |= attention_storm;
        return;
    }
    enter_trap(interrupt::cause_bit | number, 0, pc_);
}

void Hart::update_interrupts() {
    interrupt_ready_ = (mstatus_ & mstatus::mie) != 0 && interrupt_pending();
}

}  // namespace cimera::cpu
