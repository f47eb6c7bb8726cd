// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <functional>

#include "tests/differential/lockstep/program.hpp"

namespace cimera::lockstep {

/// The program with as many units erased as can be while `fails` stays true: no single further one
/// can be. `fails(program)` must be true.
Program minimise(Program program, const std::function<bool(const Program&)>& fails);

}  // namespace cimera::lockstep
