// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/clock.h"

#include <stdbool.h>

#include "drivers/clint.h"
#include "hal/cpu.h"
#include "hal/memory_map.h"
#include "runtime/interrupt.h"

static clint_t clint;
static volatile bool alarm_rang;

static void handle_alarm(void* context) {
    (void)context;
    clint_set_alarm(&clint, UINT64_MAX);
    alarm_rang = true;
}

void clock_init(void) {
    clint_init(&clint, CIMERA_CLINT_BASE);
    clint_set_alarm(&clint, UINT64_MAX);
    interrupt_attach_timer(handle_alarm, 0);
}

uint64_t clock_time(void) {
    return clint_time(&clint);
}

uint64_t clock_cycles(void) {
    uint32_t high = cpu_cycle_high();
    for (;;) {
        const uint32_t low = cpu_cycle_low();
        const uint32_t again = cpu_cycle_high();
        if (again == high) {
            return (uint64_t)high << 32 | low;
        }
        high = again;
    }
}

void clock_set_alarm(uint64_t time) {
    alarm_rang = false;
    clint_set_alarm(&clint, time);
}

bool clock_alarm_rang(void) {
    return alarm_rang;
}

void clock_sleep_until(uint64_t time) {
    clock_set_alarm(time);
    bool rang = false;
    while (!rang) {
        const uint32_t saved = cpu_irq_save();
        rang = alarm_rang;
        if (!rang) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
    }
}
