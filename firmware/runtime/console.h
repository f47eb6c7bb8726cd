// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_CONSOLE_H
#define CIMERA_RUNTIME_CONSOLE_H

/// stdout and stderr go to the UART, a line at a time. While its FIFO is full the core sleeps.
void console_init(void);

/// Writes what is buffered and sleeps until the UART has sent it.
void console_flush(void);

/// Writes at once, without interrupts or buffers: for the trap handler.
void console_emergency(const char* text);

#endif
