# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Memory protection: which loads and stores, aligned or not, succeed around the ranges of entries in
# U mode, and in M mode once entries are locked. Code lies in pages of its own: QEMU 7.2 checks the
# rest of the page when it fetches.
    .include "ending.inc"

# One access at t0: shifts its success into s8.
.macro TRY instruction
    li s9, 1
    \instruction t1, 0(t0)
    slli s8, s8, 1
    or s8, s8, s9
.endm

    .text
    .globl _start
_start:
    BEGIN
    la t0, trap
    csrw mtvec, t0
    # Entry 15: the code may be read and executed; 14: U mode may do nothing to the rest but what
    # entries 0 to 3 say.
    li t0, (0x80000000 >> 2) + 0x1ff
    csrw pmpaddr15, t0
    li t0, 0x1d000000
    csrw pmpcfg3, t0
    la s0, configurations
next:
    lw t0, 0(s0)
    csrw pmpcfg0, t0
    csrr t0, pmpcfg0
    SHOW t0
    la s1, area
    srli s1, s1, 2
    lw t0, 4(s0)
    add t0, t0, s1
    csrw pmpaddr0, t0
    lw t0, 8(s0)
    add t0, t0, s1
    csrw pmpaddr1, t0
    lw t0, 12(s0)
    add t0, t0, s1
    csrw pmpaddr2, t0
    lw t0, 16(s0)
    add t0, t0, s1
    csrw pmpaddr3, t0
    csrr t0, pmpaddr0
    SHOW t0
    csrr t0, pmpaddr2
    SHOW t0
    lw t0, 20(s0)
    csrw mstatus, t0
    la t0, attempts
    csrw mepc, t0
    la s2, area
    mret
offsets_done:
    addi s0, s0, 24
    la t0, configurations_end
    blt s0, t0, next
    # The lock holds.
    csrw pmpcfg0, x0
    csrr t0, pmpcfg0
    SHOW t0
    li t0, 0x1234
    csrw pmpaddr0, t0
    csrw pmpaddr2, t0
    csrr t0, pmpaddr0
    SHOW t0
    csrr t0, pmpaddr2
    SHOW t0
    FINISH 0

    .option norvc
attempts:
    li s3, 0
1:  li s8, 0
    add t0, s2, s3
    TRY lb
    TRY lhu
    TRY lw
    TRY sb
    TRY sh
    TRY sw
    ecall
    addi s3, s3, 1
    li t0, 80
    blt s3, t0, 1b
    li s3, -1
    ecall

    .align 2
trap:
    csrr t3, mcause
    addi t4, t3, -8
    sltiu t4, t4, 4
    bnez t4, 2f
    csrr t4, mtval
    add s10, s10, t3
    xor s10, s10, t4
    li s9, 0
1:  csrr t3, mepc
    addi t3, t3, 4
    csrw mepc, t3
    mret
2:  bltz s3, offsets_done
    SHOW s8
    j 1b
    .option rvc

    ROUTINES

    .data
    .align 4
# pmpcfg0, words from `area` of pmpaddr0 to 3, mstatus.
configurations:
    .word 0x00000000, 0, 0, 0, 0, 0
    .word 0x0000000f, 4, 0, 0, 0, 0
    .word 0x00000b00, 4, 9, 0, 0, 0
    .word 0x00001113, 3, 6, 0, 0, 0
    .word 0x1f191117, 3, 4, 9, 7, 0
    .word 0x001b1810, 2, 5, 7, 0, 0
    .word 0x090b0900, 4, 4, 8, 6, 0
    .word 0x0000191b, 1, 7, 0, 0, 0
    .word 0x00000b00, 4, 9, 0, 0, 0x1800
    .word 0x00000b00, 4, 9, 0, 0, 0x21800
    .word 0x19898b90, 3, 6, 11, 7, 0x1800
configurations_end:
    .align 12
scratch_begin:
area:
    .zero 256
scratch_end:
    .zero 3840
    .text
