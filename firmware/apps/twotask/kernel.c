// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/twotask/kernel.h"

#include <stddef.h>

#include "apps/twotask/interrupts.h"
#include "apps/twotask/output.h"
#include "apps/twotask/protect.h"
#include "apps/twotask/syscall.h"
#include "hal/cpu.h"
#include "runtime/trap.h"

/// Registers at their number (x0 unused), as context.S saves them.
typedef struct {
    uint32_t x[32];
    uint32_t pc;
    uint32_t status;
    uint32_t unused[2];  // the stack stays aligned
} frame_t;
_Static_assert(sizeof(frame_t) == 144, "context.S");

typedef enum { RUNNABLE, SLEEPING, ENDED } state_t;

typedef struct {
    frame_t frame;
    state_t state;
    uint64_t wake;
    task_end_t end;
} task_t;

enum {
    REG_RA = 1,
    REG_SP = 2,
    REG_A0 = 10,
    REG_A1 = 11,
    REG_A7 = 17,
    CAUSE_STORE_FAULT = 7,
    CAUSE_CALL_FROM_USER = 8,
    STATUS_MPIE = 1 << 7,
    STATUS_MPP = 3 << 11,
    ECALL_SIZE = 4
};

static task_memory_t memories[TASKS] __attribute__((aligned(TASK_MEMORY)));
static task_t tasks[TASKS];
static uint32_t current;
static volatile bool probing;  ///< a store of the kernel shall trap
static volatile uint32_t probed_cause;
static uint32_t previous_vector;

// context.S
void kernel_entry(void);
void kernel_enter(frame_t* first);
__attribute__((noreturn)) void kernel_leave(void);
frame_t* kernel_trap(frame_t* frame);

static bool from_user(const frame_t* frame) {
    return (frame->status & STATUS_MPP) == 0;
}

static void print_of(uint32_t task, const char* text) {
    size_t size = 0;
    while (text[size] != '\0') {
        ++size;
    }
    (void)output_put(task, text, size);
}

static void print_hex_of(uint32_t task, uint32_t value) {
    char digits[9] = {0};
    for (int i = 7; i >= 0; --i, value >>= 4) {
        digits[i] = "0123456789abcdef"[value & 15];
    }
    print_of(task, digits);
}

static void end_task(bool killed, uint32_t code) {
    tasks[current].state = ENDED;
    tasks[current].end.killed = killed;
    tasks[current].end.code = code;
    output_close(current);
}

static void kill(uint32_t cause, uint32_t value) {
    static const char* const text[] = {"instruction address misaligned",
                                       "instruction access fault",
                                       "illegal instruction",
                                       "breakpoint",
                                       "load address misaligned",
                                       "load access fault",
                                       "store address misaligned",
                                       "store access fault"};
    print_of(current, "task ");
    print_of(current, current == 0 ? "0" : "1");
    print_of(current, " is killed: ");
    print_of(current, cause < sizeof text / sizeof text[0] ? text[cause] : "unknown cause");
    print_of(current, ", mtval 0x");
    print_hex_of(current, value);
    print_of(current, "\n");
    end_task(true, cause);
}

static void wake_sleepers(void) {
    const uint64_t now = interrupts_time();
    for (uint32_t i = 0; i < TASKS; ++i) {
        if (tasks[i].state == SLEEPING && tasks[i].wake <= now) {
            tasks[i].state = RUNNABLE;
        }
    }
}

/// The next task in turn; sleeps while there is none, and ends the kernel when there will be none.
static frame_t* next_task(void) {
    for (;;) {
        wake_sleepers();
        for (uint32_t i = 1; i <= TASKS; ++i) {
            const uint32_t candidate = (current + i) % TASKS;
            if (tasks[candidate].state == RUNNABLE) {
                current = candidate;
                protect_task(&memories[current]);
                return &tasks[current].frame;
            }
        }
        if (output_done()) {
            interrupts_stop();
            kernel_leave();
        }
        cpu_wait_for_interrupt();
        cpu_irq_restore(CPU_MSTATUS_MIE);  // the interrupt is taken here
        (void)cpu_irq_save();
    }
}

