// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/jit/engine.hpp"

// For hosts that the translator does not know.

namespace cimera::cpu::jit {

bool available() {
    return false;
}

std::unique_ptr<Engine> make_engine(Hart& /*hart*/) {
    return nullptr;
}

}  // namespace cimera::cpu::jit
