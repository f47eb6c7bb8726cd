/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The Cimera authors */

/* A small preemptive scheduler in machine mode, as real-time kernels have it: a tick of 1 kHz
 * switches tasks with their floating-point registers and rounding modes; the tick's handler lets a
 * software interrupt in, whose handler lets the UART's interrupt in through the PLIC; tasks yield
 * and sleep by ecall; an idle task waits by wfi. What is printed does not depend on speed. */

#include <stdint.h>

#ifndef ROUNDS
#define ROUNDS 100
#endif
#define TASKS 4
#define FRAME_WORDS 68 /* x1 to x31, mepc, mstatus, fcsr, f0 to f31; a multiple of 16 bytes */
#define STACK_WORDS 1024
#define TICK 10000 /* of mtime: 1 ms */

#define MSIP (*(volatile uint32_t*)0x02000000)
#define MTIMECMP ((volatile uint32_t*)0x02004000)
#define MTIME ((volatile uint32_t*)0x0200bff8)
#define PLIC_PRIORITY ((volatile uint32_t*)0x0c000000)
#define PLIC_ENABLE (*(volatile uint32_t*)0x0c002000)
#define PLIC_THRESHOLD (*(volatile uint32_t*)0x0c200000)
#define PLIC_CLAIM (*(volatile uint32_t*)0x0c200004)
#define UART ((volatile uint8_t*)0x10000000)
#define UART_SOURCE 10
#define FINISH (*(volatile uint32_t*)0x00100000)

#define MIE_SOFTWARE 0x8U
#define MIE_TIMER 0x80U
#define MIE_EXTERNAL 0x800U
#define MSTATUS_MIE 0x8U
/* Machine mode, interrupts enabled after mret, floating point initial. */
#define MSTATUS_START 0x3880U

#define SET_CSR(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"(bits) : "memory")
#define CLEAR_CSR(name, bits) __asm__ volatile("csrc " #name ", %0" ::"r"(bits) : "memory")

enum call { CALL_YIELD, CALL_SLEEP, CALL_EXIT };

struct task {
    uint32_t* frame;
    uint32_t wake; /* tick at which it runs again */
    uint32_t ended;
    uint32_t yields;
    uint32_t sleeps;
    uint32_t checksum;
    uint32_t sum; /* bits of a float */
    uint32_t fcsr;
};

static struct task tasks[TASKS + 1]; /* the last one is idle */
static uint32_t stacks[TASKS + 1][STACK_WORDS] __attribute__((aligned(16)));
static uint32_t current = TASKS;
static uint64_t due;
static volatile uint32_t ticks, software, external, depth, deepest, spurious;

__asm__(
    "    .text\n"
    "    .globl _start\n"
    "    .option push\n    .option norelax\n"
    "_start:\n"
    "    la gp, __global_pointer$\n"
    "    la sp, stacks + 4 * 1024 * 5\n"
    "    la t0, trap_entry\n"
    "    csrw mtvec, t0\n"
    "    li t0, 0x2000\n"
    "    csrs mstatus, t0\n"
    "    j begin\n"
    "    .option pop\n"
    "    .altmacro\n"
    "    .macro each_x name\n"
    "    .irp r,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "    \\name x\\r, 4*\\r(sp)\n"
    "    .endr\n    .endm\n"
    "    .macro each_f name\n"
    "    .irp "
    "r,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "    \\name f\\r, 4*\\r+140(sp)\n"
    "    .endr\n    .endm\n"
    "    .balign 4\n"
    "trap_entry:\n"
    "    addi sp, sp, -4*68\n"
    "    each_x sw\n"
    "    each_f fsw\n"
    "    csrr t0, mepc\n    sw t0, 128(sp)\n"
    "    csrr t0, mstatus\n    sw t0, 132(sp)\n"
    "    frcsr t0\n    sw t0, 136(sp)\n"
    "    mv a0, sp\n"
    "    call trap\n"
    "    mv sp, a0\n"
    "    lw t0, 136(sp)\n    fscsr t0\n"
    "    lw t0, 132(sp)\n    csrw mstatus, t0\n"
    "    lw t0, 128(sp)\n    csrw mepc, t0\n"
    "    each_f flw\n"
    "    each_x lw\n"
    "    addi sp, sp, 4*68\n"
    "    mret\n");

static uint64_t mtime(void) {
    uint32_t high, low;
    do {
        high = MTIME[1];
        low = MTIME[0];
    } while (high != MTIME[1]);
    return (uint64_t)high << 32 | low;
}

static void arm(uint64_t when) {
    MTIMECMP[0] = 0xffffffff;
    MTIMECMP[1] = (uint32_t)(when >> 32);
    MTIMECMP[0] = (uint32_t)when;
}

/* Lets interrupts of `enabled` in until *counter has changed. */
static void nest(uint32_t enabled, const volatile uint32_t* counter) {
    const uint32_t before = *counter;
    CLEAR_CSR(mie, ~enabled);
    SET_CSR(mie, enabled);
    SET_CSR(mstatus, MSTATUS_MIE);
    while (*counter == before) {
    }
    CLEAR_CSR(mstatus, MSTATUS_MIE);
}

