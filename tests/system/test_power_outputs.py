# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""--power-trace and --timeline: other programs read them, and their numbers are the report's."""

import collections
import decimal
import json
import os
import pathlib
import re
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
LOOP = "la s0, _start; 1: addi a0, a0, 1; sw a0, 0x400(s0); j 1b"
# A timer interrupt after 150 us ends a wfi; then firmware resets the chip, which a word of the
# NVM remembers; behind that a store to nowhere traps and ends the program.
SLEEPER = """
    la t0, handler; csrw mtvec, t0
    li t0, 0x20000100; lw t1, 0(t0); bnez t1, again
    li t1, 1; sw t1, 0(t0)
    call nap
    li t0, 0x100000; li t1, 0x7777; sw t1, 0(t0); 1: j 1b
.globl nap
.type nap, @function
nap: li t0, 0x0200bff8; lw t1, 0(t0); addi t1, t1, 1500
    li t0, 0x02004000; sw t1, 0(t0); sw zero, 4(t0)
    li t1, 0x80; csrw mie, t1; csrsi mstatus, 8
    wfi
    ret
.size nap, .-nap
again: li t0, 0x50000000; sw t0, 0(t0)
.balign 4
.globl handler
.type handler, @function
handler: csrr t2, mcause; bgez t2, fatal
    li t2, 0x80; csrc mie, t2
    mret
fatal: li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b
.size handler, .-handler
"""


def parse_vcd(text):
    """Changes by signal, as (time, value), and the last instant."""
    names, scope, changes, now = {}, [], collections.defaultdict(list), 0
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "$scope":
            scope.append(words[2])
        elif words[0] == "$upscope":
            scope.pop()
        elif words[0] == "$var":
            names[words[3]] = ".".join([*scope, words[4]])
        elif words[0].startswith("#"):
            now = int(words[0][1:])
        elif words[0][0] in "rbs" and len(words) == 2 and words[1] in names:
            kind, text_value = words[0][0], words[0][1:]
            value = (float(text_value) if kind == "r" else
                     int(text_value, 2) if kind == "b" else text_value)
            changes[names[words[1]]].append((now, value))
    return dict(changes), now, set(names.values())


