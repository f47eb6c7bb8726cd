# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The same programs here and on QEMU's virt board: equal UART output and exit status.

Each program prints its registers and a checksum of its memory at the end.
"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MODES = ([], ["--no-dmi"], ["--quantum", "1us"])
MISSING = cimera.need("qemu-system-riscv32", cimera.COMPILER)


@unittest.skipIf(MISSING, MISSING)
class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def compare(self, elf, status=0, options=()):
        expected = cimera.qemu(elf)
        self.assertEqual(expected.status, status, expected.uart[-400:])
        self.assertTrue(expected.uart)
        for mode in MODES:
            with self.subTest(mode=" ".join(mode)):
                ours = cimera.run(elf, *mode, *options)
                self.assertEqual(ours.uart, expected.uart)
                self.assertEqual(ours.status, status, ours.messages)

    def test_instruction_programs(self):
        sources = sorted(cimera.PROGRAMS.glob("*.S"))
        self.assertGreaterEqual(len(sources), 11)
        for source in sources:
            with self.subTest(program=source.stem):
                elf = cimera.build(self.folder.name, source)
                self.compare(elf, cimera.STATUS.get(source.stem, 0), cimera.SUPERVISOR)

    def test_compiled_floating_point(self):
        """Also against a build that has to do without contraction into fused operations."""
        for contract in ("fast", "off"):
            with self.subTest(contract=contract):
                elf = cimera.build(self.folder.name, cimera.PROGRAMS / "neurons.c", extra=[
                    "-march=rv32imafc_zicsr_zifencei", "-mabi=ilp32f", "-O2", "-ffreestanding",
                    f"-ffp-contract={contract}", "-fno-math-errno", "-fno-toplevel-reorder"])
                self.compare(elf)

    def test_scheduler(self):
        """Tasks, ticks and nested interrupts: what is printed does not depend on speed."""
        elf = cimera.build(self.folder.name, cimera.PROGRAMS / "scheduler.c", extra=[
            "-march=rv32imafc_zicsr_zifencei", "-mabi=ilp32f", "-O2", "-ffreestanding",
            "-fno-toplevel-reorder"])
        self.compare(elf)
        self.compare(elf, options=("-c", "virt"))

    def test_applications(self):
        for name in ("hello", "twotask"):
            elf = cimera.applications().get(name)
            if elf is None:
                self.skipTest("skipped: the firmware is not built")
            for preset in ("sep", "virt"):
                with self.subTest(application=name, preset=preset):
                    self.compare(elf, 0, ("-c", preset))


if __name__ == "__main__":
    unittest.main()
