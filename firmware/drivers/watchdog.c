// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/watchdog.h"

#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x474F4457, UNLOCK = 0x0051F15E, LOCK = 0, FOOD = 0x0D09F00D };  // WDOG

cimera_status_t watchdog_init(watchdog_t* watchdog, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    watchdog->regs = (watchdog_regs_t*)base;
    return mmio_read32(&watchdog->regs->ID) == MAGIC ? CIMERA_OK : CIMERA_WRONG_DEVICE;
}

static cimera_status_t unlock(const watchdog_t* watchdog) {
    mmio_write32(&watchdog->regs->KEY, UNLOCK);
    const uint32_t status = mmio_read32(&watchdog->regs->STATUS);
    return FIELD_GET(status, WATCHDOG_STATUS_LOCKED) == 0 ? CIMERA_OK : CIMERA_LOCKED;
}

cimera_status_t watchdog_start(const watchdog_t* watchdog, const watchdog_config_t* config) {
    if (config->timeout == 0 || config->window >= config->timeout) {
        return CIMERA_INVALID_ARGUMENT;
    }
    const cimera_status_t status = unlock(watchdog);
    if (status != CIMERA_OK) {
        return status;
    }
    watchdog_regs_t* regs = watchdog->regs;
    mmio_write32(&regs->CTRL, 0);  // a new setting must not bark at the old count
    mmio_write32(&regs->TIMEOUT, config->timeout);
    mmio_write32(&regs->GRACE, config->grace);
    mmio_write32(&regs->WINDOW, config->window);
    mmio_write32(&regs->CTRL, WATCHDOG_CTRL_EN_MASK | FIELD_OF(config->fixed, WATCHDOG_CTRL_FIXED));
    mmio_write32(&regs->KEY, LOCK);
    return CIMERA_OK;
}

cimera_status_t watchdog_stop(const watchdog_t* watchdog) {
    const cimera_status_t status = unlock(watchdog);
    if (status == CIMERA_OK) {
        mmio_write32(&watchdog->regs->CTRL, 0);
        mmio_write32(&watchdog->regs->KEY, LOCK);
    }
    return status;
}

void watchdog_feed(const watchdog_t* watchdog) {
    mmio_write32(&watchdog->regs->FEED, FOOD);
}

uint32_t watchdog_count(const watchdog_t* watchdog) {
    return mmio_read32(&watchdog->regs->COUNT);
}

void watchdog_acknowledge(const watchdog_t* watchdog) {
    mmio_write32(&watchdog->regs->IRQ_STATUS, WATCHDOG_IRQ_STATUS_BARK_MASK);
}

watchdog_cause_t watchdog_cause(const watchdog_t* watchdog) {
    return (watchdog_cause_t)FIELD_GET(mmio_read32(&watchdog->regs->RESET_CAUSE),
                                       WATCHDOG_RESET_CAUSE_CAUSE);
}

uint32_t watchdog_bites(const watchdog_t* watchdog) {
    return FIELD_GET(mmio_read32(&watchdog->regs->RESET_CAUSE), WATCHDOG_RESET_CAUSE_BITES);
}

cimera_status_t watchdog_set_note(const watchdog_t* watchdog, uint32_t number, uint32_t word) {
    if (number >= WATCHDOG_NOTES) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&watchdog->regs->SCRATCH[number], word);
    return CIMERA_OK;
}

cimera_status_t watchdog_note(const watchdog_t* watchdog, uint32_t number, uint32_t* word) {
    if (number >= WATCHDOG_NOTES) {
        return CIMERA_INVALID_ARGUMENT;
    }
    *word = mmio_read32(&watchdog->regs->SCRATCH[number]);
    return CIMERA_OK;
}
