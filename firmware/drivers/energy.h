// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_ENERGY_H
#define CIMERA_DRIVERS_ENERGY_H

#include <stdint.h>

#include "regs/energy_regs.h"

#define ENERGY_NAME_BYTES 33U  // with the zero at the end

typedef struct {
    energy_regs_t* regs;
} energy_t;

typedef enum { ENERGY_ALL, ENERGY_DYNAMIC, ENERGY_CLOCK, ENERGY_LEAKAGE } energy_part_t;

/// Whose energy.
typedef enum { ENERGY_CHIP, ENERGY_DOMAIN, ENERGY_COMPONENT } energy_kind_t;

void energy_init(energy_t* energy, uintptr_t base);

/// Power domains, numbered as in the PMU, and components.
uint32_t energy_domains(const energy_t* energy);
uint32_t energy_components(const energy_t* energy);
void energy_name(const energy_t* energy, energy_kind_t kind, uint32_t index,
                 char name[ENERGY_NAME_BYTES]);

/// Takes all counters and the time at one instant; energy_value() and energy_time() tell of it.
void energy_latch(const energy_t* energy);

/// Energy since reset in attojoules modulo 2^64. `index` is 0 for the chip.
uint64_t energy_value(const energy_t* energy, energy_kind_t kind, uint32_t index,
                      energy_part_t part);

/// Of the latch, in ticks of mtime since reset.
uint64_t energy_time(const energy_t* energy);

/// Energy of the whole chip since reset, exact at this instant, in attojoules modulo 2^64.
uint64_t energy_chip(const energy_t* energy, energy_part_t part);

#endif
