# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware on tiles of analog cells: the digits demo, and what cannot be is refused by name."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import cimera  # noqa: E402

ELF = cimera.FIRMWARE / "digits.elf"
IDEAL = [option for key in ("device_spread", "cycle_spread", "read_noise", "stuck_cells")
         for option in ("--set", f"cim.tile.c3cim.{key}=0")]


def results(*options):
    run = cimera.run(ELF, *options, timeout=600)
    return run, run.report["results"]


class AnalogDigits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.digital = results()[1]

    def test_ideal_series_columns_equal_the_digital_array(self):
        # Its products take longer: at 2 kHz frames would be lost while it learns.
        data = cimera.FIRMWARE / "data"
        run, ours = results("--set", "cim.tile.array=c3cim", "--sensor",
                            f"camera={data / 'digits-images.idx'},"
                            f"labels={data / 'digits-labels.idx'},rate=1 kHz", *IDEAL)
        self.assertEqual(run.status, 0, run.messages)
        for name in ("accuracy_before", "accuracy_shifted", "accuracy_after"):
            self.assertEqual(ours[name], self.digital[name], name)

    def test_noisy_crossbar(self):
        run, ours = results("--set", "cim.tile.array=crossbar")
        self.assertEqual(run.status, 0, run.messages)
        print(f"PCM crossbar: before {ours['accuracy_before']:.4f} after "
              f"{ours['accuracy_after']:.4f}; digital {self.digital['accuracy_before']:.4f} "
              f"{self.digital['accuracy_after']:.4f}")
        # Four standard errors of 797 frames at 98 %.
        self.assertGreater(ours["accuracy_before"], self.digital["accuracy_before"] - 0.02)
        again = results("--set", "cim.tile.array=crossbar", "--no-dmi")[1]
        self.assertEqual(again, ours)  # law 3

    def test_stuck_cells_fail_verification(self):
        run = cimera.program("run", ELF, "--set", "cim.tile.array=crossbar", "--set",
                             "cim.tile.crossbar.stuck_low=0.01")
        self.assertNotEqual(run.status, 0)
        self.assertIn("cim0 job descriptor", run.messages)
        self.assertIn("a cell did not take its value", run.messages)


class Refusals(unittest.TestCase):
    def check(self, expected, *settings):
        done = cimera.program("check", "sep", *(part for s in settings for part in ("--set", s)))
        self.assertEqual(done.status, cimera.USER_ERROR)
        self.assertIn(expected, done.messages)

    def test_headroom(self):
        self.check("headroom: 64 cells in series need 6464 mV of 1000 mV; at this current a cell "
                   "may have 146 kOhm", "cim.tile.array=c3cim", "cim.tile.c3cim.current=100")

    def test_precision(self):
        self.check("weights of 8 bits need 129 levels, the cells have 16",
                   "cim.tile.array=crossbar", "cim.tile.weight_bits=8")

    def test_encoding(self):
        self.check("encodings other than binary are for digital-sram", "cim.tile.array=c3cim",
                   "cim.tile.encoding=relaxed")

    def test_polarity(self):
        self.check("bipolar cells hold signed weights only", "cim.tile.array=crossbar",
                   "cim.tile.crossbar.weights_signed=false")


if __name__ == "__main__":
    unittest.main()
