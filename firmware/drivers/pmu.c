// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/pmu.h"

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x20554D50, NAME_WORDS = 4, FIRST_STATUS = CIMERA_PMU_DOMAIN - 1 };  // "PMU "

static const uint32_t all_events = PMU_IRQ_STATUS_DONE_MASK | PMU_IRQ_STATUS_ERROR_MASK;

cimera_status_t pmu_init(pmu_t* pmu, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    pmu->regs = (pmu_regs_t*)base;
    if (mmio_read32(&pmu->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    const uint32_t counts = mmio_read32(&pmu->regs->COUNTS);
    pmu->domains = FIELD_GET(counts, PMU_COUNTS_DOMAINS);
    pmu->points = FIELD_GET(counts, PMU_COUNTS_POINTS);
    mmio_write32(&pmu->regs->IRQ_STATUS, all_events);
    mmio_write32(&pmu->regs->IRQ_ENABLE, PMU_IRQ_ENABLE_DONE_MASK);
    return CIMERA_OK;
}

static void point_at(const pmu_t* pmu, uint32_t domain, uint32_t point) {
    mmio_write32(&pmu->regs->SELECT,
                 FIELD_OF(domain, PMU_SELECT_DOMAIN) | FIELD_OF(point, PMU_SELECT_POINT));
}

static void read_name(const volatile uint32_t* words, char name[PMU_NAME_BYTES]) {
    for (uint32_t w = 0; w < NAME_WORDS; ++w) {
        const uint32_t word = mmio_read32(&words[w]);
        for (uint32_t b = 0; b < 4; ++b) {
            name[4 * w + b] = (char)(word >> (8 * b));
        }
    }
    name[PMU_NAME_BYTES - 1] = '\0';
}

cimera_status_t pmu_domain(const pmu_t* pmu, uint32_t number, pmu_domain_t* domain) {
    if (number >= pmu->domains) {
        return CIMERA_INVALID_ARGUMENT;
    }
    point_at(pmu, number, 0);
    const uint32_t word = mmio_read32(&pmu->regs->DOMAIN);
    domain->kind = (pmu_kind_t)FIELD_GET(word, PMU_DOMAIN_KIND);
    domain->index = FIELD_GET(word, PMU_DOMAIN_INDEX);
    domain->states = FIELD_GET(word, PMU_DOMAIN_STATES);
    domain->points = FIELD_GET(word, PMU_DOMAIN_POINTS);
    read_name(pmu->regs->NAME, domain->name);
    return CIMERA_OK;
}

cimera_status_t pmu_find(const pmu_t* pmu, pmu_kind_t kind, uint32_t index, uint32_t* number) {
    for (uint32_t n = 0; n < pmu->domains; ++n) {
        point_at(pmu, n, 0);
        const uint32_t word = mmio_read32(&pmu->regs->DOMAIN);
        if (FIELD_GET(word, PMU_DOMAIN_KIND) == (uint32_t)kind &&
            FIELD_GET(word, PMU_DOMAIN_INDEX) == index) {
            *number = n;
            return CIMERA_OK;
        }
    }
    return CIMERA_NO_DEVICE;
}

static uint32_t status_of(const pmu_t* pmu, uint32_t domain) {
    point_at(pmu, domain, 0);
    return mmio_read32(&pmu->regs->STATUS);
}

pmu_state_t pmu_state(const pmu_t* pmu, uint32_t domain) {
    return (pmu_state_t)FIELD_GET(status_of(pmu, domain), PMU_STATUS_STATE);
}

uint32_t pmu_point(const pmu_t* pmu, uint32_t domain) {
    return FIELD_GET(status_of(pmu, domain), PMU_STATUS_POINT);
}

uint32_t pmu_hertz(const pmu_t* pmu, uint32_t domain, uint32_t point) {
    point_at(pmu, domain, point);
    return mmio_read32(&pmu->regs->HERTZ);
}

void pmu_point_name(const pmu_t* pmu, uint32_t point, char name[PMU_NAME_BYTES]) {
    point_at(pmu, 0, point);
    read_name(pmu->regs->POINT_NAME, name);
}

/// What became of the last request; reading it clears it.
static cimera_status_t outcome(const pmu_t* pmu) {
    const uint32_t code = FIELD_GET(mmio_read32(&pmu->regs->ERROR), PMU_ERROR_CODE);
    if (code == 0) {
        return CIMERA_OK;
    }
    const uint32_t status = FIRST_STATUS + code;
    return status < CIMERA_PMU_FAILED ? (cimera_status_t)status : CIMERA_PMU_FAILED;
}

/// Sleeps until nothing changes any more. A change that waits for a wfi gets it here.
static void settle(const pmu_t* pmu, uint32_t domain, uint32_t until_clear) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const bool changing = (status_of(pmu, domain) & until_clear) != 0;
        if (changing) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (!changing) {
            return;
        }
    }
}

cimera_status_t pmu_set_state(const pmu_t* pmu, uint32_t domain, pmu_state_t state) {
    const uint32_t saved = cpu_irq_save();
    point_at(pmu, domain, 0);
    mmio_write32(&pmu->regs->STATE, FIELD_OF(state, PMU_STATE_STATE));
    const cimera_status_t status = outcome(pmu);
    cpu_irq_restore(saved);
    if (status == CIMERA_OK) {
        settle(pmu, domain, PMU_STATUS_CHANGES_MASK);
    }
    return status;
}

cimera_status_t pmu_set_point(const pmu_t* pmu, uint32_t domain, uint32_t point) {
    const uint32_t saved = cpu_irq_save();
    point_at(pmu, domain, 0);
    mmio_write32(&pmu->regs->POINT, FIELD_OF(point, PMU_POINT_POINT));
    const cimera_status_t status = outcome(pmu);
    cpu_irq_restore(saved);
    if (status != CIMERA_OK) {
        return status;
    }
    settle(pmu, domain, PMU_STATUS_CHANGES_MASK | PMU_STATUS_WAITS_MASK);
    return outcome(pmu);
}

cimera_status_t pmu_configure_sleep(const pmu_t* pmu, uint32_t wake, pmu_state_t l2) {
    if (l2 == PMU_CLOCK_GATED) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&pmu->regs->WAKE, wake);
    mmio_write32(&pmu->regs->SLEEP, FIELD_OF(l2, PMU_SLEEP_L2));
    return CIMERA_OK;
}

void pmu_set_resume(const pmu_t* pmu, uint32_t address) {
    mmio_write32(&pmu->regs->RESUME, address);
}

pmu_state_t pmu_woken(const pmu_t* pmu) {
    return (pmu_state_t)FIELD_GET(mmio_read32(&pmu->regs->WOKEN), PMU_WOKEN_STATE);
}

void pmu_interrupt(const pmu_t* pmu) {
    mmio_write32(&pmu->regs->IRQ_STATUS, all_events);
}
