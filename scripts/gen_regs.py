#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Turn one <device>.regs.toml into a C header, a C++ table and a reference page.

    gen_regs.py timer.regs.toml --c-header timer_regs.h --cpp-header timer.hpp --markdown timer.md

Anything the description gets wrong (overlap, misalignment, a reset that does not fit, a misspelt
key, a field outside its register, two things of one name) is refused with file and register.
"""

import argparse
import difflib
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

BLOCK_KEYS = {"name", "size", "doc", "width", "memory", "reserved"}
REGISTER_KEYS = {"name", "offset", "doc", "sw", "count", "stride", "reset", "onread", "fields"}
FIELD_KEYS = {"name", "bits", "doc", "sw", "reset", "onwrite"}
SVD_ACCESS = {"r": "read-only", "w": "write-only", "rw": "read-write"}
SVD_READ_ACTION = {"clear": "clear", "pop": "modify", "claim": "modifyExternal"}
SVD_WRITE = {"woclr": "oneToClear", "pulse": "modify"}
ASSERTED_SIZE = 4096  # a block up to this size is laid out to its last byte in C


class RegisterError(Exception):
    """A mistake in a register description: what is wrong, and where."""


@dataclass
class Field:
    name: str
    lsb: int
    width: int
    doc: str
    sw: str
    reset: int = 0
    onwrite: str = ""

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.lsb

    @property
    def bits(self):
        return str(self.lsb) if self.width == 1 else f"{self.lsb + self.width - 1}:{self.lsb}"


@dataclass
class Register:
    name: str
    offset: int
    doc: str
    sw: str
    count: int
    stride: int
    width: int  # bits
    onread: str = ""
    own_reset: int = 0
    fields: list = field(default_factory=list)

    @property
    def end(self):
        return self.offset + self.count * self.stride

    @property
    def reset(self):
        return self.own_reset | sum(f.reset << f.lsb for f in self.fields)

    def _mask(self, wanted):
        return sum(f.mask for f in self.fields if wanted(f))

    @property
    def write_mask(self):
        if self.sw == "r":
            return 0
        if not self.fields:
            return (1 << self.width) - 1
        return self._mask(lambda f: f.sw != "r" and not f.onwrite)

    @property
    def woclr_mask(self):
        return self._mask(lambda f: f.onwrite == "woclr")

    @property
    def pulse_mask(self):
        return self._mask(lambda f: f.onwrite == "pulse")


@dataclass
class Block:
    name: str
    size: int
    doc: str
    width: int  # bits
    memory: bool
    reserved: str  # what an access beside the registers does: error, or zero
    registers: list


class Reader:
    """Reads and checks one description; every complaint starts with the file's name."""

    def __init__(self, path):
        self.path = path

    def fail(self, where, what):
        raise RegisterError(f"{self.path}: {where}: {what}")

    def check_keys(self, table, known, where):
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), 1)
                all_known = f"known are {', '.join(sorted(known))}"
                hint = f"did you mean '{near[0]}'?" if near else all_known
                self.fail(where, f"unknown key '{key}'; {hint}")

    def text(self, table, key, where, pattern=r"(?s).+"):
        value = table.get(key)
        if not isinstance(value, str):
            self.fail(where, f"needs '{key}', a string")
        if not re.fullmatch(pattern, value):
            self.fail(where, f"'{key}' is '{value}', which does not match {pattern}")
        return value

    def number(self, table, key, where, default=None):
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fail(where, f"needs '{key}', a number of at least 0")
        return value

    def choice(self, table, key, where, choices, default):
        value = table.get(key, default)
        if value not in choices:
            possible = ", ".join(str(one) for one in choices if one != "")
            self.fail(where, f"'{key}' is '{value}'; possible: {possible}")
        return value

    def read(self, text):
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RegisterError(f"{self.path}: {error}") from None
        self.check_keys(data, {"block", "reg"}, "top level")
        head = data.get("block")
        if not isinstance(head, dict):
            self.fail("top level", "needs a [block]")
        self.check_keys(head, BLOCK_KEYS, "[block]")
        block = Block(
            name=self.text(head, "name", "[block]", r"[a-z][a-z0-9_]*"),
            size=self.number(head, "size", "[block]"),
            doc=self.text(head, "doc", "[block]"),
            width=self.choice(head, "width", "[block]", (8, 32), 32),
            memory=self.choice(head, "memory", "[block]", (False, True), False),
            reserved=self.choice(head, "reserved", "[block]", ("error", "zero"), "error"),
            registers=[],
        )
        if block.size == 0 or block.size % (block.width // 8) != 0:
            self.fail("[block]", f"size {block.size:#x} is not a multiple of {block.width // 8}")
        if not data.get("reg"):
            self.fail("top level", "needs at least one [[reg]]")
        for number, table in enumerate(data["reg"]):
            block.registers.append(self.register(block, table, number))
        self.check_layout(block)
        self.check_names(block)
        return block

    def register(self, block, table, number):
        where = f"register {table.get('name', f'number {number}')}"
        self.check_keys(table, REGISTER_KEYS, where)
        step = block.width // 8
        reg = Register(
            name=self.text(table, "name", where, r"[A-Z][A-Z0-9_]*"),
            offset=self.number(table, "offset", where),
            doc=self.text(table, "doc", where),
            sw=self.choice(table, "sw", where, tuple(SVD_ACCESS), "rw"),
            count=self.number(table, "count", where, 1),
            stride=self.number(table, "stride", where, step),
            width=block.width,
            onread=self.choice(table, "onread", where, ("", *SVD_READ_ACTION), ""),
        )
        if reg.offset % step != 0:
            self.fail(where, f"offset {reg.offset:#x} is not a multiple of {step}")
        if reg.count == 0:
            self.fail(where, "count is 0")
        if "stride" in table and "count" not in table:
            self.fail(where, "has a stride without a count")
        if reg.stride == 0 or reg.stride % step != 0:
            self.fail(where, f"stride {reg.stride} is not a multiple of {step}")
        if reg.end > block.size:
            self.fail(where, f"ends at {reg.end:#x}, past the block's size {block.size:#x}")
        if reg.onread and reg.sw == "w":
            self.fail(where, "onread in a write-only register")
        self.fields(reg, table, where)
        return reg

    def fields(self, reg, table, where):
        tables = table.get("fields", [])
        if "fields" in table and not tables:
            self.fail(where, "'fields' is empty")
        if tables and "reset" in table:
            self.fail(where, "has fields, so the reset belongs to each of them")
        reg.own_reset = self.number(table, "reset", where, 0)
        if reg.own_reset >> reg.width:
            self.fail(where, f"reset {reg.own_reset:#x} does not fit into {reg.width} bits")
        taken = 0
        for number, entry in enumerate(tables):
            one = self.field(reg, entry, f"{where}, field {entry.get('name', f'number {number}')}")
            if taken & one.mask:
                self.fail(where, f"field {one.name} overlaps another in bits {one.bits}")
            taken |= one.mask
            reg.fields.append(one)

    def field(self, reg, table, where):
        self.check_keys(table, FIELD_KEYS, where)
        bits = self.text(table, "bits", where, r"[0-9]+(:[0-9]+)?")
        high, _, low = bits.partition(":")
        msb, lsb = int(high), int(low or high)
        if lsb > msb or msb >= reg.width:
            self.fail(where, f"bits {bits} are outside a {reg.width}-bit register or reversed")
        rights = (reg.sw, "r") if "r" in reg.sw else (reg.sw,)
        one = Field(
            name=self.text(table, "name", where, r"[A-Z][A-Z0-9_]*"),
            lsb=lsb,
            width=msb - lsb + 1,
            doc=self.text(table, "doc", where),
            sw=self.choice(table, "sw", where, rights, reg.sw),
            reset=self.number(table, "reset", where, 0),
            onwrite=self.choice(table, "onwrite", where, ("", *SVD_WRITE), ""),
        )
        if one.reset >> one.width:
            self.fail(where, f"reset {one.reset:#x} does not fit into {one.width} bits")
        if one.onwrite and one.sw == "r":
            self.fail(where, "onwrite in a read-only field")
        if one.onwrite == "pulse" and one.reset:
            self.fail(where, "a pulse reads as zero and has no reset value")
        return one

    def check_layout(self, block):
        block.registers.sort(key=lambda reg: reg.offset)
        for before, after in zip(block.registers, block.registers[1:]):
            if after.offset < before.end:
                self.fail(f"register {after.name}", f"at {after.offset:#x} overlaps {before.name}, "
                          f"which ends at {before.end:#x}")

    def check_names(self, block):
        names = {}
        for reg in block.registers:
            mine = [reg.name] + [f"{reg.name}_{f.name}" for f in reg.fields]
            for name in mine:
                if name in names:
                    self.fail(f"register {reg.name}",
                              f"the name {name} is already that of {names[name]}")
                whose = "register" if name == reg.name else "a field of"
                names[name] = f"{whose} {reg.name}"


HEADER = """// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// Generated from {source} by scripts/gen_regs.py.
"""


def c_macros(block):
    prefix = block.name.upper()
    lines = []
    for reg in block.registers:
        lines.append(f"/* {reg.name}: {comment(reg.doc)} */")
        lines.append(f"#define {prefix}_{reg.name}_OFFSET {reg.offset:#x}U")
        for f in reg.fields:
            lines.append(f"#define {prefix}_{reg.name}_{f.name}_POS {f.lsb}U")
            lines.append(f"#define {prefix}_{reg.name}_{f.name}_MASK {f.mask:#x}U")
    return lines


def comment(doc):
    return doc.replace("*/", "* /")


def c_struct(block):
    step = block.width // 8
    word = f"uint{block.width}_t"
    volatile = "" if block.memory else "volatile "
    lines = ["typedef struct {"]
    at = 0

    def pad(upto):
        if upto > at:
            lines.append(f"    {word} reserved_{at:x}[{(upto - at) // step}];")

    for reg in block.registers:
        pad(reg.offset)
        const = "const " if reg.sw == "r" and not block.memory else ""
        if reg.stride > step:
            members = f"{volatile}{const}{word} VALUE; {word} reserved[{reg.stride // step - 1}];"
            lines.append(f"    struct {{ {members} }} {reg.name}[{reg.count}];")
        else:
            dim = f"[{reg.count}]" if reg.count > 1 else ""
            lines.append(f"    {volatile}{const}{word} {reg.name}{dim};")
        at = reg.end
    if block.size <= ASSERTED_SIZE:
        pad(block.size)
    name = struct_name(block)
    lines.append(f"}} {name};")
    lines += [f'_Static_assert(offsetof({name}, {reg.name}) == {reg.offset:#x}, "{reg.name}");'
              for reg in block.registers]
    if block.size <= ASSERTED_SIZE:
        lines.append(f'_Static_assert(sizeof({name}) == {block.size:#x}, "{name}");')
    return lines


def struct_name(block):
    return f"{block.name}_t" if block.memory else f"{block.name}_regs_t"


def c_header(block, source):
    guard = f"CIMERA_REGS_{block.name.upper()}_REGS_H"
    lines = [
        HEADER.format(source=source),
        f"#ifndef {guard}", f"#define {guard}", "",
        "#include <stddef.h>", "#include <stdint.h>", "",
        "#ifdef __cplusplus", "#define _Static_assert static_assert", "#endif", "",
        *c_macros(block), "",
        f"/* {comment(block.doc)} */", *c_struct(block), "",
        "#ifdef __cplusplus", "#undef _Static_assert", "#endif", "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def cpp_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def cpp_raw(text):
    return f'R"cimera({text})cimera"'


def cpp_bool(value):
    return "true" if value else "false"


def cpp_names(block):
    lines = []
    for reg in block.registers:
        lines.append(f"constexpr std::uint32_t {reg.name} = {reg.offset:#x};")
        lines += [f"using {reg.name}_{f.name} = Field<{reg.name}, {f.lsb}, {f.width}>;"
                  for f in reg.fields]
    return lines


def cpp_register(reg):
    fields = f"{reg.name}_table" if reg.fields else "{}"
    return (f"    RegisterInfo{{{cpp_text(reg.name)}, {reg.offset:#x}, {reg.count}, {reg.stride}, "
            f"{reg.reset:#x}, {reg.write_mask:#x}, {reg.woclr_mask:#x}, {reg.pulse_mask:#x}, "
            f"{cpp_bool('r' in reg.sw)}, {cpp_bool('w' in reg.sw)}, {cpp_bool(reg.onread)},\n"
            f"                 {cpp_text(reg.doc)}, {fields}}},")


def cpp_header(block, source):
    lines = [
        HEADER.format(source=source) + "#pragma once", "",
        '#include "models/common/register_info.hpp"', "",
        f"namespace cimera::regs::{block.name} {{", "",
        *cpp_names(block), "",
    ]
    for reg in block.registers:
        if reg.fields:
            lines.append(f"inline constexpr FieldInfo {reg.name}_table[] = {{")
            lines += [f"    FieldInfo{{{cpp_text(f.name)}, {f.lsb}, {f.width}, {cpp_text(f.doc)}}},"
                      for f in reg.fields]
            lines.append("};")
    lines += ["", "inline constexpr RegisterInfo registers[] = {"]
    lines += [*map(cpp_register, block.registers), "};", ""]
    lines += [
        f"inline constexpr BlockInfo block{{{cpp_text(block.name)}, {block.size:#x}, {block.width // 8},",
        f"                                 {cpp_text(block.doc)}, registers,",
        f"                                 {cpp_raw(svd(block))},",
        f"                                 {cpp_raw(markdown(block))},",
        f"                                 {cpp_bool(block.reserved == 'zero')}}};", "",
        f"}}  // namespace cimera::regs::{block.name}",
    ]
    return "\n".join(lines) + "\n"


def svd_field(f, reg_sw):
    lines = [f"    <field><name>{f.name}</name><description>{escape(f.doc)}</description>"
             f"<bitOffset>{f.lsb}</bitOffset><bitWidth>{f.width}</bitWidth>"]
    if f.sw != reg_sw:
        lines.append(f"<access>{SVD_ACCESS[f.sw]}</access>")
    if f.onwrite:
        lines.append(f"<modifiedWriteValues>{SVD_WRITE[f.onwrite]}</modifiedWriteValues>")
    return "".join(lines) + "</field>"


def svd_register(reg):
    lines = ["  <register>"]
    name = reg.name
    if reg.count > 1:
        lines.append(f"   <dim>{reg.count}</dim><dimIncrement>{reg.stride:#x}</dimIncrement>")
        name += "[%s]"
    lines.append(f"   <name>{name}</name><description>{escape(reg.doc)}</description>")
    lines.append(f"   <addressOffset>{reg.offset:#x}</addressOffset><size>{reg.width}</size>"
                 f"<access>{SVD_ACCESS[reg.sw]}</access><resetValue>{reg.reset:#x}</resetValue>")
    if reg.onread:
        lines.append(f"   <readAction>{SVD_READ_ACTION[reg.onread]}</readAction>")
    if reg.fields:
        lines += ["   <fields>", *(svd_field(f, reg.sw) for f in reg.fields), "   </fields>"]
    return "\n".join([*lines, "  </register>"])


def svd(block):
    return "\n".join([" <registers>", *map(svd_register, block.registers), " </registers>"]) + "\n"


def cell(text):
    return text.replace("|", "\\|")


def access_text(reg):
    return reg.sw + (f", read: {reg.onread}" if reg.onread else "")


def markdown(block):
    lines = [f"# {block.name}", "", block.doc, "",
             f"{block.size:#x} bytes, registers of {block.width} bits."]
    lines += ["", "| offset | register | access | reset | what |", "|---|---|---|---|---|"]
    for reg in block.registers:
        name = reg.name if reg.count == 1 else f"{reg.name}[{reg.count}], every {reg.stride} bytes"
        lines.append(f"| {reg.offset:#x} | {name} | {access_text(reg)} | {reg.reset:#x} | "
                     f"{cell(reg.doc)} |")
    for reg in block.registers:
        if reg.fields:
            lines += ["", f"## {reg.name}", "", "| bits | field | access | reset | what |",
                      "|---|---|---|---|---|"]
            for f in sorted(reg.fields, key=lambda one: -one.lsb):
                access = f.sw + (f", {f.onwrite}" if f.onwrite else "")
                lines.append(f"| {f.bits} | {f.name} | {access} | {f.reset:#x} | {cell(f.doc)} |")
    return "\n".join(lines) + "\n"


def load(path):
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise RegisterError(f"{path}: {error.strerror}") from None
    return Reader(path).read(text)


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is rebuilt for it."""
    target = Path(path)
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("description", help="the .regs.toml")
    parser.add_argument("--c-header", metavar="FILE", help="header for firmware")
    parser.add_argument("--cpp-header", metavar="FILE", help="table for models")
    parser.add_argument("--markdown", metavar="FILE", help="reference page")
    options = parser.parse_args(arguments)
    try:
        block = load(options.description)
    except RegisterError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    source = Path(options.description).name
    if options.c_header:
        write(options.c_header, c_header(block, source))
    if options.cpp_header:
        write(options.cpp_header, cpp_header(block, source))
    if options.markdown:
        write(options.markdown, markdown(block))
    return 0


if __name__ == "__main__":
    sys.exit(main())
