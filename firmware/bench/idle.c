// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Nothing: what is left is the start of the simulator.

const uint32_t bench_expected = 1;

uint32_t bench_kernel(void) {
    return 1;
}
