// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// What the scripted GDB sessions look at. Runs here and on QEMU's virt board.

#include <stdint.h>

#define FINISHER (*(volatile uint32_t *)0x100000)
#define MTIMECMP ((volatile uint32_t *)0x02004000)

struct pair {
    int16_t left;
    int16_t right;
};

volatile uint32_t counter;
volatile uint32_t watched;
volatile uint32_t spin = 1;
volatile uint32_t traps;
uint32_t table[4] = {3, 1, 4, 1};
struct pair pair = {-7, 12};

__attribute__((noinline)) static uint32_t square(uint32_t value) {
    uint32_t result = value * value;
    counter = counter + 1;
    return result;
}

__attribute__((noinline)) static uint32_t sum(const uint32_t *values, uint32_t count) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += square(values[i]);
    }
    return total;
}

__attribute__((interrupt, aligned(4))) static void handler(void) {
    uint32_t epc;
    traps = traps + 1;
    __asm__ volatile("csrr %0, mepc" : "=r"(epc));
    __asm__ volatile("csrw mepc, %0" ::"r"(epc + 4));
}

__attribute__((noinline)) static void trap_once(void) {
    __asm__ volatile(".option push\n.option norvc\necall\nnop\n.option pop");
}

__attribute__((noinline)) static void wait_loop(void) {
    while (spin != 0) {
        counter = counter + 1;
    }
}

__attribute__((noinline)) static void sleep_forever(void) {
    MTIMECMP[0] = 0xffffffff;
    MTIMECMP[1] = 0x100;
    __asm__ volatile("csrs mie, %0" ::"r"(1 << 7));
    while (spin != 0) {
        __asm__ volatile("wfi");
    }
}

int main(void) {
    __asm__ volatile("csrw mtvec, %0" ::"r"(&handler));
    __asm__ volatile("csrw mscratch, %0" ::"r"(0x1234abcd));
    watched = sum(table, 4);
    uint32_t again = watched + 1;
    trap_once();
    watched = again;
    wait_loop();
    spin = 1;
    sleep_forever();
    FINISHER = again == watched ? 0x5555 : 0x23333;
    for (;;) {
    }
}

// First in the text: QEMU enters there, whatever the ELF says.
__attribute__((naked, section(".text.unlikely"))) void _start(void) {
    __asm__ volatile("la sp, 0x80010000\ncall main");
}
