// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_PMU_H
#define CIMERA_DRIVERS_PMU_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/pmu_regs.h"

#define PMU_NAME_BYTES 17U  // with the zero at the end

typedef enum { PMU_ON, PMU_CLOCK_GATED, PMU_RETENTION, PMU_OFF } pmu_state_t;
typedef enum { PMU_ALWAYS_ON, PMU_HOST, PMU_FABRIC, PMU_L2, PMU_TILE, PMU_CLUSTER } pmu_kind_t;

typedef struct {
    pmu_regs_t* regs;
    uint32_t domains;  ///< how many
    uint32_t points;   ///< operating points of the chip; 0 is that after power-on
} pmu_t;

/// A power domain.
typedef struct {
    pmu_kind_t kind;
    uint32_t index;   ///< number of the tile or cluster
    uint32_t states;  ///< bit n: it can be brought into state n
    uint32_t points;  ///< 1: its operating point cannot be chosen
    char name[PMU_NAME_BYTES];
} pmu_domain_t;

/// Clears events and enables the interrupt that ends changes.
CIMERA_CHECKED cimera_status_t pmu_init(pmu_t* pmu, uintptr_t base);

CIMERA_CHECKED cimera_status_t pmu_domain(const pmu_t* pmu, uint32_t number, pmu_domain_t* domain);

/// The number of a domain; `index` counts tiles and clusters.
CIMERA_CHECKED cimera_status_t pmu_find(const pmu_t* pmu, pmu_kind_t kind, uint32_t index,
                                        uint32_t* number);

pmu_state_t pmu_state(const pmu_t* pmu, uint32_t domain);
uint32_t pmu_point(const pmu_t* pmu, uint32_t domain);

/// Clock of a domain at an operating point in Hz; 0: it has no such point.
uint32_t pmu_hertz(const pmu_t* pmu, uint32_t domain, uint32_t point);
void pmu_point_name(const pmu_t* pmu, uint32_t point, char name[PMU_NAME_BYTES]);

/// Brings a domain into a state and sleeps until it is there; of the host, for the core's next wfi.
/// The device's interrupt must reach pmu_interrupt(). CIMERA_PMU_BUSY: it has work to do; *off*
/// takes no notice of that.
CIMERA_CHECKED cimera_status_t pmu_set_state(const pmu_t* pmu, uint32_t domain, pmu_state_t state);

/// Brings a domain to an operating point and sleeps until it is there.
CIMERA_CHECKED cimera_status_t pmu_set_point(const pmu_t* pmu, uint32_t domain, uint32_t point);

/// Interrupts that end the core's sleep in retention and off: CPU_MIE_… of hal/cpu.h. And the L2's
/// state meanwhile: PMU_ON, PMU_RETENTION or PMU_OFF.
CIMERA_CHECKED cimera_status_t pmu_configure_sleep(const pmu_t* pmu, uint32_t wake, pmu_state_t l2);

/// Where the core starts after it was off; 0: the boot ROM.
void pmu_set_resume(const pmu_t* pmu, uint32_t address);

/// The state in which the core has slept the last time.
pmu_state_t pmu_woken(const pmu_t* pmu);

/// For the interrupt handler: clears the events.
void pmu_interrupt(const pmu_t* pmu);

#endif
