// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/twotask/interrupts.h"

#include "apps/twotask/kernel.h"
#include "apps/twotask/output.h"
#include "apps/twotask/protect.h"
#include "drivers/clint.h"
#include "drivers/plic.h"
#include "drivers/uart.h"
#include "hal/cpu.h"
#include "hal/memory_map.h"
#include "runtime/finish.h"

enum {
    CAUSE_SOFTWARE = 3,
    CAUSE_TIMER = 7,
    CAUSE_EXTERNAL = 11,
    UART_PRIORITY = 3,
    BACKGROUND_TICKS = 16,  ///< ticks between two runs of the background work
};

typedef enum { LEVEL_NONE, LEVEL_SOFTWARE, LEVEL_EXTERNAL, LEVEL_TIMER } level_t;

static clint_t clint;
static plic_t plic;
static uart_t uart;
static nesting_t seen;
static volatile level_t level;
static volatile uint32_t externals;
static uint32_t code_sum;

const nesting_t* kernel_nesting(void) {
    return &seen;
}

uint64_t interrupts_time(void) {
    return clint_time(&clint);
}

/// Lets interrupts of higher levels through: the software interrupt is always the lowest.
static level_t rise(level_t to) {
    const level_t before = level;
    if (before >= to) {
        finish(EXIT_TRAP);  // a lower level has preempted a higher one
    }
    level = to;
    cpu_disable_interrupts(CPU_MIE_SOFTWARE);
    cpu_irq_restore(CPU_MSTATUS_MIE);
    return before;
}

static void sink(level_t to) {
    (void)cpu_irq_save();
    level = to;
    if (to == LEVEL_NONE) {
        cpu_enable_interrupts(CPU_MIE_SOFTWARE);
    }
}

static void tick(void) {
    ++seen.ticks;
    seen.timer_in_external |= level == LEVEL_EXTERNAL;
    seen.timer_in_software |= level == LEVEL_SOFTWARE;
    clint_set_alarm(&clint, clint_time(&clint) + QUANTUM_TICKS);
    if (seen.ticks % BACKGROUND_TICKS == 0) {
        clint_set_software(&clint, true);
    }
}

static void await(const volatile bool* flag) {
    while (!*flag) {
    }
}

static void serve_external(void) {
    const uint32_t source = plic_claim(&plic);
    if (source != CIMERA_IRQ_UART) {
        finish(EXIT_TRAP);
    }
    const level_t before = rise(LEVEL_EXTERNAL);
    seen.external_in_software |= before == LEVEL_SOFTWARE;
    if (!seen.lower_level_waits) {
        clint_set_software(&clint, true);
        await(&seen.timer_in_external);
        seen.lower_level_waits =
            (CPU_CSR_READ(mip) & CPU_MIE_SOFTWARE) != 0 && level == LEVEL_EXTERNAL;
    }
    const uint32_t saved = cpu_irq_save();
    uart_acknowledge(&uart);
    output_continue();
    ++externals;
    cpu_irq_restore(saved);
    sink(before);
    plic_complete(&plic, source);
}

/// The UART asks for attention while the threshold forbids it, and gets it when it does not.
static void try_threshold(void) {
    const uint32_t before = externals;
    plic_set_threshold(&plic, UART_PRIORITY);
    uart_notify_when_empty(&uart);
    const bool waits = plic_pending(&plic, CIMERA_IRQ_UART) &&
                       (CPU_CSR_READ(mip) & CPU_MIE_EXTERNAL) == 0 && externals == before;
    plic_set_threshold(&plic, UART_PRIORITY - 1);
    while (externals == before) {
    }
    seen.threshold_holds_back = waits;
}

static void serve_software(void) {
    clint_set_software(&clint, false);
    const level_t before = rise(LEVEL_SOFTWARE);
    if (!seen.threshold_holds_back) {
        try_threshold();
        await(&seen.timer_in_software);
    }
    seen.code_unchanged = protect_code_sum() == code_sum;
    sink(before);
}

bool interrupts_serve(uint32_t cause) {
    switch (cause) {
        case CAUSE_TIMER:
            tick();
            return true;
        case CAUSE_EXTERNAL:
            serve_external();
            return false;
        case CAUSE_SOFTWARE:
            serve_software();
            return false;
        default:
            finish(EXIT_TRAP);
    }
}

void interrupts_init(void) {
    clint_init(&clint, CIMERA_CLINT_BASE);
    plic_init(&plic, CIMERA_PLIC_BASE);
    uart_init(&uart, CIMERA_UART_BASE);
    output_init(&uart);
    if (plic_enable(&plic, CIMERA_IRQ_UART, UART_PRIORITY) != CIMERA_OK) {
        finish(EXIT_TRAP);
    }
    plic_set_threshold(&plic, UART_PRIORITY - 1);
    code_sum = protect_code_sum();
    level = LEVEL_NONE;
}

void interrupts_start(void) {
    clint_set_alarm(&clint, clint_time(&clint) + QUANTUM_TICKS);
    cpu_enable_interrupts(CPU_MIE_SOFTWARE | CPU_MIE_TIMER | CPU_MIE_EXTERNAL);
}

void interrupts_stop(void) {
    clint_set_alarm(&clint, UINT64_MAX);
    clint_set_software(&clint, false);
    cpu_disable_interrupts(CPU_MIE_SOFTWARE | CPU_MIE_TIMER | CPU_MIE_EXTERNAL);
}

void interrupts_release(void) {
    plic_set_threshold(&plic, 0);
    cpu_enable_interrupts(CPU_MIE_TIMER | CPU_MIE_EXTERNAL);
    cpu_irq_restore(CPU_MSTATUS_MIE);
}
