// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_DMA_H
#define CIMERA_DRIVERS_DMA_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/dma_descriptor_regs.h"
#include "regs/dma_regs.h"

enum { DMA_MOST_CHANNELS = 8 };

typedef enum { DMA_COPY, DMA_FILL, DMA_FROM_DEVICE, DMA_TO_DEVICE } dma_kind_t;

/// `events` are bits of IRQ_STATUS: DONE, HALF, ERROR. Called by the interrupt handler.
typedef void (*dma_callback_t)(void* context, uint32_t events);

typedef struct {
    volatile uint32_t events;  ///< bits of IRQ_STATUS that the interrupt has brought
    dma_callback_t callback;   ///< may be NULL
    void* context;
    dma_descriptor_t own;  ///< of dma_copy() and dma_fill()
} dma_channel_t;

typedef struct {
    dma_regs_t* regs;
    uint32_t channels;
    dma_channel_t channel[DMA_MOST_CHANNELS];
} dma_t;

/// Where a list has failed.
typedef struct {
    cimera_status_t status;  ///< CIMERA_OK: it has not
    uint32_t descriptor;     ///< address of the descriptor
    uint32_t address;        ///< what could not be read or written
    bool write;              ///< the destination is at fault
    uint32_t bytes;          ///< that this descriptor had written before
} dma_error_t;

/// Stops all channels, clears their events and enables their interrupts.
CIMERA_CHECKED cimera_status_t dma_init(dma_t* dma, uintptr_t base);

/// Starts a list of descriptors, linked through LINK, and returns. They stay untouched until it has
/// ended; the last one has INTERRUPT set. `callback` (or NULL) hears of the channel's events.
CIMERA_CHECKED cimera_status_t dma_start(dma_t* dma, uint32_t channel,
                                         const dma_descriptor_t* first, dma_callback_t callback,
                                         void* context);

/// Sleeps until a descriptor with INTERRUPT has ended or one has failed. The DMA's interrupt must
/// reach dma_interrupt().
CIMERA_CHECKED cimera_status_t dma_wait(dma_t* dma, uint32_t channel);

/// Copies as memmove() does, and sleeps until that is done.
CIMERA_CHECKED cimera_status_t dma_copy(dma_t* dma, uint32_t channel, void* to, const void* from,
                                        uint32_t bytes);

/// Repeats the four bytes of `pattern`, and sleeps until that is done.
CIMERA_CHECKED cimera_status_t dma_fill(dma_t* dma, uint32_t channel, void* to, uint32_t pattern,
                                        uint32_t bytes);

/// Drops the channel's list, without an event; returns when the burst on its way has ended. The
/// result: bytes that the descriptor had written.
uint32_t dma_abort(dma_t* dma, uint32_t channel);

/// Holds a channel back, or lets it go on. 3 is the highest priority, 0 that of dma_init().
void dma_control(dma_t* dma, uint32_t channel, bool pause, uint32_t priority);

dma_error_t dma_error(const dma_t* dma, uint32_t channel);

/// For the interrupt handler: takes over and clears the events of all channels.
void dma_interrupt(dma_t* dma);

#endif
