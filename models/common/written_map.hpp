// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"

namespace cimera {

/// A read of bytes that nothing has written since power-on: neither a master nor an image.
struct UnwrittenRead {
    Picoseconds at;
    OwnerId owner;         ///< whose read it was
    std::uint32_t pc;      ///< the instruction that caused it; 0: none
    std::uint64_t offset;  ///< of the first such byte
    std::uint64_t bytes;   ///< how many
};
using UnwrittenListener = std::function<void(const UnwrittenRead&)>;

/// Which bytes of a memory have been written, while somebody wants to know. Until then it costs
/// nothing and takes every byte for written.
class WrittenMap {
public:
    /// Begins, or begins again, with `size` unwritten bytes.
    void start(std::uint64_t size) { written_.assign(size, false); }
    [[nodiscard]] bool active() const { return !written_.empty(); }
    void mark(std::uint64_t first, std::uint64_t count) {
        if (active()) {
            std::fill_n(written_.begin() + static_cast<std::ptrdiff_t>(first), count, true);
        }
    }
    [[nodiscard]] bool written(std::uint64_t offset) const { return !active() || written_[offset]; }
    /// Adds what of [first, first + count) is unwritten to `read`, downwards.
    void look(std::uint64_t first, std::uint64_t count, UnwrittenRead& read) const {
        for (std::uint64_t i = first + count; active() && i-- != first;) {
            if (!written_[i]) {
                read.offset = i;
                ++read.bytes;
            }
        }
    }

private:
    std::vector<bool> written_;
};

}  // namespace cimera
