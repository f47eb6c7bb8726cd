// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

namespace cimera {

/// Told of every write that passes the interconnect or that a target makes to its own bytes: a core
/// drops reservations and decoded code.
class WriteObserver {
public:
    WriteObserver() = default;
    WriteObserver(const WriteObserver&) = delete;
    WriteObserver& operator=(const WriteObserver&) = delete;
    virtual ~WriteObserver() = default;
    /// Bytes [first, last] were written; `own`: by the observer itself.
    virtual void written(bool own, std::uint64_t first, std::uint64_t last) = 0;
};

}  // namespace cimera
