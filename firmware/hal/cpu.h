// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_HAL_CPU_H
#define CIMERA_HAL_CPU_H

#include <stdint.h>

#define CPU_MSTATUS_MIE 0x8U
#define CPU_MIE_SOFTWARE (1U << 3)
#define CPU_MIE_TIMER (1U << 7)
#define CPU_MIE_EXTERNAL (1U << 11)

/// Holds interrupts back; the result goes to cpu_irq_restore().
static inline uint32_t cpu_irq_save(void) {
    uint32_t before;
    __asm__ volatile("csrrci %0, mstatus, 8" : "=r"(before)::"memory");
    return before & CPU_MSTATUS_MIE;
}

static inline void cpu_irq_restore(uint32_t saved) {
    __asm__ volatile("csrs mstatus, %0" ::"r"(saved) : "memory");
}

/// Sleeps until an enabled interrupt is pending, held back or not. Whoever checks a condition and
/// then sleeps does both between cpu_irq_save() and cpu_irq_restore(): an interrupt that comes
/// after the check ends the sleep at once (Priv. spec, WFI: mstatus.MIE does not matter).
static inline void cpu_wait_for_interrupt(void) {
    __asm__ volatile("wfi" ::: "memory");
}

static inline void cpu_enable_interrupts(uint32_t mie) {
    __asm__ volatile("csrs mie, %0" ::"r"(mie) : "memory");
}

static inline void cpu_disable_interrupts(uint32_t mie) {
    __asm__ volatile("csrc mie, %0" ::"r"(mie) : "memory");
}

/// A CSR by its assembler name.
#define CPU_CSR_READ(name)                                               \
    __extension__({                                                      \
        uint32_t csr_value;                                              \
        __asm__ volatile("csrr %0, " #name : "=r"(csr_value)::"memory"); \
        csr_value;                                                       \
    })
#define CPU_CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" ::"rK"(value) : "memory")

static inline uint32_t cpu_hart_id(void) {
    uint32_t id;
    __asm__ volatile("csrr %0, mhartid" : "=r"(id));
    return id;
}

static inline uint32_t cpu_cycle_low(void) {
    uint32_t value;
    __asm__ volatile("csrr %0, mcycle" : "=r"(value));
    return value;
}

static inline uint32_t cpu_cycle_high(void) {
    uint32_t value;
    __asm__ volatile("csrr %0, mcycleh" : "=r"(value));
    return value;
}

#endif
