# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
#
# Ways of getting from function to function. The number behind a name is how many instructions it
# executes in all; test_profile.py has the tree.

    .option norelax
    .option norvc

    .macro function name
    .globl  \name
    .type   \name, @function
\name:
    .endm
    .macro  end name
    .size   \name, . - \name
    .endm

    .text
function _start                 # 10
    la      sp, stack
    la      t1, vector
    csrw    mtvec, t1
    jal     main
    li      t1, 0x5555
    lui     t2, 0x100
    sw      t1, 0(t2)
1:  j       1b
end _start

function main                   # 27
    addi    sp, sp, -16
    sw      ra, 0(sp)
    jal     tailer
    li      a0, 5
    jal     recurse
    la      t2, pointed
    jalr    t2
    jal     save                # returns twice
    bnez    a0, 1f
    jal     deep1
1:  jal     .Lhidden
    li      t1, 8
    csrs    mie, t1
    csrsi   mstatus, 8
    lui     t2, 0x2000
    li      t1, 1
    sw      t1, 0(t2)           # the software interrupt
    la      t1, wild + 4
    la      t2, 2f
    jr      t1
2:  lw      ra, 0(sp)
    addi    sp, sp, 16
    ret
end main

function tailer                 # 1
    j       tailed
end tailer

function tailed                 # 2
    nop
    ret
end tailed

function recurse                # 5 * 8 + 6
    addi    sp, sp, -16
    sw      ra, 0(sp)
    beqz    a0, 1f
    addi    a0, a0, -1
    jal     recurse
1:  lw      ra, 0(sp)
    addi    sp, sp, 16
    ret
end recurse

function pointed                # 3
    nop
    nop
    ret
end pointed

function save                   # 6
    la      t1, buffer
    sw      ra, 0(t1)
    sw      sp, 4(t1)
    li      a0, 0
    ret
end save

function deep1                  # 3
    addi    sp, sp, -16
    sw      ra, 0(sp)
    jal     deep2
end deep1

function deep2                  # 3
    addi    sp, sp, -16
    sw      ra, 0(sp)
    jal     restore
end deep2

function restore                # 6
    la      t1, buffer
    lw      ra, 0(t1)
    lw      sp, 4(t1)
    li      a0, 1
    ret
end restore

.Lhidden:                       # 2
    nop
    ret

function wild                   # 2 of 3
    nop
    nop
    jr      t2
end wild

function serve                  # 2
    nop
    ret
end serve

    .balign 4
function vector                 # 31 for the software interrupt, 24 for the timer's within it
    addi    sp, sp, -32
    sw      ra, 0(sp)
    sw      t1, 4(sp)
    sw      t2, 8(sp)
    csrr    t1, mepc
    sw      t1, 12(sp)
    csrr    t1, mstatus
    sw      t1, 16(sp)
    csrr    t1, mcause
    slli    t1, t1, 1
    addi    t1, t1, -6
    bnez    t1, 1f
    lui     t2, 0x2000
    sw      zero, 0(t2)
    lui     t2, 0x2004
    sw      zero, 0(t2)
    sw      zero, 4(t2)
    li      t1, 0x80
    csrs    mie, t1
    csrsi   mstatus, 8          # the timer interrupt
    jal     serve
    j       2f
1:  lui     t2, 0x2004
    li      t1, -1
    sw      t1, 4(t2)
2:  lw      t1, 16(sp)
    csrw    mstatus, t1
    lw      t1, 12(sp)
    csrw    mepc, t1
    lw      ra, 0(sp)
    lw      t1, 4(sp)
    lw      t2, 8(sp)
    addi    sp, sp, 32
    mret
end vector

    .data
    .balign 16
buffer:
    .space  16
    .space  1024
stack:
