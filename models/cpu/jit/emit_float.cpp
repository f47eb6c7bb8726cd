// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/jit/emitter.hpp"

namespace cimera::cpu::jit {

void Emitter::add_float(Emits& /*emits*/) {}

}  // namespace cimera::cpu::jit
