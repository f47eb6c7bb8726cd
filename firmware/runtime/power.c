// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/power.h"

#include "hal/cpu.h"
#include "hal/memory_map.h"
#include "runtime/interrupt.h"

/// Saves the core's state and waits for an interrupt.
void power_suspend(void);
/// Where the core starts after it was off: returns from power_suspend().
void power_resume(void);

static void handle(void* pmu) {
    pmu_interrupt(pmu);
}

cimera_status_t power_open(pmu_t* pmu) {
    const cimera_status_t status = pmu_init(pmu, CIMERA_PMU_BASE);
    return status == CIMERA_OK ? interrupt_attach(CIMERA_IRQ_PMU, handle, pmu) : status;
}

cimera_status_t power_sleep(const pmu_t* pmu, pmu_state_t state) {
    uint32_t host = 0;
    cimera_status_t status = pmu_find(pmu, PMU_HOST, 0, &host);
    if (status != CIMERA_OK) {
        return status;
    }
    const uint32_t saved = cpu_irq_save();
    status = pmu_set_state(pmu, host, state);
    if (status == CIMERA_OK) {
        pmu_set_resume(pmu, (uint32_t)(uintptr_t)power_resume);
        power_suspend();
    }
    cpu_irq_restore(saved);
    return status;
}
