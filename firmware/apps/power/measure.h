// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_APPS_POWER_MEASURE_H
#define CIMERA_APPS_POWER_MEASURE_H

#include <stdint.h>

#include "drivers/energy.h"
#include "drivers/pmu.h"

/// Time and energy between two instants; energies in picojoules.
typedef struct {
    uint32_t microseconds;
    uint32_t chip;
    uint32_t domain;   ///< of the domain that is looked at
    uint32_t dynamic;  ///< of the chip
    uint32_t leakage;  ///< of the chip
} measure_t;

/// Counters at an instant.
typedef struct {
    uint64_t time;
    uint64_t chip;
    uint64_t domain;
    uint64_t dynamic;
    uint64_t leakage;
} reading_t;

/// Reads the counters of the chip and of a domain.
reading_t measure_read(const energy_t* energy, uint32_t domain);
measure_t measure_between(const reading_t* before, const reading_t* after);

/// Prints the head of the table, then a row.
void measure_print_head(void);
void measure_print(const char* what, const char* how, const measure_t* measure);

#endif
