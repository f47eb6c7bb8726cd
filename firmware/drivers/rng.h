// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_RNG_H
#define CIMERA_DRIVERS_RNG_H

#include <stdint.h>

#include "drivers/status.h"
#include "regs/rng_regs.h"

typedef struct {
    rng_regs_t* regs;
} rng_t;

/// Begins to make words. The device must reach its interrupt handler, which calls rng_interrupt(),
/// before anybody asks for one.
CIMERA_CHECKED cimera_status_t rng_init(rng_t* rng, uintptr_t base);

/// The next word; sleeps until it is ready. CIMERA_NO_ENTROPY where the health test has failed:
/// the source begins anew, and who needs the word may ask again.
CIMERA_CHECKED cimera_status_t rng_word(const rng_t* rng, uint32_t* word);

/// Shows that the health test finds a source that is stuck; CIMERA_NO_ENTROPY where it does not.
CIMERA_CHECKED cimera_status_t rng_self_test(const rng_t* rng);

/// For the interrupt handler.
void rng_interrupt(const rng_t* rng);

#endif
