// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>

#include "models/common/peripheral.hpp"

namespace cimera {

/// Who carries out what firmware asks of the finisher.
class RunControl {
public:
    RunControl() = default;
    RunControl(const RunControl&) = delete;
    RunControl& operator=(const RunControl&) = delete;
    virtual ~RunControl() = default;
    /// The firmware has ended with this code (0: passed).
    virtual void finish(std::uint32_t code) = 0;
    /// The firmware asks for a reset of the whole chip, or a device does and says why.
    virtual void request_reset(const std::string& reason) = 0;
    /// A phase begins or ends at `at`; `index` counts the names in section .cimera.phases.
    virtual void mark_phase(std::uint32_t index, bool end, Picoseconds at) = 0;
};

/// SiFive-compatible test finisher.
class Finisher final : public Peripheral {
public:
    Finisher(const sc_core::sc_module_name& name, const Environment& env, RunControl& control);

private:
    void reset_device(ResetKind /*kind*/) override {}
    void write(std::uint32_t value);

    RunControl& control_;
};

}  // namespace cimera
