# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The CIM tile with ideal constant-current columns against NumPy: the same lists of random jobs as
for the digital array, every byte of memory. Energy events differ, so they are not compared."""

import pathlib
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


if __name__ == "__main__":
    unittest.main()
