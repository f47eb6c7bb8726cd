# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Every RV32C instruction by its own mnemonic, with the ends of the ranges of its immediate.
    .include "ending.inc"
    .text
    .globl _start
    .option rvc
_start:
    BEGIN
    la s0, scratch_begin
    c.li a0, -32
    SHOW a0
    c.li a1, 31
    c.addi a1, -32
    SHOW a1
    c.lui a2, 31
    SHOW a2
    c.lui a3, 0xfffe0
    SHOW a3
    mv s1, sp
    c.addi16sp sp, -512
    c.addi4spn a4, sp, 1020
    c.addi16sp sp, 496
    sub a4, a4, s1
    sub a5, sp, s1
    mv sp, s1
    SHOW a4
    SHOW a5
    c.slli a0, 5
    SHOW a0
    c.srli a0, 31
    SHOW a0
    c.srai a3, 7
    SHOW a3
    c.andi a3, -17
    SHOW a3
    c.mv t0, a3
    c.add t0, a1
    SHOW t0
    c.sub a3, a1
    SHOW a3
    c.xor a3, a2
    SHOW a3
    c.or a3, a0
    SHOW a3
    c.and a3, a2
    SHOW a3
    c.sw a3, 124(s0)
    c.sw a1, 0(s0)
    c.lw a5, 124(s0)
    SHOW a5
    c.lw a5, 0(s0)
    SHOW a5
    addi sp, sp, -256
    c.swsp a2, 252(sp)
    c.swsp a1, 0(sp)
    c.lwsp t1, 252(sp)
    c.lwsp t2, 0(sp)
    addi sp, sp, 256
    SHOW t1
    SHOW t2
    c.nop
    li s1, 3
1:  c.addi s1, -1
    c.beqz s1, 2f
    c.j 1b
2:  c.bnez s1, 1b
    SHOW s1
    c.jal callee
    SHOW a0
    la t3, callee
    c.jalr t3
    SHOW a0
    la t4, 3f
    c.jr t4
    c.li a0, 1
3:  SHOW a0
    # A 32-bit instruction at an address that is not a multiple of 4.
    .balign 4
    c.nop
    .option norvc
    lui a0, 0x12345
    .option rvc
    SHOW a0
    FINISH 0
callee:
    c.addi a0, 7
    c.jr ra
    ROUTINES
    SCRATCH 128
