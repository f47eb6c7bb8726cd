#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Tests of scripts/gen_regs.py: what it refuses, what it writes, and that compilers accept it."""

import importlib.util
import io
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from contextlib import redirect_stderr
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("gen_regs", ROOT / "scripts" / "gen_regs.py")
gen_regs = importlib.util.module_from_spec(SPEC)
sys.modules["gen_regs"] = gen_regs
SPEC.loader.exec_module(gen_regs)

TIMER = """
[block]
name = "timer"
size = 0x40
doc  = "Up-counter."

[[reg]]
name   = "CTRL"
offset = 0x00
doc    = "Control."
fields = [
  { name = "EN",    bits = "0",    doc = "Runs." },
  { name = "KICK",  bits = "1",    onwrite = "pulse", doc = "Starts again." },
  { name = "STATE", bits = "3:2",  sw = "r", reset = 2, doc = "State | phase." },
  { name = "PRESC", bits = "15:8", reset = 1, doc = "Divider." },
]

[[reg]]
name   = "STATUS"
offset = 0x08
doc    = "Flags."
fields = [ { name = "HIT", bits = "4", onwrite = "woclr", doc = "Reached." } ]

[[reg]]
name   = "DATA"
offset = 0x10
sw     = "r"
onread = "pop"
reset  = 0x80
doc    = "Head of a <FIFO>."

[[reg]]
name   = "SLOT"
offset = 0x20
count  = 3
stride = 8
doc    = "Slots."
"""


def read(text):
    return gen_regs.Reader("timer.regs.toml").read(text)


class Refused(unittest.TestCase):
    """Every mistake has a message with file and register."""

    def refuse(self, old, new, *parts):
        self.assertEqual(TIMER.count(old), 1, "the test must change exactly one place")
        with self.assertRaises(gen_regs.RegisterError) as caught:
            read(TIMER.replace(old, new))
        message = str(caught.exception)
        for part in ("timer.regs.toml", *parts):
            self.assertIn(part, message)

    def test_reserved(self):
        self.refuse("size = 0x40", 'size = 0x40\nreserved = "nothing"', "reserved", "possible: error, zero")

    def test_overlap(self):
        self.refuse("offset = 0x10", "offset = 0x08", "register DATA", "overlaps STATUS")

    def test_overlap_with_the_end_of_an_array(self):
        self.refuse("offset = 0x10", "offset = 0x34", "register DATA", "overlaps SLOT")

    def test_misalignment(self):
        self.refuse("offset = 0x10", "offset = 0x12", "register DATA", "not a multiple of 4")

    def test_stride(self):
        self.refuse("stride = 8", "stride = 6", "register SLOT", "stride 6")
        self.refuse("count  = 3\n", "", "register SLOT", "without a count")

    def test_past_the_end_of_the_block(self):
        self.refuse("offset = 0x20", "offset = 0x2c", "register SLOT", "past the block's size")

    def test_resets_that_do_not_fit(self):
        self.refuse("reset = 2", "reset = 4", "register CTRL, field STATE", "does not fit into 2 bits")
        self.refuse("reset  = 0x80", "reset  = 0x100000000", "register DATA", "does not fit")

    def test_misspelt_keys(self):
        self.refuse("onread =", "onraed =", "register DATA", "unknown key 'onraed'", "'onread'")
        self.refuse('sw = "r", reset', 'sv = "r", reset', "field STATE", "unknown key 'sv'")
        self.refuse("size =", "sise =", "[block]", "did you mean 'size'?")
        self.refuse("[block]", "[blok]", "top level", "did you mean 'block'?")

    def test_unknown_values(self):
        self.refuse('"woclr"', '"w1c"', "field HIT", "'w1c'; possible: woclr, pulse")
        self.refuse('sw     = "r"', 'sw     = "ro"', "register DATA", "possible: r, w, rw")

    def test_fields_out_of_range(self):
        self.refuse('"15:8"', '"32:8"', "field PRESC", "outside a 32-bit register")
        self.refuse('"15:8"', '"8:15"', "field PRESC", "reversed")
        self.refuse("size = 0x40", "size = 0x40\nwidth = 8", "field PRESC", "outside a 8-bit register")

    def test_fields_that_overlap(self):
        self.refuse('"15:8"', '"15:3"', "register CTRL", "PRESC overlaps")

    def test_two_of_one_name(self):
        self.refuse('name   = "DATA"', 'name   = "CTRL_EN"', "CTRL_EN is already that of")

    def test_contradictions(self):
        self.refuse('sw     = "r"', 'sw     = "w"', "register DATA", "write-only")
        self.refuse('sw = "r", reset', 'sw = "r", onwrite = "woclr", reset', "field STATE", "read-only")
        self.refuse('onwrite = "pulse"', 'onwrite = "pulse", reset = 1', "field KICK", "reads as zero")

    def test_broken_toml(self):
        self.refuse("[block]", "[block", "timer.regs.toml")

    def test_exit_status(self):
        with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()) as said:
            source = Path(folder) / "bad.regs.toml"
            source.write_text(TIMER.replace("offset = 0x10", "offset = 0x08"))
            self.assertEqual(gen_regs.main([str(source), "--c-header", str(Path(folder) / "bad.h")]), 1)
            self.assertFalse((Path(folder) / "bad.h").exists())
            self.assertEqual(gen_regs.main([str(Path(folder) / "absent.toml")]), 1)
        self.assertIn("bad.regs.toml: register DATA", said.getvalue())
        self.assertIn("No such file", said.getvalue())


