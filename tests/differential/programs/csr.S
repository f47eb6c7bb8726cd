# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# The machine CSRs: what reads back after writes, and the six ways to access them.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    li s0, -1
    csrw mscratch, s0
    SHOW_CSR mscratch
    li s1, 0x12345678
    csrrw a0, mscratch, s1
    SHOW a0
    csrrs a0, mscratch, x0
    SHOW a0
    li s1, 0xff
    csrrs a0, mscratch, s1
    SHOW a0
    csrrc a0, mscratch, s1
    SHOW a0
    csrrwi a0, mscratch, 31
    SHOW a0
    csrrsi a0, mscratch, 0
    SHOW a0
    csrrci a0, mscratch, 5
    SHOW a0
    csrrsi a0, mscratch, 1
    SHOW a0
    csrrc a0, mscratch, x0
    SHOW a0
    # The destination is the source.
    csrrw s1, mscratch, s1
    SHOW s1
    csrw mtvec, x0
    SHOW_CSR mtvec
    li s1, 0x80000101
    csrw mtvec, s1
    SHOW_CSR mtvec
    li s1, 0x80000203
    csrw mtvec, s1
    SHOW_CSR mtvec
    li s1, 0x80000200
    csrw mtvec, s1
    SHOW_CSR mtvec
    csrw mcause, s0
    SHOW_CSR mcause
    csrw mtval, s0
    SHOW_CSR mtval
    li s1, 0x8000000e
    csrw mepc, s1
    SHOW_CSR mepc
    SHOW_CSR mhartid
    csrw mie, x0
    li s1, 0x888
    csrs mie, s1
    csrr a0, mie
    and a0, a0, s1
    SHOW a0
    li s1, 0x80
    csrc mie, s1
    SHOW_CSR mie
    csrw mie, x0
    # MIE, MPIE and MPP of mstatus: only M mode remains after mret here.
    li s1, 0x1888
    csrw mstatus, s1
    csrr a0, mstatus
    and a0, a0, s1
    SHOW a0
    csrci mstatus, 8
    csrr a0, mstatus
    and a0, a0, s1
    SHOW a0
    csrr a0, mstatush
    SHOW a0
    # A, C, I and M of misa.
    csrr a0, misa
    li s1, 0x40001105
    and a0, a0, s1
    SHOW a0
    csrr a0, mhpmcounter3
    csrr a1, mhpmevent3
    SHOW a0
    SHOW a1
    # Counters count: by how much is not compared.
    csrr a0, mcycle
    csrr a1, minstret
    nop
    csrr a2, mcycle
    csrr a3, minstret
    sltu a0, a0, a2
    sltu a1, a1, a3
    SHOW a0
    SHOW a1
    csrr a0, time
    csrr a1, timeh
    csrr a2, time
    sltu a0, a2, a0
    SHOW a0
    SHOW a1
    li a0, 0
    li a1, 0
    li a2, 0
    li a3, 0
    FINISH 0
    ROUTINES
    SCRATCH 16
