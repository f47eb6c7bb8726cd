# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The disassembler against LLVM's: every instruction of the table, every 16-bit encoding.

Differences of notation that are evened out: spaces; numbers that LLVM writes in decimal; LLVM's
offsets of branches and jumps, which are targets here; "unknown" for the empty set of a fence; CSRs
named by one side only. Compressed instructions appear here as what they expand to. LLVM writes
shifts by 32 to 63, which are illegal in RV32, and the reserved c.lui of 0, and it names the
all-zero illegal instruction.
CIMERA_DISASSEMBLY_WORDS sets how many random words each row of the table gets.
"""

import os
import pathlib
import random
import re
import shutil
import subprocess
import unittest

DRIVER = pathlib.Path(os.environ["CIMERA_BUILD"]) / "bin" / "disassembly_driver"
LLVM = next(filter(shutil.which, ("llvm-mc-14", "llvm-mc")), None)
WORDS = int(os.environ.get("CIMERA_DISASSEMBLY_WORDS", "400"))
SHIFT = re.compile(r"(c\.)?(slli|srli|srai|rori|b(clr|ext|inv|set)i)\s")
# Fields that LLVM requires to be zero and that the specification tells hardware to ignore.
IGNORED = {"fence": 0xF00FFF80, "fence.i": 0xFFFFFF80}

# Unprivileged specification, chapter 16: what a compressed instruction stands for.
EXPANSION = {
    "c.addi4spn": "addi {0},{1},{2}", "c.lw": "lw {0},{1}", "c.sw": "sw {0},{1}",
    "c.flw": "flw {0},{1}", "c.fsw": "fsw {0},{1}", "c.lwsp": "lw {0},{1}",
    "c.swsp": "sw {0},{1}", "c.flwsp": "flw {0},{1}", "c.fswsp": "fsw {0},{1}",
    "c.addi": "addi {0},{0},{1}", "c.addi16sp": "addi {0},{0},{1}", "c.li": "addi {0},zero,{1}",
    "c.srli": "srli {0},{0},{1}", "c.srai": "srai {0},{0},{1}",
    "c.slli": "slli {0},{0},{1}", "c.andi": "andi {0},{0},{1}", "c.sub": "sub {0},{0},{1}",
    "c.xor": "xor {0},{0},{1}", "c.or": "or {0},{0},{1}", "c.and": "and {0},{0},{1}",
    "c.add": "add {0},{0},{1}", "c.mv": "add {0},zero,{1}", "c.j": "jal zero,{0}",
    "c.jal": "jal ra,{0}", "c.jr": "jalr zero,0({0})", "c.jalr": "jalr ra,0({0})",
    "c.beqz": "beq {0},zero,{1}", "c.bnez": "bne {0},zero,{1}", "c.ebreak": "ebreak",
    # Shifts by zero, which LLVM names after their use in RV128.
    "c.slli64": "slli {0},{0},0", "c.srli64": "srli {0},{0},0", "c.srai64": "srai {0},{0},0",
}


def llvm(words):
    """LLVM's text for each (word, length in bytes), None where it knows no instruction."""
    source = "".join(" ".join(f"0x{byte:02x}" for byte in word.to_bytes(length, "little")) + "\n"
                     for word, length in words)
    done = subprocess.run(
        [LLVM, "--disassemble", "-triple=riscv32", "-mattr=+m,+a,+f,+c,+zba,+zbb,+zbc,+zbs",
         "-M", "no-aliases"], input=source, capture_output=True, text=True, timeout=300,
        check=False)
    bad = {int(line) for line in re.findall(r"^<stdin>:(\d+):\d+: warning", done.stderr, re.M)}
    lines = iter(line.strip() for line in done.stdout.splitlines() if line.strip() != ".text")
    texts = [None if number in bad else next(lines) for number in range(1, len(words) + 1)]
    assert next(lines, None) is None, "LLVM printed more than it was asked"
    return texts


def ours(words):
    done = subprocess.run([DRIVER], input="\n".join(f"{word:x}" for word, _ in words),
                          capture_output=True, text=True, timeout=300, check=True)
    texts = done.stdout.splitlines()
    assert len(texts) == len(words)
    return [None if text.startswith("illegal ") else text for text in texts]


