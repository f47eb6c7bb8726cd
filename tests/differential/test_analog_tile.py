# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The CIM tile with ideal constant-current columns against NumPy: the same lists of random jobs as
for the digital array, every byte of memory. Energy events differ, so they are not compared."""

import pathlib
import struct
import subprocess
import tempfile
import unittest

import numpy as np
import test_tile


class AnalogTile(unittest.TestCase):
    def check(self, seed, geometry, array):
        rng = np.random.default_rng(seed)
        reference = test_tile.Reference(*geometry)
        reference.memory[1 << 20:] = rng.integers(
            0, 256, test_tile.MEMORY - (1 << 20), dtype=np.uint8).tobytes()
        jobs = [test_tile.random_job(rng, geometry, (1 << 20) + (int(rng.integers(0, 11)) << 18))
                for _ in range(60)]
        for i, job in enumerate(jobs):
            link = 64 * (i + 2) if i + 1 < len(jobs) else 0
            reference.memory[64 * (i + 1):64 * (i + 2)] = test_tile.descriptor(job, link, i)
        with tempfile.TemporaryDirectory() as folder:
            source, result = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            source.write_bytes(reference.memory)
            run = subprocess.run(
                [test_tile.BUILD / "bin" / "tile_driver", *map(str, geometry), "64", source, result,
                 array], capture_output=True, text=True, check=True, timeout=300)
            memory = result.read_bytes()
        for job in jobs:
            reference.run(job)
        counts = {name: int(value)
                  for name, value in (line.split() for line in run.stdout.splitlines())}
        self.assertEqual(counts["error"], 0, run.stderr)
        self.assertEqual(counts["jobs"], len(jobs))
        self.assertEqual(memory, bytes(reference.memory))
        return len(jobs)

    def test_random_jobs(self):
        total = 0
        for seed, geometry in enumerate([(2, 64, 256, 4), (1, 100, 96, 2), (1, 150, 64, 8)]):
            for array in ("c3cim", "c3cim-second"):
                with self.subTest(geometry=geometry, array=array):
                    total += self.check(seed, geometry, array)
        print(f"{total} jobs equal in every byte")

    def error_of(self, array, words):
        """Error code and messages of jobs on a tile of 64 x 64 cells with 4-bit weights."""
        memory = bytearray(test_tile.MEMORY)
        for i, word in enumerate(words):
            at = 64 * (i + 1)
            link = at + 64 if i + 1 < len(words) else 0
            source = (1 << 20) + 65536 * i
            memory[at:at + 64] = struct.pack(
                "<9Ii6I", word, 8 << 16 | 32 << 24, 64 << 16, 16 << 16, source, 1 << 21, 0, 0, 1, 0,
                32, 0, link, i, 0, 0)
            memory[source:source + 2048] = bytes([0xff * (i % 2)]) * 2048
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder, "in")
            image.write_bytes(memory)
            run = subprocess.run(
                [test_tile.BUILD / "bin" / "tile_driver", "1", "64", "64", "4", "64", image,
                 pathlib.Path(folder, "out"), array],
                capture_output=True, text=True, check=True, timeout=300)
        return int(run.stdout.split()[1]), run.stderr

    def test_worn_out_array(self):
        # All low already; all high; all low again is one write too many.
        code, messages = self.error_of("c3cim-worn", [test_tile.PROGRAM] * 3)
        self.assertEqual(code, 9)
        self.assertIn("tile job descriptor 0xc0: cells beyond their endurance\n", messages)

    def test_unsupported_precision(self):
        code, messages = self.error_of("crossbar", [test_tile.MVM])  # unsigned weights
        self.assertEqual(code, 3)
        self.assertIn("tile job descriptor 0x40: ", messages)
        code, _ = self.error_of("crossbar", [test_tile.MVM | 1 << 9])
        self.assertEqual(code, 0)


if __name__ == "__main__":
    unittest.main()
