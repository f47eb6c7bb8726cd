# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Software and timer interrupts of the CLINT, direct and vectored, their order and their masking.
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
    li t0, -1
    sw t0, 4(s1)
    sw t0, 0(s1)
    la t0, direct
    csrw mtvec, t0
    # Enabled and raised, but not while mstatus.MIE is 0.
    li t0, 8
    csrw mie, t0
    li t1, 1
    sw t1, 0(s0)
    lw t1, 0(s0)
    csrr a0, mip
    SHOW a0
    SHOW s4
    csrsi mstatus, 8
    nop
    SHOW s4
    # The timer, waited for in a loop.
    li t0, 0x80
    csrw mie, t0
    call arm
1:  beqz s5, 1b
    SHOW s4
    # Both at once: software comes first, then the timer. Vectored.
    la t0, vectors + 1
    csrw mtvec, t0
    csrci mstatus, 8
    li t0, 0x88
    csrw mie, t0
    li s5, 0
    sw x0, 4(s1)
    sw x0, 0(s1)
    li t1, 1
    sw t1, 0(s0)
    lw t1, 0(s0)
2:  csrr a0, mip
    li t0, 0x88
    bne a0, t0, 2b
    SHOW a0
    csrsi mstatus, 8
3:  beqz s5, 3b
    SHOW s4
    csrr a0, mip
    SHOW a0
    # mip cannot be written, other bits of mie neither by us nor seen there.
    li t0, 0x88
    csrs mip, t0
    csrr a0, mip
    SHOW a0
    FINISH 0

# The timer shall ring in 20 us.
arm:
    li s5, 0
    lw t0, 0(s2)
    addi t0, t0, 200
    sw x0, 4(s1)
    sw t0, 0(s1)
    ret

    .option rvc
    .align 6
    .option norvc
vectors:
    j fail
    j fail
    j fail
    j vectored_software
    j fail
    j fail
    j fail
    j vectored_timer
    .option rvc

vectored_software:
    li t2, 0x1000
    j 1f
vectored_timer:
    li t2, 0x2000
    j 1f
    .align 2
direct:
    li t2, 0
1:  csrr t3, mcause
    # s4: the history, five bits per interrupt; s5: the timer has rung.
    slli s4, s4, 5
    add s4, s4, t3
    add s4, s4, t2
    slli t4, t3, 1
    addi t4, t4, -14
    beqz t4, 2f
    sw x0, 0(s0)
    lw t4, 0(s0)
    mret
2:  li s5, 1
    li t4, -1
    sw t4, 4(s1)
    sw t4, 0(s1)
    lw t4, 0(s1)
3:  csrr t4, mip
    andi t4, t4, 0x80
    bnez t4, 3b
    mret
fail:
    FINISH 3
    ROUTINES
    SCRATCH 16
