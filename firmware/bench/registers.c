// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"
#include "hal/memory_map.h"

// Reads of one device register, REGISTER, of type REGISTER_TYPE.

enum { READS = 20000000, UNROLLED = 8 };

const uint32_t bench_expected = READS;

uint32_t bench_kernel(void) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    const volatile REGISTER_TYPE* reg = (const volatile REGISTER_TYPE*)(REGISTER);
    for (uint32_t i = 0; i < READS / UNROLLED; ++i) {
        (void)*reg;
        (void)*reg;
        (void)*reg;
        (void)*reg;
        (void)*reg;
        (void)*reg;
        (void)*reg;
        (void)*reg;
    }
    return READS;
}
