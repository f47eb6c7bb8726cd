# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The UART's other end: files, standard input and output, a pseudo terminal, TCP. The echo program
runs on QEMU too and answers the same."""

import os
import pathlib
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from cimera import DIED, INTERRUPTED, USER_ERROR  # noqa: E402

MISSING = cimera.need(cimera.COMPILER, "qemu-system-riscv32")


def no_terminals():
    """The reason to skip where the machine has no pseudo terminals, or None."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as error:
        return f"skipped: {error}"
    return None


NO_TERMINALS = no_terminals()
TEXT = b"My big sphinx of hard stone judges jackdaws, 0123456789 times.\n"  # no q
MODES = ([], ["--no-dmi"], ["--quantum", "1us"])
PATIENCE = 30


def read_until(descriptor, end, limit=PATIENCE):
    """What a descriptor gives up to and with `end`."""
    got, deadline = b"", time.monotonic() + limit
    while not got.endswith(end):
        ready, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise AssertionError(f"only {got!r} after {limit} s")
        piece = os.read(descriptor, 4096)
        if not piece:
            raise AssertionError(f"the end after {got!r}")
        got += piece
    return got


@unittest.skipIf(MISSING, MISSING)
class Uart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.echo = cimera.build(self.folder, cimera.SOURCE / "tests/system/programs/echo.S")

    def input_file(self, data):
        path = self.folder / "input"
        path.write_bytes(data)
        return path

    def start(self, *options, elf=None, **pipes):
        arguments = [cimera.PROGRAM, "run", elf or self.echo, "-q", "-c", "virt", *options]
        pipes.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, **pipes)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    @staticmethod
    def address(process):
        """What the program says about where to connect."""
        line = read_until(process.stderr.fileno(), b"\n").decode()
        return re.fullmatch(r"uart: (\S+)\n", line).group(1)


class File(Uart):
    def test_echo_in_every_mode(self):
        path = self.input_file(TEXT + b"q")
        results = [cimera.run(self.echo, "-c", "virt", "--uart-in", path, *mode) for mode in MODES]
        for result in results:
            self.assertEqual((result.status, result.uart), (0, b">" + TEXT + b"\n"), result.messages)
            self.assertIs(result.report["reproducible"], True)
            for key in ("simulated_time_ps", "instructions", "cycles", "energy_aJ", "warnings"):
                self.assertEqual(result.report[key], results[0].report[key])

    def test_takes_the_time_of_the_line(self):
        path = self.input_file(b"x" * 99 + b"q")
        report = cimera.run(self.echo, "-c", "virt", "--uart-in", path).report
        # A thousand bits, and the time-out of four characters.
        line = 100 * 10 / 115_200
        self.assertGreater(report["simulated_time_s"], line)
        self.assertLess(report["simulated_time_s"], line + 5 * 10 / 115_200)

    def test_end_of_the_file(self):
        """Asleep with nothing to come any more: not before the file's last byte."""
        result = cimera.run(self.echo, "-c", "virt", "--uart-in", self.input_file(TEXT))
        self.assertEqual((result.status, result.uart), (DIED, b">" + TEXT))
        self.assertIn("wfi that nothing can end", result.messages)

    def test_overrun(self):
        code = """
            li s0, 0x10000000
            li t1, 1
            sb t1, 2(s0)            # FIFO
            li t1, 1000000
        1:  addi t1, t1, -1
            bnez t1, 1b
            lbu t2, 5(s0)
            andi t2, t2, 3
            li t0, 0x100000
            slli t2, t2, 16
            li t1, 0x3333
            or t1, t1, t2
            sw t1, 0(t0)
        2:  j 2b
        """
        elf = cimera.small(self.folder, "deaf", code)
        for size, status in ((16, 1), (17, 3), (40, 3)):
            result = cimera.run(elf, "--uart-in", self.input_file(b"x" * size))
            self.assertEqual(result.status, status)
            lost = [w["text"] for w in result.report["warnings"] if "received bytes" in w["text"]]
            expected = f"uart: {size - 16} received bytes were lost because the FIFO was full"
            self.assertEqual(lost, [expected] if size > 16 else [])

    def test_missing(self):
        result = cimera.run(self.echo, "--uart-in", self.folder / "none")
        self.assertEqual(result.status, USER_ERROR)
        self.assertIn("--uart-in", result.messages)


class Stdio(Uart):
    def test_pipe(self):
        process = self.start(stdin=subprocess.PIPE)
        output, errors = process.communicate(TEXT + b"q", timeout=PATIENCE)
        self.assertEqual((process.returncode, output), (0, b">" + TEXT + b"\n"), errors)

    def test_as_on_qemu(self):
        emulator = subprocess.Popen(
            ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-nographic", "-monitor", "none",
             "-serial", "stdio", "-kernel", self.echo], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, emulator)
        theirs = read_until(emulator.stdout.fileno(), b">")
        theirs += emulator.communicate(TEXT + b"q", timeout=PATIENCE)[0]
        self.assertEqual(emulator.returncode, 0)
        ours = cimera.run(self.echo, "-c", "virt", "--uart-in", self.input_file(TEXT + b"q"))
        self.assertEqual(ours.uart, theirs)

    def test_input_marks_the_report(self):
        report = self.folder / "report.json"
        process = self.start("--report", report, stdin=subprocess.PIPE)
        process.communicate(b"q", timeout=PATIENCE)
        self.assertIn('"reproducible": false', report.read_text())

    def test_waits_for_a_pipe_only_where_the_firmware_listens(self):
        process = self.start(stdin=subprocess.PIPE)
        self.assertEqual(read_until(process.stdout.fileno(), b">"), b">")
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE), DIED)
        deaf = cimera.small(self.folder, "deaf", "li t0, 0x800; csrw mie, t0; wfi; 1: j 1b")
        process = self.start(elf=deaf, stdin=subprocess.PIPE)
        self.assertEqual(process.wait(PATIENCE), DIED)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([cimera.PROGRAM, "run", self.echo, "-q", "-c", "virt", "--uart-in",
                                   self.input_file(b"q")], stdin=subprocess.DEVNULL, stdout=full,
                                  stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, USER_ERROR)
        self.assertIn(b"standard output: No space left on device", done.stderr)
        result = cimera.run(self.echo, "-c", "virt", "--uart-in", self.input_file(b"q"), "--uart",
                            "/dev/full")
        self.assertEqual(result.status, USER_ERROR)
        self.assertIn("/dev/full: No space left on device", result.messages)

    def test_closed_pipe(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as closed:
            report = self.folder / "report.json"
            done = subprocess.run([cimera.PROGRAM, "run", self.echo, "-q", "-c", "virt", "--uart-in",
                                   self.input_file(b"q"), "--report", report],
                                  stdin=subprocess.DEVNULL, stdout=closed, stderr=subprocess.PIPE,
                                  timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, USER_ERROR)
        self.assertIn(b"standard output: Broken pipe", done.stderr)
        self.assertIn('"exit_code": 0', report.read_text())


@unittest.skipIf(NO_TERMINALS, NO_TERMINALS)
class Terminal(Uart):
    """Standard input and output are a terminal, the run its foreground job."""

    def spawn(self, *options):
        master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        pid = os.fork()
        if pid == 0:
            os.login_tty(self.slave)
            os.execv(cimera.PROGRAM, [str(part) for part in (
                cimera.PROGRAM, "run", self.echo, "-q", "-c", "virt", *options)])
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, self.slave)
        return pid, master

    def settle(self, pid, master):
        """Exit status, or the signal as a negative number."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # Nobody else reads what it still prints.
            if select.select([master], [], [], 0.05)[0]:
                try:
                    os.read(master, 4096)
                except OSError:
                    pass
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        os.kill(pid, signal.SIGKILL)
        raise AssertionError("the run does not end")

    def check_restored(self):
        after = termios.tcgetattr(self.slave)
        self.assertEqual(after[:4], self.before[:4])

    def test_typing(self):
        pid, master = self.spawn()
        read_until(master, b">")
        self.assertEqual(termios.tcgetattr(master)[3] & (termios.ICANON | termios.ECHO), 0)
        os.write(master, b"hi\x01c\x01\x01")
        self.assertEqual(read_until(master, b"\x03\x01"), b"hi\x03\x01")
        os.write(master, b"q")
        self.assertEqual(self.settle(pid, master), 0)
        self.check_restored()

    def test_every_way_to_end(self):
        for end, status in ((lambda pid, master: os.write(master, b"\x03"), INTERRUPTED),
                            (lambda pid, master: os.write(master, b"\x01x"), INTERRUPTED),
                            (lambda pid, master: os.kill(pid, signal.SIGTERM), 130),
                            (lambda pid, master: os.kill(pid, signal.SIGSEGV), -signal.SIGSEGV)):
            with self.subTest(status=status):
                pid, master = self.spawn()
                read_until(master, b">")
                end(pid, master)
                self.assertEqual(self.settle(pid, master), status)
                self.check_restored()


@unittest.skipIf(NO_TERMINALS, NO_TERMINALS)
class Pty(Uart):
    def open(self, process):
        client = os.open(self.address(process), os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, client)
        return client

    def test_talk(self):
        process = self.start("--uart", "pty")
        client = self.open(process)
        self.assertEqual(read_until(client, b">"), b">")
        os.write(client, TEXT)
        self.assertEqual(read_until(client, b"\n"), TEXT)
        os.write(client, b"q")
        self.assertEqual(read_until(client, b"\n"), b"\n")
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_waits_and_can_be_opened_again(self):
        process = self.start("--uart", "pty")
        name = self.address(process)
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        for text in (b">", b"a", b"b"):
            client = os.open(name, os.O_RDWR | os.O_NOCTTY)
            if text != b">":
                os.write(client, text)
            self.assertEqual(read_until(client, text), text)
            os.close(client)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), INTERRUPTED)


class Tcp(Uart):
    def connect(self, address):
        host, port = address.split(":")
        client = socket.create_connection((host, int(port)), timeout=PATIENCE)
        self.addCleanup(client.close)
        return client

    def test_talk(self):
        report = self.folder / "report.json"
        process = self.start("--uart", "tcp:0", "--report", report)
        client = self.connect(self.address(process))
        self.assertEqual(read_until(client.fileno(), b">"), b">")
        client.sendall(TEXT * 20)
        got = b"".join(read_until(client.fileno(), b"\n") for _ in range(1))
        while got.count(b"\n") < 20:
            got += read_until(client.fileno(), b"\n")
        self.assertEqual(got, TEXT * 20)
        client.sendall(b"q")
        self.assertEqual(read_until(client.fileno(), b"\n"), b"\n")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn('"reproducible": false', report.read_text())

    def test_begins_with_the_first_client_and_serves_the_next(self):
        process = self.start("--uart", "tcp:0")
        address = self.address(process)
        first = self.connect(address)
        self.assertEqual(read_until(first.fileno(), b">"), b">")
        first.close()
        second = self.connect(address)
        second.sendall(b"again")
        self.assertEqual(read_until(second.fileno(), b"again"), b"again")
        second.sendall(b"q")
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_client_that_leaves(self):
        """What nobody reads costs no more time than what is written to nowhere."""
        code = """li t0, 0x10000000; li t1, 65; li t2, 1000000
                  2: sb t1, 0(t0); addi t2, t2, -1; bnez t2, 2b
                  li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b"""
        elf, spent = cimera.small(self.folder, "talker", code), []
        for where in ("/dev/null", "tcp:0"):
            process = self.start("--uart", where, elf=elf)
            if where == "tcp:0":
                self.connect(self.address(process)).close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            spent.append(usage.ru_utime + usage.ru_stime)
        self.assertLess(spent[1], 10 * spent[0] + 0.5)

    def test_interrupted_while_nobody_connects(self):
        process = self.start("--uart", "tcp:0")
        self.address(process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), INTERRUPTED)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = cimera.run(self.echo, "--uart", f"tcp:{port}")
        self.assertEqual(result.status, USER_ERROR)
        self.assertIn(f"port {port}: Address already in use", result.messages)

    def test_not_a_port(self):
        for port in ("", "x", "65536", "-1"):
            result = cimera.run(self.echo, "--uart", f"tcp:{port}")
            self.assertEqual(result.status, USER_ERROR)
            self.assertIn("is not tcp:PORT", result.messages)


class Realtime(Uart):
    def test_not_faster_than_the_wall(self):
        code = """li t0, 0x2004000; sw x0, 4(t0); li t1, 5000000; sw t1, 0(t0)
                  li t1, 0x80; csrw mie, t1; wfi
                  li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b"""
        elf = cimera.small(self.folder, "late", code)
        slow = cimera.run(elf, "--realtime").report
        self.assertGreater(slow["wall_time_s"], 0.45)
        # Something else may run on this machine.
        fast = min((cimera.run(elf).report for _ in range(5)), key=lambda run: run["wall_time_s"])
        self.assertLess(fast["wall_time_s"], 0.4)
        self.assertEqual(slow["simulated_time_ps"], fast["simulated_time_ps"])


if __name__ == "__main__":
    unittest.main()
