// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/clock.h"
#include "runtime/console.h"
#include "runtime/finish.h"
#include "runtime/interrupt.h"
#include "runtime/trap.h"

typedef void (*constructor_t)(void);

extern const constructor_t __init_array_start[];
extern const constructor_t __init_array_end[];

int main(void);

/// Called by start.S with stack, globals and trap vector in place.
__attribute__((noreturn)) void runtime_start(void);

void runtime_start(void) {
    interrupt_init();
    clock_init();
    console_init();
    for (const constructor_t* run = __init_array_start; run != __init_array_end; ++run) {
        (*run)();
    }
    exit(main());
}

// picolibc's exit() ends here.
void _exit(int code) {
    console_flush();
    trap_check_stack();
    finish(code);
}
