# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""SoCs on a mesh: the preset, many tiles, places, and the drawing."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

# What may differ between the coding styles. Statistics of the interconnect lack the fetches that are
# on their way when an approximately timed run ends.
OWN = ("wall_time_s", "host_mips", "quantum_s", "timing", "interconnect", "channels")
MANY = """
[soc]
name = "many"
[interconnect]
kind = "mesh"
[cim]
stride = "256 KiB"
[[cim.tile]]
count = 1024
[[sensor]]
name = "camera"
"""


def comparable(report):
    """What both coding styles must agree on."""
    return {key: value for key, value in report.items() if key not in OWN}


class Mesh(unittest.TestCase):
    """The mesh as a user has it."""

    def test_digits_gives_the_same_answers_as_on_a_crossbar(self):
        reports = [cimera.run(cimera.FIRMWARE / "digits.elf", "--soc", soc).report
                   for soc in ("sep", "memory-centric")]
        crossbar, mesh = reports
        self.assertEqual(mesh["exit_code"], 0)
        for name in ("accuracy_before", "prediction_checksum"):
            self.assertEqual(mesh["results"][name], crossbar["results"][name])
        self.assertEqual(mesh["results"]["frames_lost"], 0)
        by_event = mesh["energy_aJ"]["by_event"]
        self.assertGreater(int(by_event["mesh.hop"]), 0)
        self.assertGreater(int(by_event["mesh.tsv"]), 0)
        for split in ("by_component", "by_initiator", "by_event", "by_domain", "by_phase"):
            parts = mesh["energy_aJ"][split].values()
            self.assertEqual(sum(map(int, parts)), int(mesh["energy_aJ"]["total"]))
        self.assertIn("l2_0", mesh["memories"])
        self.assertGreater(mesh["channels"]["0,0,0 to 0,0,1"]["busy_s"], 0)
        self.assertEqual(crossbar["channels"], {})

    def test_both_coding_styles_and_direct_access_agree(self):
        hello = cimera.FIRMWARE / "hello.elf"
        first = cimera.run(hello, "--soc", "memory-centric")
        self.assertEqual(first.status, 0)
        for mode in (("--timing", "at"), ("--no-dmi",), ("--quantum", "3us"), ("--check-tlm",)):
            with self.subTest(mode=mode):
                other = cimera.run(hello, "--soc", "memory-centric", *mode)
                self.assertEqual(other.uart, first.uart)
                self.assertEqual(comparable(other.report), comparable(first.report))

    def test_a_program_may_lie_across_slices(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.small(folder, "across", """
                la t0, last
                lw t1, 0(t0)
                lw t2, 4(t0)
                sub t1, t2, t1
                li t2, 0x5555
                li t0, 0x100000
                addi t3, t1, -1
                bnez t3, 1f
                sw t2, 0(t0)
            1:  j 1b
                .org 0x7fffc - 0
            last:
                .word 41, 42
            """)
            run = cimera.run(elf, "--soc", "memory-centric", "--max-time", "1 ms")
            self.assertEqual(run.status, 0, run.messages)

    def test_1024_tiles(self):
        with tempfile.TemporaryDirectory() as folder:
            soc = pathlib.Path(folder, "many.toml")
            soc.write_text(MANY)
            check = cimera.program("check", soc)
            self.assertEqual(check.status, 0, check.messages)
            run = cimera.run(cimera.FIRMWARE / "hello.elf", "--soc", soc)
            self.assertEqual(run.status, 0, run.messages)
            self.assertIn("cim1023", run.report["energy_aJ"]["by_component"])

    def test_places(self):
        for path, expected in (
                ("[[interconnect.place]]\ndevice = 'pmc'\n", "there is no such device"),
                ("[[interconnect.place]]\ndevice = 'l2'\nx = 63\n", "outside the mesh")):
            with self.subTest(path=path), tempfile.TemporaryDirectory() as folder:
                soc = pathlib.Path(folder, "placed.toml")
                soc.write_text("[soc]\nname = 'p'\n[interconnect]\nkind = 'mesh'\n" + path)
                check = cimera.program("check", soc)
                self.assertEqual(check.status, cimera.USER_ERROR)
                self.assertIn(expected, check.messages)

    def test_where_the_memory_is_matters(self):
        hello = cimera.FIRMWARE / "hello.elf"
        times = []
        for x in (0, 2):
            with tempfile.TemporaryDirectory() as folder:
                soc = pathlib.Path(folder, "placed.toml")
                soc.write_text("[soc]\nname = 'p'\n[interconnect]\nkind = 'mesh'\ncolumns = 3\nrows = 3\n"
                               f"[[interconnect.place]]\ndevice = 'l2'\nx = {x}\n"
                               "[[sensor]]\nname = 'camera'\n")
                report = cimera.run(hello, "--soc", soc).report
                times.append(int(report["simulated_time_ps"]))
        self.assertLess(times[0], times[1])

    def test_the_drawing(self):
        for soc, marks in (("sep", ("crossbar -- \"l2\"", "host -- crossbar")),
                           ("memory-centric", ("n0_0_1 -- \"l2_0\"", "n0_0_0 -- n0_0_1 [style=dashed]",
                                               "host -- n0_0_0"))):
            with self.subTest(soc=soc):
                text = cimera.program("describe", "--soc", soc, "--format", "dot").uart.decode()
                self.assertTrue(text.startswith(f'graph "{soc}" {{'))
                self.assertTrue(text.endswith("}\n"))
                for mark in marks:
                    self.assertIn(mark, text)


if __name__ == "__main__":
    unittest.main()
