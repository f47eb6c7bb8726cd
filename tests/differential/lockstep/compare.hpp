// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <string>

#include "tests/differential/lockstep/coverage.hpp"
#include "tests/differential/lockstep/program.hpp"

namespace cimera::lockstep {

struct Comparison {
    std::uint64_t instructions = 0;
    std::string difference;  ///< empty: none
    bool ended = true;       ///< false: what differs is that the program does not end
};

/// Runs a program here and on QEMU, comparing the state before each instruction.
Comparison compare_with_qemu(const Program& program, Coverage* coverage = nullptr);

/// Runs a program in all modes of our core: registers, memory, cycles and energy events must agree.
std::string compare_modes(const Program& program, std::uint64_t instructions);

}  // namespace cimera::lockstep
