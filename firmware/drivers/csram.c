// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/csram.h"

#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x31525343, LAST_ROW = 0xFFFF, LAST_INDEX = 0xFF };  // the characters CSR1

cimera_status_t csram_init(csram_t* csram, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    csram->regs = (csram_regs_t*)base;
    if (mmio_read32(&csram->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    const uint32_t shape = mmio_read32(&csram->regs->CAPABILITY);
    csram->memory = mmio_read32(&csram->regs->MEMORY);
    csram->rows = FIELD_GET(shape, CSRAM_CAPABILITY_ROWS);
    csram->row_bytes = FIELD_GET(shape, CSRAM_CAPABILITY_ROW_BITS) / 8;
    return CIMERA_OK;
}

volatile uint32_t* csram_row(const csram_t* csram, uint32_t row) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    return (volatile uint32_t*)(csram->memory + (uintptr_t)row * csram->row_bytes);
}

static bool fits(const csram_operand_t* operand) {
    return operand->row <= LAST_ROW && operand->index <= LAST_INDEX;
}

static uint32_t operand_word(const csram_operand_t* operand) {
    return FIELD_OF(operand->row, CSRAM_SOURCE_A_ROW) |
           FIELD_OF((uint32_t)operand->mode, CSRAM_SOURCE_A_MODE) |
           FIELD_OF(operand->index, CSRAM_SOURCE_A_INDEX);
}

cimera_status_t csram_start(const csram_t* csram, const csram_command_t* command) {
    if (!fits(&command->a) || !fits(&command->b) || command->destination > LAST_ROW ||
        command->steps > LAST_INDEX || command->group > LAST_INDEX || command->widen > 3 ||
        command->lane_bits > LAST_INDEX) {
        return CIMERA_INVALID_ARGUMENT;
    }
    mmio_write32(&csram->regs->LANES,
                 FIELD_OF(command->lane_bits, CSRAM_LANES_BITS) |
                     FIELD_OF(command->is_signed ? 1U : 0U, CSRAM_LANES_SIGNED) |
                     FIELD_OF(command->widen, CSRAM_LANES_WIDEN) |
                     FIELD_OF(command->group, CSRAM_LANES_GROUP));
    mmio_write32(&csram->regs->SOURCE_A, operand_word(&command->a));
    mmio_write32(&csram->regs->SOURCE_B, operand_word(&command->b));
    mmio_write32(&csram->regs->DESTINATION, FIELD_OF(command->destination, CSRAM_DESTINATION_ROW));
    mmio_barrier();
    mmio_write32(&csram->regs->COMMAND,
                 FIELD_OF((uint32_t)command->op, CSRAM_COMMAND_OP) |
                     FIELD_OF(command->clear ? 1U : 0U, CSRAM_COMMAND_CLEAR) |
                     FIELD_OF(command->steps, CSRAM_COMMAND_STEPS));
    const uint32_t error = FIELD_GET(mmio_read32(&csram->regs->STATUS), CSRAM_STATUS_ERROR);
    return error == 0 ? CIMERA_OK : (cimera_status_t)(CIMERA_CSRAM_OPERATION + error - 1);
}

void csram_wait(const csram_t* csram) {
    while (FIELD_GET(mmio_read32(&csram->regs->STATUS), CSRAM_STATUS_BUSY) != 0) {
    }
}
