// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "drivers/csram.h"
#include "drivers/socinfo.h"
#include "hal/memory_map.h"
#include "runtime/clock.h"
#include "runtime/phase.h"

// The product of two 8 x 8 matrices of 8-bit integers: by the core's scalar loop, and by the rows
// of a computing SRAM, where step k multiplies element k of each row of A with row k of B. Results
// of 8 bits wrap around; those of 32 bits are exact.

enum { FAILED = 60, N = 8, ROW_A = 0, ROW_B = 1, ROW_C = 2, WORDS = N * N / 4 };

static int8_t a[N][N] __attribute__((aligned(4)));
static int8_t b[N][N] __attribute__((aligned(4)));
static int32_t scalar[N][N];
static int32_t wide[N][N];
static int8_t narrow[N][N] __attribute__((aligned(4)));

static void prepare(void) {
    uint32_t state = 1;
    for (int i = 0; i < N; ++i) {
        for (int j = 0; j < N; ++j) {
            state = state * 1664525U + 1013904223U;
            a[i][j] = (int8_t)(state >> 24);
            b[i][j] = (int8_t)(state >> 16);
        }
    }
}

static __attribute__((noinline)) void multiply_scalar(void) {
    for (int i = 0; i < N; ++i) {
        for (int j = 0; j < N; ++j) {
            int32_t sum = 0;
            for (int k = 0; k < N; ++k) {
                sum += a[i][k] * b[k][j];
            }
            scalar[i][j] = sum;
        }
    }
}

static void load(volatile uint32_t* to, const void* from) {
    const uint32_t* words = from;
    for (int i = 0; i < WORDS; ++i) {
        to[i] = words[i];
    }
}

static void store(void* to, const volatile uint32_t* from, int words) {
    uint32_t* out = to;
    for (int i = 0; i < words; ++i) {
        out[i] = from[i];
    }
}

static cimera_status_t multiply_rows(const csram_t* csram, uint32_t widen) {
    const csram_command_t command = {
        .op = CSRAM_MAC,
        .lane_bits = 8,
        .is_signed = true,
        .widen = widen,
        .group = N,
        .a = {ROW_A, CSRAM_ELEMENT, 0},
        .b = {ROW_B, CSRAM_GROUP, 0},
        .destination = ROW_C,
        .clear = true,
        .steps = N,
    };
    const cimera_status_t status = csram_start(csram, &command);
    if (status == CIMERA_OK) {
        csram_wait(csram);
    }
    return status;
}

static bool check(void) {
    for (int i = 0; i < N; ++i) {
        for (int j = 0; j < N; ++j) {
            if (wide[i][j] != scalar[i][j] || narrow[i][j] != (int8_t)scalar[i][j]) {
                return false;
            }
        }
    }
    return true;
}

// Cycles of a statement, without those of asking for them.
#define MEASURE(name, cycles, statement)              \
    do {                                              \
        phase_begin(name);                            \
        const uint64_t begin_ = clock_cycles();       \
        statement;                                    \
        const uint64_t end_ = clock_cycles();         \
        phase_end(name);                              \
        (cycles) = (uint32_t)(end_ - begin_ - empty); \
    } while (0)

int main(void) {
    socinfo_t info;
    csram_t csram;
    if (socinfo_read(&info, CIMERA_SOCINFO_BASE) != CIMERA_OK ||
        !socinfo_has(&info, CIMERA_CSRAM_BASE) ||
        csram_init(&csram, CIMERA_CSRAM_BASE) != CIMERA_OK) {
        printf("the chip has no computing SRAM\n");
        return FAILED;
    }
    prepare();
    uint32_t empty = 0;
    uint32_t cycles[6];
    cimera_status_t status[2];
    MEASURE("empty", empty, );
    MEASURE("scalar", cycles[0], multiply_scalar());
    MEASURE("load", cycles[1], {
        load(csram_row(&csram, ROW_A), a);
        load(csram_row(&csram, ROW_B), b);
    });
    MEASURE("rows8", cycles[2], status[0] = multiply_rows(&csram, 0));
    MEASURE("store8", cycles[3], store(narrow, csram_row(&csram, ROW_C), WORDS));
    MEASURE("rows32", cycles[4], status[1] = multiply_rows(&csram, 2));
    MEASURE("store32", cycles[5], store(wide, csram_row(&csram, ROW_C), 4 * WORDS));

    static const char* const names[] = {"scalar", "load", "rows8", "store8", "rows32", "store32"};
    for (int i = 0; i < 6; ++i) {
        printf("%s: %lu cycles\n", names[i], (unsigned long)cycles[i]);
    }
    const bool good = status[0] == CIMERA_OK && status[1] == CIMERA_OK && check();
    printf("products %s\n", good ? "agree" : "DIFFER");
    return good ? 0 : FAILED;
}
