# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Loads and stores at every alignment.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    la s0, scratch_begin
    li s1, 0x80
    li s2, 0
1:  add t0, s0, s2
    sb s1, 0(t0)
    addi s1, s1, 0x3b
    addi s2, s2, 1
    li t1, 64
    bltu s2, t1, 1b
    .irp offset, 0, 1, 2, 3, 4, 5, 6, 7
    lw a0, \offset(s0)
    SHOW a0
    lh a0, \offset(s0)
    SHOW a0
    lhu a0, \offset(s0)
    SHOW a0
    lb a0, \offset(s0)
    SHOW a0
    lbu a0, \offset(s0)
    SHOW a0
    .endr
    li s1, 0xc3a59687
    .irp offset, 8, 17, 26, 35
    sw s1, \offset(s0)
    sh s1, 4+\offset(s0)
    sb s1, 7+\offset(s0)
    addi s1, s1, 0x111
    .endr
    .irp offset, 44, 47, 50, 53
    sh s1, \offset(s0)
    addi s1, s1, 0x111
    .endr
    FINISH 0
    ROUTINES
    SCRATCH 64
