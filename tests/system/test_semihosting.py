# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Semihosting: a C program built for it does the same here and on QEMU, and cannot leave its
folder."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need("qemu-system-riscv32", cimera.COMPILER)
SOURCE = cimera.SOURCE / "tests" / "system" / "debug" / "semihosted.c"
FLAGS = ["--specs=picolibc.specs", "--oslib=semihost", "--crt0=semihost", "-march=rv32imac",
         "-mabi=ilp32", "-O1", *(f"-Wl,--defsym=__{name}={value}" for name, value in (
             ("flash", "0x80000000"), ("flash_size", "0x40000"), ("ram", "0x80040000"),
             ("ram_size", "0x20000")))]


@unittest.skipIf(MISSING, MISSING)
class Semihosting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def build(self, *flags):
        elf = self.folder / "semihosted.elf"
        subprocess.run([cimera.COMPILER, *FLAGS, *flags, "-o", elf, SOURCE], check=True, timeout=60,
                       stderr=subprocess.DEVNULL)
        return elf

    def room(self, name):
        room = self.folder / name
        (room / "inner").mkdir(parents=True)
        (room / "inner" / "deep.txt").write_text("deep")
        return room

    def test_same_as_qemu(self):
        elf = self.build()
        theirs, ours = self.room("theirs"), self.room("ours")
        qemu = subprocess.run(
            ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-nographic", "-monitor", "none",
             "-serial", "none", "-semihosting-config", "enable=on,target=native", "-kernel", elf],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, cwd=theirs)
        self.assertEqual(qemu.returncode, 7)
        self.assertIn(b"read itten", qemu.stdout + qemu.stderr)
        for mode in ([], ["--no-dmi"], ["--quantum", "1us"], ["-c", "virt"]):
            with self.subTest(mode=" ".join(mode)):
                run = cimera.run(elf, "--semihosting", "--semihosting-dir", ours, *mode)
                self.assertEqual(run.uart, qemu.stdout + qemu.stderr)
                self.assertEqual(run.status, 7)
                self.assertEqual((ours / "kept.txt").read_text(), "written\n")

    def test_cannot_leave_its_folder(self):
        precious = self.folder / "precious.txt"
        precious.write_text("keep")
        elf = self.build(f'-DESCAPE="{precious}"')
        room = self.room("room")
        (room / "link.txt").symlink_to(precious)
        (room / "linked").symlink_to(self.folder)
        (self.folder / "outside.txt").write_text("outside")
        os.mkfifo(room / "pipe")
        run = cimera.run(elf, "--semihosting", "--semihosting-dir", room)
        self.assertEqual(run.status, 7)
        lines = run.uart.decode().splitlines()
        start = lines.index("inner/deep.txt opened") + 1
        self.assertEqual(len(lines[start:]), 9)
        for line in lines[start:]:
            self.assertRegex(line, r"refused$|-1$")
        self.assertEqual(precious.read_text(), "keep")
        self.assertEqual((self.folder / "outside.txt").read_text(), "outside")
        self.assertFalse((self.folder / "moved.txt").exists())

    def test_no_folder_no_files(self):
        run = cimera.run(self.build(), "--semihosting")
        self.assertEqual(run.uart.decode().splitlines(), ["hello 42", "inner/deep.txt refused"])
        self.assertEqual(run.status, 7)

    def reader(self):
        """Reads three bytes after a while, and writes them to the UART."""
        return cimera.small(self.folder, "reader", """.option norvc
            li t0, 3000000
            1: addi t0, t0, -1
            bnez t0, 1b
            li s1, 3
            .balign 16
            2: li a0, 7
            slli x0, x0, 0x1f
            ebreak
            srai x0, x0, 7
            li t0, 0x10000000
            sb a0, 0(t0)
            addi s1, s1, -1
            bnez s1, 2b
            li t0, 0x100000
            li t1, 0x5555
            sw t1, 0(t0)
            3: j 3b""")

    def test_console_input(self):
        for text, read in ((b"abcdef", b"abc"), (b"a", b"a\xff\xff")):
            done = subprocess.run([cimera.PROGRAM, "run", "-q", self.reader(), "--semihosting"],
                                  input=text, capture_output=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, read))

    def test_interrupted_while_it_waits_for_input(self):
        report = self.folder / "report.json"
        process = subprocess.Popen([cimera.PROGRAM, "run", "-q", self.reader(), "--semihosting",
                                    "--report", report], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), cimera.INTERRUPTED)
        self.assertTrue(report.exists())

    def test_off(self):
        """Without the option an ebreak traps."""
        code = ("la t0, 1f\n csrw mtvec, t0\n .option norvc\n .balign 16\n slli x0, x0, 0x1f\n"
                " ebreak\n srai x0, x0, 7\n 2: j 2b\n .balign 4\n"
                "1: csrr t1, mcause\n slli t1, t1, 16\n li t0, 0x3333\n or t0, t0, t1\n"
                " li t2, 0x100000\n sw t0, 0(t2)\n 3: j 3b")
        elf = cimera.small(self.folder, "off", "li a0, 0x18\n li a1, 0x20026\n" + code)
        self.assertEqual(cimera.run(elf).status, 3)
        self.assertEqual(cimera.run(elf, "--semihosting").status, 0)


if __name__ == "__main__":
    unittest.main()
