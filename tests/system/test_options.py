# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Wrong options and values: each is refused with its reason, none is passed over."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)


@unittest.skipIf(MISSING, MISSING)
class Options(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.elf = cimera.small(self.folder, "end", "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)")

    def refused(self, said, *options):
        with self.subTest(options=options):
            result = cimera.program("run", self.elf, "-q", *options, cwd=self.folder)
            self.assertEqual(result.status, cimera.USER_ERROR, result.messages)
            self.assertIn(said, result.messages)

    def test_empty_names(self):
        for option in ("--out", "--model", "--report", "--signature", "--uart", "--uart-in",
                       "--gpio-in"):
            self.refused(f"{option}: the name is empty", option, "")
        self.refused("--semihosting-dir: the name is empty", "--semihosting", "--semihosting-dir", "")

    def test_ports(self):
        for port in ("99999", "-1", "abc", "0x10", "1.5", ""):
            self.refused(f"--gdb: '{port}' is not a port from 0 to 65535", "--gdb", port)
        for port in ("tcp", "tcp:", "tcp:x", "tcp:65536"):
            self.refused(f"'{port}' is not tcp:PORT", "--uart", port)

    def test_options_that_need_others(self):
        self.refused("--wait requires --gdb", "--wait")
        self.refused("--trace-format requires --trace", "--trace-format", "compact")
        self.refused("--semihosting-dir requires --semihosting", "--semihosting-dir", ".")
        self.refused("--quiet excludes --verbose", "-v")

    def test_traces(self):
        self.refused("'cpu:' names no file", "--trace", "cpu:")
        self.refused("an earlier --trace has all that 'c.u' names", "--trace", "cpu:a", "--trace",
                     "c.u:b")

    def test_outputs_in_one_file(self):
        self.refused("is what --out writes", "-o", "out", "--report", "out/config.toml")
        self.refused("is what --uart writes", "--uart", "log", "--trace", "cpu:./log")
        self.refused("is what --report writes", "--report", "log", "--uart", "log")
        both = cimera.program("run", self.elf, "-q", "--trace", "cpu:log", "--trace", "uart:log",
                              cwd=self.folder)
        self.assertEqual(both.status, 0, both.messages)

    def test_defaults_for_another_soc(self):
        """What the firmware's own file asks for, `check` wants too; the message names the file."""
        defaults = self.elf.with_suffix(".run.toml")
        for text, said in (('set = ["sensor.camera.rate=\\"1 kHz\\""]', "this SoC has 0 [[sensor]]"),
                           ('[sensors.camera]\nfile = "none"', "SoC 'virt' has no sensor 'camera'")):
            defaults.write_text('soc = "sep"\n' + text + "\n")
            for command in (("run", "-c", "virt", self.elf), ("check", "virt", self.elf)):
                with self.subTest(command=command[0], defaults=text):
                    result = cimera.program(*command)
                    self.assertEqual(result.status, cimera.USER_ERROR)
                    self.assertIn(f"{defaults}, made for SoC 'sep': {said}", result.messages)

    def test_lost_output_of_other_commands(self):
        for command in (["describe"], ["list", "presets"], ["check", "sep"], ["--help"]):
            with self.subTest(command=command), open("/dev/full", "wb") as full:
                done = subprocess.run([cimera.PROGRAM, *command], stdout=full,
                                      stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(done.returncode, cimera.USER_ERROR)
                self.assertIn(b"standard output: cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
