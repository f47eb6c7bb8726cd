// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Products of integer matrices: multiply and add in a loop without branches.

enum { SIZE = 48, ROUNDS = 3000 };

const uint32_t bench_expected = 0x13CA4194;

static int32_t a[SIZE][SIZE];
static int32_t b[SIZE][SIZE];
static int32_t c[SIZE][SIZE];

static void multiply(void) {
    for (int row = 0; row < SIZE; ++row) {
        for (int column = 0; column < SIZE; ++column) {
            int32_t sum = 0;
            for (int k = 0; k < SIZE; ++k) {
                sum += a[row][k] * b[k][column];
            }
            c[row][column] = sum;
        }
    }
}

uint32_t bench_kernel(void) {
    uint32_t state = 1;
    for (int row = 0; row < SIZE; ++row) {
        for (int column = 0; column < SIZE; ++column) {
            a[row][column] = (int32_t)(bench_random(&state) % 17) - 8;
            b[row][column] = (int32_t)(bench_random(&state) % 17) - 8;
        }
    }
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        multiply();
        sum = bench_fold(sum, (uint32_t)c[round % SIZE][SIZE / 2]);
        a[round % SIZE][round % 31] += c[0][round % SIZE] & 3;
    }
    return sum;
}
