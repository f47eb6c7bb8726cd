// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Calls and little else, as dense as a program can have them.

enum { ROUNDS = 40, DEPTH = 27 };

const uint32_t bench_expected = 0x7BC9A0ED;

// Both calls stay calls.
__attribute__((noipa, optimize("no-optimize-sibling-calls"))) static uint32_t fibonacci(
    uint32_t n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

uint32_t bench_kernel(void) {
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        sum = bench_fold(sum, fibonacci(DEPTH));
    }
    return sum;
}
