# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""scripts/bench: what it prints and writes. How fast anything is, no test can say: machines are
noisy, and several tests run at once."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need("qemu-system-riscv32")
BENCH = cimera.SOURCE / "scripts" / "bench"


def run(*arguments):
    return subprocess.run([sys.executable, str(BENCH), *map(str, arguments)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=500,
                          check=False)


@unittest.skipIf(MISSING, MISSING)
class Host(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "figures.json")
            cls.process = run("host", "--runs", 1, "--only", "crc", "uart_lsr", "--json", path)
            cls.figures = json.loads(path.read_text()) if path.exists() else None

    def test_runs(self):
        self.assertEqual(self.process.returncode, 0, self.process.stdout)

    def test_figures(self):
        host = self.figures["host"]
        self.assertEqual(host["runs"], 1)
        self.assertEqual(list(host["kernels"]), ["crc"])
        self.assertEqual(list(host["registers"]), ["uart_lsr"])
        self.assertEqual(list(host["start"]), ["qemu", "cimera"])
        crc = host["kernels"]["crc"]
        self.assertAlmostEqual(crc["ratio"], crc["cimera_mips"] / crc["qemu_mips"])
        self.assertAlmostEqual(crc["interpreter_ratio"],
                               crc["interpreter_mips"] / crc["qemu_mips"])
        self.assertAlmostEqual(host["ratio_geometric_mean"], crc["ratio"])
        self.assertAlmostEqual(host["interpreter_ratio_geometric_mean"],
                               crc["interpreter_ratio"])
        # Four times is usual; less than this is a gross regression, whatever else is running.
        self.assertGreater(crc["cimera_mips"], 1.5 * crc["interpreter_mips"])
        self.assertAlmostEqual(host["quantum_10us_cost"], crc["quantum_10us_cost"])
        lsr = host["registers"]["uart_lsr"]
        self.assertAlmostEqual(lsr["ratio"],
                               lsr["cimera_millions_per_s"] / lsr["qemu_millions_per_s"])
        for start in host["start"].values():
            for what in ("wall_ms", "cpu_ms", "peak_MiB"):
                self.assertGreater(start[what], 0)

    def test_table(self):
        host = self.figures["host"]
        crc = host["kernels"]["crc"]
        rows = {line.split()[0]: line for line in self.process.stdout.splitlines() if line.strip()}
        self.assertRegex(rows["crc"], rf"{crc['instructions']} .* {crc['ratio']:.2f} ")
        self.assertRegex(rows["geometric"], rf" {host['ratio_geometric_mean']:.2f} ")
        self.assertRegex(rows["uart_lsr"],
                         rf" {host['registers']['uart_lsr']['ratio']:.2f}$")
        self.assertTrue(re.match(r"  qemu( +[\d.]+){3}$", rows["qemu"]), rows["qemu"])

    def test_same_instructions_every_time(self):
        again = run("host", "--runs", 1, "--only", "crc")
        self.assertIn(f" {self.figures['host']['kernels']['crc']['instructions']} ", again.stdout)
        self.assertNotIn("register reads", again.stdout)


class Power(unittest.TestCase):
    def test_needs_the_build_without_accounting(self):
        process = subprocess.run([sys.executable, str(BENCH), "power"], text=True, timeout=60,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                 env={**os.environ, "CIMERA_UNACCOUNTED": "/nowhere"})
        self.assertEqual(process.returncode, 0, process.stdout)
        self.assertIn("power: skipped, /nowhere is missing", process.stdout)


class Errors(unittest.TestCase):
    def test_unknown_program(self):
        process = run("host", "--only", "nothing")
        self.assertEqual(process.returncode, 2)
        self.assertIn("invalid choice: 'nothing'", process.stdout)


class Scale(unittest.TestCase):
    """Programs check their results themselves; the script fails where one does not agree."""

    def test_jobs_on_a_large_mesh(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "figures.json")
            process = run("scale", "--runs", 1, "--json", path)
            self.assertEqual(process.returncode, 0, process.stdout)
            scale = json.loads(path.read_text())["scale"]
        self.assertEqual(list(scale["hosts"]), ["poll", "sleep"])
        for host, figures in scale["hosts"].items():
            small, large = figures["us_per_job"].values()
            self.assertGreater(small, 0)
            self.assertAlmostEqual(figures["growth"], large / small)
            self.assertRegex(process.stdout, rf"(?m)^  {host} .* {figures['growth']:.2f}$")


if __name__ == "__main__":
    unittest.main()
