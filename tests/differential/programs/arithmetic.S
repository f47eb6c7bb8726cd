# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Shifts, comparisons and additions of corner values in all pairs.
    .include "ending.inc"
    .text
    .globl _start

.macro MIX instruction
    \instruction a2, s0, s1
    slli t0, s5, 3
    xor s5, t0, a2
    srli t0, t0, 16
    xor s5, s5, t0
.endm

_start:
    BEGIN
    la s2, values
outer:
    lw s0, 0(s2)
    la s3, values
    li s5, 0
inner:
    lw s1, 0(s3)
    .irp name, add, sub, sll, slt, sltu, xor, srl, sra, or, and
    MIX \name
    .endr
    addi s3, s3, 4
    la t0, values_end
    bltu s3, t0, inner
    SHOW s5
    slti a3, s0, -1
    sltiu a4, s0, -1
    xori a5, s0, -2048
    ori a6, s0, 2047
    andi a7, s0, -256
    srai t3, s0, 31
    srli t4, s0, 31
    slli t5, s0, 31
    .irp name, a3, a4, a5, a6, a7, t3, t4, t5
    SHOW \name
    .endr
    addi s2, s2, 4
    la t0, values_end
    bltu s2, t0, outer
    # Writes to x0 leave it zero.
    addi x0, s0, 5
    lui x0, 1
    la t0, values
    lw x0, 4(t0)
    SHOW x0
    FINISH 0
    ROUTINES
    SCRATCH 16
    .data
values:
    .word 0, 1, -1, 0x80000000, 0x7fffffff, 0x80000001, 31, 32, 0x0000ffff, 0xffff0000, 0x12345678
values_end:
