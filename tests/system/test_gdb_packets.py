# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""What no debugger would send: the GDB server answers or ignores it, and the run goes on."""

import pathlib
import random
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from rsp import Client, finish, serve  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
SPIN = "1: addi t0, t0, 1\n j 1b"
FAULT = "li t0, 0x00300000\n lw t0, 0(t0)"


@unittest.skipIf(MISSING, MISSING)
class Packets(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def start(self, code=SPIN, *options):
        elf = cimera.small(self.folder.name, "code", code)
        process, port = serve(elf, "--wait", *options)
        self.addCleanup(finish, process)
        return process, port

    def alive(self, port):
        with Client(port) as client:
            self.assertTrue(client.ask("?").startswith("T"))
            self.assertEqual(len(client.ask("g")), 33 * 8)

    def test_wrong_requests(self):
        _, port = self.start()
        with Client(port) as client:
            for packet, answer in {
                    "": "", "m": "E22", "m0": "E22", "m0,ffffffff": "E22", "mzz,4": "E22",
                    "m300000,4": "E14", "mfffffffe,4": "E14", "m80000000,0": "",
                    "M80000000,4:00": "E22", "M300000,1:00": "E14", "X80000000,5:a": "E22",
                    "p1234567": "E14", "p": "E22", "P0": "E22", "P20=00": "E22", "G00": "E22",
                    "Pffffffff=00000000": "E14", "Z": "", "Z9,0,0": "", "Z0": "E22",
                    "Z2,80000000,0": "E22", "z0,80000000,4": "E22", "vCont": "", "vCont;": "E22",
                    "vCont;x": "E22", "qXfer:features:read:other.xml:0,10": "E00",
                    "qXfer:features:read:target.xml:0": "E22", "qRcmd,0": "E22",
                    "qXfer:features:read:target.xml:ffffff,10": "l", "c!": "E22",
                    "Z4,ffffffff,ffffffff": "OK", "z4,ffffffff,ffffffff": "OK"}.items():
                with self.subTest(packet=packet):
                    self.assertEqual(client.ask(packet), answer)
            self.assertEqual([client.ask("Z0,%x,4" % (0x80000000 + 4 * n)) for n in range(1025)],
                             ["OK"] * 1024 + ["E28"])
        self.alive(port)

    def test_bad_checksum(self):
        _, port = self.start()
        with Client(port) as client:
            client.raw(b"$g#00")
            self.assertEqual(client.socket.recv(1), b"-")
            client.raw(b"$?#3f")
            first = client.receive()
            client.raw(b"-")  # again
            self.assertEqual(client.receive(), first)

    def test_garbage(self):
        process, port = self.start()
        dice = random.Random(1)
        for size in (1, 100, 5000, 200000):
            for alphabet in (range(256), b"$#}gGmMXzZcsvq?;:,+-0123456789abcdef"):
                client = socket.create_connection(("127.0.0.1", port), 10)
                try:
                    # k and D would end it in order, R and c are not to be met by chance.
                    data = bytes(dice.choice(alphabet) for _ in range(size))
                    client.sendall(data)
                except OSError:
                    pass
                finally:
                    client.close()
                self.assertIsNone(process.poll())
        for start in (b"$" + b"a" * 300000, b"$g", b"$g#6", b"\x03" * 1000, b"}" * 1000):
            with socket.create_connection(("127.0.0.1", port), 10) as client:
                client.sendall(start)
        self.alive(port)

    def test_dropped_while_running(self):
        process, port = self.start()
        with Client(port) as client:
            self.assertEqual(client.ask("Z0,80000000,4"), "OK")
            client.send("c")
            self.assertTrue(client.receive().startswith("T05"))
            self.assertEqual(client.ask("z0,80000000,4"), "OK")
            client.send("c")
        self.alive(port)
        self.assertIsNone(process.poll())

    def test_packets_while_running(self):
        """They wait for the stop, which they do not hide."""
        _, port = self.start()
        with Client(port) as client:
            client.send("vCont;c")
            client.send("m80000000,4")
            client.send("g")
            client.raw(b"\x03")
            self.assertTrue(client.receive().startswith("T02"))
            self.assertEqual(len(client.receive()), 8)
            self.assertEqual(len(client.receive()), 33 * 8)
        self.alive(port)

    def test_crowd(self):
        """One debugger at a time; the others wait for their turn, or go."""
        _, port = self.start()
        crowd = [Client(port) for _ in range(64)]
        self.assertEqual(len(crowd[0].ask("g")), 33 * 8)
        for client in crowd[:-1]:
            client.socket.close()
        with crowd[-1] as last:
            self.assertTrue(last.ask("?").startswith("T"))
        self.alive(port)

    def test_kill(self):
        process, port = self.start()
        with Client(port) as client:
            client.send("k")
        self.assertEqual(process.wait(20), cimera.INTERRUPTED)

    def test_fault_is_a_signal(self):
        process, port = self.start(FAULT, "--on-fault", "stop")
        with Client(port) as client:
            self.assertTrue(client.ask("c").startswith("T0b"))
            # lui and lw: the load itself stands.
            self.assertEqual(client.ask("p20"), "04000080")
            client.send("k")
        self.assertEqual(process.wait(20), cimera.INTERRUPTED)

    def test_run_after_a_step_into_a_fault(self):
        _, port = self.start(FAULT + "\n" + SPIN, "--on-fault", "stop")
        with Client(port) as client:
            for expected, at in (("T05", "00"), ("T0b", "04")):
                self.assertEqual(client.ask("P20=" + at + "000080"), "OK")
                self.assertTrue(client.ask("s").startswith(expected))
            self.assertEqual(client.ask("P20=08000080"), "OK")
            client.send("c")
            client.raw(b"\x03")
            self.assertTrue(client.receive().startswith("T02"))

    def test_bite_of_the_watchdog_is_shown_then_resets(self):
        process, port = self.start("""li t0, 0x10014000; li t1, 0x51f15e; sw t1, 4(t0)
                                      li t1, 1000; sw t1, 16(t0); li t1, 1; sw t1, 12(t0)
                                      nop; 1: j 1b""")
        with Client(port) as client:
            hung_at = set()
            for _ in range(2):  # after the reset the program comes to the same end
                self.assertTrue(client.ask("c").startswith("T06"))
                hung_at.add(client.ask("p20"))
                # The chip as it was: the watchdog has barked and counts.
                self.assertEqual(client.ask("m10014008,1"), "02")
            self.assertEqual(len(hung_at), 1)
            client.send("k")
        self.assertEqual(process.wait(20), cimera.INTERRUPTED)

    def test_endless_wfi_is_shown_then_ends(self):
        process, port = self.start("li t0, 8\n csrs mie, t0\n wfi\n 1: j 1b")
        with Client(port) as client:
            self.assertTrue(client.ask("c").startswith("T06"))
            self.assertEqual(client.ask("c"), "W6e")
        self.assertEqual(process.wait(20), cimera.DIED)


if __name__ == "__main__":
    unittest.main()
