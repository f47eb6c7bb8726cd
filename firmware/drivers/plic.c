// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/plic.h"

#include "hal/mmio.h"

enum { SOURCES = 192, HIGHEST_PRIORITY = 7, SOURCES_IN_A_WORD = 32 };

void plic_init(plic_t* plic, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    plic->regs = (plic_regs_t*)base;
    mmio_write32(&plic->regs->THRESHOLD, 0);
}

cimera_status_t plic_enable(const plic_t* plic, uint32_t source, uint32_t priority) {
    if (source == 0 || source >= SOURCES || priority == 0 || priority > HIGHEST_PRIORITY) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&plic->regs->PRIORITY[source], priority);
    volatile uint32_t* word = &plic->regs->ENABLE[source / SOURCES_IN_A_WORD];
    mmio_write32(word, mmio_read32(word) | 1U << source % SOURCES_IN_A_WORD);
    return CIMERA_OK;
}

void plic_set_threshold(const plic_t* plic, uint32_t priority) {
    mmio_write32(&plic->regs->THRESHOLD, priority);
}

bool plic_pending(const plic_t* plic, uint32_t source) {
    const uint32_t word = mmio_read32(&plic->regs->PENDING[source / SOURCES_IN_A_WORD]);
    return (word >> source % SOURCES_IN_A_WORD & 1) != 0;
}

uint32_t plic_claim(const plic_t* plic) {
    return mmio_read32(&plic->regs->CLAIM);
}

void plic_complete(const plic_t* plic, uint32_t source) {
    mmio_write32(&plic->regs->CLAIM, source);
}