def integral(changes, end):
    """Joules of a power in watts."""
    total = 0.0
    for (begin, watts), (until, _) in zip(changes, [*changes[1:], (end, 0)]):
        total += watts * (until - begin) * 1e-12
    return total


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def application(self, name):
        elf = cimera.applications().get(name)
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        return elf

    def loop(self):
        return cimera.small(self.folder, "loop", LOOP)

    def sleeper(self):
        return cimera.small(self.folder, "sleeper", SLEEPER)

    def unchanged(self, elf, *options, status=0):
        """With these options the run is the same."""
        plain, shown = (cimera.run(elf, *extra) for extra in ((), options))
        self.assertEqual((plain.status, shown.status), (status, status), shown.messages)
        for report in (plain.report, shown.report):
            for key in ("wall_time_s", "host_mips"):
                del report[key]
        self.assertEqual(shown.report, plain.report)
        self.assertEqual(shown.uart, plain.uart)
        return shown.report

    def refuses(self, elf, options, said):
        with self.subTest(options=options):
            run = cimera.program("run", elf, "-q", "--max-time", "20ms", *options, cwd=self.folder)
            self.assertEqual(run.status, cimera.USER_ERROR, run.messages)
            self.assertIn(said, run.messages)

    def full(self, option, name):
        """The file may not grow beyond 20 KB."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        elf = self.application("dma")
        run = cimera.program("run", elf, "-q", "--power-interval", "1us", option,
                             self.folder / name, "--report", self.folder / "report.json",
                             preexec_fn=limit)
        self.assertEqual(run.status, cimera.USER_ERROR, run.messages)
        self.assertIn(option, run.messages)
        self.assertIn("cannot be written", run.messages)
        self.assertTrue((self.folder / "report.json").exists())
        self.assertEqual([path.name for path in self.folder.glob(name + "*")], [])

    def interrupt(self, *options):
        run = subprocess.Popen([cimera.PROGRAM, "run", self.loop(), "-q", *map(str, options)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while not list(self.folder.glob("*.tmp")):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            time.sleep(0.5)
            os.kill(run.pid, signal.SIGINT)
            self.assertEqual(run.wait(60), cimera.INTERRUPTED)
        finally:
            run.kill()


@unittest.skipIf(MISSING, MISSING)
class PowerTrace(Folder):
    def waves(self, path):
        if path.suffix == ".vcd":
            return parse_vcd(path.read_text())
        if cimera.need("fst2vcd"):
            self.skipTest(cimera.need("fst2vcd"))
        return parse_vcd(subprocess.run(["fst2vcd", path], capture_output=True, text=True,
                                        check=True, timeout=60).stdout)

    def check(self, path, report):
        """Exactly the report's energy; power is its difference over time."""
        changes, end, names = self.waves(path)
        exact = report["energy_aJ"]
        self.assertEqual(end, int(report["simulated_time_ps"]))
        components = {}
        for name in names:
            parts = name.split(".")
            if parts[-1] == "energy_aJ" and len(parts) == 4:
                components[parts[2]] = changes[name][-1][1]
            if parts[-1] == "energy_aJ" and len(parts) == 3:
                self.assertEqual(changes[name][-1][1], int(exact["by_domain"][parts[1]]), name)
        self.assertEqual(components, {name: int(value)
                                      for name, value in exact["by_component"].items()})
        self.assertEqual(changes["soc.energy_aJ"][-1], (end, int(exact["total"])))
        for name in names:
            if name.endswith("power_W"):
                joules = changes[name.replace("power_W", "energy_aJ")][-1][1] * 1e-18
                self.assertAlmostEqual(integral(changes[name], end), joules,
                                       delta=max(joules * 1e-9, 1e-18), msg=name)
        for part in ("dynamic", "clock", "leakage"):
            joules = int(exact[part]) * 1e-18
            self.assertAlmostEqual(integral(changes[f"soc.{part}_W"], end), joules,
                                   delta=joules * 1e-9)
        return changes

    def test_numbers_are_the_reports(self):
        elf = self.application("dma")
        seen = {}
        for name in ("power.fst", "power.vcd"):
            path = self.folder / name
            report = self.unchanged(elf, "--power-trace", path, "--power-interval", "10us")
            seen[name] = self.check(path, report)
        # Both have the same; fst2vcd prints reals with 16 digits.
        self.assertEqual(set(seen["power.fst"]), set(seen["power.vcd"]))
        for name, changes in seen["power.vcd"].items():
            if name.endswith("_W"):
                changes = [(at, float(f"{value:.16g}")) for at, value in changes]
            self.assertEqual(seen["power.fst"][name], changes, name)
        self.assertEqual([value for _, value in seen["power.vcd"]["soc.phase"]],
                         ["none", "dma", "none"])
        self.assertEqual(seen["power.vcd"]["soc.host.state"][0], (0, "on"))
        # Each bin's power is the difference of the sums at its ends.
        energy, power = (dict(seen["power.vcd"][f"soc.{name}"]) for name in ("energy_aJ", "power_W"))
        self.assertGreater(len(power), 300)  # bins with other power than the last
        for begin in sorted(power)[:-1]:
            if begin % 10_000_000 == 0 and begin + 10_000_000 in energy:
                spent = energy[begin + 10_000_000] - energy[begin]
                self.assertAlmostEqual(power[begin], spent / 1e7 * 1e-6, delta=spent * 1e-26)

    def test_the_same_file_in_every_mode(self):
        elf = self.application("hello")
        files = set()
        for mode in ([], ["--no-dmi"], ["--quantum", "1us"], ["--check-tlm"]):
            path = self.folder / "power.fst"
            run = cimera.run(elf, "--power-trace", path, "--power-interval", "7us", *mode)
            self.assertEqual(run.status, 0, run.messages)
            files.add(path.read_bytes())
        self.assertEqual(len(files), 1)
        run = cimera.run(elf, "--power-trace", path, "--timing", "at")
        self.check(path, run.report)

    def test_bins_and_ends(self):
        elf = self.sleeper()
        path = self.folder / "power.vcd"
        for interval in ("1us", "13us", "1s"):
            report = self.unchanged(elf, "--power-trace", path, "--power-interval", interval)
            self.check(path, report)
        # A run that ends where a bin does, and one in the middle of one.
        for end in ("40us", "40001ps"):
            run = cimera.run(self.loop(), "--power-trace", path, "--power-interval", "10us",
                             "--max-time", end)
            self.assertEqual(run.status, cimera.LIMIT)
            self.check(path, run.report)

    def test_it_does_not_keep_a_dead_run_alive(self):
        elf = cimera.small(self.folder, "asleep",
                           "li t0, 0x800; csrw mie, t0; 1: wfi; j 1b")
        self.unchanged(elf, "--power-trace", self.folder / "power.fst", "--timeline",
                       self.folder / "timeline.json", status=cimera.DIED)

    def test_gtkwave_file(self):
        path = self.folder / "power.fst"
        cimera.run(self.application("hello"), "--power-trace", path)
        lines = (self.folder / "power.gtkw").read_text().splitlines()
        self.assertIn('[dumpfile] "power.fst"', lines)
        _, _, names = self.waves(path)
        shown = {line for line in lines if line.startswith("soc.")}
        self.assertLessEqual(shown, names)
        self.assertLessEqual({name for name in names if name.endswith(("_W", "state", "phase"))},
                             shown)
        begun = [line for flag, line in zip(lines, lines[1:]) if flag in ("@800200", "@c00200")]
        ended = [line for flag, line in zip(lines, lines[1:]) if flag in ("@1000200", "@1400200")]
        self.assertCountEqual(begun, ended)
        self.assertIn("-host", begun)

    def test_errors(self):
        elf = self.loop()
        (self.folder / "folder.fst").mkdir()
        for options, said in (
                (["--power-trace", "power.csv"], "power.csv: the format is not known by its ending"
                                                 "\n  FILE.fst or FILE.vcd"),
                (["--power-trace", "power"], "FILE.fst or FILE.vcd"),
                (["--power-trace", "/absent/power.fst"], "/absent/power.fst: cannot be written"),
                (["--power-trace", "/absent/power.vcd"], "/absent/power.vcd: cannot be written"),
                (["--power-trace", "folder.fst"], "is a folder"),
                (["--power-trace", "a.vcd", "--report", "a.gtkw"], "is what --report writes"),
                (["--power-trace", "a.vcd", "--timeline", "a.vcd"], "is what --power-trace writes"),
                (["--power-interval", "1us"], "nothing asks for power over time"),
                (["--power-trace", "a.vcd", "--power-interval", "1ps"], "shorter than 1ns"),
                (["--power-trace", "a.vcd", "--power-interval", "often"], "--power-interval")):
            self.refuses(elf, options, said)

    def test_no_space(self):
        self.full("--power-trace", "power.vcd")
        self.full("--power-trace", "power.fst")

    def test_interrupted(self):
        for name in ("power.fst", "power.vcd"):
            path = self.folder / name
            self.interrupt("--power-trace", path)
            changes, end, _ = self.waves(path)
            self.assertEqual(changes["soc.energy_aJ"][-1][0], end)