class Written(unittest.TestCase):
    def test_c_header(self):
        text = gen_regs.c_header(read(TIMER), "timer.regs.toml")
        for line in (
            "#ifndef CIMERA_REGS_TIMER_REGS_H",
            "#define TIMER_CTRL_OFFSET 0x0U",
            "#define TIMER_CTRL_PRESC_POS 8U",
            "#define TIMER_CTRL_PRESC_MASK 0xff00U",
            "    volatile uint32_t STATUS;",
            "    volatile const uint32_t DATA;",
            "    struct { volatile uint32_t VALUE; uint32_t reserved[1]; } SLOT[3];",
            "    uint32_t reserved_38[2];",
            "_Static_assert(sizeof(timer_regs_t) == 0x40, \"timer_regs_t\");",
        ):
            self.assertIn(line + "\n", text)

    def test_memory_block_is_plain(self):
        text = gen_regs.c_header(read(TIMER.replace("size = 0x40", "size = 0x40\nmemory = true")), "t")
        self.assertNotIn("volatile", text)
        self.assertIn("} timer_t;", text)

    def test_large_block_has_no_tail(self):
        text = gen_regs.c_header(read(TIMER.replace("size = 0x40", "size = 0x4000")), "t")
        self.assertNotIn("sizeof", text)
        self.assertIn("offsetof(timer_regs_t, SLOT) == 0x20", text)

    def test_masks_of_the_model_table(self):
        text = gen_regs.cpp_header(read(TIMER), "timer.regs.toml")
        self.assertIn('RegisterInfo{"CTRL", 0x0, 1, 4, 0x108, 0xff01, 0x0, 0x2, true, true, false,', text)
        self.assertIn('RegisterInfo{"STATUS", 0x8, 1, 4, 0x0, 0x0, 0x10, 0x0, true, true, false,', text)
        self.assertIn('RegisterInfo{"DATA", 0x10, 1, 4, 0x80, 0x0, 0x0, 0x0, true, false, true,', text)
        self.assertIn('RegisterInfo{"SLOT", 0x20, 3, 8, 0x0, 0xffffffff, 0x0, 0x0, true, true, false,', text)
        self.assertIn("using CTRL_PRESC = Field<CTRL, 8, 8>;", text)

    def test_svd(self):
        tree = ElementTree.fromstring(gen_regs.svd(read(TIMER)))
        registers = {reg.findtext("name"): reg for reg in tree}
        self.assertEqual(registers["DATA"].findtext("readAction"), "modify")
        self.assertEqual(registers["DATA"].findtext("access"), "read-only")
        self.assertEqual(registers["DATA"].findtext("description"), "Head of a <FIFO>.")
        self.assertEqual(registers["SLOT[%s]"].findtext("dim"), "3")
        self.assertEqual(registers["SLOT[%s]"].findtext("dimIncrement"), "0x8")
        self.assertEqual(registers["CTRL"].findtext("resetValue"), "0x108")
        state = registers["CTRL"].findall("fields/field")[2]
        self.assertEqual((state.findtext("name"), state.findtext("access")), ("STATE", "read-only"))

    def test_markdown(self):
        text = gen_regs.markdown(read(TIMER))
        self.assertIn("| 0x10 | DATA | r, read: pop | 0x80 | Head of a <FIFO>. |\n", text)
        self.assertIn("| 0x20 | SLOT[3], every 8 bytes | rw | 0x0 | Slots. |\n", text)
        self.assertIn("| 3:2 | STATE | r | 0x2 | State \\| phase. |\n", text)

    def test_unchanged_file_keeps_its_time(self):
        with tempfile.TemporaryDirectory() as folder:
            source, header = Path(folder) / "timer.regs.toml", Path(folder) / "timer.h"
            source.write_text(TIMER)
            gen_regs.main([str(source), "--c-header", str(header)])
            before = header.stat().st_mtime_ns
            gen_regs.main([str(source), "--c-header", str(header)])
            self.assertEqual(header.stat().st_mtime_ns, before)


