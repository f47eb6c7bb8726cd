# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware that runs wild, and runs that are killed: limits work, nothing hangs or crashes, the
report can be read, and every mode gives the same end."""

import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from cimera import DIED, INTERRUPTED, LIMIT  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
MODES = ([], ["--no-dmi"], ["--quantum", "1us"])
LIMITS = ("--max-instructions", "200000", "--max-time", "50ms")
ONE_RUN = 60  # seconds; all of these runs take well below one
L2_END = 0x80400000
# A trap handler that goes on behind the instruction.
SKIP = """la t0, skip; csrw mtvec, t0; j main
.balign 64
skip: csrr t6, mepc; lhu t5, 0(t6); andi t5, t5, 3; addi t5, t5, -3
seqz t5, t5; slli t5, t5, 1; addi t5, t5, 2; add t6, t6, t5; csrw mepc, t6; mret
main: """
# What it does: the code, and how it ends.
PROGRAMS = {
    "runs to nowhere": ("li t0, 0x12345678; jr t0", DIED),
    "jumps to zero for ever": ("la t0, 1f; csrw mtvec, t0; jr x0\n.balign 4\n1: jr x0", DIED),
    "recursion without an end": ("la sp, _start; 1: addi sp, sp, -64; sw ra, 0(sp); jal 1b", DIED),
    "recursion over its own code":
        ("li sp, 0x80010000; 1: addi sp, sp, -16; sw ra, 0(sp); jal 1b", None),
    "jump to itself": ("1: j 1b", LIMIT),
    "compressed jump to itself": (".option rvc\n1: c.j 1b", LIMIT),
    "trap that traps": ("la t0, 1f; csrw mtvec, t0; ecall\n.balign 4\n1: ecall", DIED),
    "trap handler that only returns": ("la t0, 1f; csrw mtvec, t0; ecall\n.balign 4\n1: mret", LIMIT),
    "storm of software interrupts":
        ("""la t0, 1f; csrw mtvec, t0; li t0, 8; csrw mie, t0; li t1, 0x2000000; li t2, 1
            sw t2, 0(t1); csrsi mstatus, 8; 2: j 2b\n.balign 4\n1: mret""", LIMIT),
    "storm of timer interrupts":
        ("""la t0, 1f; csrw mtvec, t0; li t1, 0x2004000; sw x0, 4(t1); sw x0, 0(t1)
            li t0, 0x80; csrw mie, t0; csrsi mstatus, 8; 2: wfi; j 2b\n.balign 4\n1: mret""", LIMIT),
    "wfi that ends at once": ("""li t1, 0x2004000; sw x0, 4(t1); sw x0, 0(t1); li t0, 0x80
                                 csrw mie, t0; 1: wfi; j 1b""", LIMIT),
    "code that changes itself":
        ("""la t0, 2f; li t1, 0x00128293; li t2, 0x00100000; li t3, 1
            1: add t1, t1, t2; sw t1, 0(t0); fence.i
            .balign 4\n2: .word 0x00028293; la t0, 2b; j 1b""", LIMIT),
    "code that overwrites itself": ("la t0, 1f; 1: sw x0, 0(t0); addi t0, t0, 4; fence.i; j 1b", None),
    "code up to the end of memory":
        (f"""li t0, {L2_END - 8:#x}; li t1, 0x00000013; sw t1, 0(t0); sw t1, 4(t0)
             fence.i; jr t0""", DIED),
    "instruction across the end of memory":
        (f"""li t0, {L2_END - 2:#x}; li t1, 0x13; sh t1, 0(t0); fence.i; jr t0""", DIED),
    "jump into a device": ("li t0, 0x10000000; jr t0", DIED),
    "jump into the interrupt controller": ("li t0, 0xc000000; jr t0", DIED),
    "misaligned vector": ("li t0, 0x80000003; csrw mtvec, t0; ecall", None),
    "vector of an odd base":
        ("""la t0, 1f; addi t0, t0, 5; csrw mtvec, t0; li t0, 8; csrw mie, t0
            li t1, 0x2000000; li t2, 1; sw t2, 0(t1); csrsi mstatus, 8; 1: j 1b""", None),
    "vector in a device": ("li t0, 0x10000000; csrw mtvec, t0; ecall", DIED),
    "reset by every store of the finisher":
        ("li t0, 0x100000; li t1, 0; 1: sw t1, 0(t0); addi t1, t1, 1; li t2, 0x3333; bne t1, t2, 1b",
         None),
    "store to every device": (SKIP + """li s0, 0x2000000; li s2, 0x1004; li s3, 0x30000000
        1: li s1, -1; sw s1, 0(s0); lw s1, 0(s0); sb s1, 1(s0); add s0, s0, s2
        bltu s0, s3, 1b; 2: j 2b""", None),
    "prints for ever": ("li t0, 0x10000000; 1: sb t0, 0(t0); j 1b", LIMIT),
}
ENDS = {DIED, LIMIT} | set(range(100))


def mixture(seed, words=4000):
    """Random words as code: about a third of them are instructions."""
    source = random.Random(seed)
    data = "\n".join(f".word {source.getrandbits(32):#x}" for _ in range(words))
    return SKIP + "\n.balign 4\n" + data + "\n1: la t0, main; jr t0"


@unittest.skipIf(MISSING, MISSING)
class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, code, status):
        elf = cimera.small(self.folder, "program", code)
        first = None
        for mode in MODES:
            with self.subTest(mode=" ".join(mode)):
                result = cimera.run(elf, *LIMITS, *mode, timeout=ONE_RUN)
                self.assertIn(result.status, ENDS if status is None else {status},
                              result.messages[-400:])
                self.assertEqual(result.report["exit_code"], result.status)
                self.assertLessEqual(result.report["instructions"], 200000)
                end = (result.status, result.uart, result.report["instructions"],
                       result.report["simulated_time_ps"], result.report["energy_aJ"])
                first = first or end
                self.assertEqual(end, first)

    def test_programs(self):
        for name, (code, status) in PROGRAMS.items():
            with self.subTest(program=name):
                self.check(code, status)

    def test_mixtures(self):
        for seed in range(8):
            with self.subTest(seed=seed):
                self.check(mixture(seed), None)


@unittest.skipIf(MISSING, MISSING)
class Killed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def kill(self, elf, number, seconds):
        """Starts a run over an old report and sends a signal; exit status and report."""
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        report = out / "report.json"
        report.write_text('{"exit_code": "before"}')
        process = subprocess.Popen([cimera.PROGRAM, "run", elf, "-q", "-o", out],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            time.sleep(seconds)
            process.send_signal(number)
            process.wait(timeout=ONE_RUN)
        finally:
            process.kill()
        return process.returncode, json.loads(report.read_text())

    def test_at_any_time(self):
        elf = cimera.small(self.folder, "program", "1: addi t0, t0, 1; j 1b")
        times = random.Random(1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for _ in range(6):
                seconds = times.uniform(0, 0.4)
                with self.subTest(signal=number.name, seconds=seconds):
                    status, report = self.kill(elf, number, seconds)
                    # Before the program listens, the signal ends it as any other.
                    self.assertIn(status, (INTERRUPTED, -number))
                    self.assertEqual(report["exit_code"],
                                     INTERRUPTED if status == INTERRUPTED else "before")

    def test_listens_while_it_runs(self):
        elf = cimera.small(self.folder, "program", "1: addi t0, t0, 1; j 1b")
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                self.assertEqual(self.kill(elf, number, 3)[0], INTERRUPTED)


if __name__ == "__main__":
    unittest.main()
