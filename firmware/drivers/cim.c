// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/cim.h"

#include <stdbool.h>

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x314D4943 };  // the characters CIM1

static const uint32_t all_events = CIM_IRQ_STATUS_DONE_MASK | CIM_IRQ_STATUS_ERROR_MASK;

cimera_status_t cim_init(cim_t* cim, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    cim->regs = (cim_regs_t*)base;
    cim->events = 0;
    if (mmio_read32(&cim->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    mmio_write32(&cim->regs->CTRL, CIM_CTRL_ABORT_MASK);
    mmio_write32(&cim->regs->IRQ_STATUS, all_events);
    mmio_write32(&cim->regs->IRQ_ENABLE, CIM_IRQ_ENABLE_DONE_MASK | CIM_IRQ_ENABLE_ERROR_MASK);
    return CIMERA_OK;
}

cim_capability_t cim_capability(const cim_t* cim) {
    const uint32_t number = mmio_read32(&cim->regs->CAPABILITY0);
    const uint32_t geometry = mmio_read32(&cim->regs->CAPABILITY1);
    const uint32_t format = mmio_read32(&cim->regs->CAPABILITY2);
    const uint32_t weight_bits = FIELD_GET(format, CIM_CAPABILITY2_WEIGHT_BITS);
    const uint32_t sign_bits = FIELD_GET(format, CIM_CAPABILITY2_SIGN_BITS);
    const uint32_t cells = weight_bits + sign_bits;
    return (cim_capability_t){
        .macros = FIELD_GET(number, CIM_CAPABILITY0_MACROS),
        .queue = FIELD_GET(number, CIM_CAPABILITY0_QUEUE),
        .rows = FIELD_GET(geometry, CIM_CAPABILITY1_ROWS),
        .columns = cells == 0 ? 0 : FIELD_GET(geometry, CIM_CAPABILITY1_COLS) / cells,
        .weight_bits = weight_bits,
        .sign_bits = sign_bits,
        .array = FIELD_GET(format, CIM_CAPABILITY2_ARRAY),
        .encoding = FIELD_GET(format, CIM_CAPABILITY2_ENCODING),
        .input_bits = FIELD_GET(format, CIM_CAPABILITY2_INPUT_BITS),
        .l1_in_size = mmio_read32(&cim->regs->L1_IN_SIZE),
        .l1_out_size = mmio_read32(&cim->regs->L1_OUT_SIZE),
    };
}

cimera_status_t cim_start(cim_t* cim, const cim_job_t* first) {
    const uintptr_t address = (uintptr_t)first;
    if (address == 0 || address % 4 != 0) {
        return CIMERA_INVALID_ARGUMENT;
    }
    if (FIELD_GET(mmio_read32(&cim->regs->STATUS), CIM_STATUS_FULL) != 0) {
        return CIMERA_QUEUE_FULL;
    }
    mmio_barrier();
    mmio_write32(&cim->regs->JOB, (uint32_t)address);
    return CIMERA_OK;
}

static cimera_status_t failure(const cim_t* cim) {
    const uint32_t code = FIELD_GET(mmio_read32(&cim->regs->ERROR_CODE), CIM_ERROR_CODE_CODE);
    static const uint8_t status[] = {
        CIMERA_JOB_FAILED,     CIMERA_JOB_OPERATION, CIMERA_JOB_GEOMETRY,     CIMERA_JOB_PRECISION,
        CIMERA_JOB_L1,         CIMERA_JOB_READ,      CIMERA_JOB_WRITE,        CIMERA_JOB_VERIFY,
        CIMERA_JOB_DESCRIPTOR, CIMERA_JOB_WORN_OUT,  CIMERA_JOB_NO_SUCH_CODE, CIMERA_JOB_POWER};
    return code < sizeof status ? (cimera_status_t)status[code] : CIMERA_JOB_FAILED;
}

cimera_status_t cim_wait(cim_t* cim) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const uint32_t events = cim->events;
        cim->events = 0;
        if (events == 0) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (events != 0) {
            const bool failed = (events & CIM_IRQ_STATUS_ERROR_MASK) != 0;
            return failed ? failure(cim) : CIMERA_OK;
        }
    }
}

void cim_interrupt(cim_t* cim) {
    const uint32_t events = mmio_read32(&cim->regs->IRQ_STATUS);
    mmio_write32(&cim->regs->IRQ_STATUS, events);
    cim->events |= events;
}

uint32_t cim_saturations(const cim_t* cim) {
    return mmio_read32(&cim->regs->SATURATIONS);
}
