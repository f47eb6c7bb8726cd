// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/timer.h"

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x524D4954, LONGEST_DIVIDER = 65536 };  // the characters TIMR

cimera_status_t timer_init(timer_device_t* timer, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    timer->regs = (timer_regs_t*)base;
    if (mmio_read32(&timer->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    timer->channels = FIELD_GET(mmio_read32(&timer->regs->CAPABILITY), TIMER_CAPABILITY_CHANNELS);
    timer->matched = 0;
    mmio_write32(&timer->regs->IRQ_ENABLE, 0);
    for (uint32_t channel = 0; channel < timer->channels; ++channel) {
        mmio_write32(&timer->regs->CTRL[channel], 0);
    }
    mmio_write32(&timer->regs->IRQ_STATUS, TIMER_IRQ_STATUS_MATCH_MASK);
    return CIMERA_OK;
}

cimera_status_t timer_start(timer_device_t* timer, uint32_t channel, timer_mode_t mode,
                            uint32_t divider, uint32_t counts) {
    if (channel >= timer->channels || divider == 0 || divider > LONGEST_DIVIDER ||
        mode > TIMER_ONE_SHOT) {
        return CIMERA_INVALID_ARGUMENT;
    }
    timer_regs_t* regs = timer->regs;
    const uint32_t bit = 1U << channel;
    mmio_write32(&regs->CTRL[channel], 0);
    mmio_write32(&regs->IRQ_STATUS, bit);
    const uint32_t saved = cpu_irq_save();
    timer->matched &= ~bit;
    mmio_write32(&regs->IRQ_ENABLE, mmio_read32(&regs->IRQ_ENABLE) | bit);
    cpu_irq_restore(saved);
    mmio_write32(&regs->PRESCALER[channel], divider - 1);
    mmio_write32(&regs->COMPARE[channel], counts);
    mmio_write32(&regs->COUNT[channel], 0);
    mmio_write32(&regs->CTRL[channel], TIMER_CTRL_EN_MASK | FIELD_OF(mode, TIMER_CTRL_MODE));
    return CIMERA_OK;
}

cimera_status_t timer_stop(const timer_device_t* timer, uint32_t channel) {
    if (channel >= timer->channels) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&timer->regs->CTRL[channel], 0);
    return CIMERA_OK;
}

uint32_t timer_count(const timer_device_t* timer, uint32_t channel) {
    return mmio_read32(&timer->regs->COUNT[channel]);
}

cimera_status_t timer_wait(timer_device_t* timer, uint32_t channel) {
    if (channel >= timer->channels) {
        return CIMERA_INVALID_ARGUMENT;
    }
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const bool matched = (timer->matched >> channel & 1) != 0;
        if (matched) {
            timer->matched &= ~(1U << channel);
        } else {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (matched) {
            return CIMERA_OK;
        }
    }
}

uint32_t timer_interrupt(timer_device_t* timer) {
    const uint32_t matched = mmio_read32(&timer->regs->IRQ_STATUS);
    mmio_write32(&timer->regs->IRQ_STATUS, matched);
    timer->matched |= matched;
    return matched;
}
