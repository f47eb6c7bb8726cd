# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# M, S and U mode: every exception of a table in each mode, not delegated and delegated; sret, mret,
# MPRV; interrupts that software raises, vectored, in each mode.
    .include "ending.inc"
    .equ SUPERVISOR, 0x800
    .equ MPRV, 1 << 17
    .equ TVM, 1 << 20
    .equ TSR, 1 << 22

# Prints cause, tval, status and previous mode as seen in \mode, and goes on at s7 in M mode.
.macro HANDLER mode
    csrr a0, \mode\()cause
    call show_word
    csrr a0, \mode\()tval
    call show_word
    csrr a0, \mode\()epc
    call show_word
    csrr a0, \mode\()status
    # Without FS, VS, and MPRV, which QEMU 7.2 leaves when mret goes to a lower mode.
    li a1, ~(0x6600 + MPRV)
    and a0, a0, a1
    call show_word
.endm

    .text
    .globl _start
_start:
    BEGIN
    li t0, -1
    li t1, 0x2004000
    sw t0, 4(t1)
    sw t0, 0(t1)
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la t0, machine_trap
    csrw mtvec, t0
    la t0, supervisor_trap
    csrw stvec, t0
    csrw mie, x0
    # s3: delegated; s4: the mode; s5: the case.
    li s3, 0
rounds:
    csrw medeleg, x0
    beqz s3, 1f
    li t0, 0xb1ff
    csrw medeleg, t0
1:  la s4, modes
next_mode:
    la s5, cases
next_case:
    lw t0, 0(s4)
    csrw mstatus, x0
    csrw mstatus, t0
    lw t0, 0(s5)
    csrw mepc, t0
    la s7, case_done
    mret
case_done:
    addi s5, s5, 4
    la t0, cases_end
    blt s5, t0, next_case
    addi s4, s4, 4
    la t0, modes_end
    blt s4, t0, next_mode
    addi s3, s3, 1
    li t0, 2
    blt s3, t0, rounds
    csrw medeleg, x0

    # MPRV outlasts an mret to M mode.
    li t0, MPRV + 0x1800
    csrw mstatus, t0
    la t0, 2f
    csrw mepc, t0
    mret
2:  csrr a0, mstatus
    li a1, MPRV
    and a0, a0, a1
    call show_word
    # Interrupts that software raises, to M mode from each mode, then delegated.
    la t0, vectors + 1
    csrw mtvec, t0
    la t0, supervisor_vectors + 1
    csrw stvec, t0
    li s3, 0
interrupt_rounds:
    li t0, 0
    beqz s3, 4f
    li t0, 0x222
4:  csrw mideleg, t0
    la s4, modes
5:  li s6, 0x222
6:  # s6: those pending; the handlers clear each.
    li t0, 0x222
    csrw mie, t0
    and t1, s6, t0
    neg t2, t1
    and t1, t1, t2
    csrw mip, t1
    xor s6, s6, t1
    csrr a0, mip
    call show_word
    csrr a0, sip
    call show_word
    la s7, 7f
    lw t0, 0(s4)
    csrw mstatus, x0
    ori t0, t0, 0xa2
    csrw mstatus, t0
    la t0, idle
    csrw mepc, t0
    mret
7:  csrw mie, x0
    bnez s6, 6b
    addi s4, s4, 4
    la t0, modes_end
    blt s4, t0, 5b
    addi s3, s3, 1
    li t0, 2
    blt s3, t0, interrupt_rounds
    FINISH 0

# The cases: each traps, or ends in an ecall.
do_ecall:
    ecall
do_ebreak:
    ebreak
    ecall
do_illegal:
    .word 0xffffffff
    ecall
do_mret:
    csrr a0, mscratch
    ecall
do_load:
    lw a0, 0x40(x0)
    ecall
do_store:
    sw a0, 0x44(x0)
    ecall
do_jump:
    li a0, 0x48
    jr a0
do_lr:
    la a0, scratch_begin + 2
    lr.w a1, (a0)
    ecall
do_sfence:
    sfence.vma
    ecall
do_satp:
    csrr a0, satp
    ecall
do_sscratch:
    csrw sscratch, a0
    ecall
do_sret:
    sret
do_cycle:
    csrr a1, cycle
    ecall
do_sret_to_user:
    la a0, do_ecall
    csrw sepc, a0
    li a0, 0x100
    csrc sstatus, a0
    li a0, 0x20
    csrs sstatus, a0
    sret
do_sret_to_supervisor:
    la a0, do_ecall
    csrw sepc, a0
    li a0, 0x100
    csrs sstatus, a0
    sret
# An interrupt comes, or not: then an ecall.
idle:
    nop
    nop
    nop
    ecall

    .align 6
    .option norvc
vectors:
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    j machine_trap
    .align 6
supervisor_vectors:
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    j supervisor_trap
    .option rvc

    .align 2
machine_trap:
    HANDLER m
    csrw mip, x0
    jr s7
    .align 2
# In S mode: prints, then an ecall that is not delegated there brings back M mode.
supervisor_trap:
    HANDLER s
    csrw sie, x0
    ecall

    ROUTINES
    SCRATCH 16
    .align 4
modes:
    .word 0, SUPERVISOR, SUPERVISOR + TVM + TSR, 0x1800
modes_end:
cases:
    .word do_ecall, do_ebreak, do_illegal, do_mret, do_load, do_store, do_jump, do_lr, do_sfence
    .word do_satp, do_sscratch, do_sret, do_cycle, do_sret_to_user, do_sret_to_supervisor
cases_end:
