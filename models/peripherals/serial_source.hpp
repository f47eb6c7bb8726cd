// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

namespace cimera {

/// The far end of a serial line: what it sends arrives at the receiver.
class SerialSource {
public:
    SerialSource() = default;
    SerialSource(const SerialSource&) = delete;
    SerialSource& operator=(const SerialSource&) = delete;
    virtual ~SerialSource() = default;

    /// Whether a byte waits to be sent.
    [[nodiscard]] virtual bool ready() const = 0;
    /// The next byte; only while `ready()`.
    virtual std::uint8_t take() = 0;
    /// Whether it holds bytes back while the receiver is full; otherwise the receiver loses them.
    [[nodiscard]] virtual bool holds_back() const = 0;
};

}  // namespace cimera
