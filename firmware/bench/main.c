// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdio.h>

#include "bench/bench.h"

// Every kernel checks itself: a machine that computes wrongly has no speed.

int main(void) {
    const uint32_t sum = bench_kernel();
    printf("checksum %08lx\n", (unsigned long)sum);
    return sum == bench_expected ? 0 : 1;
}
