// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <systemc>

#include "models/common/clock.hpp"

namespace cimera {

/// An interrupt line. A call is visible at once to every stage down to the core, so that a cleared
/// interrupt cannot be taken again while the core runs ahead of the kernel.
struct IrqIf : sc_core::sc_interface {
    /// `at`: the instant of the change, kernel time plus the caller's local offset.
    virtual void set(bool level, Picoseconds at) = 0;
};

/// Output of a device. Calls only on a change of level; may be left unbound.
class IrqPort : public sc_core::sc_port<IrqIf, 1, sc_core::SC_ZERO_OR_MORE_BOUND> {
public:
    using sc_port::sc_port;

    void drive(bool level, Picoseconds at) {
        if (level == level_) {
            return;
        }
        level_ = level;
        if (size() != 0) {
            (*this)->set(level, at);
        }
    }

private:
    bool level_ = false;
};

}  // namespace cimera
