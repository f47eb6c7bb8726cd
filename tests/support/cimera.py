# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""What the tests of the program share: running it, its report, assembly programs and QEMU."""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["CIMERA_SOURCE"])
BUILD = pathlib.Path(os.environ["CIMERA_BUILD"])
PROGRAM = BUILD / "bin" / "cimera"
FIRMWARE = BUILD / "firmware"
PROGRAMS = SOURCE / "tests" / "differential" / "programs"
COMPILER = "riscv64-unknown-elf-gcc"
ISA = "rv32imafc_zicsr_zifencei_zba_zbb_zbc_zbs"
FLAGS = [f"-march={ISA}", "-mabi=ilp32", "-nostdlib",
         "-I", str(SOURCE / "tests" / "differential"), "-Wl,-n,-Ttext=0x80000000"]
# Exit statuses of the instruction programs; the others end with 0.
STATUS = {"traps": 7, "wfi": 9}

# The instruction programs count on S mode, which QEMU's core has.
SUPERVISOR = ("--set", "host.supervisor_mode=true")

USER_ERROR, DIED, LIMIT, INTERRUPTED = 100, 110, 111, 130


@dataclasses.dataclass
class Run:
    """A finished run: exit status, UART output and messages."""

    status: int
    uart: bytes
    messages: str
    report: dict = None


def program(*arguments, timeout=120, **options):
    """The program with these arguments, to its end."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=timeout, check=False, **options)
    return Run(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def run(elf, *options, timeout=120):
    """`cimera run` with its report (None where the run did not begin)."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        result = program("run", elf, "-q", "--report", path, *options, timeout=timeout)
        if path.exists():
            result.report = json.loads(path.read_text())
    return result


def build(folder, source, name=None, extra=()):
    """Assembles or compiles a file, or a text under a name; returns the ELF."""
    folder = pathlib.Path(folder)
    if name is not None:
        path = folder / f"{name}.S"
        path.write_text(source)
        source = path
    elf = folder / (pathlib.Path(source).stem + ".elf")
    done = subprocess.run([COMPILER, *FLAGS, *extra, "-o", elf, source], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{source} does not assemble:\n{done.stderr}")
    return elf


def small(folder, name, code):
    """A program without the shared routines, from its instructions after _start."""
    return build(folder, f".text\n.globl _start\n_start:\n{code}\n", name)


def firmware(folder, name, source):
    """A program in C on the firmware's own runtime; returns the ELF."""
    folder = pathlib.Path(folder)
    path, code, elf = folder / f"{name}.c", folder / f"{name}.o", folder / f"{name}.elf"
    path.write_text(source)
    sources = SOURCE / "firmware"
    common = ["-mabi=ilp32", "--specs=picolibc.specs"]
    for command in (
        ["-march=rv32imac_zicsr_zifencei", *common, "-O2", "-g", "-I", sources, "-I",
         BUILD / "gen" / "firmware", f"-ffile-prefix-map={folder}/=", "-c", path, "-o", code],
        ["-march=rv32imac_zicsr_zifencei", *common, "-c", sources / "runtime" / "start.S",
         "-o", folder / "start.o"],
        ["-march=rv32imac", *common, "-nostartfiles", f"-T{sources / 'runtime' / 'l2.ld'}",
         "-Wl,--no-warn-rwx-segments", code, folder / "start.o",
         BUILD / "firmware-build" / "libcimera_runtime.a", "-o", elf],
    ):
        done = subprocess.run([COMPILER, *command], capture_output=True, text=True, timeout=60,
                              check=False)
        if done.returncode != 0:
            raise AssertionError(f"{name} does not build:\n{done.stderr}")
    return elf


def random_program(folder, seed, units=600):
    """ELF of the random program of a seed, which needs SUPERVISOR."""
    path = pathlib.Path(folder, f"random{seed}.elf")
    subprocess.run([BUILD / "bin" / "lockstep", "--seed", str(seed), "--units", str(units),
                    "--elf", path], check=True, timeout=60)
    return path


# A core with the extensions of ours; then also without what is on by default in QEMU.
QEMU_CPU = "rv32,zba=true,zbb=true,zbc=true,zbs=true"
QEMU_CPU_ALIKE = QEMU_CPU + ",d=false,h=false,mmu=false,sstc=false"


def qemu(elf, timeout=120, cpu=QEMU_CPU):
    """The same program on QEMU's virt board: exit status and UART output."""
    done = subprocess.run(
        ["qemu-system-riscv32", "-M", "virt", "-cpu", cpu,
         "-bios", "none", "-nographic", "-monitor", "none",
         "-serial", "stdio", "-kernel", elf],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)
    return Run(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def need(*tools):
    """The reason to skip where a tool is missing, or None."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return f"skipped: {', '.join(missing)} not installed" if missing else None


def applications():
    """ELF files of the firmware, by name; empty where the firmware is not built."""
    return {path.stem: path for path in sorted(FIRMWARE.glob("*.elf"))}
