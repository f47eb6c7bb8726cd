# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Sleeping until the timer rings: with interrupts taken, and only pending; a wfi that need not sleep.
    .include "ending.inc"
    .equ MSIP, 0x2000000
    .equ MTIMECMP, 0x2004000
    .equ MTIME, 0x200bff8
    .text
    .globl _start
_start:
    BEGIN
    li s0, MSIP
    li s1, MTIMECMP
    li s2, MTIME
    li s4, 0
    la t0, trap
    csrw mtvec, t0
    li t0, 0x80
    csrw mie, t0
    # mstatus.MIE is 0: wakes up and goes on behind the wfi.
    li s3, 3
1:  call arm
    wfi
    csrr a0, mip
    SHOW a0
    call disarm
    addi s3, s3, -1
    bnez s3, 1b
    SHOW s4
    # With MIE the interrupt is taken, mepc points behind the wfi.
    csrsi mstatus, 8
    call arm
    la s5, 2f
    wfi
2:  SHOW s4
    csrci mstatus, 8
    # Pending already: no sleep.
    li t0, 8
    csrw mie, t0
    li t0, 1
    sw t0, 0(s0)
    lw t0, 0(s0)
    wfi
    csrr a0, mip
    SHOW a0
    sw x0, 0(s0)
    FINISH 9
arm:
    lw t0, 0(s2)
    li t1, 100000
    add t0, t0, t1
    sw x0, 4(s1)
    sw t0, 0(s1)
    ret
disarm:
    li t0, -1
    sw t0, 4(s1)
    sw t0, 0(s1)
3:  csrr t0, mip
    bnez t0, 3b
    ret
    .align 2
trap:
    csrr s4, mcause
    csrr t0, mepc
    sub t0, t0, s5
    SHOW t0
    mv t6, ra
    call disarm
    mv ra, t6
    mret
    ROUTINES
    SCRATCH 16
