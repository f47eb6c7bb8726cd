// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_CIM_H
#define CIMERA_DRIVERS_CIM_H

#include <stdint.h>

#include "drivers/status.h"
#include "regs/cim_job_regs.h"
#include "regs/cim_regs.h"

typedef enum { CIM_PROGRAM = 1, CIM_MVM, CIM_MVM_TRANSPOSED, CIM_UPDATE, CIM_READ_BACK } cim_op_t;

typedef enum { CIM_DIGITAL_SRAM, CIM_C3CIM, CIM_CROSSBAR } cim_array_t;
typedef enum { CIM_BINARY, CIM_FIBBINARY, CIM_RELAXED } cim_encoding_t;

typedef struct {
    cim_regs_t* regs;
    volatile uint32_t events;  ///< bits of IRQ_STATUS that the interrupt has brought
} cim_t;

/// What a tile can do.
typedef struct {
    uint32_t macros;
    uint32_t queue;
    uint32_t rows;
    uint32_t columns;  ///< weight columns of a macro
    uint32_t weight_bits;
    uint32_t input_bits;
    uint32_t l1_in_size;
    uint32_t l1_out_size;
    uint32_t sign_bits;  ///< 1: a sign cell above the bits of each weight
    uint32_t array;      ///< cim_array_t
    uint32_t encoding;   ///< cim_encoding_t
} cim_capability_t;

/// Drops whatever the tile does, clears its events and enables its interrupt.
CIMERA_CHECKED cimera_status_t cim_init(cim_t* cim, uintptr_t base);

cim_capability_t cim_capability(const cim_t* cim);

/// Queues a list of jobs, linked through LINK. Descriptors stay untouched until it has ended. The
/// last job has INTERRUPT set, so that cim_wait() sees the end.
CIMERA_CHECKED cimera_status_t cim_start(cim_t* cim, const cim_job_t* first);

/// Sleeps until a list has ended, well or not. The tile's interrupt must reach cim_interrupt().
CIMERA_CHECKED cimera_status_t cim_wait(cim_t* cim);

/// For the interrupt handler: takes over and clears the tile's events.
void cim_interrupt(cim_t* cim);

/// Accumulators and outputs that saturated since reset.
uint32_t cim_saturations(const cim_t* cim);

#endif
