// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <vector>

namespace cimera::lockstep {

/// The trap handlers of random programs, to be placed at handler_address and supervisor_handler;
/// each begins with the vectors of interrupts 0 to 11. An instruction that trapped is skipped; a
/// fetch fault goes on where `resume` points; after an interrupt its mode's enables are off.
///
/// That of machine mode returns in machine mode. That of supervisor mode returns to the mode that
/// trapped; calls from U mode it passes on, so that `ecall` leads to machine mode from anywhere
/// unless medeleg has calls from S mode.
std::vector<std::uint32_t> machine_mode_handler();
std::vector<std::uint32_t> supervisor_mode_handler();

}  // namespace cimera::lockstep
