#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Writes a random RV32IMAFC program (with Zba, Zbb, Zbc, Zbs) that ends by printing its state.

The instructions come from the table in models/cpu/isa.cpp. Assemble with
  riscv64-unknown-elf-gcc -march=rv32imafc_zicsr_zifencei_zba_zbb_zbc_zbs -mabi=ilp32 -nostdlib \\
      -Wl,-n,-Ttext=0x80000000 -o prog.elf prog.S
"""

import argparse
import pathlib
import random
import re

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "models" / "cpu" / "isa.cpp"
ROW = re.compile(r'^\s*\{"([a-z0-9.]+)",\s*0x[0-9a-f]+,\s*0x[0-9a-f]+,\s*F::(\w+),.*T::(\w+),')

BASE = 26  # points into the middle of the scratch memory
COUNT = 27  # passes left
ADDRESS = 25
HANDLER = (23, 24)  # the trap handler's own
LINK = 1
TARGETS = [0] + [r for r in range(2, 32) if r not in (BASE, COUNT, ADDRESS, *HANDLER)]
COMPACT = range(8, 16)  # what most compressed instructions can name
CORNERS = [0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x80000000, 0x80000001, 0x7FFFFFFF, 0x7FFFFFFE,
           0x0000FFFF, 0xFFFF0000, 0x8000, 0xFF, 0x80, 0x55555555, 0xAAAAAAAA, 31, 32, 33]
SIZES = {"lb": 1, "lbu": 1, "sb": 1, "lh": 2, "lhu": 2, "sh": 2, "lw": 4, "sw": 4,
         "flw": 4, "fsw": 4}
# Operands of the floating-point formats: f and x registers; the last is the rounding mode.
FLOAT = {"f_r": "fff", "f_r_rm": "fffm", "f_r4_rm": "ffffm", "f_unary_rm": "ffm",
         "f_compare": "xff", "f_to_x": "xf", "f_to_x_rm": "xfm", "f_from_x": "fx",
         "f_from_x_rm": "fxm"}
ROUNDING = ["rne", "rtz", "rdn", "rup", "rmm", "dyn"]
FLOATS = [0, 0x80000000, 1, 0x807FFFFF, 0x00800000, 0x3F800000, 0xBF800000, 0x40490FDB, 0x4F000000,
          0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001]
REACH = 1024  # bytes of scratch memory on each side of BASE
NEVER = {"wfi", "mret", "sret", "sfence.vma"}  # wfi would sleep for ever; the others: modes.S


def instructions():
    """(mnemonic, format, timing) of every row of the table."""
    rows = [match.groups() for match in map(ROW.match, TABLE.read_text().splitlines()) if match]
    if len(rows) < 60:
        raise SystemExit(f"{TABLE}: only {len(rows)} instruction rows recognised")
    return rows


class Program:
    def __init__(self, seed, units, passes):
        self.random = random.Random(seed)
        self.units = units
        self.passes = passes
        self.rows = [row for row in instructions() if row[0] not in NEVER]
        self.deck = []

    def next_row(self):
        """Every instruction in turn, in random order."""
        if not self.deck:
            self.deck = list(self.rows)
            self.random.shuffle(self.deck)
        return self.deck.pop()

    def reg(self):
        if self.random.random() < 0.5:
            return f"x{self.random.choice(COMPACT)}"
        return f"x{self.random.choice(TARGETS)}"

    def source(self):
        return self.reg() if self.random.random() < 0.9 else f"x{self.random.randrange(32)}"

    def value(self):
        choice = self.random.random()
        if choice < 0.7:
            return self.random.choice(CORNERS if choice < 0.4 else FLOATS)
        return self.random.getrandbits(32)

    def imm12(self):
        choice = self.random.random()
        if choice < 0.4:
            return self.random.randrange(-32, 32)
        if choice < 0.6:
            return self.random.choice([-2048, 2047, -1, 0, 1, 1024])
        return self.random.randrange(-2048, 2048)

    def offset(self, size):
        if self.random.random() < 0.5:
            offset = self.random.randrange(0, 128)
        else:
            offset = self.random.randrange(-REACH, REACH - 4)
        return offset if self.random.random() < 0.15 else offset // size * size

    def float_reg(self):
        return f"f{self.random.choice([*COMPACT, *range(32)])}"

    def floating(self, mnemonic, form):
        choose = {"f": self.float_reg, "x": self.reg, "m": lambda: self.random.choice(ROUNDING)}
        return f"{mnemonic} {', '.join(choose[kind]() for kind in FLOAT[form])}"

    def alu(self, mnemonic, form):
        if form == "unary":
            return f"{mnemonic} {self.reg()}, {self.source()}"
        if form == "r":
            first = self.reg()
            second = self.source() if self.random.random() < 0.7 else first
            return f"{mnemonic} {first}, {second}, {self.source()}"
        if form == "i":
            rd = self.reg()
            source = self.source() if self.random.random() < 0.6 else rd
            return f"{mnemonic} {rd}, {source}, {self.imm12()}"
        if form == "shift":
            rd = self.reg()
            source = self.source() if self.random.random() < 0.6 else rd
            return f"{mnemonic} {rd}, {source}, {self.random.randrange(32)}"
        upper = self.random.choice([self.random.randrange(1 << 20), self.random.randrange(1, 32)])
        return f"{mnemonic} {self.reg()}, {upper}"

    def memory(self, mnemonic):
        offset = self.offset(SIZES[mnemonic])
        register = self.float_reg() if mnemonic.startswith("f") else self.reg()
        return f"{mnemonic} {register}, {offset}(x{BASE})"

    def atomic(self, mnemonic):
        lines = [f"addi x{ADDRESS}, x{BASE}, {self.offset(4) // 4 * 4}"]
        if mnemonic == "lr.w":
            lines.append(f"lr.w {self.reg()}, (x{ADDRESS})")
            lines += [self.plain() for _ in range(self.random.randrange(3))]
        order = self.random.choice(["", ".aq", ".rl", ".aqrl"])
        operation = "sc.w" if mnemonic == "lr.w" else mnemonic
        lines.append(f"{operation}{order} {self.reg()}, {self.source()}, (x{ADDRESS})")
        return lines

    def plain(self):
        rows = [row for row in self.rows if row[1] in ("r", "i", "shift")]
        mnemonic, form, _ = self.random.choice(rows)
        return self.alu(mnemonic, form)

    def csr(self, mnemonic):
        number = self.random.choice(["mscratch", "mcause", "mtval", "fflags", "fcsr"])
        if self.random.random() < 0.1:
            # Free-running: only that the access works can be compared.
            return f"csrr x0, {self.random.choice(['mcycle', 'minstret', 'cycle', 'instret'])}"
        operand = self.random.randrange(32) if mnemonic.endswith("i") else self.source()
        return f"{mnemonic} {self.reg()}, {number}, {operand}"

    def jump(self, mnemonic, unit):
        target = min(unit + self.random.randrange(1, 5), self.units)
        if self.random.random() < 0.3:
            called = f"function{self.random.randrange(3)}"
            if mnemonic == "jal":
                return [f"jal x{LINK}, {called}"]
            return [f"la x{ADDRESS}, {called} + 8", f"jalr x{LINK}, -8(x{ADDRESS})"]
        if mnemonic == "jal":
            return [f"jal {self.random.choice(['x0', self.reg()])}, unit{target}"]
        shift = self.random.randrange(-64, 64)
        return [f"la x{ADDRESS}, unit{target} - {shift}",
                f"jalr {self.random.choice(['x0', self.reg()])}, {shift}(x{ADDRESS})"]

    def unit(self, number):
        mnemonic, form, timing = self.next_row()
        if form in ("r", "i", "shift", "u", "unary"):
            return [self.alu(mnemonic, form)]
        if form in FLOAT:
            return [self.floating(mnemonic, form)]
        if mnemonic in SIZES:
            return [self.memory(mnemonic)]
        if form in ("amo", "lr"):
            return self.atomic(mnemonic)
        if form in ("csr", "csr_imm"):
            return [self.csr(mnemonic)]
        if form == "branch":
            target = min(number + self.random.randrange(1, 5), self.units)
            return [f"{mnemonic} {self.source()}, {self.source()}, unit{target}"]
        if timing in ("jump", "jalr"):
            return self.jump(mnemonic, number)
        return [mnemonic]  # fence, fence.i, ecall, ebreak

    def extra(self):
        """Now and then what the table does not hold: an illegal instruction."""
        if self.random.random() < 0.02:
            return [self.random.choice([".word 0xffffffff", ".half 0", ".word 0x0000705b",
                                        "csrr x0, 0x7ff", "csrw mhartid, x0"])]
        return []

    def body(self):
        lines = []
        for number in range(self.units):
            lines.append(f"unit{number}:")
            option = "rvc" if self.random.random() < 0.8 else "norvc"
            lines.append(f"    .option {option}")
            lines += [f"    {line}" for line in self.unit(number) + self.extra()]
        lines.append(f"unit{self.units}:")
        return lines

    def functions(self):
        lines = []
        for number in range(3):
            lines.append(f"function{number}:")
            lines += [f"    {self.plain()}" for _ in range(self.random.randrange(1, 6))]
            lines.append(f"    jalr x0, 0(x{LINK})")
        return lines

    def text(self):
        setup = [f"    li x{n}, {self.value():#x}" for n in range(1, 32)
                 if n not in (BASE, COUNT)]
        floats = [f"    fmv.w.x f{n}, x{self.random.choice(TARGETS[1:])}" for n in range(32)]
        words = [f"    .word {self.value():#x}" for _ in range(2 * REACH // 4)]
        return "\n".join([
            "# Random program", (HERE / "ending.inc").read_text(), "    .text",
            "    .globl _start", "_start:", "    la t0, trap", "    csrw mtvec, t0",
            "    csrw mscratch, x0", *setup,
            "    li t0, 0x6000", "    csrs mstatus, t0", *floats,
            f"    la x{BASE}, scratch_begin + {REACH}", f"    li x{COUNT}, {self.passes}", "pass:",
            *self.body(), f"    addi x{COUNT}, x{COUNT}, -1", f"    beqz x{COUNT}, 1f",
            f"    la x{ADDRESS}, pass", f"    jr x{ADDRESS}", "1:", "    FINISH 0",
            *self.functions(), TRAP, "    ROUTINES", "    .data", "    .align 4",
            "scratch_begin:", *words, "scratch_end:", ""])


# Mixes mcause, mtval and mepc into memory, then goes on behind the instruction.
TRAP = """
    .option rvc
    .align 2
    .option norvc
trap:
    csrr x23, mcause
    slli x24, x23, 5
    xor x23, x23, x24
    lw x24, trap_mix
    add x23, x23, x24
    slli x24, x23, 7
    xor x23, x23, x24
    csrr x24, mtval
    add x23, x23, x24
    csrr x24, mepc
    add x23, x23, x24
    sw x23, trap_mix, x24
    csrr x24, mepc
    lhu x23, 0(x24)
    not x23, x23
    andi x23, x23, 3
    beqz x23, 1f
    addi x24, x24, -2
1:  addi x24, x24, 4
    csrw mepc, x24
    lw x23, trap_mix
    mret
    .option rvc
    .data
    .align 2
trap_mix:
    .word 0
    .text
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--units", type=int, default=600, help="random steps of one pass")
    parser.add_argument("--passes", type=int, default=8)
    arguments = parser.parse_args()
    program = Program(arguments.seed, arguments.units, arguments.passes)
    arguments.out.write_text(program.text())


if __name__ == "__main__":
    main()
