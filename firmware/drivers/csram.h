// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_CSRAM_H
#define CIMERA_DRIVERS_CSRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/csram_regs.h"

typedef struct {
    csram_regs_t* regs;
    uintptr_t memory;  ///< address of row 0
    uint32_t rows;
    uint32_t row_bytes;
} csram_t;

typedef enum {
    CSRAM_COPY,
    CSRAM_NOT,
    CSRAM_AND,
    CSRAM_OR,
    CSRAM_XOR,
    CSRAM_ADD,
    CSRAM_SUBTRACT,
    CSRAM_MULTIPLY,
    CSRAM_MAC
} csram_op_t;

/// Which lanes of a source row an operation takes. A step takes the next row, element or group.
typedef enum {
    CSRAM_ROW,      ///< lane for lane
    CSRAM_ELEMENT,  ///< each group gets its own element `index` in all its lanes
    CSRAM_GROUP     ///< all groups get the lanes of group `index`
} csram_mode_t;

typedef struct {
    uint32_t row;
    csram_mode_t mode;
    uint32_t index;
} csram_operand_t;

typedef struct {
    csram_op_t op;
    uint32_t lane_bits;  ///< 8, 16 or 32
    bool is_signed;
    uint32_t widen;  ///< result lanes are 1, 2 or 4 times as wide: 0, 1, 2
    uint32_t group;  ///< lanes, a power of two
    csram_operand_t a;
    csram_operand_t b;  ///< not for copy and not
    uint32_t destination;
    bool clear;  ///< CSRAM_MAC: begin from zero
    uint32_t steps;
} csram_command_t;

/// `base` is that of the registers.
CIMERA_CHECKED cimera_status_t csram_init(csram_t* csram, uintptr_t base);

/// The words of a row, for ordinary loads and stores. They wait while a command runs.
volatile uint32_t* csram_row(const csram_t* csram, uint32_t row);

/// Starts a command and returns; on an error nothing has been written.
CIMERA_CHECKED cimera_status_t csram_start(const csram_t* csram, const csram_command_t* command);

/// Returns when the command has ended.
void csram_wait(const csram_t* csram);

#endif
