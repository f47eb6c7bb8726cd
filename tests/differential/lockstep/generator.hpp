// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

#include "tests/differential/lockstep/program.hpp"

namespace cimera::lockstep {

/// A program of about `units` random units from the instruction table; the seed decides all of it.
Program generate(std::uint64_t seed, unsigned units, Target target = Target::core);

}  // namespace cimera::lockstep
