// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_TRAP_H
#define CIMERA_RUNTIME_TRAP_H

#include <stdint.h>

/// Ends the program if the stack has grown over its guard word.
void trap_check_stack(void);

/// Reports an exception and ends the program. Called by the trap entry, on the trap stack.
__attribute__((noreturn)) void trap_exception(uint32_t cause, uint32_t pc, uint32_t value,
                                              uint32_t sp, uint32_t ra);

__attribute__((noreturn)) void trap_unexpected_interrupt(uint32_t cause, uint32_t source);

#endif
