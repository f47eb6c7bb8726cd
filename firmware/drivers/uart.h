// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_UART_H
#define CIMERA_DRIVERS_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs/uart_regs.h"

typedef struct {
    uart_regs_t* regs;
} uart_t;

/// 8 data bits, no parity, FIFOs on and empty, no interrupts.
void uart_init(uart_t* uart, uintptr_t base);

/// Hands over what the transmit FIFO takes now; how many bytes that was.
size_t uart_send(const uart_t* uart, const char* data, size_t size);

/// Asks for one interrupt as soon as the transmit FIFO is empty.
void uart_notify_when_empty(const uart_t* uart);

/// Nothing waits in the FIFO or on the line.
bool uart_idle(const uart_t* uart);

/// For the UART's interrupt handler: acknowledges the interrupt and asks for no other.
void uart_acknowledge(const uart_t* uart);

#endif
