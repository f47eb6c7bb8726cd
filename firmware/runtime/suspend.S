// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Sleep that the core may not outlive: what a call must preserve goes to the stack, in the L2.

#define FRAME 64

    .section .text.power_suspend, "ax", @progbits
    .globl power_suspend
    .type power_suspend, @function
power_suspend:
    addi    sp, sp, -FRAME
    sw      ra, 0(sp)
    sw      s0, 4(sp)
    sw      s1, 8(sp)
    sw      s2, 12(sp)
    sw      s3, 16(sp)
    sw      s4, 20(sp)
    sw      s5, 24(sp)
    sw      s6, 28(sp)
    sw      s7, 32(sp)
    sw      s8, 36(sp)
    sw      s9, 40(sp)
    sw      s10, 44(sp)
    sw      s11, 48(sp)
    csrr    t0, mtvec
    sw      t0, 52(sp)
    csrr    t0, mie
    sw      t0, 56(sp)
    csrr    t0, mstatus
    sw      t0, 60(sp)
    la      t0, power_stack
    sw      sp, 0(t0)
    wfi
    addi    sp, sp, FRAME           // the core was not off
    ret
    .size power_suspend, . - power_suspend

    .globl power_resume
    .type power_resume, @function
    .balign 4
power_resume:
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      tp, __tls_base
    la      t0, power_stack
    lw      sp, 0(t0)
    lw      t0, 52(sp)
    csrw    mtvec, t0
    lw      t0, 56(sp)
    csrw    mie, t0
    lw      t0, 60(sp)
    csrw    mstatus, t0
    lw      ra, 0(sp)
    lw      s0, 4(sp)
    lw      s1, 8(sp)
    lw      s2, 12(sp)
    lw      s3, 16(sp)
    lw      s4, 20(sp)
    lw      s5, 24(sp)
    lw      s6, 28(sp)
    lw      s7, 32(sp)
    lw      s8, 36(sp)
    lw      s9, 40(sp)
    lw      s10, 44(sp)
    lw      s11, 48(sp)
    addi    sp, sp, FRAME
    ret
    .size power_resume, . - power_resume

    .section .bss.power_stack, "aw", @nobits
    .balign 4
power_stack:
    .space  4
