// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_INTERRUPTS_H
#define CIMERA_TWOTASK_INTERRUPTS_H

#include <stdbool.h>
#include <stdint.h>

// Interrupts in three levels: software, external, timer. A handler lets higher levels through.

/// Takes the UART and the interrupt controllers over from the runtime.
void interrupts_init(void);

/// The timer ticks from now on, each QUANTUM_TICKS; until interrupts_stop().
void interrupts_start(void);
void interrupts_stop(void);

/// Gives them back to the runtime, and lets interrupts through.
void interrupts_release(void);

/// Serves an interrupt by its cause; whether it was the timer's tick. Called and left with
/// interrupts held back.
bool interrupts_serve(uint32_t cause);

/// mtime.
uint64_t interrupts_time(void);

#endif
