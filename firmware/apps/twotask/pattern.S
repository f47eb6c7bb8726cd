// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// uint32_t pattern_hold(const uint32_t table[32], uint32_t times): holds the words of the table in
// the registers of their number, all but sp, and compares them `times` times. The number of the
// first register that differed, or 0.
//
// A comparison needs one register for itself: odd passes use x5, even passes x31.

#define FRAME 80
#define COUNT 60

    .macro CHECK using
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    .if \n - \using
    lw      x\using, 4*\n(sp)
    bne     x\using, x\n, differs_\n
    .endif
    .endr
    lw      x\using, 4*\using(sp)
    .endm

    .macro EXIT_OF n
differs_\n:
    li      a0, \n
    j       leave
    .endm

    .text
    .globl pattern_hold
    .type pattern_hold, @function
pattern_hold:
    // The table moves below the saved registers, where sp reaches both.
    addi    sp, sp, -(FRAME + 128)
    sw      ra, 128(sp)
    sw      gp, 132(sp)
    sw      tp, 136(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sw      s\n, 140+4*\n(sp)
    .endr
    sw      a1, 128+COUNT(sp)
    mv      t0, sp
    li      t1, 32
1:  lw      t2, 0(a0)
    sw      t2, 0(t0)
    addi    a0, a0, 4
    addi    t0, t0, 4
    addi    t1, t1, -1
    bnez    t1, 1b
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw      x\n, 4*\n(sp)
    .endr
2:  CHECK   5
    CHECK   31
    lw      x5, 128+COUNT(sp)
    addi    x5, x5, -1
    sw      x5, 128+COUNT(sp)
    beqz    x5, 3f
    lw      x5, 4*5(sp)
    j       2b
3:  li      a0, 0
leave:
    lw      ra, 128(sp)
    lw      gp, 132(sp)
    lw      tp, 136(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    lw      s\n, 140+4*\n(sp)
    .endr
    addi    sp, sp, FRAME + 128
    ret
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    EXIT_OF \n
    .endr
    .size pattern_hold, . - pattern_hold
