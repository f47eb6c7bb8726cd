# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Exceptions: mcause, mtval and where mepc points. Faults end in the same registers as before them.
    .include "ending.inc"
    .text
    .globl _start
_start:
    BEGIN
    la t0, trap
    csrw mtvec, t0
    la s0, scratch_begin
    li s1, 0x00000040
    li a0, 0x5a5a5a5a
    ecall
    .option norvc
    ebreak
    .option rvc
    c.ebreak
    .word 0xffffffff
    .word 0x00000000
    .half 0x9c41
    csrr a0, 0x7ff
    csrw mhartid, a0
    csrrsi a0, mvendorid, 1
    csrrs a1, mvendorid, x0
    lw a0, 0(s1)
    lb a0, 1(s1)
    lhu a0, 2(s1)
    sw a0, 0(s1)
    sb a0, 3(s1)
    lr.w a0, (s1)
    addi s2, s0, 2
    lr.w a0, (s2)
    # AMOs are left out: QEMU 7.2 gives them the causes of loads.
    # Nothing to fetch there: the handler returns by way of ra.
    jalr s1
    li a1, 0xe0000001
    jalr a1
    SHOW a0
    # mstatus keeps its MPIE and MIE across a trap.
    csrsi mstatus, 8
    ecall
    csrr a2, mstatus
    andi a2, a2, 0x88
    SHOW a2
    csrci mstatus, 8
    ecall
    csrr a2, mstatus
    andi a2, a2, 0x88
    SHOW a2
    # Vectored: exceptions still go to the base.
    la t0, trap
    ori t0, t0, 1
    csrw mtvec, t0
    ecall
    FINISH 7

    .align 2
trap:
    addi sp, sp, -32
    sw t0, 0(sp)
    sw t1, 4(sp)
    sw s11, 8(sp)
    SHOW_CSR mcause
    SHOW_CSR mtval
    SHOW_CSR mepc
    csrr t0, mstatus
    andi t0, t0, 0x88
    SHOW t0
    csrr t0, mcause
    addi t0, t0, -1
    csrr t1, mepc
    beqz t0, 2f
    lhu t0, 0(t1)
    not t0, t0
    andi t0, t0, 3
    addi t1, t1, 2
    bnez t0, 1f
    addi t1, t1, 2
1:  csrw mepc, t1
    lw t0, 0(sp)
    lw t1, 4(sp)
    lw s11, 8(sp)
    addi sp, sp, 32
    mret
2:  mv t1, ra
    j 1b
    ROUTINES
    SCRATCH 16
