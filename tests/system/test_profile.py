# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""--profile, --flamegraph, --coverage: who called whom, and that the parts are the whole."""

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
from test_laws import stable  # noqa: E402

MODES = ([], ["--no-dmi"], ["--quantum", "1us"], ["--quantum", "50us", "--no-dmi"])
APPLICATION_MODES = ([], ["--quantum", "50us", "--no-dmi"])  # some are long


class Callgrind:
    """A profile: own costs by function, and costs of calls by (caller, called)."""

    def __init__(self, text):
        self.own, self.lines, self.calls = {}, {}, {}
        names = {"f": {}, "n": {}}
        function = called = file = None
        count = None
        self.header, body = text.split("\n\n", 1)
        self.summary = self.costs(re.search(r"^summary: (.*)$", self.header, re.M)[1])
        self.totals = self.costs(re.search(r"^totals: (.*)$", body, re.M)[1])
        for line in body.splitlines():
            if match := re.match(r"(c?f[ien]|fl|cfi)=\((\d+)\)(?: (.*))?$", line):
                kind = "n" if match[1] in ("fn", "cfn") else "f"
                if match[3] is not None:
                    names[kind][match[2]] = match[3]
                name = names[kind][match[2]]
                if match[1] == "fn":
                    function = name
                elif match[1] == "cfn":
                    called = name
                elif match[1] in ("fl", "fi", "fe"):
                    file = name
            elif match := re.match(r"calls=(\d+) \d+$", line):
                count = int(match[1])
            elif match := re.match(r"(\d+) (\d+ \d+ \d+)$", line):
                cost = self.costs(match[2])
                if count is not None:
                    self.add(self.calls, (function, called), (count, *cost))
                    count = None
                else:
                    self.add(self.own, function, cost)
                    self.add(self.lines, (file, int(match[1])), cost)

    @staticmethod
    def costs(text):
        return tuple(int(number) for number in text.split())

    @staticmethod
    def add(where, key, cost):
        old = where.get(key, (0,) * len(cost))
        where[key] = tuple(a + b for a, b in zip(old, cost))

    def total(self):
        return tuple(sum(cost[k] for cost in self.own.values()) for k in range(3))


def folded(text):
    """Attojoules by stack."""
    return {stack: int(value) for stack, value in
            (line.rsplit(" ", 1) for line in text.splitlines())}


class Profiled(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def run_profiled(self, elf, *options):
        files = {name: self.folder / name for name in ("profile", "flamegraph", "coverage")}
        given = [word for name, path in files.items() for word in (f"--{name}", path)]
        run = cimera.run(elf, *given, *options)
        run.profile = Callgrind(files["profile"].read_text())
        run.folded = folded(files["flamegraph"].read_text())
        run.coverage = files["coverage"].read_text()
        return run

    def calls_elf(self):
        return cimera.build(self.folder, cimera.SOURCE / "tests/system/programs/calls.S",
                            extra=["-g"])


class Tree(Profiled):
    """A program whose calls are known: tests/system/programs/calls.S."""

    def test_own_instructions(self):
        run = self.run_profiled(self.calls_elf())
        self.assertEqual(run.status, 0, run.messages)
        own = {name: cost[0] for name, cost in run.profile.own.items()
               if cost[0] != 0 and name != "0x00001000"}
        hidden = [name for name in own if name.startswith("0x8000")]
        self.assertEqual([own.pop(name) for name in hidden], [2])
        self.assertEqual(own, {
            "_start": 10, "main": 27, "tailer": 1, "tailed": 2, "recurse": 46, "pointed": 3,
            "save": 6, "deep1": 3, "deep2": 3, "restore": 6, "wild": 2, "serve": 2,
            "vector": 31 + 24})

    def test_inclusive_instructions(self):
        """(calls, instructions) by (caller, called)."""
        run = self.run_profiled(self.calls_elf())
        calls = {key: cost[:2] for key, cost in run.profile.calls.items()
                 if not key[1].startswith("0x")}
        self.assertEqual(calls, {
            ("_start", "main"): (1, 27 + 1 + 2 + 46 + 3 + 6 + 3 + 3 + 6 + 2),
            ("_start", "wild"): (1, 2),
            ("main", "tailer"): (1, 1),
            ("main", "tailed"): (1, 2),
            ("main", "recurse"): (1, 46),
            # Levels 2 to 4; the fourth stands for deeper ones too.
            ("recurse", "recurse"): (5, (46 - 8) + (46 - 16) + (46 - 24)),
            ("main", "pointed"): (1, 3),
            ("main", "save"): (1, 6),
            ("main", "deep1"): (1, 12),
            ("deep1", "deep2"): (1, 9),
            ("deep2", "restore"): (1, 6),
            ("[interrupt 3]", "vector"): (1, 33),
            ("vector", "serve"): (1, 2),
            ("[interrupt 7]", "vector"): (1, 24),
        })

    def test_stacks(self):
        run = self.run_profiled(self.calls_elf())
        for stack in ("_start;main;recurse;recurse;recurse;recurse",
                      "_start;main;deep1;deep2;restore", "_start;wild",
                      "[interrupt 3];vector;serve", "[interrupt 7];vector",
                      "[background];host"):
            self.assertGreater(run.folded.get(stack, 0), 0, stack)
        self.assertNotIn("_start;main;recurse;recurse;recurse;recurse;recurse", run.folded)

    def test_source_lines(self):
        run = self.run_profiled(self.calls_elf())
        source = (cimera.SOURCE / "tests/system/programs/calls.S").read_text().splitlines()
        once = next(n for n, line in enumerate(source, 1) if "jal     deep2" in line)
        costs = [cost for (file, line), cost in run.profile.lines.items()
                 if file.endswith("calls.S") and line == once]
        self.assertEqual([cost[0] for cost in costs], [1])
        self.assertIn(f"DA:{once},1\n", run.coverage)
        skipped = source.index("1:  j       1b") + 1
        self.assertIn(f"DA:{skipped},0\n", run.coverage)
        self.assertIn("FNDA:6,recurse\n", run.coverage)
        self.assertIn("FNDA:0,wild\n", run.coverage)  # its first instruction is jumped over


class Laws(Profiled):
    def check(self, elf, options=(), modes=MODES, status=0):
        plain = cimera.run(elf, *options)
        self.assertEqual(plain.status, status, plain.messages)
        first = None
        for mode in modes:
            with self.subTest(mode=" ".join(mode) or "default"):
                run = self.run_profiled(elf, *options, *mode)
                self.assertEqual((run.status, run.uart), (plain.status, plain.uart))
                self.check_sums(run)
                functions = run.report["energy_aJ"].pop("by_function")
                run.report["energy_J"].pop("by_function")
                self.assertEqual(stable(run.report), stable(plain.report))
                if first is None:
                    first = (functions, run)
                self.assertEqual(functions, first[0])
                self.assertEqual(run.folded, first[1].folded)
                for name, cost in run.profile.own.items():
                    self.assertEqual(cost, first[1].profile.own[name], name)

    def check_sums(self, run):
        report, profile = run.report, run.profile
        total = int(report["energy_aJ"]["total"])
        expected = (report["instructions"], report["cycles"], total)
        self.assertEqual(profile.total(), expected)
        self.assertEqual(profile.summary, expected)
        self.assertEqual(profile.totals, expected)
        self.assertEqual(sum(run.folded.values()), total)
        self.assertEqual(sum(map(int, report["energy_aJ"]["by_function"].values())), total)
        leaves = {}
        for stack, energy in run.folded.items():
            leaf = stack if stack.startswith("[background]") else stack.rsplit(";", 1)[-1]
            leaves[leaf] = leaves.get(leaf, 0) + energy
        given = {name: int(value) for name, value in report["energy_aJ"]["by_function"].items()
                 if int(value) != 0}
        self.assertEqual(leaves, given)

    def test_known_program(self):
        self.check(self.calls_elf())
        self.check(self.calls_elf(), ("--timing", "at"), ([],))

    def test_instruction_programs(self):
        for source in sorted(cimera.PROGRAMS.glob("*.S")):
            with self.subTest(program=source.stem):
                self.check(cimera.build(self.folder, source), cimera.SUPERVISOR,
                           ([], ["--no-dmi"]), cimera.STATUS.get(source.stem, 0))

    def test_applications(self):
        applications = cimera.applications()
        if not applications:
            self.skipTest("skipped: the firmware is not built")
        for name, elf in applications.items():
            with self.subTest(application=name):
                self.check(elf, modes=APPLICATION_MODES)

    def test_approximately_timed(self):
        elf = cimera.applications().get("dma")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        self.check(elf, ("--timing", "at"), ([],))

    def test_jobs_belong_to_who_launched_them(self):
        elf = cimera.applications().get("digits")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        run = self.run_profiled(elf)
        exact = run.report["energy_aJ"]
        tiles = sum(int(exact["by_initiator"][name]) for name in ("cim0", "cim1"))
        # The launch is a store in the driver, inlined or not: its callers pay.
        launching = sum(cost[2] for (file, _), cost in run.profile.lines.items()
                        if file.endswith(("cim.c", "mmio.h")))
        self.assertGreater(launching, tiles)


@unittest.skipIf(cimera.need("callgrind_annotate"), cimera.need("callgrind_annotate"))
class Annotate(Profiled):
    def test_totals(self):
        run = self.run_profiled(self.calls_elf())
        done = subprocess.run(["callgrind_annotate", "--threshold=100", self.folder / "profile"],
                              capture_output=True, text=True, timeout=60, check=True)
        line = next(l for l in done.stdout.splitlines() if "PROGRAM TOTALS" in l)
        numbers = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) \(", line)]
        self.assertEqual(numbers, [run.report["instructions"], run.report["cycles"],
                                   int(run.report["energy_aJ"]["total"])])

    def test_inclusive(self):
        self.run_profiled(self.calls_elf())
        done = subprocess.run(["callgrind_annotate", "--threshold=100", "--inclusive=yes",
                               self.folder / "profile"],
                              capture_output=True, text=True, timeout=60, check=True)
        line = next(l for l in done.stdout.splitlines() if l.endswith(":deep1"))
        self.assertEqual(line.split()[0], "12")


@unittest.skipIf(cimera.need("lcov"), cimera.need("lcov"))
class Lcov(Profiled):
    def test_summary(self):
        self.run_profiled(self.calls_elf())
        done = subprocess.run(["lcov", "--summary", self.folder / "coverage"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = done.stdout + done.stderr
        self.assertRegex(text, r"lines\.*: 9\d\.\d% \(\d+ of \d+ lines\)")
        self.assertRegex(text, r"functions\.*: \d+\.\d% \(12 of 13 functions\)")


class Files(Profiled):
    def test_text(self):
        run = cimera.program("run", self.calls_elf(), "--profile", self.folder / "p")
        self.assertIn("energy by function", run.messages)
        self.assertRegex(run.messages, r"\n  recurse +[\d.]+ ")

    def test_nothing_without_asking(self):
        run = cimera.run(self.calls_elf())
        self.assertNotIn("by_function", run.report["energy_aJ"])

    def test_may_not_be_the_program(self):
        elf = self.calls_elf()
        run = cimera.run(elf, "--profile", elf)
        self.assertEqual(run.status, cimera.USER_ERROR)
        self.assertIn("--profile", run.messages)

    def test_must_be_writable_before_the_run(self):
        run = cimera.run(self.calls_elf(), "--flamegraph", self.folder / "no" / "file")
        self.assertEqual(run.status, cimera.USER_ERROR)
        self.assertIn("cannot be written", run.messages)

    def test_written_after_an_interrupt(self):
        elf = cimera.small(self.folder, "spin", "    .size _start, 4\n1: j 1b")
        path = self.folder / "profile"
        process = subprocess.Popen([cimera.PROGRAM, "run", "-q", elf, "--profile", path],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.assertFalse(path.exists())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), cimera.INTERRUPTED)
        profile = Callgrind(path.read_text())
        self.assertEqual(profile.total(), profile.totals)

    def test_without_symbols(self):
        elf = self.calls_elf()
        names = subprocess.run(["riscv64-unknown-elf-nm", elf], capture_output=True, text=True,
                               check=True, timeout=60).stdout
        main = re.search(r"^(\w+) T main$", names, re.M)[1]
        subprocess.run(["riscv64-unknown-elf-strip", elf], check=True, timeout=60)
        run = self.run_profiled(elf)
        self.assertEqual(run.status, 0, run.messages)
        self.assertEqual(run.profile.total()[0], run.report["instructions"])
        self.assertIn(f"0x{main}", run.profile.own)  # which was called


if __name__ == "__main__":
    unittest.main()
