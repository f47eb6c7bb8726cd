// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/finish.h"

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "hal/mmio.h"
#include "regs/finisher_regs.h"

enum { PASS = 0x5555, FAIL = 0x3333, LARGEST_CODE = 0xFFFF };

void finish(int code) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    finisher_regs_t* finisher = (finisher_regs_t*)CIMERA_FINISHER_BASE;
    uint32_t command = PASS;
    if (code != 0) {
        const uint32_t shown = code < 0 || code > LARGEST_CODE ? LARGEST_CODE : (uint32_t)code;
        command = shown << FINISHER_FINISH_CODE_POS | FAIL;
    }
    (void)cpu_irq_save();
    mmio_write32(&finisher->FINISH, command);
    for (;;) {
        cpu_wait_for_interrupt();
    }
}
