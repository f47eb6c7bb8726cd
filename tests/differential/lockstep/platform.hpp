// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include "tests/differential/lockstep/builder.hpp"

namespace cimera::lockstep {

/// Makes the timer's interrupt pending, as it is where programs are compared.
void begin_on_platform(Builder& program);
/// Stores the registers behind the scratch memory, sends them and a checksum of that memory to the
/// UART (65 words, least significant byte first), and ends through the finisher.
void end_on_platform(Builder& program);

}  // namespace cimera::lockstep
