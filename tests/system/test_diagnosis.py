# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware that runs wild ends with a diagnosis and the documented exit status, in every mode."""

import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
MODES = ([], ["--no-dmi"], ["--quantum", "1us"])
TRAPPED = 97

JUMP = """#include <stdio.h>
int table[8];
int main(void) {{
    void (*volatile f)(void) = (void (*)(void)){0};
    puts("go");
    f();
    return 0;
}}
"""
RECURSION = """#include <stdio.h>
int deep(int n);
int (*volatile again)(int) = deep;
int deep(int n) {
    volatile char x[64];
    x[n & 63] = (char)n;
    return again(n + 1) + x[3];
}
int main(void) { printf("%d\\n", deep(1)); return 0; }
"""
# A handler that does not quieten its device: mie bit {0}, what raises the interrupt {1}.
STORM = """la t0, handler; csrw mtvec, t0
{1}
li t0, {0}; csrw mie, t0; csrsi mstatus, 8
main: addi s0, s0, 1; j main
.balign 4
handler: addi s1, s1, 1; mret
"""


@unittest.skipIf(MISSING, MISSING)
class Diagnosis(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ends(self, elf, status, *parts, modes=MODES):
        """All modes end the same, at the same time, and say all parts."""
        ends = set()
        for mode in modes:
            path = self.folder / "report.json"
            result = cimera.program("run", elf, "--report", path, "--max-time", "5s", *mode)
            self.assertEqual(result.status, status, result.messages)
            for part in parts:
                self.assertIn(part, result.messages)
            said = re.split(r"\n\n|\A\n", result.messages)[0]
            report = cimera.json.loads(path.read_text())
            ends.add((said, report["simulated_time_ps"], report["instructions"],
                      report["energy_aJ"]["total"], report["end_reason"]))
        self.assertEqual(len(ends), 1, ends)
        return result

    def small(self, code):
        return cimera.small(self.folder, "program", code)

    def test_wild_jump_to_nowhere(self):
        elf = cimera.firmware(self.folder, "wild", JUMP.format("0x50000000"))
        result = self.ends(elf, TRAPPED, "2-byte fetch from 0x50000000, which no device answers",
                           "main", "wild.c:6", "near cim1", "past its end")
        self.assertRegex(result.messages, r"from 0x[0-9a-f]+ main\+0x[0-9a-f]+ \(.*wild\.c:6\)")
        self.assertIn(b"trap: instruction access fault", result.uart)

    def test_wild_jump_to_zero(self):
        elf = cimera.firmware(self.folder, "null", JUMP.format("0"))
        self.ends(elf, TRAPPED, "2-byte fetch from 0x00000000", "through a null pointer?",
                  "null.c:6")

    def test_wild_jump_to_data(self):
        elf = cimera.firmware(self.folder, "data", JUMP.format("table"))
        self.ends(elf, TRAPPED, "illegal instruction (mtval 0x00000000), not in the program's code",
                  "ra   0x", "main+0x")

    def test_wild_jump_into_empty_memory(self):
        """An odd address: the processor clears its lowest bit."""
        elf = cimera.firmware(self.folder, "empty", JUMP.format("0x80080001"))
        self.ends(elf, TRAPPED, "not in the program's code", "at   0x80080000", "main+0x")

    def test_no_handler(self):
        self.ends(self.small("lui t0, 0x50000; jr t0"), cimera.DIED,
                  "died: the trap vector cannot be fetched", "fetch from 0x50000000")

    def test_endless_recursion(self):
        elf = cimera.firmware(self.folder, "deep", RECURSION)
        self.ends(elf, cimera.DIED, "the stack has overflowed and overwritten the program",
                  "1-byte store to 0x7fff", "bytes below it", "deep+0x", "deep.c:")

    def test_overflow_noticed_at_a_fault(self):
        """The program is still there: its handler ends the run."""
        elf = cimera.firmware(self.folder, "over", """
            int main(void) {
                __asm__ volatile("la sp, __stack_guard; addi sp, sp, -64; lw zero, (zero)");
            }""")
        self.ends(elf, TRAPPED, "the stack [0x800ef000, 0x800ff000) has overflowed: sp 0x800eefc0 "
                  "lies 0x40 bytes below it")

    def test_fault_in_the_handler(self):
        """The handler's first push faults, and so it goes on."""
        elf = self.small("""la t0, handler; csrw mtvec, t0; li sp, 0x50000000; ecall
            .balign 4
            handler: nop; sw a0, 0(sp); 1: j 1b""")
        self.ends(elf, cimera.DIED, "the trap handler faults itself (store access fault)",
                  "handler+0x2")

    def test_faults_that_are_handled_may_repeat(self):
        elf = self.small("""la t0, handler; csrw mtvec, t0; li s0, 150000; lui s1, 0x50000
            1: lw a0, 0(s1); addi s0, s0, -1; bnez s0, 1b
            li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 2: j 2b
            .balign 4
            handler: csrr t0, mepc; addi t0, t0, 4; csrw mepc, t0; mret""".replace(
                "lw a0, 0(s1)", ".option push; .option norvc; lw a0, 0(s1); .option pop"))
        result = self.ends(elf, 0, modes=[[]])
        self.assertIn("repeated x150000", result.messages)

    def test_storm_of_software_interrupts(self):
        self.ends(self.small(STORM.format("8", "li t0, 0x2000000; li t1, 1; sw t1, (t0)")),
                  cimera.DIED, "interrupt storm (software: msip of clint)", "handler")

    def test_storm_of_a_timer(self):
        self.ends(self.small(STORM.format("0x80", "li t0, 0x2004000; sw x0, (t0); sw x0, 4(t0)")),
                  cimera.DIED, "interrupt storm (timer: mtimecmp of clint)")

    def test_storm_of_a_device(self):
        """The UART's transmit interrupt, never claimed."""
        self.ends(self.small(STORM.format("0x800", """
            li t0, 0xc000000; li t1, 1; sw t1, 40(t0)
            li t0, 0xc002000; li t1, 0x400; sw t1, 0(t0)
            li t0, 0x10000000; li t1, 2; sb t1, 1(t0)""")),
            cimera.DIED, "interrupt storm (external: plic source 10: uart)")

    def test_many_interrupts_are_no_storm(self):
        """An instruction of the program between two of them is progress."""
        elf = self.small("""la t0, handler; csrw mtvec, t0; li s2, 0x2000000; li s3, 1
            li t0, 8; csrw mie, t0; csrsi mstatus, 8; li s0, 1100000
            1: sw s3, (s2); addi s0, s0, -1; bnez s0, 1b
            li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 2: j 2b
            .balign 4
            handler: sw x0, (s2); mret""")
        self.ends(elf, 0, modes=[[]])

    def test_storm_in_the_runtime(self):
        """The dispatcher claims again and again what its handler has not quietened, and never
        returns: the PLIC tells, a limit ends it."""
        elf = cimera.firmware(self.folder, "storm", """
            #include "runtime/interrupt.h"
            static void lazy(void* context) { (void)context; }
            int main(void) {
                interrupt_attach(10, lazy, 0);
                *(volatile unsigned char*)0x10000001 = 2;
                for (;;) {
                }
            }""")
        result = cimera.program("run", elf, "--max-time", "1s")
        self.assertEqual(result.status, cimera.LIMIT, result.messages)
        self.assertIn("plic CLAIM: interrupt storm: source 10 has been claimed 100000 times",
                      result.messages)
        self.assertIn("plic_claim+0x", result.messages)

    def test_sleep_that_nothing_ends(self):
        """The time of death is that of the wfi, whatever the limit."""
        elf = self.small("li t0, 0x80; csrw mie, t0; wfi; 1: j 1b")
        times = set()
        for limit in ([], ["--max-time", "1s"], ["--max-time", "7us"]):
            run = cimera.run(elf, *limit)
            self.assertEqual(run.status, cimera.DIED, run.messages)
            self.assertIn("wfi that nothing can end", run.messages)
            times.add(run.report["simulated_time_ps"])
        self.assertEqual(len(times), 1, times)
        self.assertLess(int(times.pop()), 1_000_000)

    def test_headers_before_memory(self):
        """A plain link puts the file's headers in front of the code: no reason to refuse it."""
        source, elf = self.folder / "plain.S", self.folder / "plain.elf"
        source.write_text(".globl _start\n_start: li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)\n")
        subprocess.run([cimera.COMPILER, "-march=rv32imac", "-mabi=ilp32", "-nostdlib",
                        "-Wl,-Ttext=0x80000000", "-o", elf, source], check=True, timeout=60)
        self.assertEqual(cimera.run(elf).status, 0)
        data = bytearray(elf.read_bytes())
        data[0x200] = 1  # no padding any more
        elf.write_bytes(data)
        refused = cimera.run(elf)
        self.assertEqual(refused.status, cimera.USER_ERROR)
        self.assertIn("at 0x7ffff000 do not lie in a memory", refused.messages)

    def test_truncated_elf(self):
        """Whatever is cut off: a user's error, never a crash. Some files are short of symbols only."""
        good = cimera.firmware(self.folder, "cut", "int main(void) { return 0; }").read_bytes()
        header = struct.unpack_from("<I", good, 28)[0]
        ends = [0, 3, 4, 15, 51, 52, header, header + 31, header + 32, header + 63, len(good) // 8]
        for end in ends:
            with self.subTest(end=end):
                path = self.folder / "short.elf"
                path.write_bytes(good[:end])
                result = cimera.program("run", path)
                self.assertEqual(result.status, cimera.USER_ERROR, result.messages)
                self.assertRegex(result.messages, r"\Aerror: \S*short\.elf: .+\n  .+")

    def test_hostile_elf(self):
        good = cimera.small(self.folder, "good", "j _start").read_bytes()
        first = struct.unpack_from("<I", good, 28)[0]
        for name, offset, code, value, said in (
            ("class", 4, "B", 2, "64-bit"), ("order", 5, "B", 2, "not little-endian"),
            ("machine", 18, "<H", 62, "is for x86"), ("type", 16, "<H", 1, "is an object file"),
            ("headers", 44, "<H", 0xffff, "past the end of the file"),
            ("no headers", 44, "<H", 0, "no usable program headers"),
            ("header place", 28, "<I", 0xfffffff0, "past the end of the file"),
            ("entry", 24, "<I", 0x70000000, "is in no segment"),
            ("odd entry", 24, "<I", 0x80000001, "is odd"),
        ):
            with self.subTest(field=name):
                bytes_ = bytearray(good)
                struct.pack_into(code, bytes_, offset, value)
                path = self.folder / "bad.elf"
                path.write_bytes(bytes_)
                result = cimera.program("run", path)
                self.assertEqual(result.status, cimera.USER_ERROR, result.messages)
                self.assertIn(said, result.messages)
        self.assertGreater(first, 0)


if __name__ == "__main__":
    unittest.main()
