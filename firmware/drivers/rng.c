// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/rng.h"

#include "hal/cpu.h"
#include "hal/mmio.h"

enum { MAGIC = 0x474E5254 };  // the characters TRNG

cimera_status_t rng_init(rng_t* rng, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    rng->regs = (rng_regs_t*)base;
    if (mmio_read32(&rng->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    mmio_write32(&rng->regs->IRQ_ENABLE, 0);
    mmio_write32(&rng->regs->STATUS, RNG_STATUS_ERROR_MASK);
    mmio_write32(&rng->regs->CTRL, RNG_CTRL_EN_MASK);
    return CIMERA_OK;
}

/// Sleeps until the status has something to tell; answers it. An error is cleared.
static uint32_t wait(const rng_t* rng) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const uint32_t status = mmio_read32(&rng->regs->STATUS);
        if (status == 0) {
            // The interrupt lasts as long as the status: its handler disables it.
            mmio_write32(&rng->regs->IRQ_ENABLE,
                         RNG_IRQ_ENABLE_READY_MASK | RNG_IRQ_ENABLE_ERROR_MASK);
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if ((status & RNG_STATUS_ERROR_MASK) != 0) {
            mmio_write32(&rng->regs->STATUS, RNG_STATUS_ERROR_MASK);
        }
        if (status != 0) {
            return status;
        }
    }
}

cimera_status_t rng_word(const rng_t* rng, uint32_t* word) {
    if ((wait(rng) & RNG_STATUS_ERROR_MASK) != 0) {
        return CIMERA_NO_ENTROPY;
    }
    *word = mmio_read32(&rng->regs->DATA);
    return CIMERA_OK;
}

cimera_status_t rng_self_test(const rng_t* rng) {
    mmio_write32(&rng->regs->CTRL, RNG_CTRL_EN_MASK | RNG_CTRL_TEST_MASK);
    const uint32_t status = wait(rng);
    mmio_write32(&rng->regs->CTRL, RNG_CTRL_EN_MASK);
    return (status & RNG_STATUS_ERROR_MASK) != 0 ? CIMERA_OK : CIMERA_NO_ENTROPY;
}

void rng_interrupt(const rng_t* rng) {
    mmio_write32(&rng->regs->IRQ_ENABLE, 0);
}
