// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/energy.h"

#include "hal/field.h"
#include "hal/mmio.h"

enum { NAME_WORDS = 8 };

void energy_init(energy_t* energy, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    energy->regs = (energy_regs_t*)base;
}

uint32_t energy_domains(const energy_t* energy) {
    return FIELD_GET(mmio_read32(&energy->regs->COUNTS), ENERGY_COUNTS_DOMAINS);
}

uint32_t energy_components(const energy_t* energy) {
    return FIELD_GET(mmio_read32(&energy->regs->COUNTS), ENERGY_COUNTS_COMPONENTS);
}

static void point_at(const energy_t* energy, energy_kind_t kind, uint32_t index,
                     energy_part_t part) {
    mmio_write32(&energy->regs->SELECT, FIELD_OF(index, ENERGY_SELECT_INDEX) |
                                            FIELD_OF(kind, ENERGY_SELECT_KIND) |
                                            FIELD_OF(part, ENERGY_SELECT_PART));
}

void energy_name(const energy_t* energy, energy_kind_t kind, uint32_t index,
                 char name[ENERGY_NAME_BYTES]) {
    point_at(energy, kind, index, ENERGY_ALL);
    for (uint32_t w = 0; w < NAME_WORDS; ++w) {
        const uint32_t word = mmio_read32(&energy->regs->NAME[w]);
        for (uint32_t b = 0; b < 4; ++b) {
            name[4 * w + b] = (char)(word >> (8 * b));
        }
    }
    name[ENERGY_NAME_BYTES - 1] = '\0';
}

void energy_latch(const energy_t* energy) {
    mmio_write32(&energy->regs->CTRL, ENERGY_CTRL_LATCH_MASK);
}

static uint64_t join(uint32_t low, uint32_t high) {
    return (uint64_t)high << 32 | low;
}

uint64_t energy_value(const energy_t* energy, energy_kind_t kind, uint32_t index,
                      energy_part_t part) {
    point_at(energy, kind, index, part);
    const uint32_t low = mmio_read32(&energy->regs->VALUE_LO);
    return join(low, mmio_read32(&energy->regs->VALUE_HI));
}

uint64_t energy_time(const energy_t* energy) {
    const uint32_t low = mmio_read32(&energy->regs->TIME_LO);
    return join(low, mmio_read32(&energy->regs->TIME_HI));
}

uint64_t energy_chip(const energy_t* energy, energy_part_t part) {
    point_at(energy, ENERGY_CHIP, 0, part);
    energy_latch(energy);
    const uint32_t low = mmio_read32(&energy->regs->VALUE_LO);
    return join(low, mmio_read32(&energy->regs->VALUE_HI));
}
