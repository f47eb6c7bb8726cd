// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// What a compiler makes of floating point (rv32imafc, ilp32f): neurons, a logistic map, a small
// matrix product. Prints the bits of its results, then ends through the finisher.

#include <stdint.h>

// First in the file, so first in memory.
__attribute__((naked)) void _start(void) {
    __asm__ volatile(
        ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
        "la sp, stack_top\n"
        "li t0, 0x2000\n"  // mstatus.FS: initial
        "csrs mstatus, t0\n"
        "csrw fcsr, x0\n"
        "call program\n"
        ".pushsection .bss\n.align 4\n.zero 4096\nstack_top:\n.popsection\n");
}

static void print(float value) {
    union {
        float value;
        uint32_t bits;
    } word = {value};
    for (int shift = 28; shift >= -4; shift -= 4) {
        volatile uint8_t* const uart = (volatile uint8_t*)0x10000000;
        while ((uart[5] & 0x20) == 0) {
        }
        *uart = shift < 0 ? '\n' : "0123456789abcdef"[word.bits >> shift & 15];
    }
}

enum { neurons = 8 };

static void integrate_and_fire(void) {
    float potential[neurons] = {0};
    int spikes[neurons] = {0};
    for (int step = 0; step < 200; ++step) {
        for (int n = 0; n < neurons; ++n) {
            potential[n] = potential[n] * 0.9f + 0.05f * (float)(n + 1);
            if (potential[n] > 1.0f) {
                potential[n] -= 1.0f;
                ++spikes[n];
            }
        }
    }
    for (int n = 0; n < neurons; ++n) {
        print(potential[n]);
        print((float)spikes[n]);
    }
}

static float logistic(float r) {
    float x = 0.3f;
    for (int k = 0; k < 1000; ++k) {
        x = r * x * (1.0f - x);
    }
    return x;
}

static void product(void) {
    enum { size = 6 };
    float a[size][size];
    float b[size][size];
    for (int r = 0; r < size; ++r) {
        for (int c = 0; c < size; ++c) {
            a[r][c] = 1.0f / (float)(r + c + 1);
            b[r][c] = __builtin_sqrtf((float)(r * size + c));
        }
    }
    for (int r = 0; r < size; ++r) {
        float sum = 0;
        for (int c = 0; c < size; ++c) {
            sum += a[r][c] * b[c][r];
        }
        print(sum);
        print((float)(int)(sum * 1000.0f));
    }
}

__attribute__((used)) void program(void) {
    integrate_and_fire();
    print(logistic(3.9f));
    print(logistic(2.5f));
    product();
    *(volatile uint32_t*)0x100000 = 0x5555;
    for (;;) {
    }
}
