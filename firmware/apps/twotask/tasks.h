// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_TASKS_H
#define CIMERA_TWOTASK_TASKS_H

#include "apps/twotask/kernel.h"

// What runs in user mode. `own` and `other` are the memories of the task itself and of its
// neighbour.

/// Holds patterns in all registers and in its memory until it has been preempted often enough,
/// sleeps, prints its verdict and ends with 0; any other code counts what went wrong.
void task_steady(task_memory_t* own, task_memory_t* other);

/// The same, and then writes into its neighbour's memory.
void task_intruder(task_memory_t* own, task_memory_t* other);

/// Tries once what a task must not do. Returning from one of these would be a failure.
extern const task_entry_t offences[];
extern const uint32_t offence_count;

#endif