static frame_t* system_call_of(frame_t* frame) {
    const uint32_t first = frame->x[REG_A0];
    const uint32_t second = frame->x[REG_A1];
    task_t* task = &tasks[current];
    frame->pc += ECALL_SIZE;
    frame->x[REG_A0] = 0;
    switch (frame->x[REG_A7]) {
        case CALL_YIELD:
            frame->x[REG_A0] = task->end.preemptions;
            return next_task();
        case CALL_PRINT:
            frame->x[REG_A0] =
                protect_readable(&memories[current], first, second)
                    // NOLINTNEXTLINE(performance-no-int-to-ptr): a pointer from a register
                    ? output_put(current, (const char*)(uintptr_t)first, second)
                    : UINT32_MAX;
            return frame;
        case CALL_SLEEP:
            task->state = SLEEPING;
            task->wake = interrupts_time() + first;
            return next_task();
        case CALL_EXIT:
            end_task(false, first);
            return next_task();
        default:
            frame->x[REG_A0] = UINT32_MAX;
            return frame;
    }
}

static frame_t* kernel_exception(frame_t* frame, uint32_t cause, uint32_t value) {
    if (!probing) {
        trap_exception(cause, frame->pc, value, frame->x[REG_SP], frame->x[REG_RA]);
    }
    probed_cause = cause;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the instruction that trapped
    frame->pc += (*(const uint16_t*)(uintptr_t)frame->pc & 3) == 3 ? 4 : 2;
    return frame;
}

frame_t* kernel_trap(frame_t* frame) {
    const uint32_t cause = CPU_CSR_READ(mcause);
    const uint32_t value = CPU_CSR_READ(mtval);
    const bool user = from_user(frame);
    if ((int32_t)cause < 0) {
        const bool tick = interrupts_serve(cause & 31);
        if (!user) {
            return frame;
        }
        tasks[current].end.preemptions += tick;
        return tick ? next_task() : frame;
    }
    if (!user) {
        return kernel_exception(frame, cause, value);
    }
    if (cause == CAUSE_CALL_FROM_USER) {
        return system_call_of(frame);
    }
    kill(cause, value);
    return next_task();
}

static bool store_traps(volatile uint32_t* word) {
    probed_cause = 0;
    probing = true;
    *word = 0;
    probing = false;
    return probed_cause == CAUSE_STORE_FAULT;
}

bool kernel_protects_itself(void) {
    return store_traps(protect_code_word()) && store_traps(protect_guard_word());
}

void kernel_init(void) {
    (void)cpu_irq_save();
    previous_vector = CPU_CSR_READ(mtvec);
    CPU_CSR_WRITE(mscratch, 0);
    CPU_CSR_WRITE(mtvec, (uint32_t)kernel_entry);
    protect_kernel();
    interrupts_init();
}

/// Where a task gets that returns: in user mode.
static void task_returned(void) {
    task_exit(UINT32_MAX);
}

void kernel_run(const task_entry_t entries[TASKS], task_end_t ends[TASKS]) {
    output_begin();
    for (uint32_t i = 0; i < TASKS; ++i) {
        tasks[i] = (task_t){.state = RUNNABLE};
        frame_t* frame = &tasks[i].frame;
        frame->pc = (uint32_t)entries[i];
        frame->status = STATUS_MPIE;  // user mode, interrupts on
        frame->x[REG_RA] = (uint32_t)task_returned;
        frame->x[REG_SP] = (uint32_t)&memories[i + 1];
        frame->x[REG_A0] = (uint32_t)&memories[i];
        frame->x[REG_A1] = (uint32_t)&memories[TASKS - 1 - i];
        if (entries[i] == NULL) {
            tasks[i].state = ENDED;
            output_close(i);
        }
    }
    interrupts_start();
    current = entries[0] == NULL ? 1 : 0;
    protect_task(&memories[current]);
    kernel_enter(&tasks[current].frame);
    for (uint32_t i = 0; i < TASKS; ++i) {
        ends[i] = tasks[i].end;
    }
}

void kernel_exit(void) {
    CPU_CSR_WRITE(mtvec, previous_vector);
    interrupts_release();
}
