# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Preset virt: boot as on QEMU's virt board, device tree, host-target interface, reset."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from cimera import USER_ERROR, program  # noqa: E402

MISSING = cimera.need(cimera.COMPILER, "dtc", "qemu-system-riscv32")
PASS = "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 1: j 1b\n"
MODES = ([], ["--no-dmi"], ["--quantum", "1us"])
MAILBOXES = """
    .data
    .balign 64
    .globl tohost
tohost: .dword 0
    .balign 64
    .globl fromhost
fromhost: .dword 0
"""
# Prints the hexadecimal digits of a0; uses t0 to t3.
HEX = """
    j 3f
hex:
    li t0, 0x10000000
    li t1, 28
1:  srl t2, a0, t1
    andi t2, t2, 15
    addi t2, t2, 48
    li t3, 58
    blt t2, t3, 2f
    addi t2, t2, 39
2:  sb t2, 0(t0)
    addi t1, t1, -4
    bgez t1, 1b
    li t2, 10
    sb t2, 0(t0)
    ret
3:
"""


def nodes(tree):
    """Properties by node path, as `fdtdump` would show them: of a flattened tree, by dtc."""
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input=tree, check=True,
                          capture_output=True).stdout.decode("utf-8", "replace")
    found, path = {}, []
    for line in text.splitlines():
        line = line.strip()
        if line.endswith("{"):
            path.append(line[:-1].strip().split(": ")[-1])
            found["/".join(path)] = {}
        elif line == "};":
            path.pop()
        elif line and path:
            name, _, value = line.rstrip(";").partition(" = ")
            found["/".join(path)][name] = value
    return found


@unittest.skipIf(MISSING, MISSING)
class Virt(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_virt(self, code, *options, name="program"):
        # The linker would relax addresses to gp, which these programs do not set.
        elf = cimera.small(self.folder, name, ".option norelax\n" + code)
        return cimera.run(elf, "-c", "virt", *options)


class Boot(Virt):
    def test_registers(self):
        code = HEX + "".join(f"mv a0, {reg}; jal hex\n" for reg in ("s0", "s1", "s2"))
        code = f"mv s0, a0; mv s1, a1; lw s2, 0(a2)\n{code}{PASS}"
        self.assertEqual(self.run_virt(code).uart, b"00000000\n00001100\n4942534f\n")
        elf = cimera.small(self.folder, "program", code)
        hart, _, info = cimera.qemu(elf).uart.split()
        self.assertEqual((hart, info), (b"00000000", b"4942534f"))

    def test_next_stage(self):
        code = HEX + "mv s0, a2\n" + "".join(
            f"lw a0, {offset}(s0); jal hex\n" for offset in range(4, 24, 4))
        self.assertEqual(self.run_virt(code + PASS).uart.split(),
                         [b"00000002", b"80400000", b"00000001", b"00000000", b"00000000"])

    def test_begins_at_the_base_whatever_the_entry(self):
        source = f"""
            .text
            li a0, 1
            j both
            .globl _start
        _start:
            li a0, 2
        both:
            li t1, 0x3333
            slli a0, a0, 16
            or t1, t1, a0
            li t0, 0x100000
            sw t1, 0(t0)
        1:  j 1b
        """
        elf = cimera.build(self.folder, source, "entry")
        self.assertEqual(cimera.run(elf, "-c", "virt").status, 1)
        self.assertEqual(cimera.run(elf, "-c", "virt", "--set", "host.boot=entry").status, 2)
        self.assertEqual(cimera.run(elf).status, 2)

    def test_memory_ends_after_128_mib(self):
        code = """la t0, 2f; csrw mtvec, t0; li t0, 0x88000000
                  lw t1, -4(t0); lw t1, 0(t0)
                  li t0, 0x100000; li t1, 0x33333; sw t1, 0(t0); 1: j 1b\n.balign 4\n2: """
        result = self.run_virt(code + PASS)
        self.assertEqual(result.status, 0)
        self.assertIn("load from 0x88000000", result.report["warnings"][0]["text"])

    def test_device_tree_in_memory(self):
        """What a1 points at is what `describe` prints."""
        code = """
            lw t0, 4(a1)        # total size, big endian
            srli t1, t0, 24
            srli t2, t0, 8
            li t3, 0xff00
            and t2, t2, t3
            or t1, t1, t2       # below 64 KiB
            add t1, a1, t1
            li t2, 0x10000000
        1:  lbu t3, 0(a1)
            sb t3, 0(t2)
            addi a1, a1, 1
            bne a1, t1, 1b
        """
        for soc in ("virt", "sep"):
            with self.subTest(soc=soc):
                result = cimera.run(cimera.small(self.folder, "tree", code + PASS), "-c", soc)
                self.assertEqual(result.status, 0, result.messages)
                text = program("describe", "-c", soc, "--format", "dts").uart
                compiled = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], input=text,
                                          capture_output=True, check=True).stdout
                self.assertEqual(nodes(result.uart), nodes(compiled))
                self.assertGreater(len(nodes(compiled)), 12)

    def test_reset_goes_on(self):
        """0x7777: memory as loaded, devices as new, the run goes on."""
        code = f"""
            la t0, marker
            lw a0, 0(t0)
            li t1, 7
            sw t1, 0(t0)
            {HEX}
            jal hex                 # as loaded, each time
            li t0, 0x10000000
            lbu a0, 7(t0)
            li t1, 0x5a
            sb t1, 7(t0)
            jal hex                 # UART scratch
            li t0, 0x0c000000
            lw a0, 40(t0)
            li t1, 3
            sw t1, 40(t0)
            jal hex                 # PLIC priority
            li t0, 0x2004000
            lw a0, 0(t0)
            li t1, 5
            sw t1, 0(t0)
            jal hex                 # mtimecmp
            csrr a0, mscratch
            csrwi mscratch, 9
            jal hex
            li t1, 0x200bff8        # mtime begins anew
            lw a0, 0(t1)
            sltiu a0, a0, 1000
            jal hex
            li t0, 0x100000
            li t1, 0x7777
            sw t1, 0(t0)
        1:  j 1b
            .data
        marker: .word 0x1234
        """
        elf = cimera.small(self.folder, "reset", code)
        results = [cimera.run(elf, "-c", "virt", "--max-time", "1ms", *mode) for mode in MODES]
        lines = results[0].uart.split()
        one = [b"00001234", b"00000000", b"00000000", b"ffffffff", b"00000000", b"00000001"]
        self.assertGreater(len(lines), 18)
        for start in range(0, len(lines) - 6, 6):
            self.assertEqual(lines[start:start + 6], one)
        for other in results[1:]:
            self.assertEqual(other.uart, results[0].uart)


class DeviceTree(Virt):
    # What QEMU's tree has and ours leaves out: each with its reason.
    LEFT_OUT = {
        "/chosen": {"rng-seed"},  # would differ from run to run
    }
    VALUES = {
        "/poweroff": ("value", "offset", "compatible"),
        "/reboot": ("value", "offset", "compatible"),
        "/memory@80000000": ("device_type", "reg"),
        "/chosen": ("stdout-path",),
        "/cpus": ("#address-cells", "#size-cells", "timebase-frequency"),
        "/cpus/cpu@0": ("device_type", "reg", "status", "compatible"),
        "/cpus/cpu@0/interrupt-controller": ("#interrupt-cells", "compatible"),
        "/soc": ("#address-cells", "#size-cells", "compatible"),
        "/soc/test@100000": ("reg", "compatible"),
        "/soc/serial@10000000": ("reg", "compatible", "interrupts", "clock-frequency"),
        "/soc/clint@2000000": ("reg", "compatible", "interrupts-extended"),
        "/soc/virtio_mmio@10001000": ("reg", "compatible", "interrupts"),
        "/soc/virtio_mmio@10008000": ("reg", "compatible", "interrupts"),
        "/soc/plic@c000000": ("compatible", "#interrupt-cells", "#address-cells"),
    }

    def trees(self):
        blob = self.folder / "qemu.dtb"
        subprocess.run(["qemu-system-riscv32", "-M", f"virt,dumpdtb={blob}", "-m", "128M", "-bios",
                        "none", "-display", "none"], check=True, capture_output=True, timeout=60)
        text = program("describe", "-c", "virt", "--format", "dts").uart
        ours = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], input=text, check=True,
                              capture_output=True).stdout
        return nodes(ours), nodes(blob.read_bytes())

    def test_common_nodes_as_on_qemu(self):
        ours, theirs = self.trees()
        for path, same in self.VALUES.items():
            path = "/" + path if path != "/" else path
            with self.subTest(node=path):
                self.assertIn(path, theirs)
                missing = set(theirs[path]) - set(ours[path])
                self.assertEqual(missing, self.LEFT_OUT.get(path[1:], set()))
                for name in same:
                    self.assertEqual(ours[path][name], theirs[path][name], name)

    def test_dtc_has_nothing_to_say(self):
        for options in (["-c", "virt"], [], ["--set", "cim.tile.count=100"]):
            text = program("describe", *options, "--format", "dts").uart
            done = subprocess.run(["dtc", "-I", "dts", "-O", "dtb", "-o", "/dev/null"], input=text,
                                  capture_output=True, check=True)
            # References are written as numbers, which dtc cannot tell from numbers.
            warnings = [line for line in done.stderr.decode().splitlines()
                        if "is not a phandle reference" not in line]
            self.assertEqual(warnings, [])

    def test_text(self):
        for soc in ("virt", "sep"):
            text = program("describe", "-c", soc, "--format", "dts").uart.decode()
            golden = cimera.SOURCE / "tests" / "golden" / "dts" / f"{soc}.dts"
            if os.environ.get("CIMERA_UPDATE_GOLDEN"):
                golden.parent.mkdir(exist_ok=True)
                golden.write_text(text)
            self.assertEqual(text, golden.read_text())

    def test_own_blocks(self):
        text = program("describe", "--format", "dts").uart
        found = nodes(subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], input=text, check=True,
                                     capture_output=True).stdout)
        tile = found["//soc/cim@40100000"]
        self.assertEqual((tile["compatible"], tile["label"]), ('"cimera,cim"', '"cim1"'))
        self.assertEqual(tile["interrupts"], "<0x41>")
        self.assertEqual(found["//soc/sensor@10020000"]["interrupts"], "<0x10>")

    def test_many_tiles_fit(self):
        result = cimera.run(cimera.small(self.folder, "many", PASS), "--set", "cim.tile.count=512")
        self.assertEqual(result.status, 0, result.messages)


class Htif(Virt):
    def check(self, code, status, uart=b""):
        reports = []
        for mode in MODES:
            with self.subTest(mode=mode):
                result = self.run_virt(code + MAILBOXES, *mode)
                self.assertEqual((result.status, result.uart), (status, uart), result.messages)
                for key in ("wall_time_s", "host_mips", "quantum_s"):
                    del result.report[key]
                reports.append(result.report)
        for report in reports[1:]:
            self.assertEqual(report, reports[0])

    def test_exit(self):
        for value, status in ((1, 0), (3, 1), (15, 7), (2 * 500 + 1, 99)):
            with self.subTest(value=value):
                self.check(f"""la t0, tohost
                    1: li t1, {value}; sw t1, 0(t0); sw x0, 4(t0); j 1b""", status)
                # One word, once.
                self.check(f"la t0, tohost; li t1, {value}; sw t1, 0(t0); 1: j 1b", status)
                self.check(f"la t0, tohost; li t1, {value}; sw t1, 0(t0); csrwi mie, 8; wfi; 1: j 1b",
                           status)

    PUT = """
        li t2, 0x01010000
        li t1, 'o'                  # odd, low word first
        sw t1, 0(t0)
        sw t2, 4(t0)
        li t1, 'k'
        sw t2, 4(t0)
        sw t1, 0(t0)
    2:  lw t1, 4(t0)                # taken
        bnez t1, 2b
    """

    def test_console(self):
        self.check(f"la t0, tohost\n{self.PUT}\n{PASS}", 0, b"ok")

    def test_write_call(self):
        code = """
            la s0, tohost
            la s1, fromhost
            la s2, call
            sw s2, 0(s0)
            sw x0, 4(s0)
        1:  lw t0, 0(s1)
            beqz t0, 1b
            sw x0, 0(s1)
            lw t1, 0(s2)                # bytes written: 6
            slli t1, t1, 1
            ori t1, t1, 1
            sw t1, 0(s0)
            sw x0, 4(s0)
        1:  j 1b
            .data
            .balign 64
        call: .dword 64, 1, text, 6, 0, 0, 0, 0
        text: .ascii "hello\\n"
        """
        self.check(code, 6, b"hello\n")

    def test_unknown_call(self):
        code = """la s0, tohost; la s2, call; sw s2, 0(s0); sw x0, 4(s0)
                  lw t1, 0(s2); neg t1, t1; slli t1, t1, 1; ori t1, t1, 1; sw t1, 0(s0)
                  1: j 1b
                  .data\n.balign 64\ncall: .dword 777, 0, 0, 0, 0, 0, 0, 0"""
        self.check(code, 38)

    def test_misaligned_beside_the_mailbox(self):
        """A page whose accesses are watched is memory all the same."""
        self.check("""la t0, tohost; li t1, 0x12345678; sw t1, 14(t0); lw t2, 14(t0)
                      bne t1, t2, 3f; li t1, 1; sw t1, 0(t0); 1: j 1b; 3: j 3b""", 0)

    def test_costs_what_a_store_costs(self):
        code = "la t0, {}; li t1, 0; .rept 50; sw t1, 0(t0); lw t2, 0(t0); .endr\n" + PASS
        watched = self.run_virt(code.format("tohost") + MAILBOXES).report
        renamed = MAILBOXES.replace("tohost", "mailbox").replace("fromhost", "reply")
        plain = self.run_virt(code.format("mailbox") + renamed, name="plain").report
        del watched["wall_time_s"], watched["host_mips"], watched["firmware"]
        del plain["wall_time_s"], plain["host_mips"], plain["firmware"]
        self.assertEqual(watched, plain)


class Signature(Virt):
    DATA = """
        .data
        .balign 4
        .globl begin_signature
    begin_signature: .word 0x11223344, 0
        .globl end_signature
    end_signature:
    """

    def test_written(self):
        path = self.folder / "signature"
        code = f"la t0, begin_signature; li t1, 0xcafe; sw t1, 4(t0)\n{PASS}{self.DATA}"
        result = self.run_virt(code, "--signature", path)
        self.assertEqual(result.status, 0, result.messages)
        self.assertEqual(path.read_text(), "11223344\n0000cafe\n")

    def test_without_symbols(self):
        result = self.run_virt(PASS, "--signature", self.folder / "signature")
        self.assertEqual(result.status, USER_ERROR)
        self.assertIn("begin_signature", result.messages)
        # Ranges that no memory has are refused before the run, which would print.
        for begin, end in ((0, 0xffffffff), (0x10000000, 0x10000100), (0x87fffff0, 0x88000010),
                           (0x80000010, 0x80000000), (0xfffffff0, 0xffffffff)):
            symbols = "".join(f".globl {name}\n.set {name}, {value:#x}\n" for name, value in
                              (("begin_signature", begin), ("end_signature", end)))
            result = self.run_virt("li t0, 0x10000000; sb t0, 0(t0)\n" + PASS + symbols,
                                   "--signature", self.folder / "signature")
            self.assertEqual((result.status, result.uart), (USER_ERROR, b""), result.messages)
            self.assertFalse((self.folder / "signature").exists())


if __name__ == "__main__":
    unittest.main()
