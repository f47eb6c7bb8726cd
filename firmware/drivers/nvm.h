// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_NVM_H
#define CIMERA_DRIVERS_NVM_H

#include <stddef.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/nvmctl_regs.h"

typedef struct {
    nvmctl_regs_t* regs;
} nvm_t;

/// `base` is that of the controller.
void nvm_init(nvm_t* nvm, uintptr_t base);

/// Writes words to the NVM. CIMERA_NVM_FAILED: a worn-out cell does not hold what was written to
/// it.
CIMERA_CHECKED cimera_status_t nvm_write(const nvm_t* nvm, volatile uint32_t* to,
                                         const uint32_t* from, size_t words);

/// Cycles that a page has had.
CIMERA_CHECKED cimera_status_t nvm_page_cycles(const nvm_t* nvm, uint32_t page, uint32_t* cycles);

#endif
