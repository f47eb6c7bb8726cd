// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/twotask/output.h"

enum { RING = 256, BURST = 16 };

typedef struct {
    char text[RING];
    uint32_t put;  ///< bytes ever, modulo 2^32
    uint32_t sent;
    bool closed;
} ring_t;

static ring_t rings[TASKS];
static uint32_t owner;
static uart_t* port;

void output_init(uart_t* uart) {
    port = uart;
}

void output_begin(void) {
    for (uint32_t i = 0; i < TASKS; ++i) {
        rings[i] = (ring_t){.closed = false};
    }
    owner = 0;
}

static bool more(void) {
    while (owner < TASKS && rings[owner].closed && rings[owner].sent == rings[owner].put) {
        ++owner;
    }
    return owner < TASKS && rings[owner].sent != rings[owner].put;
}

static void start(void) {
    if (more()) {
        uart_notify_when_empty(port);
    }
}

size_t output_put(uint32_t task, const char* text, size_t size) {
    ring_t* ring = &rings[task];
    size_t taken = 0;
    while (taken < size && ring->put - ring->sent < RING) {
        ring->text[ring->put++ % RING] = text[taken++];
    }
    start();
    return taken;
}

void output_close(uint32_t task) {
    rings[task].closed = true;
    start();
}

bool output_done(void) {
    return !more() && owner == TASKS;
}

void output_continue(void) {
    char burst[BURST];
    size_t size = 0;
    if (more()) {
        ring_t* ring = &rings[owner];
        while (size < BURST && ring->sent + size != ring->put) {
            burst[size] = ring->text[(ring->sent + size) % RING];
            ++size;
        }
        ring->sent += (uint32_t)uart_send(port, burst, size);
    }
    start();
}
