# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# What each of the 4096 CSR numbers does in each setup of mode and enables. For an operation, three
# instructions run: the operation, a read, and a write of what the operation read. A line tells the
# setup, the CSR, the operation, which of the three trapped (a bit each; 8: not as an illegal
# instruction with its word in mtval), and what the first two read. There is no line where all trap.
#
# Setups: mode, mcounteren, scounteren and further bits of mstatus. Operations: funct3 with t1 or
# zimm as source, and the value of t1.
    .include "ending.inc"
    .equ TVM, 1 << 20
    .equ OPERATIONS, 11

    .text
    .globl _start
_start:
    BEGIN
    la t0, trap
    csrw mtvec, t0
    # No timer interrupt is pending.
    li t0, -1
    li t1, 0x2004000
    sw t0, 4(t1)
    sw t0, 0(t1)
    # Everything is allowed to lower modes.
    li t0, -1
    csrw pmpaddr15, t0
    li t0, 0x1f000000
    csrw pmpcfg3, t0
    csrw medeleg, x0
    li t0, 0x222
    csrw mideleg, t0
    la s0, setups
next_setup:
    li s1, 0
next_csr:
    li s2, 0
next_operation:
    # Patches the slot: the operation on t0, then csrr t2 and csrw t0.
    la t0, operations
    slli t1, s2, 3
    add t0, t0, t1
    lw a0, 0(t0)
    lw t1, 4(t0)
    # Configurations of memory protection are not to be locked.
    li t2, 0x3a0
    sub t2, s1, t2
    sltiu t2, t2, 4
    beqz t2, 1f
    li t2, 0x7f7f7f7f
    and t1, t1, t2
1:  slli t2, s1, 20
    or a0, a0, t2
    la a1, slot
    sw a0, 0(a1)
    li a0, 0x000023f3
    or a0, a0, t2
    sw a0, 4(a1)
    li a0, 0x00029073
    or a0, a0, t2
    sw a0, 8(a1)
    fence.i
    li s3, 0
    li t0, 0
    li t2, 0
    lw a0, 4(s0)
    csrw mcounteren, a0
    lw a0, 8(s0)
    csrw scounteren, a0
    lw a0, 0(s0)
    csrw mstatus, a0
    csrw mepc, a1
    mret
finished:
    csrw mstatus, x0
    csrw mcountinhibit, x0
    li a0, 7
    andi a1, s3, 15
    beq a0, a1, skip
    mv s4, t0
    mv s5, t2
    la a0, setups
    sub a0, s0, a0
    slli a0, a0, 8
    or a0, a0, s2
    slli a0, a0, 12
    or a0, a0, s1
    call show_word
    mv a0, s3
    call show_word
    mv a0, s4
    call show_word
    mv a0, s5
    call show_word
skip:
    addi s2, s2, 1
    li t0, OPERATIONS
    blt s2, t0, next_operation
    addi s1, s1, 1
    li t0, 4096
    blt s1, t0, next_csr
    addi s0, s0, 16
    la t0, setups_end
    blt s0, t0, next_setup
    FINISH 0

    .align 2
trap:
    # a0 to a3 are free in the slot.
    csrr a0, mcause
    addi a1, a0, -8
    sltiu a1, a1, 4
    bnez a1, finished
    csrr a1, mepc
    la a2, slot
    sub a2, a1, a2
    srli a2, a2, 2
    li a3, 1
    sll a3, a3, a2
    or s3, s3, a3
    addi a0, a0, -2
    bnez a0, 1f
    lw a0, 0(a1)
    csrr a2, mtval
    beq a0, a2, 2f
1:  ori s3, s3, 8
2:  addi a1, a1, 4
    csrw mepc, a1
    mret

    .align 6
    .option norvc
slot:
    nop
    nop
    nop
    ecall
    .option rvc

    ROUTINES
    SCRATCH 16

    .align 4
setups:
    .word 0x1800, 0, 0, 0
    .word 0x0800, 0, -1, 0
    .word 0x0800, -1, 0, 0
    .word 0x0800 + TVM, 0x5a5a5a5a, 0, 0
    .word 0, 0, -1, 0
    .word 0, -1, 0, 0
    .word 0, 0x33333333, 0x55555555, 0
setups_end:
    # csrrs t0, csr, x0; csrrw, csrrs, csrrc t0, csr, t1; csrrwi, csrrsi t0, csr, 21; csrrci 31
operations:
    .word 0x000022f3, 0
    .word 0x000312f3, -1
    .word 0x000312f3, 0
    .word 0x000312f3, 0x55555555
    .word 0x000312f3, 0xaaaaaaaa
    .word 0x000312f3, 0x1f0d0b09
    .word 0x000322f3, -1
    .word 0x000322f3, 0
    .word 0x000332f3, -1
    .word 0x000ad2f3, 0
    .word 0x000ae2f3, 0
