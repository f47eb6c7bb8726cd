// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_SOCINFO_H
#define CIMERA_DRIVERS_SOCINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"

/// Equal devices one after the other.
typedef struct {
    uint32_t count;
    uint32_t base;
    uint32_t stride;
} socinfo_group_t;

/// What this chip has.
typedef struct {
    socinfo_group_t tiles;
    socinfo_group_t sensors;
    uint32_t host_hz;
    uint32_t cim_hz;
    uint32_t peripheral_hz;
    uint32_t timebase_hz;
    uint32_t devices;  ///< of the control bus; see socinfo_has()
    uint32_t l2_base;
    uint32_t l2_size;
    uint32_t nvm_base;
    uint32_t nvm_size;
} socinfo_t;

CIMERA_CHECKED cimera_status_t socinfo_read(socinfo_t* info, uintptr_t base);

/// Address of device `number` of a group.
CIMERA_CHECKED cimera_status_t socinfo_address(const socinfo_group_t* group, uint32_t number,
                                               uintptr_t* address);

/// Whether there is a device of the control bus at its address, for instance CIMERA_TIMER_BASE.
bool socinfo_has(const socinfo_t* info, uintptr_t base);

#endif
