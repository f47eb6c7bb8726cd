// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Leaky integrate-and-fire neurons, all to all, 8-bit weights: sparse events, halfwords and bytes.

enum { NEURONS = 256, STEPS = 100000, THRESHOLD = 3000, LEAK_SHIFT = 5, REFRACTORY = 4 };

const uint32_t bench_expected = 0x02519978;

static int8_t weights[NEURONS][NEURONS];
static int32_t current[NEURONS];
static int16_t potential[NEURONS];
static uint8_t waiting[NEURONS];
static uint16_t fired[NEURONS];

static uint32_t step(uint32_t* state) {
    uint32_t count = 0;
    for (int n = 0; n < NEURONS; ++n) {
        const int32_t input = current[n] + (int32_t)(bench_random(state) & 255U);
        current[n] = 0;
        if (waiting[n] != 0) {
            --waiting[n];
            continue;
        }
        const int32_t v = potential[n] - (potential[n] >> LEAK_SHIFT) + input;
        if (v >= THRESHOLD) {
            potential[n] = 0;
            waiting[n] = REFRACTORY;
            fired[count++] = (uint16_t)n;
        } else {
            potential[n] = (int16_t)(v < -THRESHOLD ? -THRESHOLD : v);
        }
    }
    for (uint32_t i = 0; i < count; ++i) {
        const int8_t* row = weights[fired[i]];
        for (int n = 0; n < NEURONS; ++n) {
            current[n] += row[n];
        }
    }
    return count;
}

uint32_t bench_kernel(void) {
    uint32_t state = 11;
    for (int from = 0; from < NEURONS; ++from) {
        for (int to = 0; to < NEURONS; ++to) {
            weights[from][to] = (int8_t)((int32_t)(bench_random(&state) % 49) - 24);
        }
    }
    uint32_t sum = 0;
    for (int k = 0; k < STEPS; ++k) {
        sum = bench_fold(sum, step(&state));
    }
    return sum;
}
