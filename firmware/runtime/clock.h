// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_CLOCK_H
#define CIMERA_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

void clock_init(void);

/// mtime: ticks since reset, at socinfo's timebase_hz.
uint64_t clock_time(void);

/// Cycles of the core since reset.
uint64_t clock_cycles(void);

/// Interrupts once when mtime has reached `time`: for sleep that is not clock_sleep_until()'s.
void clock_set_alarm(uint64_t time);
bool clock_alarm_rang(void);

/// Sleeps until mtime has reached `time`. Other interrupts are served meanwhile.
void clock_sleep_until(uint64_t time);

#endif
