# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The digits demo against the integer NumPy reference and the offline ceiling."""

import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import cimera  # noqa: E402

sys.path.insert(0, str(cimera.SOURCE / "scripts" / "train"))
import camera  # noqa: E402
import digits  # noqa: E402
import digits_data  # noqa: E402
import image as model_image  # noqa: E402
import reference  # noqa: E402

ELF = cimera.FIRMWARE / "digits.elf"
DATA = cimera.FIRMWARE / "data"
SEEDS = (1, 2, 3)
TEST = 797


def frames():
    images = digits_data.decode_idx((DATA / digits_data.IMAGES_FILE).read_bytes())
    labels = digits_data.decode_idx((DATA / digits_data.LABELS_FILE).read_bytes())
    return images, labels


def fnv1a(values):
    checksum = 0x811C9DC5
    for value in values:
        checksum = (checksum ^ int(value)) * 0x01000193 & 0xFFFFFFFF
    return checksum


class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.images, cls.labels = frames()
        cls.image = model_image.unpack((DATA / "digits.cimg").read_bytes())

    def predictions(self, uart):
        text = uart.decode().split("predictions:\n")[1]
        rows = re.match(r"(?:[0-9]{1,100}\n)+", text).group()
        return [int(digit) for digit in rows.replace("\n", "")]

    def check_stream(self, image, seed, *options):
        run = cimera.run(ELF, "--seed", seed, *options)
        self.assertEqual(run.status, 0, run.messages)
        degradation = camera.Degradation()
        expected = reference.run_stream(image, self.images, self.labels, seed, degradation)
        results = run.report["results"]
        for name in ("accuracy_before", "accuracy_shifted", "accuracy_after"):
            self.assertAlmostEqual(results[name], getattr(expected, name) / 100, delta=1e-6)
        self.assertEqual(results["samples_learned"], expected.samples_learned)
        self.assertEqual(results["weights_written"], expected.weight_writes)
        self.assertEqual(results["frames_lost"], 0)
        shifted, ceiling = digits.shifted_and_ceiling(
            image, self.images, self.labels, seed, degradation)
        recovered = (100 * results["accuracy_after"] - shifted) / (ceiling - shifted)
        print(f"seed {seed}: before {results['accuracy_before']:.4f} shifted "
              f"{results['accuracy_shifted']:.4f} after {results['accuracy_after']:.4f} ceiling "
              f"{ceiling / 100:.4f} recovered {recovered:.3f}")
        self.assertGreaterEqual(results["accuracy_before"] - results["accuracy_shifted"], 0.15)
        self.assertGreaterEqual(recovered, 0.80)
        return run

    def test_stream_equals_reference(self):
        expected = reference.predict(self.image, self.images[-TEST:])
        for seed in SEEDS:
            with self.subTest(seed=seed):
                run = self.check_stream(self.image, seed)
                self.assertEqual(self.predictions(run.uart), list(expected))
                self.assertEqual(run.report["results"]["prediction_checksum"], fnv1a(expected))

    def test_phases(self):
        report = cimera.run(ELF).report
        self.assertEqual(report["inferences"]["count"], 3 * TEST)
        self.assertEqual(report["learned"]["count"], report["results"]["samples_learned"])
        for work in (report["inferences"], report["learned"]):
            self.assertGreater(work["energy_J_mean"], 0)
            self.assertGreater(work["latency_s_mean"], 0)
        for tile in ("cim0", "cim1"):
            self.assertGreater(report["energy_J"]["by_component"][tile], 0)

    def test_retrained(self):
        """Another training seed and another hidden size: float and tile accuracy, same stream."""
        for seed, hidden in ((2, 192), (3, 128)):
            with self.subTest(seed=seed, hidden=hidden), tempfile.TemporaryDirectory() as folder:
                image, float_accuracy = digits.build(self.images, self.labels, hidden, seed)
                path = pathlib.Path(folder, "model.cimg")
                path.write_bytes(model_image.pack(image))
                run = self.check_stream(image, seed, "--model", path)
                tile = 100 * run.report["results"]["accuracy_before"]
                print(f"training seed {seed}: float {float_accuracy:.2f} tile {tile:.2f}")
                self.assertGreaterEqual(float_accuracy, 96)
                self.assertGreaterEqual(tile, float_accuracy - 1)

    def test_other_chips(self):
        """The driver learns the hardware from its registers: same results on other geometries."""
        expected = fnv1a(reference.predict(self.image, self.images[-TEST:]))
        for changes in (["cim.tile.count=1", "cim.tile.macros=8"], ["cim.tile.count=4"],
                        ["cim.tile.rows=128", "cim.tile.cols=256", "cim.tile.macros=6"]):
            with self.subTest(changes=changes):
                run = cimera.run(ELF, *(x for change in changes for x in ("--set", change)))
                self.assertEqual(run.status, 0, run.messages)
                self.assertEqual(run.report["results"]["prediction_checksum"], expected)

    def test_damaged_images(self):
        """A wrong or truncated image is a line on the UART and a code, never a crash."""
        good = (DATA / "digits.cimg").read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.cimg")
            for name, data in (("truncated", good[:1000]), ("bit", good[:700] + b"\xff" + good[701:]),
                               ("text", b"hello"), ("zeros", bytes(4096)), ("header", good[:20])):
                with self.subTest(name):
                    path.write_bytes(data)
                    run = cimera.run(ELF, "--model", path)
                    self.assertIn(run.status, range(1, 100))
                    self.assertEqual(run.uart.count(b"\n"), 1, run.uart)


if __name__ == "__main__":
    unittest.main()
