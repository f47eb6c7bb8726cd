# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Multiplications, divisions and remainders of corner values in all pairs.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    la s2, values
outer:
    lw s0, 0(s2)
    la s3, values
inner:
    lw s1, 0(s3)
    .irp name, mul, mulh, mulhsu, mulhu, div, divu, rem, remu
    \name a2, s0, s1
    SHOW a2
    .endr
    div s1, s0, s1
    rem s0, s0, s0
    lw s0, 0(s2)
    SHOW s1
    addi s3, s3, 4
    la t0, values_end
    bltu s3, t0, inner
    addi s2, s2, 4
    la t0, values_end
    bltu s2, t0, outer
    FINISH 0
    ROUTINES
    SCRATCH 16
    .data
values:
    .word 0, 1, -1, 2, 0x80000000, 0x7fffffff, 0xfffffff9, 7, 0x10001
values_end:
