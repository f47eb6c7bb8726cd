# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The program as its user sees it: exit statuses, options, files and subcommands."""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import tomllib
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402
from cimera import DIED, INTERRUPTED, LIMIT, USER_ERROR, program  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
FINISH = "li t0, 0x100000; li t1, {value:#x}; sw t1, 0(t0); 1: j 1b"
PASS = FINISH.format(value=0x5555)
# Writes "ready" and a line end, then {then}.
READY = """li t0, 0x10000000
la t1, text
1: lbu t2, 0(t1)
beqz t2, 2f
sb t2, 0(t0)
addi t1, t1, 1
j 1b
text: .asciz "ready\\n"
.balign 4
2: """


@unittest.skipIf(MISSING, MISSING)
class Cli(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def elf(self, code, name="program"):
        return cimera.small(self.folder, name, code)

    def check(self, code, status, *options):
        result = program("run", self.elf(code), *options)
        self.assertEqual(result.status, status, result.messages)
        return result


# An instruction of the ALU.
PRICE_OF_ALU = {"fdsoi28": "3 pJ", "cmos130_rram": "55.7 pJ"}

class ExitStatus(Cli):
    def test_codes_of_the_firmware(self):
        for code, status in ((0, 0), (1, 1), (42, 42), (99, 99), (100, 99), (500, 99), (65535, 99)):
            value = 0x5555 if code == 0 else code << 16 | 0x3333
            with self.subTest(code=code):
                result = cimera.run(self.elf(FINISH.format(value=value)))
                self.assertEqual(result.status, status)
                self.assertEqual(result.report["exit_code"], status)
                self.assertEqual(result.report["firmware_code"], code)

    def test_died(self):
        for code, reason in (
            ("li t0, 0x40; csrw mtvec, t0; ecall", "the trap vector cannot be fetched, at 0x00000040"),
            ("csrw mie, x0; wfi; 1: j 1b", "wfi with no interrupt enabled in mie, at 0x80000008"),
            ("li t0, 0x80; csrw mie, t0; wfi; 1: j 1b", "wfi that nothing can end, at 0x8000000c"),
        ):
            for options in ([], ["--max-time", "1s"]):
                with self.subTest(reason=reason, options=options):
                    self.assertIn(reason, self.check(code, DIED, *options).messages)

    def test_stop_on_fault(self):
        faults = ("lui t0, 0x50000; lw a0, 0(t0)", ".word 0xffffffff", "jr x0")
        for fault in faults:
            code = f"la t0, 2f; csrw mtvec, t0; {fault}\n.balign 4\n2: {PASS}"
            with self.subTest(fault=fault):
                self.check(code, 0)
                self.check(code, 0, "--on-fault", "trap")
                result = self.check(code, DIED, "--on-fault", "stop")
                self.assertIn("stopped at a fault", result.messages)

    def test_environment_call_is_no_fault(self):
        self.check(f"la t0, 2f; csrw mtvec, t0; ecall\n.balign 4\n2: {PASS}", 0, "--on-fault", "stop")

    def test_limit_of_time(self):
        for options in ([], ["--no-dmi"], ["--quantum", "1us"]):
            with self.subTest(options=options):
                result = cimera.run(self.elf("1: j 1b"), "--max-time", "12.345us", *options)
                self.assertEqual(result.status, LIMIT)
                self.assertIn("limit of simulated time (12.35 us)", result.messages)
                self.assertIn("0x80000000 _start+0x0", result.messages)
                # Up to the end of the instruction that was running, at most a few cycles.
                self.assertGreaterEqual(int(result.report["simulated_time_ps"]), 12_345_000)
                self.assertLess(int(result.report["simulated_time_ps"]), 12_445_000)

    def test_limit_of_time_while_asleep(self):
        code = """li t0, 0x2004000; sw x0, 4(t0); li t1, 10000000; sw t1, 0(t0)
                  li t1, 0x80; csrw mie, t1; wfi; 1: j 1b"""
        result = cimera.run(self.elf(code), "--max-time", "300ms")
        self.assertEqual(result.status, LIMIT)
        self.assertEqual(int(result.report["simulated_time_ps"]), 300_000_000_000)
        self.assertAlmostEqual(result.report["asleep_s"], 0.3, delta=1e-6)

    def test_limit_of_instructions_is_exact(self):
        for limit in (1, 2, 7, 100, 4096, 100_003):
            for options in ([], ["--no-dmi"]):
                with self.subTest(limit=limit, options=options):
                    result = cimera.run(self.elf("1: nop; nop; j 1b"), "--max-instructions", limit,
                                        *options)
                    self.assertEqual(result.status, LIMIT)
                    self.assertEqual(result.report["instructions"], limit)
                    self.assertIn(f"limit of {limit} instructions", result.messages)

    def test_interrupted(self):
        report = self.folder / "report.json"
        process = subprocess.Popen(
            [cimera.PROGRAM, "run", self.elf(READY + "\n3: j 3b"), "--report", report],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=30)
        finally:
            process.kill()
        self.assertEqual(process.returncode, INTERRUPTED, messages)
        self.assertRegex(messages.decode(), r"interrupted at 0x80000[0-9a-f]{3} ")
        written = json.loads(report.read_text())
        self.assertEqual(written["exit_code"], INTERRUPTED)
        self.assertIn("interrupted at 0x", written["end_reason"])

    def test_user_errors(self):
        elf = self.elf(PASS)
        text = self.folder / "text"
        text.write_text("no ELF")
        for arguments in (
            [], ["frob"], ["run"], ["run", elf, "--frob"], ["run", elf, "more"],
            ["run", self.folder / "absent.elf"], ["run", text], ["run", self.folder],
            ["run", elf, "-c", "nothing"], ["run", elf, "-c", self.folder / "absent.toml"],
            ["run", elf, "--set", "clock.hots=\"1 MHz\""], ["run", elf, "--set", "clock.host=5"],
            ["run", elf, "--quantum", "5"], ["run", elf, "--quantum", "1ps"],
            ["run", elf, "--max-time", "-1ms"], ["run", elf, "--seed", "-1"],
            ["run", elf, "--seed", "18446744073709551616"], ["run", elf, "--max-instructions", "-1"],
            ["run", elf, "--max-instructions", "many"], ["run", elf, "--on-fault", "explode"],
            ["run", elf, "--log", "loud"], ["run", elf, "--model", self.folder / "absent"],
            ["run", elf, "--load", "0x80000000"], ["run", elf, "--load", f"0x50000000={text}"],
            ["run", elf, "--load", "0x80000000=absent"], ["run", elf, "--sensor", "camera"],
            ["run", elf, "--sensor", f"camera={text}"], ["run", elf, "--sensor", f"lidar={text}"],
            ["run", elf, "--report", self.folder / "absent" / "r.json"], ["run", elf, "--report", self.folder],
            ["run", elf, "-o", text / "out"], ["run", elf, "--uart", self.folder / "absent" / "u"],
            ["describe", "--format", "poem"], ["list", "everything"], ["check"],
            ["check", "sep", text],
        ):
            with self.subTest(arguments=" ".join(map(str, arguments))):
                result = program(*arguments)
                self.assertEqual(result.status, USER_ERROR)
                self.assertEqual(result.uart, b"")
                self.assertRegex(result.messages, r"(?m)^error: ")


class Outputs(Cli):
    def test_uart_and_messages_apart(self):
        result = self.check(READY + PASS, 0)
        self.assertEqual(result.uart, b"ready\n")
        self.assertIn("passed (exit status 0)", result.messages)
        self.assertIn("by component", result.messages)
        self.assertNotIn("ready", result.messages)

    def test_checked_transactions(self):
        for options in ([], ["--no-dmi"], ["--timing", "at"]):
            with self.subTest(options=options):
                result = self.check(PASS, 0, "--check-tlm", *options)
                self.assertRegex(result.messages, r"TLM protocol: [1-9]\d* transactions at \d+ "
                                                  "pairs of sockets, all rules kept")
        self.assertNotIn("TLM protocol", self.check(PASS, 0).messages)

    def test_quiet(self):
        result = self.check(READY + PASS, 0, "-q")
        self.assertEqual((result.uart, result.messages), (b"ready\n", ""))

    def test_no_progress_into_a_pipe(self):
        result = self.check("1: j 1b", LIMIT, "--max-instructions", "80000000")
        self.assertNotIn("\r", result.messages)
        shown = self.check("1: j 1b", LIMIT, "--max-instructions", "80000000", "--progress")
        self.assertIn("simulated,", shown.messages)

    def test_uart_into_a_file(self):
        path = self.folder / "uart.txt"
        result = self.check(READY + PASS, 0, "--uart", path)
        self.assertEqual(result.uart, b"")
        self.assertEqual(path.read_bytes(), b"ready\n")

    def test_reader_that_goes_away(self):
        code = READY + "\n3: li t1, 10; li t2, 20000\n4: sb t1, 0(t0); addi t2, t2, -1; bnez t2, 4b\n" + PASS
        process = subprocess.run(f"'{cimera.PROGRAM}' run '{self.elf(code)}' | head -1",
                                 shell=True, executable="/bin/bash", stdin=subprocess.DEVNULL,
                                 capture_output=True, timeout=60,
                                 check=False)
        self.assertEqual(process.stdout, b"ready\n")
        for word in (b"internal error", b"terminate", b"Segmentation", b"Aborted"):
            self.assertNotIn(word, process.stderr)

    def test_folder_repeats_the_run(self):
        first, second = self.folder / "new" / "first", self.folder / "second"
        elf = self.elf(READY + PASS)
        overrides = ("--set", 'clock.host="100 MHz"', "--set", "l2.latency=3")
        self.assertEqual(program("run", elf, "-q", "-o", first, *overrides).status, 0)
        self.assertEqual({path.name for path in first.iterdir()},
                         {"report.json", "counts.json", "config.toml"})
        config = tomllib.loads((first / "config.toml").read_text())
        self.assertEqual((config["clock"]["host"], config["l2"]["latency"]), ("100 MHz", 3))
        again = program("run", elf, "-q", "-c", first / "config.toml", "-o", second)
        self.assertEqual(again.status, 0, again.messages)
        self.assertEqual((first / "config.toml").read_text(), (second / "config.toml").read_text())
        one, two = (json.loads((path / "report.json").read_text()) for path in (first, second))
        for report in (one, two):
            del report["wall_time_s"], report["host_mips"]
        self.assertEqual(one, two)
        plain = cimera.run(elf).report
        self.assertNotEqual(plain["simulated_time_ps"], one["simulated_time_ps"])

    def test_report_keys(self):
        report = cimera.run(self.elf(READY + PASS)).report
        self.assertEqual(report["schema"], "cimera-report-1")
        for key in ("firmware", "soc", "technology", "seed", "exit_code", "simulated_time_s",
                    "simulated_time_ps", "wall_time_s", "instructions", "cycles", "host_mips",
                    "quantum_s", "engine", "energy_J", "energy_aJ", "operations", "efficiency", "provenance",
                    "inferences", "learned", "results", "memories", "interconnect", "warnings"):
            self.assertIn(key, report)
        self.assertAlmostEqual(report["simulated_time_s"], int(report["simulated_time_ps"]) * 1e-12)

    def test_old_outputs_survive_a_mistake(self):
        path = self.folder / "report.json"
        path.write_text("before")
        self.assertEqual(program("run", self.elf(PASS), "--report", path, "--quantum", "x").status,
                         USER_ERROR)
        self.assertEqual(path.read_text(), "before")
        self.assertEqual(list(self.folder.glob("*.tmp")), [])

    def test_files_that_would_be_overwritten(self):
        """No output over an input, nor two into one file, by whatever names."""
        elf = self.elf(PASS)
        image = elf.read_bytes()
        data = self.folder / "data"
        data.write_bytes(b"data")
        link = self.folder / "link"
        link.symlink_to(elf)
        out = self.folder / "out"
        for options in (("--report", elf), ("--uart", elf), ("--trace", f"cpu:{link}"),
                        ("--uart", data, "--uart-in", data), ("--uart", data, "--model", data),
                        ("--report", data, "--load", f"0x80100000={data}"),
                        ("--report", out, "--trace", f"cpu:{out}"),
                        ("--uart", out, "--trace", f"cpu:{self.folder}/./out"),
                        ("--trace", f"cpu:{out}", "--trace", f"uart:{self.folder}/./out"),
                        ("-o", self.folder, "--uart", self.folder / "report.json")):
            with self.subTest(options=options):
                result = program("run", elf, "-q", *options)
                self.assertEqual(result.status, USER_ERROR, result.messages)
                self.assertEqual((elf.read_bytes(), data.read_bytes()), (image, b"data"))
                self.assertFalse(out.exists())
        for options in (("--uart", "/dev/null", "--trace", "cpu:/dev/null"),
                        ("-o", out, "--report", out / "report.json"),
                        ("--trace", f"cpu:{out}/trace", "--trace", f"uart:{out}/trace")):
            result = program("run", elf, "-q", *options)
            self.assertEqual(result.status, 0, result.messages)


class Inputs(Cli):
    # Ends with the byte at 0x80100000 as its code.
    TELL = "lui t0, 0x80100; lbu t1, 0(t0); slli t1, t1, 16; li t2, 0x3333; or t1, t1, t2; " \
           "li t0, 0x100000; sw t1, 0(t0); 1: j 1b"

    def test_file_that_cannot_be_read(self):
        for option in ("--uart-in", "--gpio-in", "--model"):
            result = program("run", self.elf(PASS), "-q", option, "/proc/self/mem")
            self.assertEqual(result.status, USER_ERROR, result.messages)
            self.assertIn(option, result.messages)

    def test_load(self):
        data = self.folder / "data"
        data.write_bytes(bytes([23]))
        self.check(self.TELL, 23, "--load", f"0x80100000={data}")
        self.check(self.TELL, 23, "--load", f"{0x80100000}={data}")

    def test_model_goes_to_the_nvm(self):
        data = self.folder / "data"
        data.write_bytes(bytes([31]))
        self.check(self.TELL.replace("0x80100", "0x20000"), 31, "--model", data)

    def test_set(self):
        # SoC information: frequency of the host in MHz as the code.
        code = """li t0, 0x10019040; lw t1, 0(t0); li t2, 1000000; divu t1, t1, t2; slli t1, t1, 16
                  li t2, 0x3333; or t1, t1, t2; li t0, 0x100000; sw t1, 0(t0); 1: j 1b"""
        self.check(code, 50, "--set", 'clock.host="50 MHz"')
        self.check(code, 40, "--set", 'clock.host="50 MHz"', "--set", 'clock.host="40 MHz"')

    def test_extension_left_out(self):
        instructions = {"m": "mul a0, a0, a0", "a": "amoadd.w a0, a0, (sp)", "f": "fmv.w.x f0, x0",
                        "c": ".option rvc; c.nop; c.nop; .option norvc", "zba": "sh1add a0, a0, a0",
                        "zbb": "clz a0, a0", "zbc": "clmul a0, a0, a0", "zbs": "bset a0, a0, a0"}
        for name, instruction in instructions.items():
            code = f""".option norvc; la sp, trap; csrw mtvec, sp; li t0, 0x2000; csrs mstatus, t0
                       li t1, 0x100000; li t2, 0x5555; {instruction}; sw t2, 0(t1); 1: j 1b
                       .balign 4
                       trap: li t2, 0x70000 + 0x3333; sw t2, 0(t1); 1: j 1b"""
            others = [other for other in instructions if other != name]
            letters = "".join(other for other in others if len(other) == 1)
            isa = "_".join([f"rv32i{letters}", *(other for other in others if len(other) > 1)])
            with self.subTest(extension=name):
                self.check(code, 0)
                self.check(code, 7, "--set", f'host.isa="{isa}"')

    def test_defaults_of_the_firmware(self):
        elf = self.elf(self.TELL.replace("0x80100", "0x20000"))
        (self.folder / "one").write_bytes(bytes([1]))
        (self.folder / "two").write_bytes(bytes([2]))
        defaults = elf.with_suffix(".run.toml")
        defaults.write_text('model = "one"\nmax_instructions = 50\nseed = 7\nset = [\'l2.latency=2\']\n')
        report = self.folder / "report.json"
        result = program("run", elf, "--report", report)
        self.assertEqual(result.status, 1, result.messages)
        for line in (f"from {defaults}:", f"model {self.folder / 'one'}", "max_instructions 50",
                     "seed 7", "set l2.latency=2"):
            self.assertIn(line, result.messages)
        self.assertEqual(json.loads(report.read_text())["seed"], 7)
        # The command line wins.
        result = program("run", elf, "--model", self.folder / "two", "--seed", "9", "--report", report,
                         "--max-instructions", "40")
        self.assertEqual(result.status, 2, result.messages)
        self.assertNotIn("seed 7", result.messages)
        self.assertNotIn("model", result.messages.split("\n\n")[0])
        self.assertEqual(json.loads(report.read_text())["seed"], 9)
        self.assertEqual(program("run", elf, "--max-instructions", "3").status, LIMIT)
        out = self.folder / "out"
        program("run", elf, "-q", "-o", out)
        self.assertEqual(tomllib.loads((out / "config.toml").read_text())["l2"]["latency"], 2)
        program("run", elf, "-q", "-o", out, "--set", "l2.latency=4")
        self.assertEqual(tomllib.loads((out / "config.toml").read_text())["l2"]["latency"], 4)

    def test_mistake_in_the_defaults(self):
        elf = self.elf(PASS)
        elf.with_suffix(".run.toml").write_text('modle = "x"\n')
        result = program("run", elf)
        self.assertEqual(result.status, USER_ERROR)
        self.assertIn("program.run.toml:1:1: unknown key 'modle'", result.messages)
        self.assertIn("did you mean 'model'?", result.messages)

    def test_sensor_of_the_command_line(self):
        # The number of frames that the camera's source holds.
        code = """li t0, 0x10020010; lw t1, 0(t0); slli t1, t1, 16; li t2, 0x3333; or t1, t1, t2
                  li t0, 0x100000; sw t1, 0(t0); 1: j 1b"""
        data = self.folder / "frames.csv"
        data.write_text("a,b,label\n1,2,0\n3,4,1\n5,6,0\n")
        self.check(code, 3, "--sensor", f"camera={data}")
        self.check(code, 3, "--sensor", f"camera={data},rate=1kHz")
        self.assertEqual(program("run", self.elf(code), "--sensor", f"camera={data},rate=fast").status,
                         USER_ERROR)


class Subcommands(Cli):
    def test_help(self):
        result = program("--help")
        self.assertEqual((result.status, result.messages), (0, ""))
        for command in ("run", "check", "describe", "list"):
            self.assertIn(command, result.uart.decode())
            own = program(command, "--help")
            self.assertEqual((own.status, own.messages), (0, ""))
            self.assertIn("Usage:", own.uart.decode())
        text = program("run", "--help").uart.decode()
        for option in ("--soc", "--set", "--out", "--sensor", "--model", "--load", "--seed",
                       "--max-time", "--max-instructions", "--report", "--uart", "--quantum",
                       "--no-dmi", "--check-tlm", "--on-fault", "--quiet", "--verbose", "--log",
                       "--progress"):
            self.assertIn(option, text)

    def test_version(self):
        result = program("--version")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.uart.decode(), r"^\d+\.\d+\.\d+\n$")

    def test_check(self):
        result = program("check", "sep")
        self.assertEqual((result.status, result.messages), (0, ""))
        self.assertIn("sep: ok", result.uart.decode())
        self.assertEqual(program("check", "sep", self.elf(PASS)).status, 0)
        self.assertEqual(program("check", "sep", "--set", "l2.size=\"3 B\"").status, USER_ERROR)
        far = cimera.build(self.folder, ".globl _start\n_start: j _start\n.section .far, \"ax\"\nnop\n",
                           "far")
        moved = subprocess.run(
            [cimera.COMPILER, *cimera.FLAGS, "-Wl,--section-start=.far=0x50000000", "-o", far,
             self.folder / "far.S"], capture_output=True, text=True, check=False)
        self.assertEqual(moved.returncode, 0, moved.stderr)
        self.assertEqual(program("check", "sep", far).status, USER_ERROR)

    def test_list(self):
        for what, expected in (("presets", "sep"), ("technologies", "fdsoi28"), ("events", "sram.read"),
                               ("sensors", "camera")):
            result = program("list", what)
            self.assertEqual((result.status, result.messages), (0, ""))
            self.assertIn(expected, result.uart.decode())
        technologies = [line.split()[0]
                        for line in program("list", "technologies").uart.decode().splitlines()]
        self.assertLessEqual({"fdsoi28", "fdsoi22", "cmos130_rram"}, set(technologies))
        for line in program("list", "presets").uart.decode().splitlines():
            self.assertRegex(line, r"^[a-z-]+ +\S.+\.$")
            for technology in technologies:
                self.assertEqual(program("check", line.split()[0], "--set",
                                         f"soc.technology={technology}").status, 0, line)

    def test_list_events(self):
        """Every event that a component counts, with its price; and every entry behind it."""
        for technology in ("fdsoi28", "cmos130_rram"):
            text = program("list", "events", "--set", f"soc.technology={technology}").uart.decode()
            parts = {part.splitlines()[0].split(":")[0] + part.splitlines()[0].partition(":")[2]:
                     part.splitlines()[1:] for part in text.split("\n\n")[1:]}
            entries = tomllib.loads((cimera.SOURCE / "platform" / "technology"
                                     / f"{technology}.toml").read_text())
            events = {line.split()[0]: line for line in parts[
                "events energy of one, entries that make it up, components"]}
            self.assertIn("8 x crossbar.byte", events["crossbar.beat"])
            self.assertRegex(events["cim.adder_tree"], r"[0-9.]+ x logic.full_adder +cim0, cim1$")
            self.assertRegex(events["cpu.alu"], rf"cpu.alu +{PRICE_OF_ALU[technology]}  cpu.alu +host$")
            self.assertTrue(any("sram" in line and "mm2" in line
                                for line in parts["parts leakage, area, components"]))
            for title, section in (("entries energy of one event", "energy"),
                                   ("entries leakage", "leakage"), ("entries area", "area")):
                self.assertEqual(sorted(line.split()[0] for line in parts[title]),
                                 sorted(entries[section]))
                for line in parts[title]:
                    self.assertRegex(line, r"^  [a-z0-9_.-]+ +[0-9.e+]+ (fJ|pW per \w+|um2 per \w+)  "
                                           r"(cited|estimated): .+")

    def test_describe(self):
        outputs = {}
        for form in ("text", "markdown", "json", "svd"):
            result = program("describe", "--format", form)
            self.assertEqual((result.status, result.messages), (0, ""))
            outputs[form] = result.uart.decode()
        self.assertEqual(program("describe").uart.decode(), outputs["text"])
        blocks = json.loads(outputs["json"])["blocks"]
        self.assertGreaterEqual(len(blocks), 13)
        ends = 0
        for block in blocks:
            self.assertGreaterEqual(block["base"], ends)
            ends = block["base"] + block["size"]
            for form in ("text", "markdown"):
                self.assertRegex(outputs[form], rf"0x{block['base']:08x}[ |]+{block['name']}[ |]")
        svd = ElementTree.fromstring(outputs["svd"])
        found = {entry.findtext("name"): entry for entry in svd.iter("peripheral")}
        with_registers = {block["name"]: block for block in blocks if "registers" in block}
        self.assertEqual(set(found), set(with_registers))
        for name, entry in found.items():
            self.assertEqual(int(entry.findtext("baseAddress"), 0), with_registers[name]["base"])
            derived = entry.get("derivedFrom")
            described = found[derived] if derived else entry
            names = [reg.findtext("name").split("[")[0] for reg in described.iter("register")]
            self.assertEqual(sorted(names), sorted(r["name"] for r in with_registers[name]["registers"]))

    def test_described_configuration_runs(self):
        text = program("describe", "--set", "l2.latency=3").uart.decode()
        config = self.folder / "soc.toml"
        config.write_text(text[text.index("[soc]"):])
        self.assertEqual(program("check", config).status, 0)
        self.assertEqual(tomllib.loads(config.read_text())["l2"]["latency"], 3)

    def test_more_tiles(self):
        blocks = json.loads(program("describe", "--format", "json", "--set", "cim.tile.count=5").uart)
        names = [block["name"] for block in blocks["blocks"] if block["name"].startswith("cim")]
        self.assertEqual(names, [f"cim{n}" for n in range(5)])


if __name__ == "__main__":
    unittest.main()
