// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdlib.h>

#include "bench/bench.h"
#include "drivers/cim.h"
#include "drivers/socinfo.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "hal/mmio.h"
#include "runtime/interrupt.h"

// Products of a full macro, on one tile after the other. JOBS tells how many, POLL whether the host
// reads the tile's status until it is done or sleeps until the interrupt.

enum { ROWS = 64, COLUMNS = 128, WEIGHT_BITS = 4, ROW_BYTES = COLUMNS * WEIGHT_BITS / 8 };

const uint32_t bench_expected = 1;

static uint8_t weights[ROWS * ROW_BYTES];
static uint8_t input[ROWS];
static int32_t output[COLUMNS];
static cim_job_t program = {
    .OPERATION = CIM_PROGRAM | CIM_JOB_OPERATION_INTERRUPT_MASK,
    .PRECISION = FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS),
    .ROWS = FIELD_OF(ROWS, CIM_JOB_ROWS_COUNT),
    .COLUMNS = FIELD_OF(COLUMNS, CIM_JOB_COLUMNS_COUNT),
    .STRIDE = ROW_BYTES,
};
static cim_job_t product = {
    .OPERATION = CIM_MVM | CIM_JOB_OPERATION_FETCH_MASK | CIM_JOB_OPERATION_STORE_MASK |
                 CIM_JOB_OPERATION_INTERRUPT_MASK,
    .PRECISION =
        FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS) | FIELD_OF(32, CIM_JOB_PRECISION_OUTPUT_BITS),
    .ROWS = FIELD_OF(ROWS, CIM_JOB_ROWS_COUNT),
    .COLUMNS = FIELD_OF(COLUMNS, CIM_JOB_COLUMNS_COUNT),
};
static cim_t tile;  // the one at work

static void handle_tile(void* unused) {
    (void)unused;
    cim_interrupt(&tile);
}

static uint32_t finished(const cim_job_t* job) {
    if (cim_start(&tile, job) != CIMERA_OK) {
        return 0;
    }
#if POLL
    while (FIELD_GET(mmio_read32(&tile.regs->STATUS), CIM_STATUS_BUSY) != 0) {
    }
    return 1;
#else
    return cim_wait(&tile) == CIMERA_OK;
#endif
}

static void fill(void) {
    uint32_t state = 1;
    for (unsigned i = 0; i < sizeof weights; ++i) {
        weights[i] = (uint8_t)bench_random(&state);
    }
    for (unsigned r = 0; r < ROWS; ++r) {
        input[r] = (uint8_t)bench_random(&state);
    }
    program.SOURCE = (uint32_t)(uintptr_t)weights;
    product.SOURCE = (uint32_t)(uintptr_t)input;
    product.DESTINATION = (uint32_t)(uintptr_t)output;
}

static uint32_t right(void) {
    for (unsigned c = 0; c < COLUMNS; ++c) {
        int32_t sum = 0;
        for (unsigned r = 0; r < ROWS; ++r) {
            sum += input[r] * (weights[r * ROW_BYTES + c / 2] >> (c % 2 * WEIGHT_BITS) & 0xF);
        }
        if (output[c] != sum) {
            return 0;
        }
    }
    return 1;
}

uint32_t bench_kernel(void) {
    socinfo_t info;
    if (socinfo_read(&info, CIMERA_SOCINFO_BASE) != CIMERA_OK) {
        return 0;
    }
    fill();
    uint32_t good = 1;
    for (unsigned s = 0; s < CIMERA_IRQ_TILES && !POLL; ++s) {
        good &= interrupt_attach(CIMERA_IRQ_TILE + s, handle_tile, NULL) == CIMERA_OK;
    }
    for (unsigned t = 0; t < info.tiles.count; ++t) {
        good &= cim_init(&tile, info.tiles.base + t * info.tiles.stride) == CIMERA_OK;
#if POLL
        mmio_write32(&tile.regs->IRQ_ENABLE, 0);
#endif
        good &= finished(&program);
    }
    for (unsigned n = 0; n != JOBS; ++n) {
        const uint32_t address = info.tiles.base + n % info.tiles.count * info.tiles.stride;
        // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
        tile.regs = (cim_regs_t*)(uintptr_t)address;
        good &= finished(&product);
    }
    return good & (JOBS == 0 || right());
}
