// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/common/clock.hpp"
#include "models/common/register_bank.hpp"
#include "models/power/meter.hpp"

namespace cimera {

/// One access to a register by call. What RegisterPort::access() changes is marked.
struct RegisterCall {
    std::uint32_t address;  ///< within the port's range; changed on the way
    unsigned size;          ///< 1, 2 or 4 bytes within a word
    bool write;
    std::uint32_t value;         ///< changed by reads
    OwnerId owner;               ///< who pays
    std::uint32_t pc;            ///< the instruction that makes it; 0: none
    Picoseconds at = 0;          ///< when it begins; changed: when it ends
    Access answer = Access::ok;  ///< changed
    bool quiet = false;  ///< changed: nothing but the register can be different, no event pending
};

/// What the direct pointer is for memory: a way to registers without transactions. A master asks
/// with a DmiTag; a stage on the way hands on its own port. An access does what the transaction
/// does: the same energy, bookings, latency, hooks and messages.
class RegisterPort {
public:
    RegisterPort() = default;
    RegisterPort(const RegisterPort&) = delete;
    RegisterPort& operator=(const RegisterPort&) = delete;
    virtual ~RegisterPort() = default;
    virtual void access(RegisterCall& call) = 0;
};

}  // namespace cimera
