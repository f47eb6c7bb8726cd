// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/twotask/tasks.h"

#include <string.h>

#include "apps/twotask/syscall.h"
#include "hal/memory_map.h"

enum {
    REGISTERS = 32,
    DATA_WORDS = 1024,  // half of the memory; the stack has the other
    PASSES = 512,
    ENOUGH_PREEMPTIONS = 40,
    NAP_TICKS = 3000,
    LINE = 96
};

uint32_t pattern_hold(const uint32_t table[REGISTERS], uint32_t times);

typedef struct {
    char text[LINE];
    size_t used;
} line_t;

static void put_text(line_t* line, const char* text) {
    while (*text != '\0' && line->used < LINE) {
        line->text[line->used++] = *text++;
    }
}

static void put_hex(line_t* line, uint32_t value) {
    char digits[9] = {0};
    for (int i = 7; i >= 0; --i, value >>= 4) {
        digits[i] = "0123456789abcdef"[value & 15];
    }
    put_text(line, digits);
}

static void print(const line_t* line) {
    size_t sent = 0;
    while (sent < line->used) {
        const int32_t now = task_print(line->text + sent, line->used - sent);
        if (now < 0) {
            return;
        }
        sent += (size_t)now;
        (void)task_yield();
    }
}

static uint32_t next_random(uint32_t state) {
    return state * 1664525U + 1013904223U;
}

/// Fills the data with numbers, holds registers, and sums what is still there.
static uint32_t hold(task_memory_t* own, uint32_t seed, uint32_t* damaged) {
    uint32_t table[REGISTERS];
    uint32_t state = seed;
    for (uint32_t i = 0; i < DATA_WORDS; ++i) {
        own->words[i] = state = next_random(state);
    }
    for (uint32_t i = 0; i < REGISTERS; ++i) {
        table[i] = state = next_random(state);
    }
    *damaged += pattern_hold(table, PASSES) != 0;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < DATA_WORDS; ++i) {
        sum = (sum << 5 | sum >> 27) ^ own->words[i];
    }
    return sum;
}

static uint32_t work(task_memory_t* own, const task_memory_t* other) {
    const uint32_t seed = (uint32_t)own;  // another for each task, the same in each build
    uint32_t damaged = 0;
    const uint32_t first = hold(own, seed, &damaged);
    do {
        damaged += hold(own, seed, &damaged) != first;
    } while (task_yield() < ENOUGH_PREEMPTIONS);
    task_sleep(NAP_TICKS);
    damaged += hold(own, seed, &damaged) != first;

    line_t line = {.used = 0};
    put_text(&line, own < other ? "task 0 " : "task 1 ");
    put_text(&line,
             damaged == 0 ? "kept its registers and memory, checksum " : "lost some, times ");
    put_hex(&line, damaged == 0 ? first : damaged);
    put_text(&line, "\n");
    print(&line);
    return damaged;
}

void task_steady(task_memory_t* own, task_memory_t* other) {
    task_exit(work(own, other));
}

void task_intruder(task_memory_t* own, task_memory_t* other) {
    const uint32_t damaged = work(own, other);
    *(volatile uint32_t*)&other->words[DATA_WORDS - 1] = 0;
    task_exit(damaged + 1);
}

static void load_from_other(task_memory_t* own, task_memory_t* other) {
    own->words[0] = *(volatile uint32_t*)&other->words[0];
}

static void store_behind_own(task_memory_t* own, task_memory_t* other) {
    (void)other;
    ((volatile uint32_t*)own->words)[TASK_MEMORY / sizeof(uint32_t)] = 1;
}

static void store_across_end(task_memory_t* own, task_memory_t* other) {
    (void)other;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the last two bytes of its own and two beyond
    volatile uint32_t* end = (volatile uint32_t*)((uintptr_t)own + TASK_MEMORY - 2);
    __asm__ volatile("sw zero, 0(%0)" ::"r"(end) : "memory");
}

static void store_to_code(task_memory_t* own, task_memory_t* other) {
    (void)own;
    (void)other;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): code as data
    *(volatile uint32_t*)((uintptr_t)pattern_hold & ~3U) = 0;
}

static void reach_a_device(task_memory_t* own, task_memory_t* other) {
    (void)own;
    (void)other;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    *(volatile uint8_t*)(uintptr_t)CIMERA_UART_BASE = '!';
}

static void run_own_stack(task_memory_t* own, task_memory_t* other) {
    (void)other;
    own->words[0] = 0x00008067;  // ret
    // NOLINTNEXTLINE(performance-no-int-to-ptr): data as code
    ((void (*)(void))(uintptr_t)own->words)();
}

static void write_a_machine_register(task_memory_t* own, task_memory_t* other) {
    (void)own;
    (void)other;
    __asm__ volatile("csrw mtvec, zero");
}

static void return_from_trap(task_memory_t* own, task_memory_t* other) {
    (void)own;
    (void)other;
    __asm__ volatile("mret");
}

static void lose_its_stack(task_memory_t* own, task_memory_t* other) {
    (void)own;
    (void)other;
    __asm__ volatile("li sp, 0\n sw zero, -4(sp)" ::: "memory");
}

const task_entry_t offences[] = {
    load_from_other, store_behind_own,         store_across_end, store_to_code,  reach_a_device,
    run_own_stack,   write_a_machine_register, return_from_trap, lose_its_stack,
};
const uint32_t offence_count = sizeof offences / sizeof offences[0];
