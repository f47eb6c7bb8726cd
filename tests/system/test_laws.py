# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Laws of the platform, for every program there is: the same answer in every mode, every joule has
an owner, the same seed gives the same report."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MODES = (["--no-dmi"], ["--quantum", "1us"], ["--quantum", "50us"],
         ["--quantum", "1us", "--no-dmi"], ["--check-tlm"], ["--engine", "interpreter"],
         ["--engine", "interpreter", "--quantum", "7us"])
# Slow: two checkers see each access of the core. For small programs.
ALL_CHECKED = ["--check-tlm", "--no-dmi"]
# Four phases for each access. Programs with one busy master do not see it.
PHASES_CHECKED = ["--check-tlm", "--timing", "at"]
SPLITS = ("by_component", "by_initiator", "by_event", "by_domain", "by_phase")
# What may differ from run to run, and what names the command line.
FREE = ("wall_time_s", "host_mips", "quantum_s", "timing", "engine")


def leaves(value, path=""):
    """All numbers and texts of a report by their path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}/{number}")
    else:
        yield path, value


def stable(report):
    """The report without what may differ."""
    return {path: value for path, value in leaves(report) if path.lstrip("/") not in FREE}


class Laws(unittest.TestCase):
    def check_modes(self, elf, status=0, options=(), modes=MODES):
        first = cimera.run(elf, *options)
        self.assertEqual(first.status, status, first.messages)
        self.assertGreater(first.report["instructions"], 0)
        for mode in ([], *modes):
            with self.subTest(mode=" ".join(mode) or "again"):
                other = cimera.run(elf, *options, *mode)
                self.assertEqual(other.status, first.status)
                self.assertEqual(other.uart, first.uart)
                self.assertEqual(stable(other.report), stable(first.report))
        with self.subTest("sums"):
            self.check_sums(first.report)
        return first.report

    def check_sums(self, report):
        exact = report["energy_aJ"]
        total = int(exact["total"])
        self.assertGreater(total, 0)
        self.assertEqual(sum(int(exact[part]) for part in ("dynamic", "clock", "leakage")), total)
        for split in (*SPLITS, *({"by_function"} & set(exact))):
            self.assertTrue(exact[split])
            self.assertEqual(sum(int(value) for value in exact[split].values()), total, split)
        events = exact["by_event"]
        self.assertEqual(events["clock"], exact["clock"])
        self.assertEqual(events["leakage"], exact["leakage"])
        # Joules are the same numbers, rounded to double precision.
        joules = report["energy_J"]
        self.assertEqual(set(joules), set(exact))
        rounded = dict(leaves(joules))
        for path, value in leaves(exact):
            self.assertAlmostEqual(rounded[path], int(value) * 1e-18, delta=int(value) * 1e-32,
                                   msg=path)

    def test_instruction_programs(self):
        with tempfile.TemporaryDirectory() as folder:
            sources = sorted(cimera.PROGRAMS.glob("*.S"))
            self.assertTrue(sources)
            for source in sources:
                with self.subTest(program=source.stem):
                    self.check_modes(cimera.build(folder, source),
                                     cimera.STATUS.get(source.stem, 0), cimera.SUPERVISOR,
                                     (*MODES, ALL_CHECKED, PHASES_CHECKED))

    def test_random_programs(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed in (1, 2):
                with self.subTest(seed=seed):
                    self.check_modes(cimera.random_program(folder, seed), 0, cimera.SUPERVISOR)

    def test_applications(self):
        applications = cimera.applications()
        if not applications:
            self.skipTest("skipped: the firmware is not built")
        for name, elf in applications.items():
            with self.subTest(application=name):
                report = self.check_modes(elf)
                self.check_functions(elf, report)
                if name != "digits":  # which takes minutes when approximately timed
                    with self.subTest("sums, approximately timed"):
                        self.check_sums(cimera.run(elf, "--timing", "at", timeout=600).report)

    def check_functions(self, elf, first):
        """Attributed to functions, the energy is the same, and theirs sum to it."""
        with tempfile.TemporaryDirectory() as folder:
            report = cimera.run(elf, "--profile", pathlib.Path(folder, "profile")).report
        self.assertIn("main", report["energy_aJ"]["by_function"])
        with self.subTest("sums over functions"):
            self.check_sums(report)
        for section in ("energy_aJ", "energy_J"):
            del report[section]["by_function"]
        self.assertEqual(stable(report), stable(first))

    def test_energy_of_phases_and_initiators(self):
        elf = cimera.applications().get("digits")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        report = cimera.run(elf).report
        exact = report["energy_aJ"]
        self.assertLessEqual({"host", "cim0", "cim1", "none"}, set(exact["by_initiator"]))
        self.assertLessEqual({"inference", "learn", "none"}, set(exact["by_phase"]))
        # Nobody owns clock and leakage, and only those.
        self.assertEqual(int(exact["by_initiator"]["none"]),
                         int(exact["clock"]) + int(exact["leakage"]))
        count = report["inferences"]["count"]
        inside = sum(int(value) for path, value in exact["by_phase"].items()
                     if "inference" in path.split("/"))
        self.assertAlmostEqual(report["inferences"]["energy_J_mean"] * count, inside * 1e-18,
                               delta=inside * 1e-30)

    def test_another_seed(self):
        elf = cimera.applications().get("digits")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        one, two, again = (cimera.run(elf, "--seed", seed).report for seed in (1, 2, 2))
        self.assertNotEqual(one["results"], two["results"])
        self.assertEqual(stable(two), stable(again))


if __name__ == "__main__":
    unittest.main()
