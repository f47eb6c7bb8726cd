// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>

#include "models/common/clock.hpp"

namespace cimera {

/// A mistake of the firmware that a device noticed.
struct FirmwareError {
    Picoseconds at;
    std::uint32_t pc;    ///< instruction that caused it; 0: not known
    std::string device;  ///< instance name
    std::string place;   ///< register, descriptor or range, with offset
    std::string reason;
};

/// Where models report to. Models never print.
class Diagnostics {
public:
    Diagnostics() = default;
    Diagnostics(const Diagnostics&) = delete;
    Diagnostics& operator=(const Diagnostics&) = delete;
    virtual ~Diagnostics() = default;
    /// One line per mistake; the receiver counts repeats.
    virtual void firmware_error(const FirmwareError& error) = 0;
};

}  // namespace cimera
