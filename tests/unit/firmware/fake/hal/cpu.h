// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// Takes the place of firmware/hal/cpu.h on the host: the recorder sees masking and sleeping.
#ifndef CIMERA_HAL_CPU_H
#define CIMERA_HAL_CPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t cpu_irq_save(void);
void cpu_irq_restore(uint32_t saved);
void cpu_wait_for_interrupt(void);

#ifdef __cplusplus
}
#endif

#endif
