// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/clint.h"

#include "hal/mmio.h"

void clint_init(clint_t* clint, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    clint->regs = (clint_regs_t*)base;
}

uint64_t clint_time(const clint_t* clint) {
    uint32_t high = mmio_read32(&clint->regs->MTIME_HI);
    for (;;) {
        const uint32_t low = mmio_read32(&clint->regs->MTIME_LO);
        const uint32_t again = mmio_read32(&clint->regs->MTIME_HI);
        if (again == high) {
            return (uint64_t)high << 32 | low;
        }
        high = again;
    }
}

void clint_set_alarm(const clint_t* clint, uint64_t time) {
    // The order keeps every intermediate value from being earlier than both old and new one
    // (Priv. spec, mtimecmp).
    mmio_write32(&clint->regs->MTIMECMP_LO, UINT32_MAX);
    mmio_write32(&clint->regs->MTIMECMP_HI, (uint32_t)(time >> 32));
    mmio_write32(&clint->regs->MTIMECMP_LO, (uint32_t)time);
}

void clint_set_software(const clint_t* clint, bool pending) {
    mmio_write32(&clint->regs->MSIP, pending ? CLINT_MSIP_PENDING_MASK : 0);
}
