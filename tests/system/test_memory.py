# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""--nvm-in and --nvm-out: what survives power-off. --check-memory: reads of unwritten bytes."""

import collections
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
# Counts up a word of the NVM; ends with what it was.
COUNT = """li a0, 0x20000100; lw a1, 0(a0); addi a2, a1, 1; sw a2, 0(a0); slli a1, a1, 16
           li a2, 0x3333; or a1, a1, a2; li t0, 0x100000; sw a1, 0(t0); 1: j 1b"""
# A page that bears eight cycles gets forty; ends with the controller's STATUS.
WEAR = """li a0, 0x20000000; li a1, 40; li a2, -1
          1: sw a2, 0(a0); not a2, a2; addi a1, a1, -1; bnez a1, 1b
          li t1, 0x1001a000; lw a1, 0(t1); slli a1, a1, 16
          li a2, 0x3333; or a1, a1, a2; li t0, 0x100000; sw a1, 0(t0); 1: j 1b"""
# Two products of vectors in L1 of which one element was never written, then the second's results
# and what follows them.
TILE = """
#include "hal/memory_map.h"
#include "regs/cim_job_regs.h"
#include "regs/cim_regs.h"

static cim_job_t job = {.OPERATION = 2, .PRECISION = 8u << 16 | 32u << 24, .ROWS = 4u << 16,
                        .COLUMNS = 2u << 16};
int main(void) {
    cim_regs_t* tile = (cim_regs_t*)0x40000000;
    volatile unsigned char* in = (volatile unsigned char*)tile + tile->L1_IN_OFFSET;
    volatile unsigned* out = (volatile unsigned*)((char*)tile + tile->L1_OUT_OFFSET);
    in[0] = in[1] = in[3] = 0;
    for (int n = 0; n < 2; ++n) {
        tile->JOB = (unsigned)&job;
        while ((tile->STATUS & 1) != 0) {
        }
    }
    return (int)(out[0] + out[1] + out[2]);
}
"""
# Reads a variable on the stack that it has not set.
CARELESS = """
static int sum(const volatile int* values, int count) {
    int total = 0;
    for (int i = 0; i < count; ++i) {
        total += values[i];
    }
    return total;
}
int zeros[4];
int main(void) {
    volatile int values[8];
    values[0] = 1;
    return sum(zeros, 4) + (sum(values, 2) == 12345);
}
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


@unittest.skipIf(MISSING, MISSING)
class Nvm(Folder):
    def setUp(self):
        super().setUp()
        self.elf = cimera.small(self.folder, "count", COUNT)
        self.image = self.folder / "chip.nvm"

    def run_count(self, *options):
        return cimera.program("run", self.elf, "-q", *options)

    def test_contents_survive(self):
        self.assertEqual(self.run_count("--nvm-out", self.image).status, 0)
        for power_on in (1, 2, 3):
            result = self.run_count("--nvm-in", self.image, "--nvm-out", self.image)
            self.assertEqual(result.status, power_on, result.messages)
        self.assertEqual(self.run_count().status, 0)

    def test_model_over_what_was_there(self):
        self.run_count("--nvm-out", self.image)
        model = self.folder / "model"
        model.write_bytes(bytes(0x100) + bytes([7]))
        self.assertEqual(self.run_count("--nvm-in", self.image, "--model", model).status, 7)
        model.write_bytes(bytes(16))
        self.assertEqual(self.run_count("--nvm-in", self.image, "--model", model).status, 1)

    def test_wear_goes_on(self):
        elf = cimera.small(self.folder, "wear", WEAR)
        options = ("--set", "nvm.endurance=48")
        first = cimera.run(elf, *options, "--nvm-out", self.image)
        self.assertEqual(first.status, 0, first.messages)
        wear = first.report["memories"]["nvm"]["wear"]
        self.assertEqual(wear, {"page_bytes": 16, "endurance": 48, "most_cycles": 40,
                                "worn_pages": 0, "failed_writes": 0})
        second = cimera.run(elf, *options, "--nvm-in", self.image)
        self.assertEqual(second.status, 1, "STATUS.FAILED")
        wear = second.report["memories"]["nvm"]["wear"]
        self.assertGreaterEqual(wear["most_cycles"], 79)
        self.assertEqual(wear["worn_pages"], 1)
        self.assertGreater(wear["failed_writes"], 0)
        warning = second.report["warnings"][0]
        self.assertIn("nvm page 0 (offset 0x0): a worn-out cell", warning["text"])
        self.assertEqual(warning["count"], wear["failed_writes"])

    def test_damaged_files_are_refused(self):
        self.run_count("--nvm-out", self.image)
        good = self.image.read_bytes()
        for content, said in (
            (b"", "the file is truncated"), (good[:20], "the file is truncated"),
            (good[:-1], "the file is truncated"), (good[:500] + b"x" + good[501:], "is damaged"),
            (b"model" + good, "is not the image of an NVM"), (good + b"x", "instead of"),
        ):
            with self.subTest(said=said):
                self.image.write_bytes(content)
                result = self.run_count("--nvm-in", self.image, "--nvm-out", self.image)
                self.assertEqual(result.status, cimera.USER_ERROR)
                self.assertIn(said, result.messages)
                self.assertEqual(self.image.read_bytes(), content)
        self.image.write_bytes(good)
        result = self.run_count("--nvm-in", self.image, "--set", 'nvm.size="2 MiB"')
        self.assertEqual(result.status, cimera.USER_ERROR)
        self.assertIn("holds an NVM of 1048576 bytes, this SoC has one of 2097152", result.messages)
        self.assertIn('--set nvm.size="1 MiB"', result.messages)

    def test_other_mistakes(self):
        for options, said in (
            (("--nvm-in", self.folder / "absent"), "no such file"),
            (("--nvm-out", "/absent/chip.nvm"), "cannot be written"),
            (("-c", "virt", "--nvm-out", self.image), "SoC 'virt' has no NVM"),
            (("--nvm-out", self.elf), "would be overwritten"),
            (("--nvm-out", self.image, "--report", self.image), "is what"),
        ):
            with self.subTest(said=said):
                result = self.run_count(*options)
                self.assertEqual(result.status, cimera.USER_ERROR, result.messages)
                self.assertIn(said, result.messages)
        self.assertFalse(self.image.exists())

    def test_written_at_a_limit_too(self):
        elf = cimera.small(self.folder, "loop", "li a0, 0x20000100; li a1, 1; sw a1, 0(a0); 1: j 1b")
        result = cimera.program("run", elf, "-q", "--max-time", "1ms", "--nvm-out", self.image)
        self.assertEqual(result.status, cimera.LIMIT)
        self.assertEqual(self.run_count("--nvm-in", self.image).status, 1)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("chip")],
                         ["chip.nvm"])


@unittest.skipIf(MISSING, MISSING)
class CheckMemory(Folder):
    def test_place_of_an_unwritten_read(self):
        elf = cimera.firmware(self.folder, "careless", CARELESS)
        plain = cimera.run(elf)
        self.assertEqual(plain.report["warnings"], [])
        self.assertNotIn("unwritten_reads", plain.report["memories"]["l2"])
        checked = cimera.run(elf, "--check-memory")
        self.assertEqual(checked.status, plain.status)
        self.assertEqual(checked.report["memories"]["l2"]["unwritten_reads"], 1)
        # Not the variables that the runtime sets to zero.
        self.assertEqual(len(checked.report["warnings"]), 1, checked.report["warnings"])
        self.assertRegex(checked.report["warnings"][0]["text"],
                         r"uninitialised read: host reads 4 bytes at 0x800fe\w+ in l2, never "
                         r"written\n  at   0x8000\w+ \w+\+0x\w+ \(\S*careless.c:5\)")

    def test_buffers_of_a_tile(self):
        elf = cimera.firmware(self.folder, "tile", TILE)
        plain = cimera.run(elf)
        checked = cimera.run(elf, "--check-memory")
        self.assertEqual((plain.status, checked.status), (0, 0), checked.messages)
        self.assertEqual(checked.report["simulated_time_ps"], plain.report["simulated_time_ps"])
        self.assertEqual(checked.report["energy_aJ"], plain.report["energy_aJ"])
        told = collections.Counter()
        for warning in checked.report["warnings"]:
            told[warning["text"].split(", never")[0]] += warning["count"]
        self.assertEqual(told, {
            "uninitialised read: cim0 reads a byte at 0x40001002 in cim0": 2,
            "uninitialised read: host reads 4 bytes at 0x40002008 in cim0": 1})

    def test_code_that_is_not_there(self):
        elf = cimera.small(self.folder, "lost", "lui t0, 0x80100; jr t0")
        result = cimera.run(elf, "--check-memory", "--max-instructions", "100")
        self.assertIn("uninitialised read: host reads 2 bytes at 0x80100000 in l2",
                      result.report["warnings"][0]["text"])

    def test_zeroed_by_the_loader_is_unwritten(self):
        """A program that trusts in zeros behind its segment has luck in a simulator."""
        elf = cimera.small(self.folder, "bss", """la t0, variable; lw t1, 0(t0)
            li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b
            .bss
            variable: .word 0""")
        result = cimera.run(elf, "--check-memory")
        self.assertEqual(result.status, 0, result.messages)
        self.assertEqual(result.report["memories"]["l2"]["unwritten_reads"], 1)

    def test_applications_read_what_they_wrote(self):
        for name, elf in cimera.applications().items():
            if name == "digits":
                continue  # it copies structures with their padding
            with self.subTest(application=name):
                result = cimera.run(elf, "--check-memory")
                self.assertEqual(result.status, 0, result.messages)
                self.assertEqual(result.report["memories"]["l2"]["unwritten_reads"], 0,
                                 result.messages)


if __name__ == "__main__":
    unittest.main()