class Compiled(unittest.TestCase):
    """Both headers of every block of the platform compile, and the struct refuses wrong writes."""

    def compile(self, command, text):
        tool = shutil.which(command[0])
        if tool is None:
            self.skipTest(f"{command[0]} is not installed")
        return subprocess.run([tool, *command[1:], "-fsyntax-only", "-"], input=text, text=True,
                              capture_output=True, check=False)

    def test_every_block(self):
        sources = sorted(ROOT.glob("models/*/*.regs.toml"))
        self.assertTrue(sources)
        with tempfile.TemporaryDirectory() as folder:
            c_text, cpp_text = "", ""
            for number, source in enumerate(sources):
                stem = f"{folder}/block{number}"
                gen_regs.main([str(source), "--c-header", stem + ".h", "--cpp-header", stem + ".hpp"])
                c_text += f'#include "{stem}.h"\n'
                cpp_text += f'#include "{stem}.hpp"\n'
            flags = ["-Wall", "-Wextra", "-Werror"]
            for command, text in (
                (["riscv64-unknown-elf-gcc", "--specs=picolibc.specs", "-march=rv32imac", "-mabi=ilp32",
                  "-std=c11", "-xc", *flags], c_text),
                (["g++", "-std=c++20", "-xc++", *flags], c_text),
                (["g++", "-std=c++20", "-xc++", f"-I{ROOT}", *flags], cpp_text),
            ):
                result = self.compile(command, text)
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_behaviour_of_the_headers(self):
        block = read(TIMER)
        c_text = gen_regs.c_header(block, "t")
        good = "void f(timer_regs_t* t);\nvoid f(timer_regs_t* t) { t->CTRL = t->DATA; t->SLOT[2].VALUE = 1; }\n"
        bad = "void g(timer_regs_t* t);\nvoid g(timer_regs_t* t) { t->DATA = 1; }\n"
        command = ["gcc", "-std=c11", "-xc", "-Wall", "-Werror"]
        self.assertEqual(self.compile(command, c_text + good).returncode, 0)
        result = self.compile(command, c_text + bad)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("read-only", result.stderr)
        cpp_text = gen_regs.cpp_header(block, "t").replace("#pragma once\n", "")
        checks = ("using namespace cimera::regs::timer;\n"
                  "static_assert(CTRL_PRESC::get(0x1234) == 0x12 && CTRL_PRESC::of(0x112) == 0x1200);\n"
                  "static_assert(block.registers.size() == 4 && block.registers[0].fields.size() == 4);\n"
                  "static_assert(block.width == 4 && block.registers[2].read_effect);\n")
        result = self.compile(["g++", "-std=c++20", "-xc++", f"-I{ROOT}", "-Wall", "-Werror"], cpp_text + checks)
        self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main()
