// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/nvm.h"

#include "hal/mmio.h"

void nvm_init(nvm_t* nvm, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    nvm->regs = (nvmctl_regs_t*)base;
}

cimera_status_t nvm_write(const nvm_t* nvm, volatile uint32_t* to, const uint32_t* from,
                          size_t words) {
    mmio_write32(&nvm->regs->STATUS, NVMCTL_STATUS_FAILED_MASK);
    for (size_t i = 0; i < words; ++i) {
        mmio_write32(&to[i], from[i]);
    }
    const uint32_t status = mmio_read32(&nvm->regs->STATUS);
    return (status & NVMCTL_STATUS_FAILED_MASK) != 0 ? CIMERA_NVM_FAILED : CIMERA_OK;
}

cimera_status_t nvm_page_cycles(const nvm_t* nvm, uint32_t page, uint32_t* cycles) {
    if (page >= mmio_read32(&nvm->regs->PAGE_COUNT)) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&nvm->regs->PAGE, page);
    *cycles = mmio_read32(&nvm->regs->CYCLES);
    return CIMERA_OK;
}
