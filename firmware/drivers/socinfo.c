// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/socinfo.h"

#include "hal/mmio.h"
#include "regs/socinfo_regs.h"

enum { MAGIC = 0x414D4943 };  // the characters CIMA
enum { CONTROL_BUS = 0x10010000, STRIDE = 0x1000, DEVICES = 32 };

cimera_status_t socinfo_read(socinfo_t* info, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    const socinfo_regs_t* regs = (const socinfo_regs_t*)base;
    if (mmio_read32(&regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    info->tiles.count = mmio_read32(&regs->TILE_COUNT);
    info->tiles.base = mmio_read32(&regs->TILE_BASE);
    info->tiles.stride = mmio_read32(&regs->TILE_STRIDE);
    info->sensors.count = mmio_read32(&regs->SENSOR_COUNT);
    info->sensors.base = mmio_read32(&regs->SENSOR_BASE);
    info->sensors.stride = mmio_read32(&regs->SENSOR_STRIDE);
    info->host_hz = mmio_read32(&regs->HOST_HZ);
    info->cim_hz = mmio_read32(&regs->CIM_HZ);
    info->peripheral_hz = mmio_read32(&regs->PERIPHERAL_HZ);
    info->timebase_hz = mmio_read32(&regs->TIMEBASE_HZ);
    info->devices = mmio_read32(&regs->DEVICES);
    info->l2_base = mmio_read32(&regs->L2_BASE);
    info->l2_size = mmio_read32(&regs->L2_SIZE);
    info->nvm_base = mmio_read32(&regs->NVM_BASE);
    info->nvm_size = mmio_read32(&regs->NVM_SIZE);
    return CIMERA_OK;
}

cimera_status_t socinfo_address(const socinfo_group_t* group, uint32_t number, uintptr_t* address) {
    if (number >= group->count) {
        return CIMERA_NO_DEVICE;
    }
    *address = group->base + (uintptr_t)number * group->stride;
    return CIMERA_OK;
}

bool socinfo_has(const socinfo_t* info, uintptr_t base) {
    const uintptr_t number = (base - CONTROL_BUS) / STRIDE;
    return number < DEVICES && (info->devices >> number & 1) != 0;
}
