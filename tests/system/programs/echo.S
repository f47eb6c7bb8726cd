# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Sends back what it receives, by interrupts, until a 'q' ends it. Asleep in between.
    .equ UART, 0x10000000
    .equ PLIC, 0x0c000000
    .equ FINISHER, 0x00100000

    .text
    .globl _start
_start:
    la t0, trap
    csrw mtvec, t0
    li s0, UART
    li t1, 0x83             # 8 bits, divisor latch: 115200 baud
    sb t1, 3(s0)
    li t1, 2
    sb t1, 0(s0)
    sb x0, 1(s0)
    li t1, 3
    sb t1, 3(s0)
    li t1, 0x87             # FIFOs on and empty, interrupt from 8 bytes on
    sb t1, 2(s0)
    li t1, 1
    sb t1, 1(s0)
    li s1, PLIC
    sw t1, 40(s1)           # priority of source 10
    li t0, PLIC + 0x2000
    li t1, 1 << 10
    sw t1, 0(t0)
    li s2, PLIC + 0x200000
    sw x0, 0(s2)
    li t1, 1 << 11
    csrw mie, t1
    li t1, '>'
    sb t1, 0(s0)
    csrsi mstatus, 8
sleep:
    wfi
    j sleep

    .balign 4
trap:
    lw s3, 4(s2)            # claim
receive:
    lbu t0, 5(s0)
    andi t0, t0, 1
    beqz t0, done
    lbu t0, 0(s0)
    li t1, 'q'
    beq t0, t1, finish
    sb t0, 0(s0)
    j receive
done:
    sw s3, 4(s2)            # complete
    mret
finish:
    li t1, '\n'
    sb t1, 0(s0)
    li t0, FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b
