# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Finished runs: priced again, compared, and what a battery makes of them."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from cimera import USER_ERROR, program  # noqa: E402

TECHNOLOGIES = ("fdsoi28", "fdsoi22", "cmos130_rram")
# Everything that a technology decides.
PRICED = ("technology", "energy_J", "energy_aJ", "efficiency", "provenance", "area_mm2",
          "inferences", "learned")
PASS = "li a0, 0x5555\nli a1, 0x100000\nsw a0, 0(a1)\nloop: j loop"
# Latches the energy counters of the chip, then passes.
READS_ENERGY = ("li a1, {base}\nli a0, 1\nsw a0, {control}(a1)\n" + PASS)


def load(folder, name="report.json"):
    return json.loads((folder / name).read_text())


class Base(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_into(self, name, elf, *options):
        """A run with its folder."""
        out = self.folder / name
        done = program("run", "-q", elf, "-o", out, *options)
        self.assertLess(done.status, USER_ERROR, done.messages)
        return out

    def small(self, name="pass", code=PASS):
        return cimera.small(self.folder, name, code)

    def report(self, *arguments):
        done = program("report", *arguments)
        self.assertEqual((done.status, done.messages), (0, ""))
        return done.uart.decode()

    def refused(self, *arguments):
        done = program(*arguments)
        self.assertEqual(done.status, USER_ERROR, done.uart)
        self.assertEqual(done.uart, b"")
        return done.messages


class PricedAgain(Base):
    maxDiff = 2000

    def check(self, elf, *options):
        first = self.run_into("first", elf, *options)
        for technology in TECHNOLOGIES:
            with self.subTest(technology=technology):
                again = self.folder / f"again-{technology}"
                text = self.report(first, "--technology", technology, "-o", again)
                priced = load(again)
                run = self.run_into(technology, elf, *options, "--set",
                                    f"soc.technology={technology}")
                flagged = "may have acted on them" in text
                if flagged and priced["instructions"] != load(run)["instructions"]:
                    continue  # it did: numbers with more digits take longer to print
                for key in PRICED:
                    self.assertEqual(priced[key], load(run)[key], key)
                self.assertEqual(priced.get("ran_with"),
                                 None if technology == "fdsoi28" else "fdsoi28")
                self.assertEqual("priced again" in text, technology != "fdsoi28")
                # The new folder is one of a run with that technology, and prices back.
                self.assertEqual((again / "config.toml").read_text(),
                                 (run / "config.toml").read_text())
                self.assertEqual(load(again, "counts.json"), load(run, "counts.json"))
                back = self.folder / f"back-{technology}"
                self.report(again, "--technology", "fdsoi28", "-o", back)
                self.assertEqual((back / "report.json").read_text(),
                                 (first / "report.json").read_text())

    def test_applications(self):
        applications = cimera.applications()
        if not applications:
            self.skipTest("skipped: the firmware is not built")
        for name, elf in applications.items():
            with self.subTest(application=name):
                self.check(elf)

    def test_approximately_timed(self):
        elf = cimera.applications().get("dma")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        self.check(elf, "--timing", "at")

    def test_without_a_technology_it_is_the_same(self):
        out = self.run_into("out", self.small())
        again = self.folder / "again.json"
        text = self.report(out, "--report", again)
        self.assertEqual(again.read_text(), (out / "report.json").read_text())
        shown = program("run", self.small(), "-o", self.folder / "other").messages
        lines = [line for line in shown.splitlines() if "MIPS" not in line]
        self.assertEqual([line for line in text.splitlines() if "MIPS" not in line], lines)

    def test_a_file_of_the_users(self):
        """A technology that is a file of the user's, and one that lacks an entry."""
        out = self.run_into("out", self.small())
        source = (cimera.SOURCE / "platform" / "technology" / "fdsoi28.toml").read_text()
        mine = self.folder / "mine.toml"
        mine.write_text(source.replace('name = "fdsoi28"', 'name = "mine"')
                        .replace('"cpu.alu" = { value = "3.0 pJ"', '"cpu.alu" = { value = "6.0 pJ"'))
        again = self.folder / "again"
        self.report(out, "--technology", mine, "-o", again)
        difference = (int(load(again)["energy_aJ"]["by_event"]["cpu.alu"])
                      - int(load(out)["energy_aJ"]["by_event"]["cpu.alu"]))
        self.assertEqual(difference, int(load(out)["energy_aJ"]["by_event"]["cpu.alu"]))
        lines = [line for line in source.splitlines() if not line.startswith('"cpu.alu"')]
        mine.write_text("\n".join(lines))
        self.assertIn(f"error: {mine}: no entry 'cpu.alu' in [energy]",
                      self.refused("report", out, "--technology", mine))

    def test_firmware_that_reads_its_energy_is_flagged(self):
        blocks = {block["name"]: block for block in
                  json.loads(program("describe", "--format", "json").uart)["blocks"]}
        registers = {register["name"]: register["offset"]
                     for register in blocks["energy"]["registers"]}
        code = READS_ENERGY.format(base=blocks["energy"]["base"], control=registers["CTRL"])
        out = self.run_into("out", self.small("reads", code))
        self.assertTrue(load(out)["energy_read_by_firmware"])
        self.assertIn("may have acted on them", self.report(out, "--technology", "fdsoi22"))
        self.assertNotIn("may have acted", self.report(out))

    def test_mistakes(self):
        out = self.run_into("out", self.small())
        self.assertIn("no folder of a finished run", self.refused("report", self.folder / "none"))
        self.assertIn("no report page yet", self.refused("report", out, "--html", "x.html"))
        self.assertIn("did you mean 'fdsoi22'?",
                      self.refused("report", out, "--technology", "fdsoi2"))
        self.assertIn("the folder of the run itself", self.refused("report", out, "-o", out))
        counts = (out / "counts.json").read_text()
        for text in ("", "{", "[]", "null", counts[:-20], counts.replace('"point":0', '"point":7', 1),
                     counts.replace("cimera-counts-1", "x"), "\0" * 100, "[" * 100000):
            (out / "counts.json").write_text(text)
            self.assertIn("counts.json: ", self.refused("report", out))
        (out / "counts.json").unlink()
        self.assertIn("no such file", self.refused("report", out))


class Compared(Base):
    def test_runs(self):
        elf = self.small()
        one = self.run_into("one", elf)
        two = self.run_into("two", elf, "--set", "l2.latency=3", "--set", "soc.technology=fdsoi22")
        done = program("compare", one, two, "--json")
        self.assertEqual((done.status, done.messages), (0, ""))
        result = json.loads(done.uart)
        a, b = load(one), load(two)
        rows = {section: {row["name"]: row for row in part["rows"]}
                for section, part in result["sections"].items()}
        self.assertEqual(rows["run"]["cycles"]["change"], b["cycles"] - a["cycles"])
        for split in ("by_component", "by_event", "by_domain", "by_phase", "by_initiator"):
            section = result["sections"][f"energy {split}"]
            exact = {name: int(b["energy_aJ"][split][name]) - int(a["energy_aJ"][split][name])
                     for name in a["energy_aJ"][split]}
            changes = [row["change"] for row in section["rows"]]
            self.assertEqual(changes, sorted(changes, key=abs, reverse=True))
            self.assertEqual({name: value for name, value in exact.items() if value},
                             {row["name"]: round(row["change"] * 1e18) for row in section["rows"]})
            self.assertEqual(section["equal"], sum(value == 0 for value in exact.values()))
        self.assertEqual(result["config"],
                         [{"key": "l2.latency", "a": "1", "b": "3"},
                          {"key": "soc.technology", "a": "fdsoi28", "b": "fdsoi22"}])
        text = program("compare", one, two).uart.decode()
        for word in ("cycles", "by_component", "l2.latency", "fdsoi22", "mm2"):
            self.assertIn(word, text)

    def test_equal_runs(self):
        elf = self.small()
        one, two = self.run_into("one", elf), self.run_into("two", elf)
        self.assertTrue(program("compare", one, two).uart.endswith(b"the runs are equal\n"))

    def test_mistakes(self):
        out = self.run_into("out", self.small())
        self.assertIn("no folder of a finished run",
                      self.refused("compare", out, self.folder / "none"))
        (out / "report.json").write_text('{"schema": "cimera-report-1", "energy_aJ": 3}')
        self.assertIn("energy_aJ", self.refused("compare", out, out))


class Battery(Base):
    def test_at_the_end_of_a_run_and_later(self):
        elf = self.small()
        options = ("--battery", "220 mAh, 3 V", "--period", "60 s", "--regulator", "85 %",
                   "--self-discharge", "1 %")
        out = self.run_into("out", elf, *options)
        report = load(out)
        life = report["battery"]
        pause = 60 - report["simulated_time_s"]
        # This program ends with everything on: between runs the chip leaks as it did in the run.
        leaks = report["energy_J"]["leakage"] / report["simulated_time_s"]
        self.assertAlmostEqual(life["between_W"], leaks, delta=1e-6 * leaks)
        average = (report["energy_J"]["total"] + life["between_W"] * pause) / 60
        self.assertAlmostEqual(life["average_W"], average, delta=1e-9 * average)
        drain = average / 0.85 + 2376 * 0.01 / (365.25 * 86400)
        hours = 0.22 * 3600 * 3 / drain / 3600
        self.assertAlmostEqual(life["hours"], hours, delta=1e-9 * hours)
        again = self.folder / "again.json"
        text = self.report(out, *options, "--report", again)
        self.assertEqual(json.loads(again.read_text())["battery"], life)
        self.assertIn("hours", text)
        self.report(out, "--report", again)
        self.assertNotIn("battery", json.loads(again.read_text()))

    def test_a_period_shorter_than_the_run_keeps_the_report(self):
        out = self.folder / "out"
        done = program("run", "-q", self.small(), "-o", out, "--battery", "220 mAh, 3 V",
                       "--period", "1 ps")
        self.assertEqual(done.status, USER_ERROR)
        self.assertIn("shorter than the run", done.messages)
        self.assertEqual(load(out)["exit_code"], 0)


class Area(Base):
    def test_report_and_description_agree(self):
        for technology in TECHNOLOGIES:
            with self.subTest(technology=technology):
                choice = ("--set", f"soc.technology={technology}")
                area = load(self.run_into(technology, self.small(), *choice))["area_mm2"]
                self.assertAlmostEqual(sum(area["by_component"].values()), area["total"],
                                       delta=1e-9 * area["total"])
                described = json.loads(program("describe", "--format", "json", *choice).uart)
                self.assertEqual(described["area_mm2"], area)
                self.assertIn(f"{area['total']:.4g} mm2",
                              program("describe", *choice).uart.decode())


if __name__ == "__main__":
    unittest.main()