@unittest.skipIf(MISSING, MISSING)
class Timeline(Folder):
    def events(self, path):
        """The events, instants and lengths in whole picoseconds."""
        document = json.loads(path.read_text(), parse_float=decimal.Decimal)
        for event in document["traceEvents"]:
            for key in ("ts", "dur"):
                if key in event:
                    exact = event[key] * 1_000_000
                    self.assertEqual(exact, int(exact))
                    event[key] = int(exact)
        return document["traceEvents"]

    @staticmethod
    def track(events, name):
        number = [event["tid"] for event in events if event["name"] == "thread_name"
                  and event["args"]["name"] == name]
        return [event for event in events if number and event.get("tid") == number[0]
                and event["pid"] == 1 and event["ph"] != "M"]

    def check_nesting(self, events):
        """Slices of a track end as they began, and time does not go back."""
        stacks, last = collections.defaultdict(list), collections.Counter()
        for event in events:
            if event["ph"] in "BE":
                place = event["tid"]
                self.assertGreaterEqual(event["ts"], last[place], event)
                last[place] = event["ts"]
                if event["ph"] == "B":
                    stacks[place].append(event["name"])
                else:
                    self.assertEqual(stacks[place].pop(), event["name"])
        self.assertFalse(any(stacks.values()))

    def test_an_application(self):
        path = self.folder / "timeline.json"
        report = self.unchanged(self.application("dma"), "--timeline", path, "--power-interval",
                                "10us")
        events = self.events(path)
        self.check_nesting(events)
        end = int(report["simulated_time_ps"])
        # Phases, sleep.
        phase = self.track(events, "phases")
        self.assertEqual([(event["ph"], event["name"]) for event in phase],
                         [("B", "dma"), ("E", "dma")])
        host = self.track(events, "host")
        asleep = sum(event["dur"] for event in host if event["name"] == "wfi")
        self.assertAlmostEqual(asleep * 1e-12, report["asleep_s"], delta=1e-15)
        # Functions are called within one another; main is there.
        self.assertIn("main", {event["name"] for event in host})
        self.assertIn("dma_copy", {event["name"] for event in host})
        self.assertIn("[interrupt 11]", {event["name"] for event in host})
        # Jobs, with what launched them.
        jobs = [event for event in events if event["name"] == "list"]
        self.assertGreater(len(jobs), 10)
        # It tries errors and aborts, too.
        self.assertEqual({job["args"]["outcome"] for job in jobs}, {"ok", "failed", "aborted"})
        self.assertEqual(jobs[0]["args"]["launched by"], "dma_copy")
        own = sum(int(job["args"]["own_energy_aJ"]) for job in jobs)
        exact = report["energy_aJ"]
        self.assertEqual(own, sum(int(exact["by_event"][name])
                                  for name in ("dma.beat", "dma.descriptor")))
        # Counters, each until its next value.
        counters = collections.defaultdict(list)
        for event in events:
            if event["ph"] == "C":
                counters[event["name"]].append((event["ts"], float(event["args"]["mW"]) * 1e-3))
        for domain, spent in exact["by_domain"].items():
            joules = int(spent) * 1e-18
            self.assertAlmostEqual(integral(counters[domain], end), joules, delta=joules * 1e-9)
        self.assertIn("host/host", counters)

    def test_the_same_file_in_every_mode(self):
        elf = self.application("hello")
        files = set()
        for mode in ([], ["--no-dmi"], ["--quantum", "1us"]):
            path = self.folder / "timeline.json"
            run = cimera.run(elf, "--timeline", path, *mode)
            self.assertEqual(run.status, 0, run.messages)
            files.add(path.read_bytes())
        self.assertEqual(len(files), 1)

    def test_resets_faults_interrupts(self):
        path = self.folder / "timeline.json"
        self.unchanged(self.sleeper(), "--timeline", path)
        events = self.events(path)
        self.check_nesting(events)
        host = self.track(events, "host")
        instants = [event["name"] for event in host if event["ph"] == "i"]
        self.assertEqual(instants[0], "reset")
        self.assertRegex(instants[1], "firmware fault: 4-byte store to 0x50000000")
        # The interrupt lies on the nap that it ends.
        began = {event["name"]: event["ts"] for event in host if event["ph"] in "BX"}
        ended = {event["name"]: event["ts"] for event in host if event["ph"] == "E"}
        self.assertLess(began["nap"], began["wfi"])
        self.assertLess(began["wfi"], began["[interrupt 7]"])
        self.assertLess(ended["[interrupt 7]"], ended["nap"])
        self.assertEqual([event["name"] for event in host if event["ph"] == "B"].count("nap"), 1)
        self.assertIn("[exception 7]", began)

    def test_errors(self):
        elf = self.loop()
        for options, said in (
                (["--timeline", "/absent/t.json"], "/absent/t.json: cannot be written"),
                (["--timeline", "/dev/full"], "/dev/full cannot be written: No space left"),
                (["--timeline", ""], "--timeline: the name is empty"),
                (["--timeline", "a", "--report", "a"], "is what --report writes")):
            self.refuses(elf, options, said)

    def test_no_space(self):
        self.full("--timeline", "timeline.json")

    def test_interrupted(self):
        path = self.folder / "timeline.json"
        self.interrupt("--timeline", path)
        events = self.events(path)
        self.check_nesting(events)
        self.assertTrue(any(event["ph"] == "C" for event in events))


class List(unittest.TestCase):
    def test_traces(self):
        text = cimera.program("list", "traces").uart.decode()
        for option in ("--transactions", "--power-trace", "--timeline"):
            self.assertRegex(text, rf"(?m)^{option} +\S")
        self.assertTrue(re.search(r"(?m)^cpu +each instruction", text))


if __name__ == "__main__":
    unittest.main()
