// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_WATCHDOG_H
#define CIMERA_DRIVERS_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/watchdog_regs.h"

#define WATCHDOG_TICKS_PER_US 10U
#define WATCHDOG_NOTES 4U

typedef struct {
    watchdog_regs_t* regs;
} watchdog_t;

/// Times in ticks of 100 ns.
typedef struct {
    uint32_t timeout;  ///< from start or feeding to the bark, at least 1
    uint32_t grace;    ///< from the bark to the reset
    uint32_t window;   ///< from start or feeding: feeding resets the chip; less than timeout
    bool fixed;        ///< nobody can change or stop it before the next reset
} watchdog_config_t;

/// Why the chip was reset the last time.
typedef enum {
    WATCHDOG_POWER_ON = 0,
    WATCHDOG_OTHER_RESET = 1,  ///< finisher or debugger
    WATCHDOG_NOT_FED = 2,
    WATCHDOG_FED_TOO_EARLY = 3,
} watchdog_cause_t;

/// Leaves the device as it is: it may be running already.
CIMERA_CHECKED cimera_status_t watchdog_init(watchdog_t* watchdog, uintptr_t base);

/// Begins a timeout, of a watchdog that runs already as well. CIMERA_LOCKED where it is fixed.
CIMERA_CHECKED cimera_status_t watchdog_start(const watchdog_t* watchdog,
                                              const watchdog_config_t* config);

/// CIMERA_LOCKED where it is fixed.
CIMERA_CHECKED cimera_status_t watchdog_stop(const watchdog_t* watchdog);

/// Begins a new timeout.
void watchdog_feed(const watchdog_t* watchdog);

/// Ticks since start or feeding.
uint32_t watchdog_count(const watchdog_t* watchdog);

/// For the bark's interrupt handler: clears the interrupt. The reset comes all the same.
void watchdog_acknowledge(const watchdog_t* watchdog);

watchdog_cause_t watchdog_cause(const watchdog_t* watchdog);

/// Resets by the watchdog since power-on.
uint32_t watchdog_bites(const watchdog_t* watchdog);

/// Keeps a word over resets, for instance what the bark's handler finds; `number` is below
/// WATCHDOG_NOTES.
CIMERA_CHECKED cimera_status_t watchdog_set_note(const watchdog_t* watchdog, uint32_t number,
                                                 uint32_t word);
CIMERA_CHECKED cimera_status_t watchdog_note(const watchdog_t* watchdog, uint32_t number,
                                             uint32_t* word);

#endif
