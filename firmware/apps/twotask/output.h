// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_OUTPUT_H
#define CIMERA_TWOTASK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "apps/twotask/kernel.h"
#include "drivers/uart.h"

// What the tasks print. Each has a ring of its own; the UART serves one ring until its task has
// ended, then the next, so that the text does not depend on who ran when. Callers hold interrupts
// back.

void output_init(uart_t* uart);

/// Empty rings, the first task's first.
void output_begin(void);

/// The bytes of `text` that the task's ring has room for.
size_t output_put(uint32_t task, const char* text, size_t size);

/// Nothing more will come from this task.
void output_close(uint32_t task);

/// All tasks have ended and all text is with the UART.
bool output_done(void);

/// For the interrupt of the empty transmitter: hands over the next bytes and asks for the next
/// interrupt if there is more.
void output_continue(void);

#endif
