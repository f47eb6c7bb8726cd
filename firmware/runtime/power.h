// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_POWER_H
#define CIMERA_RUNTIME_POWER_H

#include <stdbool.h>

#include "drivers/pmu.h"

/// Connects the PMU to its interrupt. `pmu` stays where it is.
CIMERA_CHECKED cimera_status_t power_open(pmu_t* pmu);

/// Sleeps once in `state` until an interrupt of pmu_configure_sleep() comes (with PMU_CLOCK_GATED:
/// any), and serves it. *Off* takes registers and counters of the core with it: the program goes on
/// all the same, if the L2 kept its contents, but clock_cycles() begins again.
CIMERA_CHECKED cimera_status_t power_sleep(const pmu_t* pmu, pmu_state_t state);

#endif
