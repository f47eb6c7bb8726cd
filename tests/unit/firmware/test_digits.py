#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The digits application, compiled for the host, equals the NumPy reference bit for bit.

    test_digits.py DIGITS_ON_HOST

Trains a small model, plays the whole stream, and compares every prediction and every figure; then
feeds damaged models.
"""

import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "train"))
import camera  # noqa: E402
import digits  # noqa: E402
import digits_data  # noqa: E402
import image as model_image  # noqa: E402
import reference  # noqa: E402

SEED = 1
HIDDEN = 48  # few, so that a run takes seconds
PROGRAM = ""


def window(frames, labels):
    """Bytes of one window of the stream."""
    pixels = np.asarray(frames).reshape(len(frames), -1).astype(np.uint8)
    body = np.hstack([pixels, np.asarray(labels, dtype=np.uint8)[:, None]])
    return struct.pack("<I", len(frames)) + body.tobytes()


def stream(images, labels, learning):
    """What the sensor delivers: new, aged, shuffled passes of training, aged."""
    test = slice(digits_data.TRAINING_FRAMES, None)
    degraded = camera.degrade(images, SEED, camera.Degradation())
    order, wanted = [], learning.window * learning.max_windows
    while len(order) < wanted:
        order += camera.pass_order(SEED, digits_data.TRAINING_FRAMES,
                                   len(order) // digits_data.TRAINING_FRAMES)
    order = order[:wanted]
    windows = [window(images[test], labels[test]), window(degraded[test], labels[test]),
               window(degraded[order], labels[order]), window(degraded[test], labels[test])]
    return struct.pack("<I", len(windows)) + b"".join(windows)


def fnv1a(classes):
    value = 2166136261
    for c in classes:
        value = (value ^ int(c)) * 16777619 % 2**32
    return value


class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        cls.images, cls.labels = digits_data.load(SEED)
        cls.model, _ = digits.build(cls.images, cls.labels, HIDDEN)
        cls.packed = model_image.pack(cls.model)
        cls.stream = cls.path / "stream"
        cls.stream.write_bytes(stream(cls.images, cls.labels, cls.model.learning))
        cls.expected = reference.run_stream(cls.model, cls.images, cls.labels, SEED,
                                            camera.Degradation())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_application(self, packed, geometry=(2, 4, 64, 512, 4096)):
        path = self.path / "model"
        path.write_bytes(packed)
        return subprocess.run([PROGRAM, str(self.stream), str(path), *map(str, geometry)],
                              capture_output=True, text=True, check=False, timeout=120)

    def check(self, geometry):
        done = self.run_application(self.packed, geometry)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = done.stdout.splitlines()
        results = {name: int(value) for _, name, value, _ in
                   (line.split() for line in lines if line.startswith("result "))}
        expected = self.expected
        for name in ("accuracy_before", "accuracy_shifted", "accuracy_after"):
            self.assertEqual(results[name], round(getattr(expected, name) * 10000), name)
        self.assertEqual(results["samples_learned"], expected.samples_learned)
        self.assertEqual(results["weights_written"], expected.weight_writes)
        self.assertEqual(results["frames_lost"], 0)
        classes = reference.predict(self.model, self.images[digits_data.TRAINING_FRAMES:])
        self.assertEqual(results["prediction_checksum"], fnv1a(classes))
        start = lines.index("predictions:") + 1
        printed = "".join(lines[start : start + (len(classes) + 99) // 100])
        self.assertEqual(printed, "".join(map(str, classes)))
        self.assertIn(f"phase inference {3 * len(classes)}", lines)
        self.assertIn(f"phase learn {expected.samples_learned}", lines)

    def test_default_geometry(self):
        self.check((2, 4, 64, 512, 4096))

    def test_small_macros_many_tiles(self):
        self.check((5, 12, 16, 64, 48))

    def test_one_macro_a_tile_shared_by_layers(self):
        self.check((1, 1, 64, 4 * (HIDDEN + 10), 1024))

    def test_too_few_macros(self):
        done = self.run_application(self.packed, (1, 1, 32, 64, 1024))
        self.assertEqual(done.returncode, 7)
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertIn("does not fit into the macros", done.stdout)

    def test_without_learning_record(self):
        model = model_image.unpack(self.packed)
        model.learning = None
        done = self.run_application(model_image.pack(model))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("result accuracy_shifted", done.stdout)
        self.assertNotIn("result accuracy_after", done.stdout)

    def test_hostile_learning_records(self):
        offset = struct.unpack_from("<I", self.packed, 20)[0]
        for at, value in ((0, b"\0\0"), (0, b"\2\0"), (2, b"\0\0"), (4, b"\0"), (5, b"\0"),
                          (5, b"\x20"), (7, b"\x20"), (8, b"\0"), (8, b"\x0d"), (9, b"\x20"),
                          (10, b"\x10"), (11, b"\1"), (12, b"\0\1"), (20, b"\0\0"),
                          (20, b"\xff\xff"), (22, b"\1\0"), (24, b"\0\0")):
            damaged = bytearray(self.packed)
            damaged[offset + at : offset + at + len(value)] = value
            damaged[12:16] = bytes(4)
            damaged[12:16] = struct.pack("<I", zlib.crc32(damaged))
            done = self.run_application(bytes(damaged))
            self.assertEqual(done.returncode, 18, f"{at} {value} {done.stdout}")
            self.assertIn("illegal learning record", done.stdout)

    def test_damaged_models_end_with_one_line_and_a_code(self):
        generator = random.Random(1)
        for _ in range(60):
            damaged = bytearray(self.packed)
            if generator.random() < 0.3:
                damaged = damaged[: generator.randrange(1, len(damaged))]
            else:
                damaged[generator.randrange(len(damaged))] ^= 1 << generator.randrange(8)
            done = self.run_application(bytes(damaged))
            self.assertIn(done.returncode, range(10, 20), done.stdout + done.stderr)
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