static void on_external(void) {
    const uint32_t source = PLIC_CLAIM;
    if (source == UART_SOURCE && (UART[2] & 15) == 2) {
        ++external;
    } else {
        ++spurious;
    }
    UART[1] = 0;
    PLIC_CLAIM = source;
}

static void on_software(void) {
    MSIP = 0;
    UART[1] = 2; /* the empty transmitter interrupts at once */
    nest(MIE_EXTERNAL, &external);
    CLEAR_CSR(mie, MIE_EXTERNAL);
    ++software;
}

static void on_tick(void) {
    due += TICK;
    arm(due);
    ++ticks;
    MSIP = 1;
    nest(MIE_SOFTWARE, &software);
    SET_CSR(mie, MIE_SOFTWARE | MIE_TIMER | MIE_EXTERNAL);
}

static void on_call(uint32_t* frame) {
    struct task* task = &tasks[current];
    frame[32] += 4;
    switch (frame[17]) {
        case CALL_YIELD:
            ++task->yields;
            break;
        case CALL_SLEEP:
            ++task->sleeps;
            task->wake = ticks + frame[10];
            break;
        default:
            task->ended = 1;
            break;
    }
}

static uint32_t* next(uint32_t* frame) {
    tasks[current].frame = frame;
    for (uint32_t i = 1; i <= TASKS; ++i) {
        const uint32_t candidate = (current + i) % (TASKS + 1);
        const struct task* task = &tasks[candidate];
        if (candidate != TASKS && !task->ended && (int32_t)(ticks - task->wake) >= 0) {
            current = candidate;
            return task->frame;
        }
    }
    if (tasks[current].ended || (int32_t)(ticks - tasks[current].wake) < 0) {
        current = TASKS;
    }
    return tasks[current].frame;
}

__attribute__((used)) uint32_t* trap(uint32_t* frame) {
    uint32_t cause;
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    ++depth;
    deepest = depth > deepest ? depth : deepest;
    switch (cause) {
        case 0x80000003:
            on_software();
            break;
        case 0x80000007:
            on_tick();
            break;
        case 0x8000000b:
            on_external();
            break;
        case 11:
            on_call(frame);
            break;
        default:
            FINISH = cause << 16 | 0x3333;
            break;
    }
    --depth;
    return depth == 0 ? next(frame) : frame;
}

static void call(enum call number, uint32_t argument) {
    register uint32_t a0 __asm__("a0") = argument;
    register uint32_t a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

/* Integers and floats, each task in its own rounding mode; what is live crosses switches. */
static void work(uint32_t self) {
    struct task* task = &tasks[self];
    uint32_t checksum = self + 1;
    float sum = 1.0F + (float)self;
    const float third = 1.0F / (3.0F + (float)self);
    __asm__ volatile("fsrm %0" ::"r"(self));
    for (uint32_t round = 0; round < ROUNDS; ++round) {
        for (uint32_t i = 0; i < 4000; ++i) {
            checksum = checksum * 1664525U + 1013904223U;
            __asm__ volatile("fmadd.s %0, %0, %1, %2" : "+f"(sum) : "f"(third), "f"((float)i));
        }
        if (round % 3 == 0) {
            call(CALL_SLEEP, 1 + (round + self) % 3);
        } else {
            call(CALL_YIELD, 0);
        }
    }
    task->checksum = checksum;
    __asm__ volatile("fmv.x.s %0, %1" : "=r"(task->sum) : "f"(sum));
    __asm__ volatile("frcsr %0" : "=r"(task->fcsr));
    call(CALL_EXIT, 0);
}

static void print(uint32_t word) {
    for (int shift = 28; shift >= 0; shift -= 4) {
        UART[0] = (uint8_t) "0123456789abcdef"[word >> shift & 15];
    }
    UART[0] = '\n';
}

static uint32_t running(void) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < TASKS; ++i) {
        count += ((volatile struct task*)tasks)[i].ended == 0;
    }
    return count;
}

__attribute__((used)) void begin(void) {
    for (uint32_t i = 0; i < TASKS; ++i) {
        uint32_t* frame = stacks[i] + STACK_WORDS - FRAME_WORDS;
        __asm__ volatile("mv %0, gp" : "=r"(frame[3]));
        frame[10] = i;
        frame[32] = (uint32_t)work;
        frame[33] = MSTATUS_START;
        tasks[i].frame = frame;
    }
    PLIC_PRIORITY[UART_SOURCE] = 1;
    PLIC_ENABLE = 1U << UART_SOURCE;
    PLIC_THRESHOLD = 0;
    due = mtime() + TICK;
    arm(due);
    SET_CSR(mie, MIE_SOFTWARE | MIE_TIMER | MIE_EXTERNAL);
    SET_CSR(mstatus, MSTATUS_MIE);
    while (running() != 0) {
        __asm__ volatile("wfi");
    }
    CLEAR_CSR(mstatus, MSTATUS_MIE);
    for (uint32_t i = 0; i < TASKS; ++i) {
        print(tasks[i].yields);
        print(tasks[i].sleeps);
        print(tasks[i].checksum);
        print(tasks[i].sum);
        print(tasks[i].fcsr);
    }
    print(deepest);
    print(spurious);
    /* Every tick let both others in. */
    print(ticks == software && ticks == external && ticks >= ROUNDS / 3);
    FINISH = 0x5555;
    for (;;) {
    }
}
