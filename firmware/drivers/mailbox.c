// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/mailbox.h"

#include <stdbool.h>
#include <stddef.h>

#include "hal/field.h"
#include "hal/mmio.h"

enum { NAME_WORDS = 8, LOWEST_EXPONENT = -18 };

void mailbox_init(mailbox_t* mailbox, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    mailbox->regs = (mailbox_regs_t*)base;
}

static bool allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

cimera_status_t mailbox_report(const mailbox_t* mailbox, const char* name, int64_t value,
                               int exponent) {
    uint32_t words[NAME_WORDS] = {0};
    size_t length = 0;
    for (; name[length] != '\0'; ++length) {
        if (length + 1 == sizeof words || !allowed(name[length])) {
            return CIMERA_INVALID_ARGUMENT;
        }
        words[length / 4] |= (uint32_t)(uint8_t)name[length] << 8 * (length % 4);
    }
    if (length == 0 || exponent > 0 || exponent < LOWEST_EXPONENT) {
        return CIMERA_INVALID_ARGUMENT;
    }
    for (size_t i = 0; i < NAME_WORDS; ++i) {
        mmio_write32(&mailbox->regs->NAME[i], words[i]);
    }
    mmio_write32(&mailbox->regs->VALUE_LO, (uint32_t)value);
    mmio_write32(&mailbox->regs->VALUE_HI, (uint32_t)((uint64_t)value >> 32));
    mmio_write32(&mailbox->regs->COMMIT, FIELD_OF(exponent, MAILBOX_COMMIT_EXPONENT));
    return CIMERA_OK;
}
