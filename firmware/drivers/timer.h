// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_TIMER_H
#define CIMERA_DRIVERS_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/timer_regs.h"

// POSIX has a timer_t of its own.
typedef struct {
    timer_regs_t* regs;
    uint32_t channels;
    volatile uint32_t matched;  ///< by channel: what timer_interrupt() has seen
} timer_device_t;

/// What a channel does when its count reaches the compare value.
typedef enum {
    TIMER_FREE = 0,      ///< counts on, wraps after 2^32
    TIMER_PERIODIC = 1,  ///< begins again at 0
    TIMER_ONE_SHOT = 2,  ///< stops
} timer_mode_t;

/// Stops all channels and forgets their matches. The device must reach its interrupt handler,
/// which calls timer_interrupt(), before anybody waits.
CIMERA_CHECKED cimera_status_t timer_init(timer_device_t* timer, uintptr_t base);

/// Counts up from 0 every `divider` cycles of the peripheral clock (1 to 65536); the channel
/// matches after `counts` counts (0: 2^32), and interrupts.
CIMERA_CHECKED cimera_status_t timer_start(timer_device_t* timer, uint32_t channel,
                                           timer_mode_t mode, uint32_t divider, uint32_t counts);

/// The count stays, and so does a match that was not waited for.
CIMERA_CHECKED cimera_status_t timer_stop(const timer_device_t* timer, uint32_t channel);

uint32_t timer_count(const timer_device_t* timer, uint32_t channel);

/// Sleeps until the channel has matched since timer_start() or the last wait.
CIMERA_CHECKED cimera_status_t timer_wait(timer_device_t* timer, uint32_t channel);

/// For the timer's interrupt handler: notes and clears what it reports. Answers the channels that
/// have matched, one bit each.
uint32_t timer_interrupt(timer_device_t* timer);

#endif
