# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Registers of finisher, CLINT, PLIC, UART and virtio transports in all widths, here and on QEMU: value or trap.

DIFFERENCES lists what may differ, and why. Each entry must still be needed.
"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need("qemu-system-riscv32", cimera.COMPILER)

FINISHER, CLINT, PLIC, UART, VIRTIO = 0x100000, 0x2000000, 0xC000000, 0x10000000, 0x10001000
OPERATIONS = ("lbu", "lhu", "lw", "sb", "sh", "sw")
WIDTH = {"b": 1, "h": 2, "w": 4}
PATTERNS = (0xFFFFFFFF, 0x5A5A5A5A, 0)

# Goes through the table of accesses (operation, address, value) and stores for each what trapped
# and what was loaded, or the address that trapped; then prints all that.
PROGRAM = """
    .option norelax
    .text
    .globl _start
_start:
    la t0, trapped
    csrw mtvec, t0
    la s0, table
    la s1, results
access:
    lw t0, 0(s0)
    bltz t0, report
    lw a0, 4(s0)
    lw a1, 8(s0)
    addi s0, s0, 12
    li s2, 0
    li a2, 0
    la t1, operations
    slli t0, t0, 3
    add t1, t1, t0
    jr t1
    .option norvc
    .balign 4
operations:
""" + "".join(f"    {name} {'a2' if name[0] == 'l' else 'a1'}, 0(a0)\n    j next\n" for name in OPERATIONS) + """
    .balign 4
trapped:
    csrr s2, mcause
    csrr a2, mtval
    la t0, next
    csrw mepc, t0
    mret
next:
    sw s2, 0(s1)
    sw a2, 4(s1)
    addi s1, s1, 8
    j access
report:
    li t0, 0x10000000       # the UART as after reset
    li t1, 3
    sb t1, 3(t0)
    sb x0, 4(t0)
    li t1, 10               # ends what was printed until now
    sb t1, 0(t0)
    la s2, results
1:  lw a0, 0(s2)
    li t1, 28
2:  srl t2, a0, t1
    andi t2, t2, 15
    addi t2, t2, 48
    li t3, 58
    blt t2, t3, 3f
    addi t2, t2, 39
3:  sb t2, 0(t0)
    addi t1, t1, -4
    bgez t1, 2b
    li t2, 10
    sb t2, 0(t0)
    addi s2, s2, 4
    bltu s2, s1, 1b
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b
    .data
    .balign 4
"""


def words(base, offsets):
    """Aligned words: as they are, and after patterns were written."""
    for offset in offsets:
        yield "lw", base + offset, 0
        for pattern in PATTERNS:
            yield "sw", base + offset, pattern
            yield "lw", base + offset, 0


def accesses():
    # QEMU's compare value begins at 0, ours, as SiFive's, where no interrupt is.
    yield "sw", CLINT + 0x4000, 0
    yield "sw", CLINT + 0x4004, 0
    # Harts that do not exist, the end of each region, what lies between them.
    yield from words(CLINT, (0x0, 0x4, 0x8, 0x3FFC, 0x4000, 0x4004, 0x4008, 0x400C, 0xBFF0, 0xBFF4))
    # Sources, pending and enable words, contexts: the first, the last, beyond; holes.
    yield from words(PLIC, (0x0, 0x4, 0x28, 0x17C, 0x300, 0xFFC, 0x1000, 0x1004, 0x107C, 0x1080,
                            0x1FFC, 0x2000, 0x2004, 0x2008, 0x2018, 0x207C, 0x2080, 0x2084, 0x2100,
                            0x1FFFFC, 0x200000, 0x200004, 0x200008, 0x200FFC, 0x201000, 0x201004,
                            0x202000, 0x3FFFFC, 0x5FFFFC, 0x600000))
    yield "lw", FINISHER, 0
    for operation in ("sh", "sw"):
        yield operation, FINISHER, 0x1234
        yield operation, FINISHER + 4, 0x5555
    yield "lw", FINISHER + 8, 0
    for slot in (0, 7):  # nothing is connected
        for offset in (0, 4, 8, 12, 16, 0x34, 0x70, 0xFC):
            yield "lw", VIRTIO + 0x1000 * slot + offset, 0
        yield "sw", VIRTIO + 0x1000 * slot + 0x70, 1
        yield "lw", VIRTIO + 0x1000 * slot + 0x70, 0
    yield from uart()


