// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

#include "models/cpu/decode.hpp"

namespace cimera::cpu::timing {

// Latencies of the CV32E40P user manual, "Pipeline Details". Not modelled: the extra cycle of a
// jump to a 32-bit instruction that is not word aligned (it depends on the target's word).
// Estimates, since the manual has no such instruction or gives no figure: trap entry, mret, sret,
// CSRs of S mode, wfi, fence, sfence.vma, ecall, ebreak, lr, sc and amo.
inline constexpr std::uint32_t taken_branch_extra = 2;
inline constexpr std::uint32_t split_access_extra = 1;
inline constexpr std::uint32_t trap_entry = 4;
inline constexpr std::uint32_t division_extra_limit = 32;  ///< leading zeros of a divisor of 0

/// Cycles that depend on the instruction and the one behind it in memory (nullptr: unreadable).
std::uint32_t fixed_cycles(const Decoded& decoded, const Decoded* following);

/// What operand values can add to the fixed cycles, wait states apart.
std::uint32_t variable_cycles_limit(Timing timing);

/// Data accesses an instruction can make.
std::uint32_t access_limit(Timing timing);

}  // namespace cimera::cpu::timing
