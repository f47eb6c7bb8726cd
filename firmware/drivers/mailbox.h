// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_MAILBOX_H
#define CIMERA_DRIVERS_MAILBOX_H

#include <stdint.h>

#include "drivers/status.h"
#include "regs/mailbox_regs.h"

typedef struct {
    mailbox_regs_t* regs;
} mailbox_t;

void mailbox_init(mailbox_t* mailbox, uintptr_t base);

/// Reports name = value · 10^exponent. Names have 1 to 31 characters of [a-z0-9_.], exponents lie
/// between -18 and 0.
CIMERA_CHECKED cimera_status_t mailbox_report(const mailbox_t* mailbox, const char* name,
                                              int64_t value, int exponent);

#endif
