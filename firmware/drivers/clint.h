// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_CLINT_H
#define CIMERA_DRIVERS_CLINT_H

#include <stdbool.h>
#include <stdint.h>

#include "regs/clint_regs.h"

typedef struct {
    clint_regs_t* regs;
} clint_t;

void clint_init(clint_t* clint, uintptr_t base);

/// mtime, read so that a carry between the halves cannot spoil it.
uint64_t clint_time(const clint_t* clint);

/// The timer interrupt is pending from this value of mtime on. UINT64_MAX: never.
void clint_set_alarm(const clint_t* clint, uint64_t time);

/// The hart's own software interrupt.
void clint_set_software(const clint_t* clint, bool pending);

#endif
