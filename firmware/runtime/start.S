// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#define GUARD 0x57AC6A4D

    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined ra
    csrr    t0, mhartid
    bnez    t0, park
    csrw    mie, zero
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      sp, __stack_top
    la      t0, trap_vectors
    ori     t0, t0, 1               // vectored (Priv. spec, mtvec.MODE)
    csrw    mtvec, t0
    la      t0, __bss_start
    la      t1, __bss_end
1:  bgeu    t0, t1, 2f
    sw      zero, 0(t0)
    addi    t0, t0, 4
    j       1b
2:  la      t0, __stack_guard
    li      t1, GUARD
    sw      t1, 0(t0)
    la      tp, __tls_base
    call    runtime_start           // does not return
    .globl park
park:
    wfi
    j       park
    .cfi_endproc
    .size _start, . - _start

// Vector table: exceptions first, then one entry a cause of interrupt.
    .section .text.trap, "ax", @progbits
    .option push
    .option norvc
    .balign 64
trap_vectors:
    j       exception_entry
    .rept 15
    j       interrupt_entry
    .endr
    .option pop
    .size trap_vectors, . - trap_vectors

// An exception ends the program: it has a stack of its own, since the cause may be the other one.
    .type exception_entry, @function
exception_entry:
    mv      a3, sp
    mv      a4, ra
    csrr    a0, mcause
    csrr    a1, mepc
    csrr    a2, mtval
    la      sp, __trap_stack_top
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    call    trap_exception          // does not return
    .size exception_entry, . - exception_entry

#define FRAME 64

    .type interrupt_entry, @function
interrupt_entry:
    addi    sp, sp, -FRAME
    sw      ra, 0(sp)
    sw      t0, 4(sp)
    sw      t1, 8(sp)
    sw      t2, 12(sp)
    sw      t3, 16(sp)
    sw      t4, 20(sp)
    sw      t5, 24(sp)
    sw      t6, 28(sp)
    sw      a0, 32(sp)
    sw      a1, 36(sp)
    sw      a2, 40(sp)
    sw      a3, 44(sp)
    sw      a4, 48(sp)
    sw      a5, 52(sp)
    sw      a6, 56(sp)
    sw      a7, 60(sp)
    csrr    a0, mcause
    call    interrupt_dispatch
    lw      ra, 0(sp)
    lw      t0, 4(sp)
    lw      t1, 8(sp)
    lw      t2, 12(sp)
    lw      t3, 16(sp)
    lw      t4, 20(sp)
    lw      t5, 24(sp)
    lw      t6, 28(sp)
    lw      a0, 32(sp)
    lw      a1, 36(sp)
    lw      a2, 40(sp)
    lw      a3, 44(sp)
    lw      a4, 48(sp)
    lw      a5, 52(sp)
    lw      a6, 56(sp)
    lw      a7, 60(sp)
    addi    sp, sp, FRAME
    mret
    .size interrupt_entry, . - interrupt_entry
