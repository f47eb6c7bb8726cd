// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/trap.h"

#include <stddef.h>

#include "hal/cpu.h"
#include "runtime/console.h"
#include "runtime/finish.h"

enum { GUARD = 0x57AC6A4D, HEX_DIGITS = 8 };  // start.S writes the guard

extern const volatile uint32_t __stack_guard[];

static const char* cause_text(uint32_t cause) {
    static const char* const text[] = {
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
        "environment call from U-mode",
        "environment call from S-mode",
        "reserved",
        "environment call from M-mode",
    };
    return cause < sizeof text / sizeof text[0] ? text[cause] : "unknown cause";
}

static void print_hex(const char* label, uint32_t value) {
    char text[HEX_DIGITS + 1];
    for (int i = HEX_DIGITS - 1; i >= 0; --i, value >>= 4) {
        text[i] = "0123456789abcdef"[value & 15];
    }
    text[HEX_DIGITS] = '\0';
    console_emergency(label);
    console_emergency(text);
}

void trap_exception(uint32_t cause, uint32_t pc, uint32_t value, uint32_t sp, uint32_t ra) {
    static uint32_t depth;
    if (depth++ != 0) {
        finish(EXIT_TRAP);  // the console itself faults
    }
    console_emergency("\ntrap: ");
    console_emergency(cause_text(cause));
    print_hex(", mcause 0x", cause);
    print_hex(", mepc 0x", pc);
    print_hex(", mtval 0x", value);
    print_hex(", sp 0x", sp);
    print_hex(", ra 0x", ra);
    console_emergency(__stack_guard[0] == GUARD ? "\n" : ", the stack has overflowed\n");
    finish(EXIT_TRAP);
}

void trap_unexpected_interrupt(uint32_t cause, uint32_t source) {
    print_hex("\ntrap: interrupt without a handler, cause 0x", cause);
    print_hex(", source 0x", source);
    console_emergency("\n");
    finish(EXIT_TRAP);
}

void trap_check_stack(void) {
    if (__stack_guard[0] != GUARD) {
        console_emergency("\ntrap: the stack has overflowed\n");
        finish(EXIT_STACK_OVERFLOW);
    }
}
