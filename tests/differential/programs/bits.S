# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Bit manipulation (Zba, Zbb, Zbc, Zbs) of corner values in all pairs.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    la s2, values
outer:
    lw s0, 0(s2)
    .irp name, clz, ctz, cpop, sext.b, sext.h, zext.h, orc.b, rev8
    \name a2, s0
    SHOW a2
    .endr
    .irp amount, 0, 1, 15, 31
    .irp name, rori, bclri, bexti, binvi, bseti
    \name a2, s0, \amount
    SHOW a2
    .endr
    .endr
    la s3, values
inner:
    lw s1, 0(s3)
    .irp name, sh1add, sh2add, sh3add, andn, orn, xnor, max, maxu, min, minu, rol, ror
    \name a2, s0, s1
    SHOW a2
    .endr
    .irp name, clmul, clmulh, clmulr, bclr, bext, binv, bset
    \name a2, s0, s1
    SHOW a2
    .endr
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
    .word 0, 1, -1, 31, 32, 0x80000000, 0x7fffffff, 0x00ff0080, 0x12345678, 0xdeadbeef
values_end:
