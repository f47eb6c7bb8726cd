# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""--transactions: rows checked by hand, sums that are the ledger's, files that can be read."""

import csv
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
# One access of each kind, a copy by DMA of 64 bytes, a job of a tile that writes 8 weights of 4
# bits, and an address that nobody has (the handler is the end).
PROGRAM = """
    la t0, end; csrw mtvec, t0
register_write: li a0, 0x10000000; li a1, 'x'; sb a1, 0(a0)
register_read: lbu a1, 5(a0)
memory_write: la a0, data; sw a1, 0(a0)
memory_read: lw a1, 0(a0)
copy: li a0, 0x10017000; la a1, descriptor; sw a1, 0x40(a0)
1: lw a1, 0x80(a0); andi a1, a1, 1; bnez a1, 1b
tile: li a0, 0x40000000; la a1, job; sw a1, 0x40(a0)
1: lw a1, 0x34(a0); andi a1, a1, 1; bnez a1, 1b
nobody: li a0, 0x50000000; lw a1, 0(a0)
.balign 4
end: li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b
.balign 64
descriptor: .word 0, data, target, 64, 1, 0, 0, 0
.balign 64
job: .word 1, 0, 1 << 16, 8 << 16, data, 0, 0, 0, 0, 0, 4, 0, 0, 7, 0, 0
.balign 64
data: .fill 64, 1, 0x55
target: .fill 64
.globl register_write, register_read, memory_write, memory_read, copy, tile, nobody, end
.type register_write, @function; .type register_read, @function; .type memory_write, @function
.type memory_read, @function; .type copy, @function; .type tile, @function
.type nobody, @function; .type end, @function
"""
LOOP = "la s0, _start; 1: addi a0, a0, 1; sw a0, 0x400(s0); j 1b"
# platform/technology/fdsoi28.toml, in attojoules; the crossbar moves 8 bytes a beat.
BEAT = 8 * 378_000
SRAM_READ, SRAM_WRITE = 5_670_000, 4_430_000
REGISTER = 222_000
UART_BYTE = 162_000_000
DMA_DESCRIPTOR, DMA_BEAT = 870_000, 218_000
ROW_WRITE, CONTROL = 25_800, 435_000
CYCLE = 5_000  # of fabric and tile, in picoseconds
# What is dynamic and no part of a transaction or a job: instructions, and what devices do by
# themselves.
ELSEWHERE = ("cpu.", "timer.", "watchdog.", "sensor.", "rng.")
SPENT = ("initiator_aJ", "interconnect_aJ", "target_aJ", "total_aJ")


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def energy(row):
    return tuple(int(row[column]) for column in SPENT)


@unittest.skipIf(MISSING, MISSING)
class Transactions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "rows.csv"

    def run_program(self, *options):
        elf = cimera.small(self.folder, "each", PROGRAM)
        run = cimera.run(elf, "--transactions", self.path, *options)
        self.assertEqual(run.status, 0, run.messages)
        return run, rows_of(self.path)

    def one(self, rows, **cells):
        found = [row for row in rows if all(row[key] == value for key, value in cells.items())]
        self.assertEqual(len(found), 1, (cells, found))
        return found[0]

    def check(self, row, interconnect, target, latency, initiator=0):
        self.assertEqual(energy(row), (initiator, interconnect, target,
                                       initiator + interconnect + target), row)
        self.assertEqual(int(row["latency_ps"]), latency, row)
        self.assertEqual(row["response"], "ok")

    def test_rows_by_hand(self):
        _, rows = self.run_program()
        host = {"initiator": "host", "size": "4"}
        # A cycle over the crossbar at 200 MHz, one of the block at 100 MHz.
        row = self.one(rows, initiator="host", target="uart", command="write")
        self.check(row, BEAT, REGISTER + UART_BYTE, CYCLE + 10_000)
        self.assertEqual((row["function"], row["address"], row["size"], row["phase"], row["job"]),
                         ("register_write", "0x10000000", "1", "none", ""))
        row = self.one(rows, initiator="host", target="uart", command="read")
        self.check(row, BEAT, REGISTER, CYCLE + 10_000)
        self.assertEqual((row["function"], row["address"]), ("register_read", "0x10000005"))
        # A cycle over the crossbar, one of the memory.
        row = self.one(rows, **host, function="memory_write", command="write")
        self.check(row, BEAT, SRAM_WRITE, 2 * CYCLE)
        data = row["address"]
        row = self.one(rows, **host, function="memory_read", command="read", address=data)
        self.check(row, BEAT, SRAM_READ, 2 * CYCLE)
        # The DMA reads its descriptor, 64 bytes, and writes them; what it spends itself is a row.
        self.check(self.one(rows, initiator="dma", size="32"), 4 * BEAT, 4 * SRAM_READ, 5 * CYCLE)
        burst = self.one(rows, initiator="dma", size="64", command="read")
        self.check(burst, 8 * BEAT, 8 * SRAM_READ, 9 * CYCLE)
        self.assertEqual((burst["function"], burst["job"], burst["address"]), ("copy", "1", data))
        self.check(self.one(rows, initiator="dma", size="64", command="write"),
                   8 * BEAT, 8 * SRAM_WRITE, 9 * CYCLE)
        work = self.one(rows, initiator="dma", command="list")
        self.assertEqual(energy(work)[0], DMA_DESCRIPTOR + 8 * DMA_BEAT)
        self.assertEqual((work["target"], work["function"], work["response"], work["job"]),
                         ("dma", "copy", "ok", "1"))
        # The tile reads its descriptor and four bytes; two cycles of decoding, one row.
        self.check(self.one(rows, initiator="cim0", size="64"), 8 * BEAT, 8 * SRAM_READ, 9 * CYCLE)
        self.check(self.one(rows, initiator="cim0", size="4"), BEAT, SRAM_READ, 2 * CYCLE)
        work = self.one(rows, initiator="cim0", command="program")
        self.check(work, 0, 0, (9 + 2 + 3) * CYCLE, 32 * ROW_WRITE + 3 * CONTROL)
        self.assertEqual((work["function"], work["job"], work["size"]), ("tile", "1", "0"))
        # Nobody there: nothing was spent.
        row = self.one(rows, response="address_error")
        self.assertEqual((row["function"], row["target"], row["address"], energy(row)),
                         ("nobody", "", "0x50000000", (0, 0, 0, 0)))

    def check_sums(self, report, rows):
        events = {name: int(value) for name, value in report["energy_aJ"]["by_event"].items()}
        elsewhere = sum(value for name, value in events.items() if name.startswith(ELSEWHERE))
        sums = [sum(energy(row)[i] for row in rows) for i in range(4)]
        self.assertEqual(sums[3], sum(sums[:3]))
        self.assertEqual(sums[1], events["crossbar.beat"])
        self.assertEqual(sums[3], int(report["energy_aJ"]["dynamic"]) - elsewhere)
        # The same for each master, but the host's instructions.
        for initiator, total in report["energy_aJ"]["by_initiator"].items():
            if initiator not in ("none", "host"):
                self.assertEqual(sum(energy(row)[3] for row in rows
                                     if row["initiator"] == initiator), int(total), initiator)

    def test_sums(self):
        for mode in ([], ["--quantum", "1us"], ["--timing", "at"], ["--check-tlm"],
                     ["--set", "interconnect.width=4B"]):
            with self.subTest(mode=mode):
                run, rows = self.run_program(*mode)
                self.check_sums(run.report, rows)

    def test_sums_of_applications(self):
        applications = cimera.applications()
        if not applications:
            self.skipTest("skipped: the firmware is not built")
        for name, options in (("hello", []), ("hello", ["--timing", "at"]), ("dma", [])):
            with self.subTest(application=name, options=options):
                run = cimera.run(applications[name], "--transactions", self.path, *options)
                self.assertEqual(run.status, 0, run.messages)
                self.check_sums(run.report, rows_of(self.path))

    def test_sums_of_a_run_that_is_cut(self):
        elf = cimera.applications().get("dma")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        # 0.6 ms: the DMA is at work.
        for mode in ([], ["--timing", "at"]):
            run = cimera.run(elf, "--transactions", self.path, "--max-time", "595us", *mode)
            self.assertEqual(run.status, cimera.LIMIT, run.messages)
            rows = rows_of(self.path)
            self.assertIn("unfinished", {row["response"] for row in rows})
            self.check_sums(run.report, rows)

    def test_it_changes_nothing(self):
        elf = cimera.small(self.folder, "each", PROGRAM)
        for mode in ([], ["--timing", "at"]):
            plain = cimera.run(elf, *mode).report
            shown = cimera.run(elf, "--transactions", self.path, *mode).report
            for report in (plain, shown):
                for key in ("wall_time_s", "host_mips"):
                    del report[key]
            self.assertEqual(shown, plain)

    def test_the_same_rows_in_every_mode(self):
        files = set()
        for mode in ([], ["--quantum", "1us"], ["--check-tlm"]):
            self.run_program(*mode)
            files.add(self.path.read_bytes())
        self.assertEqual(len(files), 1)

    def test_quoting(self):
        elf = cimera.small(self.folder, "quote", """
            .globl "a,b"
            .type "a,b", @function
            nop
            "a,b": li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b""")
        run = cimera.run(elf, "--transactions", self.path)
        self.assertEqual(run.status, 0, run.messages)
        self.assertIn(b',"a,b",finisher,', self.path.read_bytes())
        self.assertEqual(self.one(rows_of(self.path), target="finisher")["function"], "a,b")

    def test_errors(self):
        elf = cimera.small(self.folder, "loop", LOOP)
        (self.folder / "folder").mkdir()
        for options, said in (
                (["--transactions", "/absent/rows.csv"], "/absent/rows.csv: cannot be written"),
                (["--transactions", self.folder / "folder"], "is a folder"),
                (["--transactions", ""], "--transactions: the name is empty"),
                (["--transactions", "/dev/full"], "/dev/full cannot be written: No space left"),
                (["--transactions", "a", "--report", "a"], "is what --report writes"),
                (["--transactions", elf], "would be overwritten")):
            with self.subTest(options=options):
                run = cimera.program("run", elf, "-q", "--max-time", "100ms", *options,
                                     cwd=self.folder)
                self.assertEqual(run.status, cimera.USER_ERROR, run.messages)
                self.assertIn(said, run.messages)

    def test_no_space(self):
        """A file that may not grow: an error, the report is there, nothing is left behind."""
        elf = cimera.small(self.folder, "loop", LOOP)
        report = self.folder / "report.json"

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

        run = cimera.program("run", elf, "-q", "--max-time", "1s", "--transactions", self.path,
                             "--report", report, preexec_fn=limit)
        self.assertEqual(run.status, cimera.USER_ERROR, run.messages)
        self.assertIn("--transactions", run.messages)
        self.assertIn("File too large", run.messages)
        self.assertTrue(report.exists())
        self.assertEqual(list(self.folder.glob("rows*")), [])

    def test_interrupted(self):
        elf = cimera.small(self.folder, "loop", LOOP)
        run = subprocess.Popen([cimera.PROGRAM, "run", elf, "-q", "--transactions", self.path],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            written = self.folder / "rows.csv.tmp"
            deadline = time.monotonic() + 60
            while not written.exists() or written.stat().st_size < 1_000_000:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            self.assertFalse(self.path.exists())
            os.kill(run.pid, signal.SIGINT)
            status = run.wait(60)
        finally:
            run.kill()
        self.assertEqual(status, cimera.INTERRUPTED)
        rows = rows_of(self.path)
        self.assertTrue(all(None not in row.values() for row in rows))
        self.assertTrue(self.path.read_bytes().endswith(b"\n"))


if __name__ == "__main__":
    unittest.main()
