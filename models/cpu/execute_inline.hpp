// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include "models/cpu/execute.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu {

/// Compiles to a jump: handlers chain without returning.
inline Cursor Execute::next(Hart& h, Cursor i) {
    return i[1].handler(h, i + 1);
}

inline Cursor Execute::result(Hart& h, Cursor i, std::uint32_t value) {
    h.x_[i->rd] = value;
    return next(h, i);
}

/// Ends the execution behind `i`; the run loop goes on from there.
inline Cursor Execute::leave(Hart& h, Cursor i) {
    h.pc_ = i->pc + i->length;
    return i + 1;
}

inline Cursor Execute::redirect(Hart& h, Cursor i, std::uint32_t target) {
    h.pc_ = target;
    h.redirected_ = true;
    return i + 1;
}

}  // namespace cimera::cpu