def uart():
    """Byte registers, in all aligned widths."""
    for offset in range(8):
        for letter, width in WIDTH.items():
            if offset % width == 0:
                yield f"l{letter}{'u' if width < 4 else ''}", UART + offset, 0
    lcr, divisor = UART + 3, ((0x83, 0x11), (0x03, 0x5A))
    for format_, value in divisor:
        yield "sb", lcr, format_
        for offset in (0, 1):
            if format_ & 0x80 or offset == 1:
                yield "sb", UART + offset, value
                yield "lbu", UART + offset, 0
    for letter, width in WIDTH.items():  # divisor latch and MCR by wider accesses
        yield "sb", lcr, 0x83
        yield f"s{letter}", UART, 0x11223344
        yield "lbu", UART, 0
        yield "lbu", UART + 1, 0
        yield "sb", lcr, 0x03
        yield f"s{letter}", UART + 4, 0x11223302
        yield "lw", UART + 4, 0
    for pattern in PATTERNS:
        yield "sb", UART + 7, pattern
        yield "lbu", UART + 7, 0
        yield "sb", UART + 5, pattern  # read-only registers
        yield "lbu", UART + 5, 0
        yield "sb", UART + 6, pattern
        yield "lbu", UART + 6, 0
    for value in (0, 1, 0xC7, 0):
        yield "sb", UART + 2, value
        yield "lbu", UART + 2, 0
        yield "lbu", UART + 2, 0


# (address, what we do given QEMU's cause and value, why)
DIFFERENCES = [
    ({PLIC + 0x2000, PLIC + 0x2080}, lambda cause, value: (cause, value & ~1),
     "source 0 does not exist: its enable bits read zero"),
    ({UART + 4}, lambda cause, value: (cause, value & ~8),
     "MCR is zero after reset, as the data sheet says; QEMU sets OUT2"),
]


def table(entries):
    lines = [f"    .word {OPERATIONS.index(operation)}, {address:#x}, {value:#x}\n"
             for operation, address, value in entries]
    return ("table:\n" + "".join(lines) + "    .word -1\n    .bss\n    .balign 4\n"
            f"results: .space {8 * len(lines)}\n")


def results(uart_output):
    lines = uart_output.split(b"\n")
    words_ = [int(line, 16) for line in lines[-1 - 2 * len(list(accesses())):-1]]
    return list(zip(words_[::2], words_[1::2]))


@unittest.skipIf(MISSING, MISSING)
class Registers(unittest.TestCase):
    def test_every_width(self):
        entries = list(accesses())
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.build(folder, PROGRAM + table(entries), "registers")
            reference = cimera.qemu(elf)
            result = cimera.run(elf, "-c", "virt")
        self.assertEqual((reference.status, result.status), (0, 0), result.messages)
        needed, wrong = set(), []
        for entry, theirs, ours in zip(entries, results(reference.uart), results(result.uart)):
            expected = theirs
            for row, (addresses, adjust, _) in enumerate(DIFFERENCES):
                if entry[1] in addresses and entry[0].startswith("l"):
                    expected = adjust(*expected)
                    if expected != theirs:
                        needed.add(row)
            if ours != expected:
                wrong.append(f"{entry[0]} {entry[1]:#x}, {entry[2]:#x}: expected cause and value "
                             f"{expected[0]:x} {expected[1]:x}, found {ours[0]:x} {ours[1]:x}")
        self.assertFalse(wrong, "\n".join(wrong[:40]))
        unused = [reason for row, (*_, reason) in enumerate(DIFFERENCES) if row not in needed]
        self.assertFalse(unused, "differences that are none")


if __name__ == "__main__":
    unittest.main()
