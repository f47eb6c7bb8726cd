// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/energy.h"

#include "hal/field.h"
#include "hal/mmio.h"

enum { KIND_CHIP = 0 };

void energy_init(energy_t* energy, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    energy->regs = (energy_regs_t*)base;
}

uint64_t energy_chip(const energy_t* energy, energy_part_t part) {
    energy_regs_t* regs = energy->regs;
    mmio_write32(&regs->SELECT,
                 FIELD_OF(KIND_CHIP, ENERGY_SELECT_KIND) | FIELD_OF(part, ENERGY_SELECT_PART));
    mmio_write32(&regs->CTRL, ENERGY_CTRL_LATCH_MASK);
    const uint32_t low = mmio_read32(&regs->VALUE_LO);
    return (uint64_t)mmio_read32(&regs->VALUE_HI) << 32 | low;
}
