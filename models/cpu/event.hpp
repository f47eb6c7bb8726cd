// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cimera::cpu {

/// What a performance counter can count: values of mhpmevent3 to mhpmevent15. Instructions count
/// when they are issued, also if they trap.
enum class Event : std::uint8_t {
    none = 0,
    load = 1,
    store = 2,
    atomic = 3,
    branch = 4,  ///< conditional, taken or not
    branch_taken = 5,
    jump = 6,
    multiplication = 7,
    division = 8,
    misaligned = 9,  ///< loads and stores that were not aligned, and did not trap for that
    data_wait = 10,  ///< wait cycles of loads, stores and atomics
    exception = 11,
    interrupt = 12,
    wfi = 13,  ///< wfi instructions that put the core to sleep
};
inline constexpr std::size_t events = 14;

inline constexpr unsigned first_event_counter = 3;
inline constexpr unsigned last_event_counter = 15;

}  // namespace cimera::cpu
