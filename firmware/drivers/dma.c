// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/dma.h"

#include <stddef.h>

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x31414D44, LAST_KNOWN_ERROR = 10 };  // the characters DMA1

static const uint32_t all_events =
    DMA_IRQ_STATUS_DONE_MASK | DMA_IRQ_STATUS_HALF_MASK | DMA_IRQ_STATUS_ERROR_MASK;
static const uint32_t end_events = DMA_IRQ_STATUS_DONE_MASK | DMA_IRQ_STATUS_ERROR_MASK;

cimera_status_t dma_init(dma_t* dma, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    *dma = (dma_t){.regs = (dma_regs_t*)base};
    if (mmio_read32(&dma->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    dma->channels = FIELD_GET(mmio_read32(&dma->regs->CAPABILITY), DMA_CAPABILITY_CHANNELS);
    for (uint32_t c = 0; c < dma->channels; ++c) {
        (void)dma_abort(dma, c);
        mmio_write32(&dma->regs->IRQ_STATUS[c], all_events);
        mmio_write32(&dma->regs->IRQ_ENABLE[c], all_events);
    }
    return CIMERA_OK;
}

cimera_status_t dma_start(dma_t* dma, uint32_t channel, const dma_descriptor_t* first,
                          dma_callback_t callback, void* context) {
    const uintptr_t address = (uintptr_t)first;
    if (channel >= dma->channels || address == 0 || address % 4 != 0) {
        return CIMERA_INVALID_ARGUMENT;
    }
    if (FIELD_GET(mmio_read32(&dma->regs->STATUS[channel]), DMA_STATUS_BUSY) != 0) {
        return CIMERA_DMA_BUSY;
    }
    const uint32_t saved = cpu_irq_save();
    dma->channel[channel].events = 0;
    dma->channel[channel].callback = callback;
    dma->channel[channel].context = context;
    cpu_irq_restore(saved);
    mmio_barrier();
    mmio_write32(&dma->regs->START[channel], (uint32_t)address);
    return CIMERA_OK;
}

dma_error_t dma_error(const dma_t* dma, uint32_t channel) {
    const uint32_t error = mmio_read32(&dma->regs->ERROR[channel]);
    const uint32_t code = FIELD_GET(error, DMA_ERROR_CODE);
    return (dma_error_t){
        .status = code == 0                 ? CIMERA_OK
                  : code > LAST_KNOWN_ERROR ? CIMERA_DMA_FAILED
                                            : (cimera_status_t)(CIMERA_DMA_ADDRESS + code - 1),
        .descriptor = mmio_read32(&dma->regs->DESCRIPTOR[channel]),
        .address = mmio_read32(&dma->regs->ERROR_ADDRESS[channel]),
        .write = FIELD_GET(error, DMA_ERROR_WRITE) != 0,
        .bytes = mmio_read32(&dma->regs->BYTES[channel]),
    };
}

cimera_status_t dma_wait(dma_t* dma, uint32_t channel) {
    if (channel >= dma->channels) {
        return CIMERA_INVALID_ARGUMENT;
    }
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const uint32_t events = dma->channel[channel].events & end_events;
        dma->channel[channel].events = 0;
        if (events == 0) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (events != 0) {
            const bool failed = (events & DMA_IRQ_STATUS_ERROR_MASK) != 0;
            return failed ? dma_error(dma, channel).status : CIMERA_OK;
        }
    }
}

/// One row in memory, from beginning to end.
static cimera_status_t run(dma_t* dma, uint32_t channel, dma_kind_t kind, uint32_t source, void* to,
                           uint32_t bytes) {
    if (channel >= dma->channels) {
        return CIMERA_INVALID_ARGUMENT;
    }
    dma_descriptor_t* own = &dma->channel[channel].own;
    *own = (dma_descriptor_t){
        .CONTROL =
            FIELD_OF(kind, DMA_DESCRIPTOR_CONTROL_KIND) | DMA_DESCRIPTOR_CONTROL_INTERRUPT_MASK,
        .SOURCE = source,
        .DESTINATION = (uint32_t)(uintptr_t)to,
        .LENGTH = bytes,
        .ROWS = 1,
    };
    const cimera_status_t status = dma_start(dma, channel, own, NULL, NULL);
    return status == CIMERA_OK ? dma_wait(dma, channel) : status;
}

cimera_status_t dma_copy(dma_t* dma, uint32_t channel, void* to, const void* from, uint32_t bytes) {
    return run(dma, channel, DMA_COPY, (uint32_t)(uintptr_t)from, to, bytes);
}

cimera_status_t dma_fill(dma_t* dma, uint32_t channel, void* to, uint32_t pattern, uint32_t bytes) {
    return run(dma, channel, DMA_FILL, pattern, to, bytes);
}

uint32_t dma_abort(dma_t* dma, uint32_t channel) {
    mmio_write32(&dma->regs->CTRL[channel], DMA_CTRL_ABORT_MASK);
    while (FIELD_GET(mmio_read32(&dma->regs->STATUS[channel]), DMA_STATUS_BUSY) != 0) {
    }
    return mmio_read32(&dma->regs->BYTES[channel]);
}

void dma_control(dma_t* dma, uint32_t channel, bool pause, uint32_t priority) {
    mmio_write32(&dma->regs->CTRL[channel],
                 FIELD_OF(pause, DMA_CTRL_PAUSE) | FIELD_OF(priority, DMA_CTRL_PRIORITY));
}

void dma_interrupt(dma_t* dma) {
    const uint32_t pending = mmio_read32(&dma->regs->PENDING);
    for (uint32_t c = 0; c < dma->channels; ++c) {
        if ((pending >> c & 1) == 0) {
            continue;
        }
        dma_channel_t* channel = &dma->channel[c];
        const uint32_t events = mmio_read32(&dma->regs->IRQ_STATUS[c]);
        mmio_write32(&dma->regs->IRQ_STATUS[c], events);
        channel->events |= events;
        if (channel->callback != NULL) {
            channel->callback(channel->context, events);
        }
    }
}
