// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_INTERRUPT_H
#define CIMERA_RUNTIME_INTERRUPT_H

#include <stdint.h>

#include "drivers/status.h"

typedef void (*interrupt_handler_t)(void* context);

/// Calls `handler` for every interrupt of a source of the PLIC, and enables the source. Handlers
/// run one after the other, with interrupts held back.
CIMERA_CHECKED cimera_status_t interrupt_attach(uint32_t source, interrupt_handler_t handler,
                                                void* context);

/// Calls `handler` for every timer interrupt; it must move the alarm.
void interrupt_attach_timer(interrupt_handler_t handler, void* context);

/// For the start-up code.
void interrupt_init(void);

#endif
