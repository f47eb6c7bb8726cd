// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/console.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "drivers/uart.h"
#include "hal/cpu.h"
#include "hal/memory_map.h"
#include "runtime/clock.h"
#include "runtime/finish.h"
#include "runtime/interrupt.h"

enum { LINE_SIZE = 128, FLUSH_TICKS = 100 };

static uart_t uart;
static char line[LINE_SIZE];
static size_t used;

static void handle_uart(void* context) {
    uart_acknowledge(context);
}

static void write_out(void) {
    size_t sent = 0;
    while (sent < used) {
        const uint32_t saved = cpu_irq_save();
        const size_t now = uart_send(&uart, line + sent, used - sent);
        if (now == 0) {
            uart_notify_when_empty(&uart);
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        sent += now;
    }
    used = 0;
}

static int put(char c, FILE* file) {
    (void)file;
    line[used++] = c;
    if (c == '\n' || used == sizeof line) {
        write_out();
    }
    return (unsigned char)c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);

// picolibc's streams.
FILE* const stdout = &console;
__asm__(".globl stderr\n.set stderr, stdout");

void console_init(void) {
    uart_init(&uart, CIMERA_UART_BASE);
    if (interrupt_attach(CIMERA_IRQ_UART, handle_uart, &uart) != CIMERA_OK) {
        finish(EXIT_TRAP);
    }
}

void console_flush(void) {
    write_out();
    while (!uart_idle(&uart)) {
        clock_sleep_until(clock_time() + FLUSH_TICKS);  // nothing interrupts at the last bit
    }
}

void console_emergency(const char* text) {
    size_t left = strlen(text);
    while (left > 0) {
        const size_t now = uart_send(&uart, text, left);
        text += now;
        left -= now;
    }
}
