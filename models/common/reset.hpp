// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

namespace cimera {

/// What a reset does to a block.
enum class ResetKind : std::uint8_t {
    cold,  ///< power was off: registers and volatile contents are as after power-on
    warm,  ///< reset line only: registers are reset, memories and cell arrays keep their contents
};

/// Everything that a reset reaches. The simulation goes on: no re-elaboration, no killed process.
class Resettable {
public:
    Resettable() = default;
    Resettable(const Resettable&) = delete;
    Resettable& operator=(const Resettable&) = delete;
    virtual ~Resettable() = default;
    virtual void reset(ResetKind kind) = 0;
};

}  // namespace cimera
