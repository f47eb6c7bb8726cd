# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Scripted GDB sessions, the same against `cimera run --gdb` and QEMU's stub, and what a debugger
must not change: results, energy, simulated time."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from rsp import Client, finish, free_port, serve  # noqa: E402
from test_laws import stable  # noqa: E402

MISSING = cimera.need("gdb-multiarch", "qemu-system-riscv32", cimera.COMPILER)
SOURCE = cimera.SOURCE / "tests" / "system" / "debug" / "debuggee.c"
FLAGS = ["-g", "-O1", "-march=rv32imac_zicsr", "-mabi=ilp32", "-ffreestanding", "-nostdlib",
         "-Wl,-n,--no-relax,--no-warn-rwx-segments,-Ttext=0x80000000", "-Wall", "-Wextra",
         "-Werror"]
SETTINGS = ["set pagination off", "set confirm off", "set width 0", "set remotetimeout 10"]

# Each session is a list of GDB commands.
SESSIONS = {
    "breakpoints": [
        "break main", "continue", "info registers sp pc ra gp s0 s11", "break square", "hbreak sum", "continue",
        "continue", "backtrace", "print value", "info breakpoints", "delete 2", "finish", "next",
        "print counter", "info locals", "finish"],
    "conditional": [
        "break square if value == 4", "continue", "print counter", "tbreak trap_once", "continue",
        "print watched", "print/x $mcause"],
    "step": [
        "break sum", "continue", "next", "step", "step", "stepi", "stepi", "nexti", "x/i $pc",
        "backtrace", "up", "info locals", "finish"],
    "trap": [
        "break trap_once", "continue", "x/3i $pc", "stepi", "x/i $pc", "print/x $mcause",
        "print/x $mepc", "info symbol $pc", "break wait_loop", "continue", "print traps"],
    "watch": [
        "watch watched", "continue", "continue", "delete", "rwatch spin", "continue", "delete",
        "awatch counter", "continue", "continue", "info watchpoints", "x/i $pc"],
    "watch_before_start": [
        "rwatch table[1]", "continue", "print i", "x/i $pc", "watch pair.left", "delete",
        "awatch traps", "continue", "info symbol $pc", "continue"],
    "set": [
        "break sum", "continue", "print table", "set var table[2] = 100", "set var pair.left = 55",
        "print pair", "x/4xw table", "x/2xh &pair", "x/4xb table", "finish", "set var $a0 = 77",
        "print $a0", "next", "next", "print again", "print/x $mscratch",
        "set var $mscratch = 0x55", "print/x $mscratch", "info registers mtvec mie mhartid priv"],
    "errors": [
        "break main", "continue", "x/xw 0x00300000", "print *(int*)0x00300000",
        "x/2i main", "info registers pc"],
    "code": [
        "break square", "continue", "delete", "print/x *(unsigned short*)&square",
        # The next instruction becomes a nop; it was executed before.
        "set var *(unsigned short*)&square = 1", "x/i square", "tbreak trap_once",
        "set var counter = 5", "continue", "print watched"],
    "jump": [
        "break wait_loop", "continue", "set var spin = 0", "finish", "delete",
        "set var $pc = trap_once", "stepi", "info symbol $pc", "print traps"],
}


def normal(text):
    """A session's output without what is no answer of the target."""
    return [line.rstrip() for line in text.splitlines()
            # QEMU has no memory map, so that GDB knows of no ROM.
            if not line.startswith(("warning: ", "[Inferior", "Remote debugging using",
                                    "Note: automatically using hardware breakpoints"))]


def build(folder):
    elf = pathlib.Path(folder, "debuggee.elf")
    subprocess.run([cimera.COMPILER, *FLAGS, "-o", elf, SOURCE], check=True, timeout=60)
    return elf


def gdb(elf, port, commands, timeout=60):
    """Output of a session of these commands."""
    arguments = ["gdb-multiarch", "-nx", "-batch"]
    for command in [*SETTINGS, f"target remote 127.0.0.1:{port}", *commands]:
        arguments += ["-ex", command]
    done = subprocess.run([*arguments, elf], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=timeout, check=False)
    return done.stdout + done.stderr


