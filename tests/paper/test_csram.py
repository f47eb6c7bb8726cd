# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The product of two 8 x 8 matrices of 8-bit integers on the computing SRAM, against the scalar
loop of the same core: cycles and energy beside the published x256 and x9 (FACTS of P3's talk).

Two cycles of a multiply-accumulate step are an estimate that fits the publication's 16 cycles; the
rest is predicted. The publication does not say whether loading counts, nor what the scalar core is:
both ways are printed.
"""

import re
import sys
import pathlib
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

ELF = cimera.FIRMWARE / "csram_matmul.elf"
CYCLES, ENERGY = 256, 9  # published factors
STEPS = 8
MAC_CYCLES = 2  # of a step: one to multiply, one to accumulate


@unittest.skipIf(not ELF.exists(), "skipped: the firmware is not built")
class Csram(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = cimera.run(ELF)
        text = cls.run_.uart.decode()
        cls.cycles = {name: int(value) for name, value in re.findall(r"(\w+): (\d+) cycles", text)}
        technology = tomllib.loads(
            (cimera.SOURCE / "platform" / "technology" / "fdsoi28.toml").read_text())
        clock = float(technology["energy"]["cpu.clock"]["value"].removesuffix(" pJ"))
        phases = cls.run_.report["energy_aJ"]["by_phase"]
        # A phase's own energy has no clock: that of the core goes by its cycles.
        cls.picojoules = {name: int(phases[name]) * 1e-6 + clock * count
                          for name, count in cls.cycles.items()}

    def ratio(self, what, of, parts, published):
        value = of["scalar"] / sum(of[part] for part in parts)
        print(f"C-SRAM, {what}: model x{value:.1f}, published x{published}, "
              f"ratio {value / published:.3f}")
        return value

    def test_result(self):
        self.assertEqual(self.run_.status, 0, self.run_.uart)
        self.assertIn(b"products agree", self.run_.uart)

    def test_cycles(self):
        print()
        rows = STEPS * MAC_CYCLES
        array = {"scalar": self.cycles["scalar"], "rows": rows}
        self.ratio("cycles of the array alone, 8-bit results, preloaded", array, ["rows"], CYCLES)
        # The publication's factor on a scalar core of about 4000 cycles leaves 16 to the array.
        theirs = self.ratio("the same against a scalar core of 4000 cycles",
                            {"scalar": 4000, "rows": rows}, ["rows"], CYCLES)
        self.assertAlmostEqual(theirs / CYCLES, 1, delta=0.05)
        commanded = self.ratio("cycles of the core with command and waiting, preloaded",
                               self.cycles, ["rows8"], CYCLES)
        whole = self.ratio("cycles with loading and storing", self.cycles,
                           ["load", "rows8", "store8"], CYCLES)
        self.ratio("cycles, results of 32 bits, preloaded", self.cycles, ["rows32"], CYCLES)
        self.ratio("cycles, results of 32 bits, with loading and storing", self.cycles,
                   ["load", "rows32", "store32"], CYCLES)
        self.assertGreater(commanded, whole)
        self.assertGreater(whole, 1)

    def test_energy(self):
        print()
        alone = self.ratio("energy, preloaded", self.picojoules, ["rows8"], ENERGY)
        whole = self.ratio("energy with loading and storing", self.picojoules,
                           ["load", "rows8", "store8"], ENERGY)
        self.ratio("energy, results of 32 bits, with loading and storing", self.picojoules,
                   ["load", "rows32", "store32"], ENERGY)
        self.assertGreater(alone, whole)
        self.assertGreater(whole, 1)


if __name__ == "__main__":
    unittest.main()
