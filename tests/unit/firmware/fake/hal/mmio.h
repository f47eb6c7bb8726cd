// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// Takes the place of firmware/hal/mmio.h on the host: every access goes to the recorder.
#ifndef CIMERA_HAL_MMIO_H
#define CIMERA_HAL_MMIO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t mmio_read32(const volatile uint32_t* reg);
void mmio_write32(volatile uint32_t* reg, uint32_t value);
uint8_t mmio_read8(const volatile uint8_t* reg);
void mmio_write8(volatile uint8_t* reg, uint8_t value);
void mmio_barrier(void);

#ifdef __cplusplus
}
#endif

#endif
