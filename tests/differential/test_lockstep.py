# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Random programs against QEMU, instruction by instruction: no difference in 1,000,000."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

INSTRUCTIONS = 1000000
CLASSES = 95  # percent of the operand classes of each instruction
MISSING = cimera.need("qemu-system-riscv32")


@unittest.skipIf(MISSING, MISSING)
class Lockstep(unittest.TestCase):
    def test_a_million_instructions(self):
        done = subprocess.run(
            [cimera.BUILD / "bin" / "lockstep", "--seed", "1", "--instructions",
             str(INSTRUCTIONS), "--require-classes", str(CLASSES), "--out",
             cimera.BUILD / "lockstep-failure.txt"],
            capture_output=True, text=True, timeout=500, check=False)
        print(done.stdout[-4000:], done.stderr)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
