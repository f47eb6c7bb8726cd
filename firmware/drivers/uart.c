// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/uart.h"

#include "hal/field.h"
#include "hal/mmio.h"

enum { FIFO_DEPTH = 16, FORMAT_8N1 = 3, FIFO_ENABLE_AND_CLEAR = 7 };

void uart_init(uart_t* uart, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    uart->regs = (uart_regs_t*)base;
    mmio_write8(&uart->regs->IER, 0);
    mmio_write8(&uart->regs->LCR, FORMAT_8N1);
    mmio_write8(&uart->regs->IIR, FIFO_ENABLE_AND_CLEAR);
}

size_t uart_send(const uart_t* uart, const char* data, size_t size) {
    if (FIELD_GET(mmio_read8(&uart->regs->LSR), UART_LSR_THRE) == 0) {
        return 0;
    }
    size_t sent = 0;
    while (sent < size && sent < FIFO_DEPTH) {
        mmio_write8(&uart->regs->DATA, (uint8_t)data[sent]);
        ++sent;
    }
    return sent;
}

void uart_notify_when_empty(const uart_t* uart) {
    mmio_write8(&uart->regs->IER, UART_IER_ETBEI_MASK);
}

bool uart_idle(const uart_t* uart) {
    return FIELD_GET(mmio_read8(&uart->regs->LSR), UART_LSR_TEMT) != 0;
}

void uart_acknowledge(const uart_t* uart) {
    mmio_write8(&uart->regs->IER, 0);
    (void)mmio_read8(&uart->regs->IIR);
}
