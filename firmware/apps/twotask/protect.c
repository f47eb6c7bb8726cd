// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/twotask/protect.h"

#include "hal/cpu.h"

enum {
    PMP_R = 1,
    PMP_W = 2,
    PMP_X = 4,
    PMP_TOR = 1 << 3,
    PMP_NAPOT = 3 << 3,
    PMP_LOCKED = 1 << 7,
    GUARD_SIZE = 4096
};

extern const uint32_t _start[];
extern const uint32_t __init_array_start[];  // the end of code and constants
extern volatile uint32_t __stack_guard[];

/// Address register of a naturally aligned power of two (Priv. spec, table of NAPOT ranges).
static uint32_t napot(uint32_t first, uint32_t size) {
    return (first | (size / 2 - 1)) >> 2;
}

/// Entries 0 to 3; locked ones keep what they have.
static void configure(uint32_t task) {
    const uint32_t code = PMP_LOCKED | PMP_TOR | PMP_R | PMP_X;
    const uint32_t guard = PMP_LOCKED | PMP_NAPOT | PMP_R;
    CPU_CSR_WRITE(pmpcfg0, code << 8 | guard << 16 | task << 24);
}

void protect_kernel(void) {
    CPU_CSR_WRITE(pmpaddr0, (uint32_t)_start >> 2);
    CPU_CSR_WRITE(pmpaddr1, (uint32_t)__init_array_start >> 2);
    CPU_CSR_WRITE(pmpaddr2, napot((uint32_t)__stack_guard, GUARD_SIZE));
    configure(0);
}

void protect_task(const task_memory_t* memory) {
    // The entry is off while it changes; and some machines look at addresses only when the
    // configuration is written.
    configure(0);
    CPU_CSR_WRITE(pmpaddr3, napot((uint32_t)memory, TASK_MEMORY));
    configure(PMP_NAPOT | PMP_R | PMP_W);
}

static bool inside(uint32_t first, uint32_t size, uint32_t begin, uint32_t end) {
    return first >= begin && first <= end && size <= end - first;
}

bool protect_readable(const task_memory_t* own, uint32_t first, uint32_t size) {
    return inside(first, size, (uint32_t)own, (uint32_t)own + TASK_MEMORY) ||
           inside(first, size, (uint32_t)_start, (uint32_t)__init_array_start);
}

volatile uint32_t* protect_code_word(void) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): code as data
    return (volatile uint32_t*)(uintptr_t)_start;
}

volatile uint32_t* protect_guard_word(void) {
    return __stack_guard + 1;
}

uint32_t protect_code_sum(void) {
    uint32_t sum = 0;
    for (const uint32_t* word = _start; word != __init_array_start; ++word) {
        sum = (sum << 5 | sum >> 27) ^ *word;
    }
    return sum;
}
