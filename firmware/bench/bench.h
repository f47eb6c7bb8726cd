// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_BENCH_H
#define CIMERA_BENCH_H

#include <stdint.h>

/// What a kernel computes: work that runs on any RV32 machine, folded into one word.
uint32_t bench_kernel(void);
/// What it must come out as.
extern const uint32_t bench_expected;

/// Adds `value` to a checksum that depends on the order.
static inline uint32_t bench_fold(uint32_t sum, uint32_t value) {
    return (sum << 5 | sum >> 27) ^ value;
}

/// Generated numbers: a linear congruence, of which the upper bits are good.
static inline uint32_t bench_random(uint32_t* state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

#endif
