# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Every CSR number in every mode here and on QEMU: which accesses trap, and what reads back.

DIFFERENCES lists what may differ, and why. Each entry must still be needed.
"""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

PROBE = pathlib.Path(__file__).resolve().with_name("csr_probe.S")
# QEMU without what this core does not have.
CPU = "rv32,f=off,d=off,h=off,sstc=off,mmu=off,debug=off"
OURS = ("--set", "host.supervisor_mode=true", "--set", "host.isa=rv32imac")
SETUPS = ("M", "S mcounteren=0", "S scounteren=0", "S TVM", "U mcounteren=0", "U scounteren=0", "U")
OPERATIONS = ("read", "write -1", "write 0", "write 5..", "write a..", "write 1f0d0b09", "set -1",
              "set 0", "clear -1", "write 21", "set 21")
MISSING = cimera.need("qemu-system-riscv32", cimera.COMPILER)



# Setups with the modes' letters, mcounteren and scounteren; as in the probe.
ENABLES = {0: ("M", 0, 0), 1: ("S", 0, ~0), 2: ("S", ~0, 0), 3: ("S", 0x5A5A5A5A, 0),
           4: ("U", 0, ~0), 5: ("U", ~0, 0), 6: ("U", 0x33333333, 0x55555555)}
NO_LINE = (7, 0, 0)  # all three accesses trap
COUNTING = {0xB00, 0xB02, 0xB80, 0xB82, 0xC00, 0xC01, 0xC02, 0xC80, 0xC81, 0xC82}


def masked(mask):
    """Ours has only some of the bits."""
    return lambda key, trapped, old, new: (trapped, old & mask, new & mask)


def pmpcfg(key, trapped, old, new):
    fields = [new >> shift & 0x9F for shift in (0, 8, 16, 24)]
    legal = [field if field & 1 else field & ~2 for field in fields]
    return trapped, old, sum(field << shift for field, shift in zip(legal, (0, 8, 16, 24)))


def mstatus(key, trapped, old, new):
    if new >> 11 & 3 == 2:
        new &= ~(3 << 11)  # the old MPP is 0
    return trapped, old, new & 0x007A19AA


def counter(key, *_):
    """A counter of which the specification demands that it exists and reads as zero at least."""
    setup, number, operation = key
    mode, machine, supervisor = ENABLES[setup]
    if number < 0xC00:
        return (0, 0, 0) if mode == "M" else NO_LINE
    enabled = (~0 if mode == "M" else machine) & (supervisor if mode == "U" else ~0)
    return (4 if operation == 0 else 5, 0, 0) if enabled >> (number & 31) & 1 else NO_LINE


def trigger(key, *_):
    """A trigger register that is read-only zero."""
    return (0, 0, 0) if ENABLES[key[0]][0] == "M" else NO_LINE


def hpm(first, last):
    return {base + k for base in (0xB00, 0xB80, 0xC00, 0xC80) for k in range(first, last + 1)}


# (CSRs, what we do given QEMU's trapped, old and new, why)
DIFFERENCES = [
    ({0x300}, mstatus, "no vector unit, so no VS, nor SD for it; SUM is read-only 0 where satp is; "
     "MPP keeps its value when the reserved mode 2 is written, which QEMU stores"),
    ({0x100}, masked(0x00080122), "sstatus: likewise VS, SD and SUM"),
    ({0x302}, masked(0xB3FF), "medeleg: no exceptions of the hypervisor"),
    ({0x303, 0x344}, masked(0x222), "mideleg, mip: no interrupts of the hypervisor"),
    ({0x304}, masked(0xAAA), "mie: no interrupts of the hypervisor"),
    ({0x10A, 0x30A}, masked(1), "senvcfg, menvcfg: FIOM only, the rest belongs to Zicbom, Zicboz"),
    ({0x31A}, masked(0), "menvcfgh: bits of Svpbmt and Sstc"),
    ({0x310}, masked(0), "mstatush: bits of the hypervisor"),
    ({0x141, 0x341}, masked(~1), "bit 0 of mepc and sepc is always 0; QEMU stores it"),
    ({0x320}, masked(0xFFFD), "mcountinhibit: bits of the implemented counters; time has none"),
    (set(range(0x323, 0x340)), masked(0), "mhpmevent: WARL, unknown events read as 0"),
    (set(range(0x3A0, 0x3A4)), pmpcfg, "pmpcfg: bits 6:5 read 0, and R=0 W=1 is reserved"),
    ({0xF12, 0xF13}, masked(0), "marchid, mimpid: QEMU tells its version"),
    (hpm(16, 18) - set(range(0xC00, 0xD00)), masked(0), "counters 16 to 18 are read-only zero"),
    (hpm(19, 31), counter, "QEMU has no counters from 19 on"),
    (set(range(0x7A0, 0x7A4)), trigger, "tselect, tdata1 to tdata3: read-only zero, no trigger; "
     "QEMU without debug has none of them"),
    ({0x180}, lambda key, *found: NO_LINE if key[0] == 3 else found,
     "mstatus.TVM traps satp; QEMU without an MMU does not look"),
    (set(range(0xC00, 0x1000)), lambda key, trapped, old, new:
     (trapped | 1, 0 if trapped & 1 == 0 else old, new) if key[2] == 7 else (trapped, old, new),
     "csrrs with a source other than x0 is a write, also if the source holds 0"),
]


def lines(uart):
    """(setup, csr, operation) -> (trapped, old, new) from the probe's output."""
    words = [int(line, 16) for line in uart.split()]
    found = {}
    for key, trapped, old, new in zip(*[iter(words[:-32])] * 4):
        number = key & 0xFFF
        values = (0, 0) if number in COUNTING else (old, new)
        found[key >> 24, number, key >> 12 & 0xFFF] = (trapped, *values)
    return found


@unittest.skipIf(MISSING, MISSING)
class Csrs(unittest.TestCase):
    def test_every_csr_in_every_mode(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.build(folder, PROBE)
            reference = cimera.qemu(elf, cpu=CPU)
            result = cimera.run(elf, *OURS)
        self.assertEqual((reference.status, result.status), (0, 0), result.messages)
        theirs, ours = lines(reference.uart), lines(result.uart)
        self.assertGreater(len(theirs), 2500)
        needed = set()
        wrong = []
        for key in sorted({(setup, number, operation) for setup in range(len(SETUPS))
                           for number in range(4096) for operation in range(len(OPERATIONS))}):
            expected = theirs.get(key, NO_LINE)
            for row, (numbers, adjust, _) in enumerate(DIFFERENCES):
                if key[1] in numbers:
                    adjusted = adjust(key, *expected)
                    if adjusted != expected and expected != NO_LINE or adjust in (counter, trigger):
                        needed.add(row)
                        expected = adjusted
            if ours.get(key, NO_LINE) != expected:
                wrong.append(f"{SETUPS[key[0]]}: {OPERATIONS[key[2]]} of CSR {key[1]:#x}: expected "
                             f"{expected}, found {ours.get(key, NO_LINE)}")
        self.assertFalse(wrong, "\n".join(wrong[:40]))
        unused = [reason for row, (*_, reason) in enumerate(DIFFERENCES) if row not in needed]
        self.assertFalse(unused, "differences that are none")


if __name__ == "__main__":
    unittest.main()