def table():
    done = subprocess.run([DRIVER, "--table"], capture_output=True, text=True, check=True)
    return [(int(mask, 16), int(match, 16), name)
            for mask, match, name in map(str.split, done.stdout.splitlines())]


def expand(text):
    """LLVM's text of a compressed instruction as the one it stands for."""
    name, _, rest = text.partition(" ")
    if not name.startswith("c."):
        return text
    if name == "c.nop":
        return f"addi zero,zero,{rest or 0}"
    if name == "c.lui":  # LLVM writes it with 20 bits or, to zero, with its sign
        register, upper = rest.split(",")
        return f"lui {register},{int(upper) & 0xFFFFF}"
    return EXPANSION[name].format(*rest.split(","))


def number(text):
    try:
        return int(text, 0)
    except ValueError:
        return None


def normal(text):
    """(mnemonic, operands) with numbers as numbers below 2^32."""
    name, _, rest = text.partition(" ")
    operands = [part for part in re.split(r"[,()]", rest) if part]
    return name, [part if number(part) is None else number(part) % 2**32 for part in operands]


def from_llvm(text):
    text = re.sub(r"\s*,\s*", ",", re.sub(r"\s+", " ", text)).replace("unknown", "0")
    return normal(expand(text))


def no_instruction(text):
    """What LLVM gives a name although RV32 has no such instruction."""
    return (text == "c.unimp" or re.fullmatch(r"c\.lui\s\w+, 0", text) or
            SHIFT.match(text) and int(text.rsplit(" ", 1)[1]) >= 32)


def same(word, mine, theirs):
    """Whether two texts say the same."""
    if mine is None or theirs is None:
        return mine is None and (theirs is None or no_instruction(theirs))
    mine, theirs = normal(mine), from_llvm(theirs)
    if mine[0].startswith("csrr") and mine[0] == theirs[0]:
        names = mine[1][1], theirs[1][1]
        if any(isinstance(name, int) for name in names):
            # Named by one side or none: the number must be that of the word.
            return (mine[1][0::2] == theirs[1][0::2] and
                    all(name == word >> 20 for name in names if isinstance(name, int)))
    return mine == theirs


@unittest.skipIf(LLVM is None, "skipped: llvm-mc not installed")
class Disassembly(unittest.TestCase):
    def compare(self, words):
        """Number of valid instructions among the words; fails where texts differ."""
        pairs = list(zip(words, ours(words), llvm(words)))
        wrong = [f"{word:#x}: {mine} | {theirs}" for (word, _), mine, theirs in pairs
                 if not same(word, mine, theirs)]
        if wrong:
            self.fail(f"{len(wrong)} differ, for example\n" + "\n".join(wrong[:20]))
        return sum(theirs is not None for _, _, theirs in pairs)

    def test_every_row_of_the_table(self):
        rows = table()
        self.assertGreaterEqual(len(rows), 125)
        for mask, match, name in rows:
            with self.subTest(instruction=name):
                chosen = random.Random(name)
                words = [(chosen.getrandbits(32) & ~mask & ~IGNORED.get(name, 0) | match, 4)
                         for _ in range(WORDS)]
                valid = self.compare(words)
                # Five of eight or six of eight rounding modes, else all.
                self.assertGreaterEqual(valid, WORDS // 2)

    def test_random_words(self):
        """Also what is no instruction: all opcodes but fences, privileged and longer ones."""
        chosen = random.Random(1)
        words = [(chosen.getrandbits(32) | 3, 4) for _ in range(50 * WORDS)]
        words = [(word, 4) for word, _ in words
                 if word & 0x7F != 0x0F and word & 0x707F != 0x73 and word & 0x1F != 0x1F]
        self.assertGreater(self.compare(words), 1000)

    def test_every_compressed_encoding(self):
        words = [(half, 2) for half in range(0x10000) if half & 3 != 3]
        self.assertGreater(self.compare(words), 30000)


if __name__ == "__main__":
    unittest.main()
