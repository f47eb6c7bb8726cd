// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "bench/bench.h"

// CRC-32 of a buffer with a table: byte loads, shifts, a chain of dependences.

enum { BYTES = 65536, ROUNDS = 3000 };

const uint32_t bench_expected = 0x1DC85B26;

static uint32_t table[256];
static uint8_t buffer[BYTES];

static uint32_t crc32(uint32_t crc, const uint8_t* bytes, uint32_t count) {
    crc = ~crc;
    for (uint32_t i = 0; i < count; ++i) {
        crc = table[(crc ^ bytes[i]) & 255U] ^ crc >> 8;
    }
    return ~crc;
}

uint32_t bench_kernel(void) {
    for (uint32_t i = 0; i < 256; ++i) {
        uint32_t entry = i;
        for (int bit = 0; bit < 8; ++bit) {
            entry = entry >> 1 ^ (entry & 1U ? 0xEDB88320U : 0);
        }
        table[i] = entry;
    }
    uint32_t state = 3;
    for (uint32_t i = 0; i < BYTES; ++i) {
        buffer[i] = (uint8_t)bench_random(&state);
    }
    uint32_t crc = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        crc = crc32(crc, buffer, BYTES);
    }
    return crc;
}
