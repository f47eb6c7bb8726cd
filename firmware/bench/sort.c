// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Quicksort with an insertion sort for short runs: compares that go either way, and calls.

enum { COUNT = 8192, SHORT = 12, ROUNDS = 1000 };

const uint32_t bench_expected = 0xCBC92911;

static uint32_t values[COUNT];

static void insertion(uint32_t* from, uint32_t* to) {
    for (uint32_t* next = from + 1; next < to; ++next) {
        const uint32_t value = *next;
        uint32_t* place = next;
        for (; place > from && place[-1] > value; --place) {
            *place = place[-1];
        }
        *place = value;
    }
}

static void quicksort(uint32_t* from, uint32_t* to) {
    while (to - from > SHORT) {
        const uint32_t pivot = from[(to - from) / 2];
        uint32_t* low = from;
        uint32_t* high = to - 1;
        while (low <= high) {
            while (*low < pivot) {
                ++low;
            }
            while (*high > pivot) {
                --high;
            }
            if (low <= high) {
                const uint32_t value = *low;
                *low++ = *high;
                *high-- = value;
            }
        }
        quicksort(from, high + 1);
        from = low;
    }
    insertion(from, to);
}

uint32_t bench_kernel(void) {
    uint32_t state = 7;
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        for (int i = 0; i < COUNT; ++i) {
            values[i] = bench_random(&state);
        }
        quicksort(values, values + COUNT);
        for (int i = 1; i < COUNT; ++i) {
            if (values[i - 1] > values[i]) {
                return 0;
            }
        }
        sum = bench_fold(sum, values[round % COUNT]);
    }
    return sum;
}
