// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

bool Hart::has(Privilege privilege) const {
    return privilege == Privilege::machine || (privilege == Privilege::user && config_.user_mode) ||
           (privilege == Privilege::supervisor && config_.supervisor_mode);
}

void Hart::set_privilege(Privilege privilege) {
    privilege_ = privilege;
    update_access();
    update_interrupts();
}

/// After a change of privilege or of mstatus.MPRV and MPP.
void Hart::update_access() {
    const bool previous = privilege_ == Privilege::machine && (mstatus_ & mstatus::mprv) != 0;
    data_machine_ =
        previous ? (mstatus_ & mstatus::mpp) == mstatus::mpp : privilege_ == Privilege::machine;
    WindowTable& table = tables_[data_machine_ ? 1 : 0];
    loads_ = table.loads.data();
    stores_ = table.stores.data();
    home_loads_ = table.home_loads;
    home_stores_ = table.home_stores;
    fetch_stamp_ = fetch_stamps_[privilege_ == Privilege::machine ? 1 : 0];
}

/// Nothing checked so far holds any more; for machine mode only if it is concerned at all.
void Hart::protection_changed() {
    fetch_stamps_[0] = ++last_stamp_;
    tables_[0].clear();
    if (pmp_.any_locked()) {
        fetch_stamps_[1] = ++last_stamp_;
        tables_[1].clear();
    }
    update_access();
}

/// Each parcel of two bytes is an access of its own.
bool Hart::fetch_allowed(std::uint32_t first, std::uint32_t last) const {
    const bool machine = privilege_ == Privilege::machine;
    for (std::uint32_t at = first;;) {
        const Pmp::Span span = pmp_.span(at, Permission::execute, machine);
        if (!span.allowed) {
            return false;
        }
        if (last - first <= span.last - first) {
            return true;
        }
        at = span.last + 1;
    }
}

std::uint32_t Hart::mstatus_mask() const {
    std::uint32_t mask = mstatus::mie | mstatus::mpie;
    if (config_.user_mode) {
        mask |= mstatus::mpp | mstatus::mprv | mstatus::tw;
    }
    if (config_.supervisor_mode) {
        // SUM is read-only 0 where satp is (priv. spec, 3.1.6.3).
        mask |= mstatus::sie | mstatus::spie | mstatus::spp | mstatus::mxr | mstatus::tvm |
                mstatus::tsr;
    }
    return mask;
}

/// MPP keeps its value if there is no such mode.
void Hart::write_mstatus(std::uint32_t value, std::uint32_t mask) {
    const auto mode = static_cast<Privilege>((value & mstatus::mpp) / mstatus::mpp_unit);
    const bool float_state = (mask & mstatus::fs) != 0;
    mask &= mstatus_mask();
    if (!has(mode)) {
        mask &= ~mstatus::mpp;
    }
    mstatus_ = (mstatus_ & ~mask) | (value & mask);
    if (float_state) {
        set_float_status(value);
    }
    update_access();
    update_interrupts();
}

/// mret: priv. spec, 3.1.6.1.
void Hart::return_from_machine() {
    const auto mode = static_cast<Privilege>((mstatus_ & mstatus::mpp) / mstatus::mpp_unit);
    std::uint32_t status = mstatus_ & ~(mstatus::mie | mstatus::mpp);
    if ((mstatus_ & mstatus::mpie) != 0) {
        status |= mstatus::mie;
    }
    if (!config_.user_mode) {
        status |= mstatus::mpp;
    }
    if (mode != Privilege::machine) {
        status &= ~mstatus::mprv;
    }
    mstatus_ = status | mstatus::mpie;
    set_privilege(mode);
}

void Hart::return_from_supervisor() {
    const bool supervisor = (mstatus_ & mstatus::spp) != 0;
    std::uint32_t status = mstatus_ & ~(mstatus::sie | mstatus::spp | mstatus::mprv);
    if ((mstatus_ & mstatus::spie) != 0) {
        status |= mstatus::sie;
    }
    mstatus_ = status | mstatus::spie;
    set_privilege(supervisor ? Privilege::supervisor : Privilege::user);
}

/// The time that mstatus.TW allows a wfi is 0, also for U mode beside S mode (priv. spec, 3.1.6.5).
bool Hart::wfi_traps() const {
    const bool timeout = (mstatus_ & mstatus::tw) != 0;
    switch (privilege_) {
        case Privilege::machine:
            return false;
        case Privilege::supervisor:
            return timeout;
        case Privilege::user:
            return timeout || config_.supervisor_mode;
    }
    return false;
}

}  // namespace cimera::cpu
