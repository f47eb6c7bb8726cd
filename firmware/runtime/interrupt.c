// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/interrupt.h"

#include <stddef.h>

#include "drivers/plic.h"
#include "hal/cpu.h"
#include "hal/memory_map.h"
#include "runtime/trap.h"

enum { CAUSE_TIMER = 7, CAUSE_EXTERNAL = 11, PRIORITY = 1 };

typedef struct {
    interrupt_handler_t handler;
    void* context;
} entry_t;

static plic_t plic;
static entry_t external[CIMERA_IRQ_COUNT];
static entry_t timer;

cimera_status_t interrupt_attach(uint32_t source, interrupt_handler_t handler, void* context) {
    if (source == 0 || source >= CIMERA_IRQ_COUNT || handler == NULL) {
        return CIMERA_INVALID_ARGUMENT;
    }
    const uint32_t saved = cpu_irq_save();
    external[source] = (entry_t){handler, context};
    cpu_irq_restore(saved);
    return plic_enable(&plic, source, PRIORITY);
}

void interrupt_attach_timer(interrupt_handler_t handler, void* context) {
    const uint32_t saved = cpu_irq_save();
    timer = (entry_t){handler, context};
    cpu_irq_restore(saved);
    cpu_enable_interrupts(CPU_MIE_TIMER);
}

void interrupt_init(void) {
    plic_init(&plic, CIMERA_PLIC_BASE);
    cpu_enable_interrupts(CPU_MIE_EXTERNAL);
    cpu_irq_restore(CPU_MSTATUS_MIE);
}

static void dispatch_external(void) {
    for (;;) {
        const uint32_t source = plic_claim(&plic);
        if (source == 0) {
            return;
        }
        if (source >= CIMERA_IRQ_COUNT || external[source].handler == NULL) {
            trap_unexpected_interrupt(CAUSE_EXTERNAL, source);
        }
        external[source].handler(external[source].context);
        plic_complete(&plic, source);
    }
}

/// Called by the trap entry.
void interrupt_dispatch(uint32_t cause);

void interrupt_dispatch(uint32_t cause) {
    trap_check_stack();
    cause &= ~(1U << 31);
    if (cause == CAUSE_EXTERNAL) {
        dispatch_external();
    } else if (cause == CAUSE_TIMER && timer.handler != NULL) {
        timer.handler(timer.context);
    } else {
        trap_unexpected_interrupt(cause, 0);
    }
}
