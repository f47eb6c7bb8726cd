// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include <tlm>

#include "models/common/clock.hpp"

namespace cimera {

/// A transaction that an interconnect has led to its end.
struct TransferEnd {
    const tlm::tlm_generic_payload& payload;  ///< with the response; address as the master gave it
    const std::string& initiator;
    const std::string* target;  ///< null: nobody has this address
    Picoseconds begin;          ///< of the request at the interconnect
    Picoseconds end;            ///< of the response; the present where there is none yet
    Picoseconds waited;         ///< of that, behind other masters
};

/// Sees every transaction of an interconnect, with what its stages counted in its TransactionTag.
class TransferMonitor {
public:
    TransferMonitor() = default;
    TransferMonitor(const TransferMonitor&) = delete;
    TransferMonitor& operator=(const TransferMonitor&) = delete;
    virtual ~TransferMonitor() = default;
    virtual void transferred(const TransferEnd& transfer) = 0;
};

}  // namespace cimera
