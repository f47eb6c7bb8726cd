// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_TWOTASK_SYSCALL_H
#define CIMERA_TWOTASK_SYSCALL_H

#include <stddef.h>
#include <stdint.h>

// System calls: number in a7, arguments in a0 and a1, result in a0.
enum { CALL_YIELD, CALL_PRINT, CALL_SLEEP, CALL_EXIT };

static inline int32_t system_call(uint32_t number, uint32_t first, uint32_t second) {
    register uint32_t a0 __asm__("a0") = first;
    register uint32_t a1 __asm__("a1") = second;
    register uint32_t a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    return (int32_t)a0;
}

/// Lets the other task run. How often the timer has taken the core away from this one.
static inline uint32_t task_yield(void) {
    return (uint32_t)system_call(CALL_YIELD, 0, 0);
}

/// The number of bytes accepted, which is smaller while the console is busy; -1 where the task may
/// not read `text`.
static inline int32_t task_print(const char* text, size_t size) {
    return system_call(CALL_PRINT, (uint32_t)text, size);
}

/// Sleeps for at least so many ticks of mtime.
static inline void task_sleep(uint32_t ticks) {
    (void)system_call(CALL_SLEEP, ticks, 0);
}

__attribute__((noreturn)) static inline void task_exit(uint32_t code) {
    (void)system_call(CALL_EXIT, code, 0);
    __builtin_unreachable();
}

#endif
