// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_PROTECT_H
#define CIMERA_TWOTASK_PROTECT_H

#include <stdbool.h>
#include <stdint.h>

#include "apps/twotask/kernel.h"

// Physical memory protection (Priv. spec, section 3.7). Entries 0 and 1: the code, locked, so that
// nobody can write it. Entry 2: the guard below the kernel's stack, locked. Entry 3: the memory of
// the task that runs. User mode reaches nothing else, machine mode everything else.

/// Sets entries 0 to 2 for good. Without effect when called again.
void protect_kernel(void);

/// Opens the memory of one task, and closes that of the one before.
void protect_task(const task_memory_t* memory);

/// Whether a task may read all of [first, first + size).
bool protect_readable(const task_memory_t* own, uint32_t first, uint32_t size);

/// A word of the code and one of the stack guard: stores to them trap.
volatile uint32_t* protect_code_word(void);
volatile uint32_t* protect_guard_word(void);

/// A checksum of the code.
uint32_t protect_code_sum(void);

#endif
