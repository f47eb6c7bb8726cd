// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_HAL_MMIO_H
#define CIMERA_HAL_MMIO_H

#include <stdint.h>

// Registers are reached through pointers to members of the generated structs: a pointer to a
// read-only register is one to const, so that writing it does not compile.

static inline uint32_t mmio_read32(const volatile uint32_t* reg) {
    return *reg;
}

static inline void mmio_write32(volatile uint32_t* reg, uint32_t value) {
    *reg = value;
}

static inline uint8_t mmio_read8(const volatile uint8_t* reg) {
    return *reg;
}

static inline void mmio_write8(volatile uint8_t* reg, uint8_t value) {
    *reg = value;
}

/// Everything written to memory before is visible to other masters before what is written after.
static inline void mmio_barrier(void) {
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

#endif
