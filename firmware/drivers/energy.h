// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_ENERGY_H
#define CIMERA_DRIVERS_ENERGY_H

#include <stdint.h>

#include "regs/energy_regs.h"

typedef struct {
    energy_regs_t* regs;
} energy_t;

typedef enum { ENERGY_ALL, ENERGY_DYNAMIC, ENERGY_CLOCK, ENERGY_LEAKAGE } energy_part_t;

void energy_init(energy_t* energy, uintptr_t base);

/// Energy of the whole chip since reset, exact at this instant, in attojoules modulo 2^64.
uint64_t energy_chip(const energy_t* energy, energy_part_t part);

#endif
