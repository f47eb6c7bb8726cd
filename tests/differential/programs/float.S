# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Floating point: all operations on corner values in all pairs and rounding modes (results and flags
# go into a hash, printed once for each pair), reserved rounding modes, mstatus.FS.
    .include "ending.inc"

# Puts \reg into the hash in s7.
.macro MIX reg
    slli t1, s7, 5
    add s7, s7, t1
    xor s7, s7, \reg
.endm

# Result in fa2 and flags of one instruction.
.macro TRY instruction:vararg
    csrw fflags, x0
    \instruction
    fmv.x.w a0, fa2
    MIX a0
    csrr a0, fflags
    MIX a0
.endm

# The same with its result in a1.
.macro TRY_X instruction:vararg
    csrw fflags, x0
    \instruction
    MIX a1
    csrr a0, fflags
    MIX a0
.endm

# The bits of mstatus that concern floating point.
.macro SHOW_STATUS
    csrr s11, mstatus
    li s10, 0x80006000
    and s11, s11, s10
    SHOW s11
.endm

    .text
    .globl _start
_start:
    BEGIN
    la t0, trap
    csrw mtvec, t0
    SHOW_STATUS
    fadd.s f1, f2, f3               # traps: the unit is off
    csrr a0, fcsr                   # traps
    csrw frm, x0                    # traps
    flw f1, 0(sp)                   # traps
    li t0, 0x2000
    csrs mstatus, t0
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.w.x f\n, x0
    .endr
    SHOW_STATUS
    li s7, 0
    la s2, values
outer:
    la s3, values
inner:
    flw fa0, 0(s2)
    flw fa1, 0(s3)
    li s4, 4
mode:
    csrw frm, s4
    TRY fadd.s fa2, fa0, fa1
    TRY fsub.s fa2, fa0, fa1
    TRY fmul.s fa2, fa0, fa1
    TRY fdiv.s fa2, fa0, fa1
    TRY fsqrt.s fa2, fa0
    fmv.s fa3, fa2
    TRY fmadd.s fa2, fa0, fa1, fa3
    TRY fmsub.s fa2, fa0, fa1, fa3
    TRY fnmsub.s fa2, fa0, fa1, fa0
    TRY fnmadd.s fa2, fa0, fa1, fa1
    TRY_X fcvt.w.s a1, fa0
    TRY_X fcvt.wu.s a1, fa0
    lw a2, 0(s2)
    TRY fcvt.s.w fa2, a2
    TRY fcvt.s.wu fa2, a2
    addi s4, s4, -1
    bgez s4, mode
    .irp mode, rne, rtz, rdn, rup, rmm
    TRY fadd.s fa2, fa0, fa1, \mode
    TRY fdiv.s fa2, fa0, fa1, \mode
    TRY_X fcvt.w.s a1, fa0, \mode
    .endr
    .irp name, fsgnj.s, fsgnjn.s, fsgnjx.s, fmin.s, fmax.s
    TRY \name fa2, fa0, fa1
    .endr
    .irp name, feq.s, flt.s, fle.s
    TRY_X \name a1, fa0, fa1
    .endr
    TRY_X fclass.s a1, fa0
    SHOW s7
    addi s3, s3, 4
    la t0, values_end
    bltu s3, t0, inner
    addi s2, s2, 4
    la t0, values_end
    bltu s2, t0, outer

    # Reserved rounding modes, in the instruction and in frm.
    .irp mode, 5, 6
    .insn r 0x53, \mode, 0, x1, x2, x3
    .insn r 0x53, \mode, 0x2c, x1, x2, x0
    .insn r 0x53, \mode, 0x60, x1, x2, x0
    .insn r4 0x43, \mode, 0, x1, x2, x3, x4
    .endr
    .irp mode, 4, 5, 6, 7
    li t0, \mode
    csrw frm, t0
    fadd.s f1, f2, f3               # traps but for 4
    fcvt.w.s a1, f2
    feq.s a1, f2, f2                # does not round
    .endr
    SHOW_CSR fcsr
    li t0, -1
    csrw fcsr, t0
    SHOW_CSR fcsr
    SHOW_CSR fflags
    SHOW_CSR frm
    li t0, 0x4000                   # clean: a write to the register file makes it dirty
    csrc mstatus, t0
    SHOW_STATUS
    fsw f1, 0(sp)
    SHOW_STATUS
    c.fswsp f1, 0(sp)
    c.flwsp f9, 0(sp)
    SHOW_STATUS
    li t0, 0x6000
    csrc mstatus, t0
    SHOW_STATUS
    c.flwsp f9, 0(sp)               # traps
    csrs mstatus, t0
    FINISH 0

# Prints what trapped, then goes on behind it.
    .align 2
trap:
    csrw mscratch, s11
    SHOW_CSR mcause
    SHOW_CSR mtval
    csrr s11, mepc
    lhu s11, 0(s11)
    andi s11, s11, 3
    addi s11, s11, -3
    seqz s11, s11
    slli s11, s11, 1
    addi s11, s11, 2
    csrr s10, mepc
    add s10, s10, s11
    csrw mepc, s10
    csrr s11, mscratch
    mret
    ROUTINES
    SCRATCH 16
    .data
    .align 2
values:
    .word 0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x80800001, 0x33800000
    .word 0x3effffff, 0x3f000000, 0x3f800000, 0xbf800000, 0x3f800001, 0x3fc00000, 0x40490fdb
    .word 0x4b7fffff, 0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000
    .word 0x7e800000, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345
    .word 0x7f800001, 0xffbfffff, 0x5f3759df, 0x20000001
values_end:
