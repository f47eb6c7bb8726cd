# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Our commit log against what QEMU executed, instruction by instruction: program counters and all
registers. Both formats of the log tell the same."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need("qemu-system-riscv32", cimera.COMPILER)
SPIKE = re.compile(
    r"core   0: [013] 0x([0-9a-f]{8}) \(0x([0-9a-f]{8}|[0-9a-f]{4})\)"
    r"(?: ([xf]\d+) +0x([0-9a-f]{8}))?(?: c(\d+)_\w+ 0x([0-9a-f]{8}))?"
    r"(?: mem 0x([0-9a-f]{8}))??(?: mem 0x([0-9a-f]{8}) 0x((?:[0-9a-f]{2}){1,4}))?\n")
COMPACT = re.compile(
    r"([0-9a-f]{8}) ([0-9a-f]{8}|[0-9a-f]{4})(?: ([xf]\d+)=([0-9a-f]{8}))?"
    r"(?: c([0-9a-f]{4})=([0-9a-f]{8}))?(?: r([0-9a-f]{8}))?"
    r"(?: w([0-9a-f]{8})=((?:[0-9a-f]{2}){1,4}))?\n")
START = 0x80000000
REGISTER = re.compile(r"([xf]\d+)/\S+ +(?:f{8}|0{8})?([0-9a-f]{8})\b")


@unittest.skipIf(MISSING, MISSING)
class CommitLog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ours(self, elf, form="spike"):
        path = self.folder / f"{form}.log"
        result = cimera.run(elf, *cimera.SUPERVISOR, "--trace", f"cpu:{path}",
                            "--trace-format", form)
        self.assertLess(result.status, cimera.USER_ERROR, result.messages)
        with path.open() as file:
            lines = list(file)
        self.assertEqual(len(lines), result.report["instructions"])
        pattern = SPIKE if form == "spike" else COMPACT
        parsed = []
        for line in lines:
            match = pattern.fullmatch(line)
            self.assertIsNotNone(match, line)
            fields = list(match.groups())
            if fields[4] is not None:
                fields[4] = int(fields[4], 10 if form == "spike" else 16)
            parsed.append(tuple(fields))
        return parsed

    def theirs(self, elf):
        """States before each instruction: program counter and registers."""
        path = self.folder / "qemu.log"
        subprocess.run(
            ["qemu-system-riscv32", "-M", "virt", "-cpu", cimera.QEMU_CPU_ALIKE, "-bios", "none",
             "-nographic", "-monitor", "none", "-serial", "null", "-singlestep",
             "-d", "cpu,fpu,nochain", "-D", path, "-kernel", elf],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        pc, registers = None, {}
        with path.open() as file:
            for line in file:
                if line.startswith(" pc "):
                    pc = int(line.split()[1], 16)
                    registers = {}
                elif line.startswith((" x", " f")):
                    registers.update((name, int(value, 16))
                                     for name, value in REGISTER.findall(line))
                    if len(registers) == 64:
                        yield pc, registers

    def compare(self, elf, may_trap=False):
        log = self.ours(elf)
        log = log[next(n for n, line in enumerate(log) if int(line[0], 16) == START):]
        known = {"x0": 0}
        position, trapped = 0, 0
        for pc, registers in self.theirs(elf):
            if position == len(log):
                break
            if pc < START:
                continue
            for number, value in known.items():
                self.assertEqual(registers[number], value,
                                 f"{number} before 0x{pc:08x}, instruction {position}")
            if pc != int(log[position][0], 16):
                trapped += 1  # not retired: the next one is in the handler
                self.assertTrue(may_trap, f"0x{pc:08x}, here 0x{log[position][0]}")
                continue
            _, _, number, value, *_ = log[position]
            if number is not None:
                known[number] = int(value, 16)
            position += 1
        # The store to the finisher ends both; QEMU may not come to its end.
        self.assertGreater(position, 1000)
        self.assertGreaterEqual(position, len(log) - 4)
        return trapped

    def test_programs(self):
        for name in ("arithmetic", "compressed", "muldiv", "atomics"):
            with self.subTest(program=name):
                self.compare(cimera.build(self.folder, cimera.PROGRAMS / f"{name}.S"),
                             may_trap=name == "atomics")

    def test_traps(self):
        elf = cimera.build(self.folder, cimera.PROGRAMS / "traps.S")
        self.assertGreater(self.compare(elf, may_trap=True), 5)

    def test_random(self):
        for seed in (3, 4):
            with self.subTest(seed=seed):
                elf = cimera.random_program(self.folder, seed)
                self.compare(elf, may_trap=True)

    def test_formats_agree(self):
        elf = cimera.build(self.folder, cimera.PROGRAMS / "atomics.S")
        self.assertEqual(self.ours(elf), self.ours(elf, "compact"))

    def test_memory(self):
        """Replaying the stores gives what the loads read."""
        elf = cimera.build(self.folder, cimera.PROGRAMS / "compressed.S")
        memory, checked = {}, 0
        for _, raw, number, value, _, _, load, store, stored in self.ours(elf):
            if load is not None and number is not None and store is None:
                address, size = int(load, 16), self.load_size(raw)
                if size and all(address + n in memory for n in range(size)):
                    expected = int.from_bytes(bytes(memory[address + n] for n in range(size)),
                                              "little")
                    mask = (1 << 8 * size) - 1
                    self.assertEqual(int(value, 16) & mask, expected)
                    checked += 1
            if store is not None and int(store, 16) >= START:
                for n, byte in enumerate(reversed(bytes.fromhex(stored))):
                    memory[int(store, 16) + n] = byte
        self.assertGreater(checked, 20)

    @staticmethod
    def load_size(raw):
        return 4 if len(raw) == 4 else 1 << (int(raw, 16) >> 12 & 3)


if __name__ == "__main__":
    unittest.main()
