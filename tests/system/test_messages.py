# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""What the program says about mistakes, word for word: tests/golden/messages/*.txt.

    CIMERA_UPDATE_GOLDEN=1 ctest -R test_messages      rewrites them
    test_messages.py --update-golden                   does so too
"""

import gzip
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

GOLDEN = cimera.SOURCE / "tests" / "golden" / "messages"
UPDATE = bool(os.environ.get("CIMERA_UPDATE_GOLDEN"))
MISSING = cimera.need(cimera.COMPILER)

# A trap handler that ends with the code 8; {0} is the firmware's mistake.
GUARDED = """la t0, handler; csrw mtvec, t0
mistake: {0}
.balign 4
handler: li t0, 0x100000; li t1, 0x83333; sw t1, 0(t0); 1: j 1b
"""
TRAPPED = 8

FIRMWARE = {
    "unmapped_load": "lui t0, 0x50000; lw a0, 0x14(t0)",
    "unmapped_store": "lui t0, 0x50000; sb a0, 0x14(t0)",
    "unmapped_jump": "lui t0, 0x50000; jr t0",
    "past_the_end": "li t0, 0x80400000; sh a0, 2(t0)",
    "misaligned_end": "li t0, 0x803ffffe; lw a0, 0(t0)",
    "read_only_register": "li t0, 0x10019010; sw a0, 0(t0)",
    "write_only_register": "li t0, 0x10012028; lw a0, 0(t0)",
    "no_register": "li t0, 0x10019700; lw a0, 0(t0)",
    "misaligned_register": "li t0, 0x10019011; lw a0, 0(t0)",
    "read_only_memory": "li t0, 0x1000; sw a0, 4(t0)",
    "atomic_on_register": "li t0, 0x10019010; amoadd.w a0, a1, (t0)",
    "empty_sensor": "li t0, 0x10020030; lw a0, 0(t0)",
    "sensor_without_source": "li t0, 0x10020018; li t1, 1; sw t1, 0(t0)",
    "mailbox_name": "li t0, 0x10012028; sw x0, 0(t0)",
    "phase_without_name": "li t0, 0x100000; li t1, 0x50001; sw t1, 0(t0); ecall",
    "repeated": "li t1, 3; la t2, 2f; csrw mtvec, t2; lui t0, 0x50000; 1: lw a0, 0(t0); ecall\n"
                ".balign 4\n2: addi t1, t1, -1; bnez t1, 3f; j handler; 3: la t2, 1b; csrw mepc, t2; mret",
}
STOPPED = {
    "stop_at_unmapped_load": "lui t0, 0x50000; lw a0, 0x14(t0)",
    "stop_at_illegal_instruction": ".word 0xffffffff",
    "stop_at_misaligned_atomic": "li t0, 0x80000102; lr.w a0, (t0)",
}


def idx(shape, data, kind=8):
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape) + bytes(data)


def npy(kind, shape, data, fortran=False):
    header = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + data


def wav(bits, data, kind=1):
    form = struct.pack("<HHIIHH", kind, 1, 8000, 1000 * bits, bits // 8, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


@unittest.skipIf(MISSING, MISSING)
class Messages(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.elf = cimera.small(self.folder, "program", GUARDED.format("ecall"))

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def normalised(self, text):
        for path, name in ((self.folder, "FOLDER"), (cimera.BUILD / "firmware", "FIRMWARE"),
                           (cimera.BUILD, "BUILD"), (cimera.SOURCE, "SOURCE")):
            text = text.replace(str(path), name)
        return text

    def golden(self, name, *arguments, status=cimera.USER_ERROR):
        """Command line, exit status and messages up to the summary that ends a run."""
        with self.subTest(message=name):
            result = cimera.program(*arguments)
            self.assertEqual(result.status, status, result.messages)
            said = re.split(r"\n\n|\A\n", result.messages)[0].rstrip("\n")
            self.assertTrue(said)
            command = " ".join(["cimera", *map(str, arguments)])
            text = self.normalised(f"$ {command}\n{said}\nexit status {result.status}\n")
            path = GOLDEN / f"{name}.txt"
            if UPDATE:
                path.write_text(text)
            self.assertEqual(text, path.read_text() if path.exists() else f"{path} is missing")

    def test_firmware(self):
        for name, code in FIRMWARE.items():
            elf = cimera.small(self.folder, name, GUARDED.format(code))
            self.golden(name, "run", elf, status=TRAPPED)

    def test_firmware_that_stops(self):
        for name, code in STOPPED.items():
            elf = cimera.small(self.folder, name, GUARDED.format(code))
            self.golden(name, "run", elf, "--on-fault", "stop", status=cimera.DIED)

    def test_repeats_are_counted(self):
        elf = cimera.small(self.folder, "repeated", GUARDED.format(FIRMWARE["repeated"]))
        result = cimera.program("run", elf)
        self.assertEqual(result.messages.count("4-byte load from 0x50000000"), 2)
        self.assertIn("repeated x3: firmware fault: 4-byte load", result.messages)
        warnings = cimera.run(elf).report["warnings"]
        self.assertEqual([warning["count"] for warning in warnings], [3])

    def test_modes_say_the_same(self):
        elf = cimera.small(self.folder, "unmapped_load",
                           GUARDED.format(FIRMWARE["unmapped_load"]))
        said = {re.split(r"\n\n", cimera.program("run", elf, *mode).messages)[0]
                for mode in ([], ["--no-dmi"], ["--quantum", "1us"])}
        self.assertEqual(len(said), 1, said)

    def test_command_line(self):
        run = ("run", self.elf)
        for name, arguments in (
            ("no_command", ()), ("unknown_command", ("rnu",)), ("no_firmware", ("run",)),
            ("unknown_option", (*run, "--no-dim")), ("too_many_files", (*run, "more.elf")),
            ("unknown_key", (*run, "--set", 'clock.hots="100 MHz"')),
            ("unknown_section", (*run, "--set", "clocks.host=1")),
            ("bad_unit", (*run, "--set", 'clock.host="100 mph"')),
            ("missing_unit", (*run, "--set", "clock.host=100")),
            ("out_of_range", (*run, "--set", 'l2.size="5 B"')),
            ("quantum_unit", (*run, "--quantum", "5 parsec")),
            ("quantum_too_short", (*run, "--quantum", "1ps")),
            ("negative_time", (*run, "--max-time", "-5ms")),
            ("negative_seed", (*run, "--seed", "-1")),
            ("bad_choice", (*run, "--on-fault", "explode")),
            ("unknown_preset", (*run, "-c", "spe")), ("missing_soc", (*run, "-c", "absent.toml")),
            ("unknown_sensor", (*run, "--sensor", "camra=x.csv")),
            ("sensor_without_file", (*run, "--sensor", "camera")),
            ("unknown_sensor_part", (*run, "--sensor", "camera=x.csv,label=y.idx")),
            ("bad_rate", (*run, "--sensor", "camera=x.csv,rate=often")),
            ("rate_out_of_range", (*run, "--sensor", "camera=x.csv,rate=0.0001Hz")),
            ("rate_too_fast", (*run, "--sensor", "camera=x.csv,rate=2GHz")),
            ("bad_speed", (*run, "--sensor", "camera=x.csv,speed=slow")),
            ("bad_samples", (*run, "--sensor", "camera=x.wav,samples=0")),
            ("bad_kind", (*run, "--sensor", "camera=x.csv,as=film")),
            ("load_without_file", (*run, "--load", "0x80000000")),
            ("load_outside", (*run, "--load", f"0x50000000={self.file('data', 'abc')}")),
            ("missing_model", (*run, "--model", "absent.cimg")),
            ("model_is_folder", (*run, "--model", self.folder)),
            ("model_too_large", (*run, "--set", 'nvm.size="4 KiB"', "--model",
                                 self.file("model", bytes(5000)))),
            ("out_below_a_file", (*run, "-o", self.elf / "out")),
            ("report_in_no_folder", (*run, "--report", "/absent/report.json")),
            ("uart_in_no_folder", (*run, "--uart", "/absent/uart.txt")),
        ):
            self.golden(name, *arguments)

    def test_configuration_file(self):
        good = cimera.program("describe").uart.decode()
        good = good[good.index("[soc]"):]
        for name, old, new in (("file_unknown_key", "rows = 64", "rosw = 64"),
                               ("file_bad_unit", 'host = "200 MHz"', 'host = "200 mph"'),
                               ("file_broken", "[clock]", "[clock")):
            self.assertIn(old, good)
            self.golden(name, "check", self.file(f"{name}.toml", good.replace(old, new, 1)))

    def test_defaults_file(self):
        self.elf.with_suffix(".run.toml").write_text('soc = "sep"\nmax_tiem = "1 s"\n')
        self.golden("defaults_unknown_key", "run", self.elf)

    def test_elf(self):
        good = self.elf.read_bytes()
        wide = self.folder / "host.o"
        subprocess.run(["gcc", "-c", "-x", "c", "-o", wide, "-"], input=b"int x;", check=True)
        arm = bytearray(good)
        arm[18:20] = struct.pack("<H", 40)
        outside = self.folder / "outside.elf"
        subprocess.run(
            [cimera.COMPILER, *cimera.FLAGS, "-Wl,--section-start=.far=0x50000000", "-o", outside,
             self.file("outside.S", '.globl _start\n_start: j _start\n.section .far, "ax"\nnop\n')],
            check=True)
        header = struct.unpack_from("<I", good, 28)[0]
        count = struct.unpack_from("<H", good, 44)[0]
        for name, path in (
            ("elf_missing", self.folder / "absent.elf"), ("elf_is_folder", self.folder),
            ("elf_is_text", self.file("text.elf", "not an ELF file\n")),
            ("elf_is_empty", self.file("empty.elf", b"")),
            ("elf_cut_in_header", self.file("cut1.elf", good[:40])),
            ("elf_cut_in_segment", self.file("cut2.elf", good[:header + 32 * count + 2])),
            ("elf_is_64_bit", wide), ("elf_for_arm", self.file("arm.elf", bytes(arm))),
            ("elf_outside_memories", outside),
        ):
            self.golden(name, "run", path)

    def test_frames(self):
        frames = idx((3, 2, 2), range(12))
        cases = (
            ("idx_truncated", idx((3, 2, 2), range(11)), None),
            ("idx_overlong", idx((3, 2, 2), range(13)), None),
            ("idx_header_cut", frames[:7], None), ("idx_of_floats", idx((1, 1), bytes(4), 13), None),
            ("idx_without_frames", idx((0, 2, 2), b""), None),
            ("idx_labels_count", frames, idx((2,), range(2))),
            ("idx_labels_shape", frames, idx((3, 1), range(3))),
            ("idx_labels_text", frames, b"1,2,3\n"),
            ("idx_gzip_cut", gzip.compress(frames, mtime=0)[:-6], None),
            ("frame_too_large", idx((1, 64, 64), bytes(4096)), None),
            ("frames_empty", b"", None), ("frames_binary", b"\x89PNG\0\0", None),
            ("csv_bad_cell", b"a,b,label\n1,2,0\n3,x4,1\n", None),
            ("csv_fraction", b"1,2.5,0\n1,2.5,0\n", None),
            ("csv_columns", b"1,2,0\n3,4,5,1\n", None), ("csv_one_column", b"1\n2\n", None),
            ("csv_negative_label", b"1,2,-1\n", None), ("csv_header_only", b"a,b,label\n", None),
            ("csv_labels", b"1,2,0\n", idx((1,), [0])),
            ("npy_truncated", npy("<i2", (2, 1, 2), bytes(7)), None),
            ("npy_header_cut", npy("<i2", (2, 1, 2), b"")[:40], None),
            ("npy_header_damaged", npy("<i2", "(2, 1", bytes(8)), None),
            ("npy_of_floats", npy("<f4", (1, 1), bytes(4)), None),
            ("npy_in_fortran_order", npy("<i2", (2, 2), bytes(8), True), None),
            ("npy_beyond_32_bits", npy("<i8", (1, 1), b"\xff" * 7 + b"\x01"), None),
            ("npy_labels_count", npy("|u1", (3, 1), bytes(3)), npy("|u1", (2,), bytes(2))),
            ("npy_labels_negative", npy("|u1", (1, 1), b"x"), npy("|i1", (1,), b"\xff")),
            ("npz", b"PK\3\4", None),
            ("wav_truncated", wav(16, bytes(10))[:-3], None),
            ("wav_without_data", wav(16, bytes(10))[:36], None),
            ("wav_of_floats", wav(32, bytes(8), 3), None),
            ("wav_half_a_sample", wav(16, bytes(3)), None),
            ("events_cut", bytes((3, 4, 0x80, 0, 9, 5, 1)), None),
            ("events_go_back", bytes((3, 4, 0x80, 0, 9, 5, 1, 0, 0, 8)), None),
            ("events_csv_go_back", b"t,x,y,p\n9,3,4,1\n8,5,1,0\n", None),
            ("events_csv_polarity", b"t,x,y,p\n9,3,4,2\n", None),
            ("events_csv_columns", b"t,x,y,p\n9,3,4\n", None),
            ("events_csv_fraction", b"t,x,y,p\n0.25,3,4,1\n", None),
            ("events_csv_address", b"t,x,y,p\n9,70000,4,1\n", None),
            ("events_labels", b"t,x,y,p\n9,3,4,1\n", idx((1,), [0])),
            ("aedat", b"#!AER-DAT2.0\r\n", None),
        )
        for name, content, labels in cases:
            option = f"camera={self.file(name, content)}"
            if labels is not None:
                option += f",labels={self.file(name + '.labels', labels)}"
            self.golden(name, "run", self.elf, "--sensor", option)
        for name, content, part in (("events_rate", b"t,x,y,p\n9,3,4,1\n", "rate=1kHz"),
                                    ("frames_speed", frames, "speed=2"),
                                    ("frames_samples", frames, "samples=8")):
            self.golden(name, "run", self.elf, "--sensor",
                        f"camera={self.file(name, content)},{part}")
        self.golden("frames_missing", "run", self.elf, "--sensor", "camera=absent.idx")
        self.golden("frames_is_folder", "run", self.elf, "--sensor", f"camera={self.folder}")

    def test_model_image(self):
        """What the digits firmware says itself about damaged models, on its UART."""
        elf = cimera.applications().get("digits")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        good = (cimera.FIRMWARE / "data" / "digits.cimg").read_bytes()
        flipped = bytearray(good)
        flipped[len(good) // 2] ^= 1
        for name, content in (("model_truncated", good[:1000]), ("model_damaged", bytes(flipped)),
                              ("model_is_text", b"not a model image\n" * 10)):
            with self.subTest(message=name):
                result = cimera.program("run", elf, "-q", "--model", self.file(name, content))
                self.assertIn(result.status, range(10, 20))
                text = f"{result.uart.decode()}exit status {result.status}\n"
                path = GOLDEN / f"{name}.txt"
                if UPDATE:
                    path.write_text(text)
                self.assertEqual(text, path.read_text())


if __name__ == "__main__":
    if "--update-golden" in sys.argv:
        sys.argv.remove("--update-golden")
        UPDATE = True
    unittest.main()
