// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_KERNEL_H
#define CIMERA_TWOTASK_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

// A preemptive kernel for two tasks in user mode. Machine mode runs the kernel, one interrupt may
// preempt another of a lower level, and physical memory protection gives each task its own memory
// and the code of all, nothing else.

enum { TASKS = 2, TASK_MEMORY = 8192, QUANTUM_TICKS = 1000 };

/// Memory of one task: its data, and its stack from the end. A power of two in size and place.
typedef struct {
    uint32_t words[TASK_MEMORY / sizeof(uint32_t)];
} task_memory_t;

typedef void (*task_entry_t)(task_memory_t* own, task_memory_t* other);

/// How a task ended.
typedef struct {
    bool killed;
    uint32_t code;         ///< what it gave to exit
    uint32_t preemptions;  ///< times the timer took the core away from it
} task_end_t;

/// What was seen of interrupts within interrupts.
typedef struct {
    uint32_t ticks;
    bool timer_in_external;
    bool timer_in_software;
    bool external_in_software;
    bool threshold_holds_back;  ///< a source at the threshold stays pending
    bool lower_level_waits;     ///< a software interrupt does not preempt an external one
    bool code_unchanged;        ///< the checksum of the code, taken in the background
} nesting_t;

/// Sets up memory protection, which stays until reset, and the interrupts.
void kernel_init(void);

/// Runs the tasks until both have ended and the console has sent what they printed: the first
/// task's text, then the second's. A null entry is a task that ends at once.
void kernel_run(const task_entry_t entries[TASKS], task_end_t ends[TASKS]);

/// Gives the interrupts back to the runtime.
void kernel_exit(void);

const nesting_t* kernel_nesting(void);

/// Stores to its own code and to the guard of its own stack both trap.
bool kernel_protects_itself(void);

#endif
