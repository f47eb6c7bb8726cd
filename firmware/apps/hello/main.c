// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/cpu.h"
#include "runtime/phase.h"

// Greets, and computes a few things that must come out the same on any RV32 machine.

enum { SIEVE_SIZE = 10000, SORTED = 16 };

static int primes_below(int limit) {
    char* composite = calloc((size_t)limit, 1);
    if (composite == NULL) {
        return -1;
    }
    int count = 0;
    for (int i = 2; i < limit; ++i) {
        if (composite[i]) {
            continue;
        }
        ++count;
        for (int j = 2 * i; j < limit; j += i) {
            composite[j] = 1;
        }
    }
    free(composite);
    return count;
}

static uint32_t crc32(const char* text) {
    uint32_t crc = ~0U;
    for (; *text != '\0'; ++text) {
        crc ^= (uint8_t)*text;
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
        }
    }
    return ~crc;
}

static int ascending(const void* a, const void* b) {
    const uint32_t x = *(const uint32_t*)a;
    const uint32_t y = *(const uint32_t*)b;
    return (x > y) - (x < y);
}

static uint32_t median_of_generated(void) {
    uint32_t values[SORTED];
    uint32_t state = 1;
    for (int i = 0; i < SORTED; ++i) {
        state = state * 1664525U + 1013904223U;
        values[i] = state >> 16;
    }
    qsort(values, SORTED, sizeof values[0], ascending);
    return values[SORTED / 2];
}

int main(void) {
    phase_begin("hello");
    printf("Hello from hart %lu.\n", (unsigned long)cpu_hart_id());
    const int primes = primes_below(SIEVE_SIZE);
    printf("There are %d primes below %d.\n", primes, SIEVE_SIZE);
    const uint32_t crc = crc32("123456789");
    printf("The CRC-32 of 123456789 is %08lx.\n", (unsigned long)crc);
    printf("The upper median of %d generated numbers is %lu.\n", SORTED,
           (unsigned long)median_of_generated());
    const uint64_t product = 1000000007ULL * 998244353ULL;
    printf("1000000007 times 998244353, modulo 2^32, is %lu.\n", (unsigned long)product);
    phase_end("hello");
    return primes == 1229 && crc == 0xCBF43926U ? 0 : 1;
}
