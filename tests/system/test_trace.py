# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""--trace as a user sees it: same results, files that can be read, errors that speak."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
LINE = re.compile(r"core   0: 3 0x[0-9a-f]{8} \(0x[0-9a-f]{4,8}\).*")
VOLATILE = ("wall_time_s", "host_mips")
LOOP = "la s0, _start; 1: addi a0, a0, 1; sw a0, 0x400(s0); j 1b"


@unittest.skipIf(MISSING, MISSING)
class Trace(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def report(self, elf, *options):
        run = cimera.run(elf, *options)
        self.assertEqual(run.status, 0, run.messages)
        return {key: value for key, value in run.report.items() if key not in VOLATILE}, run.uart

    def test_a_trace_changes_nothing(self):
        elf = cimera.applications().get("hello")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        plain = self.report(elf)
        logs = set()
        for mode in ([], ["--no-dmi"], ["--quantum", "1us"]):
            log = self.folder / "all.log"
            self.assertEqual(self.report(elf, "--trace", f".*:{log}", *mode)[0]["energy_aJ"],
                             plain[0]["energy_aJ"])
            logs.add(log.read_text())
        self.assertEqual(self.report(elf, "--trace", "cpu:/dev/null"), plain)
        self.assertEqual(len(logs), 1)

    def test_register_accesses(self):
        elf = cimera.small(self.folder, "uart", """li t0, 0x10000000; li t1, 'A'; sb t1, 0(t0)
            lbu a0, 5(t0); li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b""")
        log = self.folder / "log"
        self.report(elf, "--trace", f"uart|finisher:{log}")
        lines = log.read_text().splitlines()
        self.assertEqual(len(lines), 3)
        for line, end in zip(lines, (r"uart\.\w+ W 0x41", r"uart\.LSR R 0x60",
                                     r"finisher\.FINISH W 0x00005555")):
            self.assertRegex(line, rf"^\d+ ps host 0x800000[0-9a-f]{{2}} {end}$")

    def test_where_it_goes(self):
        elf = cimera.small(self.folder, "end", "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)")
        result = cimera.program("run", "-q", elf, "--trace", "cpu")
        lines = result.messages.splitlines()
        self.assertEqual(len(lines), 6 + 4)  # boot ROM, program
        for line in lines:
            self.assertRegex(line, LINE)
        cimera.program("run", "-q", elf, "--trace", "cpu", "-o", self.folder / "out")
        self.assertEqual((self.folder / "out" / "trace.log").read_text(), result.messages)

    def test_errors(self):
        elf = cimera.small(self.folder, "loop", LOOP)
        for trace, said in (("foo", "nothing here is called 'foo'\n  there is: cpu, finisher"),
                            ("c(pu", "'c(pu' is no regular expression"),
                            ("(" * 2000 + ")" * 2000, "a pattern of 4000 characters"),
                            ("cpu:/absent/log", "No such file or directory"),
                            ("cpu:/dev/full", "/dev/full cannot be written: No space left on device")):
            result = cimera.program("run", elf, "-q", "--max-time", "1s", "--trace", trace)
            self.assertEqual(result.status, cimera.USER_ERROR, result.messages)
            self.assertIn(said, result.messages)

    def test_closed_pipe(self):
        """The reader goes: the run ends in order, its report is there."""
        elf = cimera.small(self.folder, "loop", LOOP)
        report = self.folder / "report.json"
        run = subprocess.Popen([cimera.PROGRAM, "run", elf, "-q", "--trace", "cpu:/dev/stdout",
                                "--report", report, "--max-time", "60s"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        self.assertRegex(run.stdout.readline().decode(), LINE)
        run.stdout.close()
        messages = run.stderr.read().decode()
        run.stderr.close()
        self.assertEqual(run.wait(60), cimera.USER_ERROR)
        self.assertIn("Broken pipe", messages)
        self.assertTrue(report.exists())

    def interrupted(self, number):
        elf = cimera.small(self.folder, "loop", LOOP)
        log = self.folder / "log"
        run = subprocess.Popen([cimera.PROGRAM, "run", elf, "-q", "--trace", f"cpu:{log}"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while not log.exists() or log.stat().st_size < 1_000_000:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            os.kill(run.pid, number)
            status = run.wait(60)
        finally:
            run.kill()
        with open(log, encoding="ascii") as file:
            file.seek(max(0, log.stat().st_size - 4096))  # it may have become large
            lines = file.read().split("\n")
        self.assertRegex(lines[-2], LINE)
        return status, lines[-1]

    def test_interrupted(self):
        self.assertEqual(self.interrupted(signal.SIGINT), (cimera.INTERRUPTED, ""))

    def test_killed(self):
        # The system may have cut the last piece anywhere.
        self.assertEqual(self.interrupted(signal.SIGKILL)[0], -signal.SIGKILL)

    def test_list(self):
        listed = cimera.program("list", "traces").uart.decode().splitlines()
        self.assertEqual(listed[0].split()[0], "cpu")
        self.assertIn("uart", [line.split()[0] for line in listed])


if __name__ == "__main__":
    unittest.main()
