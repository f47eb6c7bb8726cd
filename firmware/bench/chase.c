// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// Walks a random ring of nodes: every load needs the one before.

enum { NODES = 16384, STEPS = 120000000 };

const uint32_t bench_expected = 0x1C9940D7;

typedef struct node {
    struct node* next;
    uint32_t value;
} node_t;

static node_t nodes[NODES];
static uint16_t order[NODES];

uint32_t bench_kernel(void) {
    uint32_t state = 5;
    for (uint32_t i = 0; i < NODES; ++i) {
        order[i] = (uint16_t)i;
        nodes[i].value = bench_random(&state);
    }
    for (uint32_t i = NODES - 1; i > 0; --i) {
        const uint32_t other = bench_random(&state) % (i + 1);
        const uint16_t moved = order[i];
        order[i] = order[other];
        order[other] = moved;
    }
    for (uint32_t i = 0; i < NODES; ++i) {
        nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
    }
    uint32_t sum = 0;
    const node_t* at = nodes;
    for (uint32_t i = 0; i < STEPS; ++i) {
        sum += at->value;
        at = at->next;
    }
    return bench_fold(sum, at->value);
}
