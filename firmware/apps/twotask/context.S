// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// The ways into and out of the kernel. A frame holds x1 to x31 at four times their number, then
// mepc and mstatus (frame_t). mscratch points to the frame of the task that runs, and is zero while
// the kernel runs: a trap then came from the kernel itself and its frame goes on the kernel's stack.

#define FRAME        144
#define FRAME_SP     8
#define FRAME_PC     128
#define FRAME_STATUS 132
#define MPP_MASK     0x1800

    .macro SAVE
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw      x\n, 4*\n(sp)
    .endr
    csrr    t0, mepc
    sw      t0, FRAME_PC(sp)
    csrr    t0, mstatus
    sw      t0, FRAME_STATUS(sp)
    csrrw   t0, mscratch, zero
    sw      t0, FRAME_SP(sp)        // sp before the trap
    mv      a0, sp
    .endm

    .section .text.trap, "ax", @progbits
    .balign 4                       // mtvec, direct
    .globl kernel_entry
    .type kernel_entry, @function
kernel_entry:
    csrrw   sp, mscratch, sp
    beqz    sp, 1f
    SAVE
    lw      sp, kernel_sp
    j       2f
1:  csrr    sp, mscratch
    addi    sp, sp, -FRAME
    SAVE
2:  .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      tp, __tls_base
    call    kernel_trap             // the frame to go on with
restore:
    lw      t0, FRAME_PC(a0)
    csrw    mepc, t0
    lw      t0, FRAME_STATUS(a0)
    csrw    mstatus, t0
    li      t1, MPP_MASK
    and     t0, t0, t1
    bnez    t0, 3f
    csrw    mscratch, a0            // back to a task
3:  mv      sp, a0
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw      x\n, 4*\n(sp)
    .endr
    lw      sp, FRAME_SP(sp)
    mret
    .size kernel_entry, . - kernel_entry

// void kernel_enter(frame_t* first): runs tasks. It returns when kernel_leave() is called.
    .macro CALLEE_SAVED op
    \op     ra, 0(sp)
    \op     s0, 4(sp)
    \op     s1, 8(sp)
    .irp n, 2,3,4,5,6,7,8,9,10,11
    \op     s\n, 4+4*\n(sp)
    .endr
    .endm

    .text
    .globl kernel_enter
    .type kernel_enter, @function
kernel_enter:
    addi    sp, sp, -64
    CALLEE_SAVED sw
    la      t0, kernel_sp
    sw      sp, 0(t0)
    j       restore
    .size kernel_enter, . - kernel_enter

    .globl kernel_leave
    .type kernel_leave, @function
kernel_leave:
    lw      sp, kernel_sp
    CALLEE_SAVED lw
    addi    sp, sp, 64
    ret
    .size kernel_leave, . - kernel_leave

    .bss
    .balign 4
kernel_sp:
    .zero   4                       // the kernel's stack while a task runs
