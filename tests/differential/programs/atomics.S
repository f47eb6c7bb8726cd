# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Atomic operations, and load-reserved with store-conditional, also where it must fail.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    la s0, scratch_begin
    la s2, values
again:
    lw s1, 0(s2)
    .irp name, amoswap.w, amoadd.w, amoxor.w, amoand.w, amoor.w, amomin.w, amomax.w, amominu.w, amomaxu.w
    \name a0, s1, (s0)
    SHOW a0
    \name\().aqrl s1, s1, (s0)
    lw a1, 0(s0)
    SHOW a1
    .endr
    addi s2, s2, 4
    la t0, values_end
    bltu s2, t0, again
    addi s1, s0, 4
    # A pair.
    lr.w a0, (s0)
    addi a1, a0, 1
    sc.w a2, a1, (s0)
    SHOW a2
    # Without a reservation: it was used up.
    sc.w a2, a1, (s0)
    SHOW a2
    # Another address.
    lr.w a0, (s0)
    sc.w a2, a1, (s1)
    SHOW a2
    # That attempt also ended the reservation.
    sc.w a2, a1, (s0)
    SHOW a2
    # The second of two reservations counts.
    lr.w a0, (s0)
    lr.w a0, (s1)
    sc.w a2, a1, (s0)
    SHOW a2
    lr.w a0, (s0)
    lr.w a0, (s1)
    sc.w a2, a1, (s1)
    SHOW a2
    # A trap in between ends it, and so does mret.
    la t0, skip
    csrw mtvec, t0
    lr.w a0, (s0)
    ecall
    sc.w a2, a0, (s0)
    SHOW a2
    # An atomic increment by a loop.
    li s3, 100
1:  lr.w a0, (s0)
    addi a0, a0, 3
    sc.w a1, a0, (s0)
    bnez a1, 1b
    addi s3, s3, -1
    bnez s3, 1b
    SHOW a0
    FINISH 0
    .option rvc
    .align 2
skip:
    csrr t1, mepc
    addi t1, t1, 4
    csrw mepc, t1
    mret
    ROUTINES
    SCRATCH 16
    .data
values:
    .word 1, -1, 0x80000000, 0x7fffffff, 0x12345678
values_end:
