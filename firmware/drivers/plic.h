// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_PLIC_H
#define CIMERA_DRIVERS_PLIC_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/plic_regs.h"

typedef struct {
    plic_regs_t* regs;
} plic_t;

/// No threshold; sources stay as they are.
void plic_init(plic_t* plic, uintptr_t base);

/// Priority 1 to 7 and the enable bit of a source.
CIMERA_CHECKED cimera_status_t plic_enable(const plic_t* plic, uint32_t source, uint32_t priority);

/// Only sources of a higher priority interrupt.
void plic_set_threshold(const plic_t* plic, uint32_t priority);

/// Whether a source asks for attention, whatever threshold and enable bits say.
bool plic_pending(const plic_t* plic, uint32_t source);

/// The most urgent pending source, which is then in service; 0: none.
uint32_t plic_claim(const plic_t* plic);

void plic_complete(const plic_t* plic, uint32_t source);

#endif