def interrupt_gdb(elf, port, before, after, timeout=60):
    """A session in which Ctrl-C is pressed while the last command of `before` runs."""
    script = [*SETTINGS, f"target remote 127.0.0.1:{port}", *before]
    process = subprocess.Popen(["gdb-multiarch", "-nx", "-q", elf], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               start_new_session=True)
    try:
        process.stdin.write("\n".join(script) + "\n")
        process.stdin.flush()
        output = ""
        while output.count("Continuing.") < before.count("continue"):
            piece = os.read(process.stdout.fileno(), 4096).decode()
            if not piece:
                raise AssertionError(f"GDB ended:\n{output}")
            output += piece
        time.sleep(1)  # the firmware gets to where it stays
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        output += process.communicate("\n".join([*after, "kill", "quit"]) + "\n",
                                      timeout=timeout)[0]
    finally:
        process.kill()
        process.wait()
    return output


@unittest.skipIf(MISSING, MISSING)
class Sessions(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.elf = build(cls.folder.name)

    def qemu(self):
        port = free_port()
        process = subprocess.Popen(
            ["timeout", "120", "qemu-system-riscv32", "-M", "virt", "-bios", "none", "-nographic",
             "-monitor", "none", "-serial", "none", "-kernel", self.elf, "-gdb",
             f"tcp:127.0.0.1:{port}", "-S"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(finish, process)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        return process, port

    def ours(self, *options):
        process, port = serve(self.elf, "--wait", *options)
        self.addCleanup(finish, process)
        return process, port

    def test_same_as_qemu(self):
        for name, commands in SESSIONS.items():
            with self.subTest(session=name):
                _, port = self.qemu()
                expected = normal(gdb(self.elf, port, [*commands, "kill"]))
                self.assertGreater(len(expected), len(commands) // 2)
                for mode in ([], ["--no-dmi"]):
                    process, port = self.ours(*mode)
                    answer = normal(gdb(self.elf, port, [*commands, "kill"]))
                    self.assertEqual(answer, expected)
                    self.assertEqual(process.wait(30), cimera.INTERRUPTED)

    def check_interrupt(self, before, after, pattern):
        for serve_one in (self.qemu, self.ours):
            _, port = serve_one()
            output = interrupt_gdb(self.elf, port, before, after)
            self.assertIn("SIGINT", output, serve_one)
            self.assertRegex(output, pattern)

    def test_interrupt_of_a_loop(self):
        self.check_interrupt(["continue"], ["info symbol $pc", "set var spin = 0",
                                            "tbreak sleep_forever", "continue"],
                             r"(?s)wait_loop.*Temporary breakpoint \d, sleep_forever")

    def test_interrupt_of_wfi(self):
        self.check_interrupt(["tbreak wait_loop", "continue", "set var spin = 0", "continue"],
                             ["info symbol $pc", "x/i $pc-4"], r"(?s)sleep_forever.*wfi")

    def test_detach_and_attach_again(self):
        for serve_one in (self.qemu, self.ours):
            process, port = serve_one()
            first = gdb(self.elf, port, ["break sum", "continue", "print count", "detach"])
            self.assertIn("$1 = 4", first)
            time.sleep(0.5)
            second = gdb(self.elf, port, ["info symbol $pc", "print watched", "print traps", "set var spin = 0", "tbreak sleep_forever",
                                          "continue", "kill"])
            self.assertIn("wait_loop", second)
            self.assertIn("$1 = 28\n$2 = 1\n", second)
            self.assertIn("Temporary breakpoint 1, sleep_forever", second)

    def test_load_and_run(self):
        """`load` writes the program through the debugger; it runs as the loaded one."""
        empty = cimera.small(self.folder.name, "empty", "1: j 1b")
        process, port = serve(empty, "--wait")
        self.addCleanup(finish, process)
        output = gdb(self.elf, port, ["load", "set var $pc = _start", "break trap_once", "continue",
                                      "print watched", "kill"])
        self.assertIn("Start address", output)
        self.assertIn("$1 = 27", output)

    def test_floating_point_csrs_while_the_unit_is_off(self):
        _, port = self.ours()
        output = gdb(self.elf, port, ["info registers fcsr", "set var $fcsr = 0x45",
                                      "print $fcsr", "print $frm", "print $fflags",
                                      "print $mstatus & 0x6000", "kill"])
        self.assertRegex(output, r"fcsr +0x0\b")
        self.assertIn("$1 = 69\n$2 = 2\n$3 = 5\n$4 = 0\n", output)

    def test_monitor(self):
        _, port = self.ours()
        output = gdb(self.elf, port, [
            "break sum", "continue", "monitor help", "monitor time", "monitor energy",
            "monitor map", "monitor nonsense", "monitor reset",
            "maintenance flush register-cache", "info registers pc", "continue", "kill"])
        self.assertRegex(output, r"total +[0-9.e-]+ J")
        self.assertIn("0x10000000", output)
        self.assertIn("unknown command 'nonsense'", output)
        self.assertRegex(output, r"pc +0x1000\b")
        self.assertEqual(len(re.findall(r"Breakpoint 1, sum", output)), 2)


@unittest.skipIf(MISSING, MISSING)
class Laws(unittest.TestCase):
    """A debugged run is the run."""

    def check(self, elf, commands, *options):
        plain = cimera.run(elf)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "report.json")
            process, port = serve(elf, "--wait", "--report", path, *options)
            self.addCleanup(finish, process)
            output = gdb(elf, port, commands, timeout=120)
            self.assertEqual(process.wait(60), plain.status, output)
            self.assertIn("exited" if plain.status else "exited normally", output)
            report = cimera.json.loads(path.read_text())
        self.assertEqual(stable(report), stable(plain.report))

    def test_hello(self):
        elf = cimera.applications().get("hello")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        touch = ["info registers", "x/8xw $sp", "x/4xw 0x10000000", "monitor energy"]
        steps = ["break main", "continue", *touch, "stepi 200", "step", "watch *(int*)($sp-16)",
                 "continue", "continue", "delete", "hbreak uart_write", *touch, "continue"]
        self.check(elf, [*steps, "delete", "continue"])
        self.check(elf, [*steps, "delete", "continue"], "--no-dmi")

    def test_digits(self):
        elf = cimera.applications().get("digits")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        self.check(elf, ["break main", "continue", "stepi 500", "monitor energy", "continue"])

    def test_interrupts_and_wfi(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("interrupts", "wfi", "traps"):
                with self.subTest(program=name):
                    elf = cimera.build(folder, cimera.PROGRAMS / f"{name}.S")
                    self.check(elf, ["stepi 400", "info registers", "continue"])

    def test_interrupted_often(self):
        """Ctrl-C at arbitrary moments, in wfi too, then on: nothing has changed."""
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.small(folder, "sleeper", SLEEPER)
            plain = cimera.run(elf)
            path = pathlib.Path(folder, "report.json")
            process, port = serve(elf, "--wait", "--report", path)
            self.addCleanup(finish, process)
            with Client(port) as client:
                stops = 0
                client.send("c")
                while True:
                    client.raw(b"\x03")
                    reply = client.receive()
                    if not reply.startswith("T02"):
                        break
                    stops += 1
                    client.send("c")
                self.assertEqual(reply, "W00")
            self.assertGreater(stops, 3)
            self.assertEqual(process.wait(30), plain.status)
            self.assertEqual(stable(cimera.json.loads(path.read_text())), stable(plain.report))


# 3000 naps of 1 ms, with work in between.
SLEEPER = """
    li s0, 3000
    li s1, 0x02004000
    li s2, 0x0200bff8
    li t0, -1
    sw t0, 4(s1)
    li t0, 128
    csrs mie, t0
1:  lw t0, 0(s2)
    li t1, 10000
    add t0, t0, t1
    sw t0, 0(s1)
    sw zero, 4(s1)
    wfi
    li t1, 100
2:  addi t1, t1, -1
    bnez t1, 2b
    addi s0, s0, -1
    bnez s0, 1b
    li t0, 0x5555
    li t1, 0x100000
    sw t0, 0(t1)
3:  j 3b
"""


if __name__ == "__main__":
    unittest.main()
