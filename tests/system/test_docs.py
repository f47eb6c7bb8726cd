# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""README.md and docs/: commands work as written, links resolve, quotes and tables are current.

    CIMERA_UPDATE_GOLDEN=1 ctest -R test_docs      writes quotes and tables again

Directives in the documents, as comments:

    quote PATH[#REGION]   the code block that follows is that file, or its part between comments
                          [REGION] and [/REGION]
    include PATH          the text up to `end` is that file
    table NAME            the text up to `end` is a table of the technology
    paper NAME            the text up to `end` are figures that paper_tests prints
    demo numbers          the text up to `end` are figures of the digits demo
    file: PATH            the code block that follows is a file that the commands need
    append: PATH          the code block that follows is added to that file
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

UPDATE = bool(os.environ.get("CIMERA_UPDATE_GOLDEN"))
TECHNOLOGIES = cimera.SOURCE / "platform" / "technology"
DOCUMENTS = [cimera.SOURCE / "README.md", *sorted((cimera.SOURCE / "docs").rglob("*.md"))]

QUOTE = re.compile(r"(<!-- quote (\S+?)(?:#(\S+))? -->\n```\w+\n)(.*?)(```\n)", re.DOTALL)
GENERATED = re.compile(r"(<!-- (include|table|paper|demo) (\S+) -->\n)(.*?)(<!-- end -->\n)",
                       re.DOTALL)
FILE = re.compile(r"<!-- (file|append): (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
# They build everything or run for minutes: only that they are there and can be run.
SLOW = ("scripts/bench", "scripts/demo", "scripts/fuzz", "scripts/test")


def name_of(document):
    return str(document.relative_to(cimera.SOURCE))


def without_header(text):
    """A file's text without the licence lines at its top."""
    lines = text.splitlines(keepends=True)
    while lines and ("SPDX-" in lines[0] or not lines[0].strip()):
        lines.pop(0)
    return "".join(lines)


def quoted(path, region):
    text = (cimera.SOURCE / path).read_text()
    if region is None:
        return without_header(text)
    found = re.search(rf"^// \[{region}\]\n(.*?)^// \[/{region}\]\n", text,
                      re.DOTALL | re.MULTILINE)
    if found is None:
        raise AssertionError(f"{path} has no region {region}")
    return found.group(1)


def technology_table(section):
    entries = tomllib.loads((TECHNOLOGIES / "fdsoi28.toml").read_text())[section]
    rows = ["| entry | value | status | source |\n|---|---|---|---|\n"]
    for name, entry in entries.items():
        value = next(str(entry[key]) for key in ("value", "voltage", "share") if key in entry)
        value += f" per {entry['per']}" if "per" in entry else ""
        status = "estimated" if entry.get("estimate") else "cited"
        source = entry["source"].replace(" * ", " · ")
        rows.append(f"| `{name}` | {value} | {status} | {source} |\n")
    return "".join(rows)


def technologies_table():
    """Some entries of every technology."""
    files = {name: tomllib.loads((TECHNOLOGIES / f"{name}.toml").read_text())
             for name in ("fdsoi28", "fdsoi22", "cmos130_rram")}
    rows = {"nominal voltage": lambda file: file["technology"]["nominal_voltage"]}
    for text, section, entry in (
            ("an instruction of the ALU", "energy", "cpu.alu"),
            ("reading 64 bits of the L2", "energy", "sram.read.64"),
            ("a full adder of a tile", "energy", "logic.full_adder"),
            ("leakage of a byte of the L2", "leakage", "sram"),
            ("area of a byte of the L2", "area", "sram")):
        rows[f"{text}, `{entry}`"] = lambda file, s=section, e=entry: file[s][e]["value"]
    for text, wanted in (("cited", False), ("estimated", True)):
        rows[f"entries that are {text}"] = lambda file, w=wanted: sum(
            entry.get("estimate", False) == w
            for section in ("energy", "leakage", "area") for entry in file[section].values())
    return (f"| | {' | '.join(f'`{name}`' for name in files)} |\n|---|{'---|' * len(files)}\n"
            + "".join(f"| {text} | {' | '.join(str(row(file)) for file in files.values())} |\n"
                      for text, row in rows.items()))


def paper_figures():
    """What paper_tests prints, as the tables of docs/accuracy.md; None where it is not built."""
    program = cimera.BUILD / "bin" / "paper_tests"
    if not program.exists():
        return None
    text = subprocess.run([program, "[paper]"], capture_output=True, text=True, check=True,
                          timeout=60).stdout
    share, cell = {}, {}
    for rows, bits, value in re.findall(
            r"adder tree, +(\d+) rows, (\d)-bit inputs: model ([\d.]+) %", text):
        share.setdefault(rows, []).append(f"{value} %")
    for bits, value in re.findall(r"(\d)-bit inputs, 567 aJ .*model ([\d.]+) %", text):
        cell[bits] = f"{value} %"
    product = re.search(r"8 b x 8 b product, 64 rows: model ([\d.]+) fJ, reference ([\d.]+) fJ, "
                        r"ratio ([\d.]+)", text).groups()
    rest = re.search(r"without the return to rest: model ([\d.]+) fJ, ratio ([\d.]+)",
                     text).groups()
    area = [(f"area, slice of {slice_} bits", *figures) for slice_, *figures in re.findall(
        r"multiplier, (\d)-bit input .*model (-[\d.]+) %, published (-\d+) %, ratio ([\d.]+)", text)]
    energy = [(f"energy, {encoding}, inputs of {slice_} and weights of {bits} bits", *figures)
              for encoding, slice_, bits, *figures in re.findall(
                  r"multipliers, (\w+) *, (\d) x (\d) bits: model (-[\d.]+) %, published (-\d+) %, "
                  r"ratio ([\d.]+)", text)]
    curve = re.findall(r"share of the adder tree, +(\d+) rows: model ([\d.]+) %, "
                       r"reference (\d+) %, ratio ([\d.]+)", text)
    head = "1-bit inputs | 4-bit inputs | 8-bit inputs |\n|---|---|---|"
    return {
        "share": f"| rows | {head}---|\n"
                 + "".join(f"| {rows} | {' | '.join(values)} |\n"
                           for rows, values in share.items()),
        "cell": f"| {head}\n| {' | '.join(cell.values())} |\n",
        "fibbinary": "| multiplier | model | published | ratio |\n|---|---|---|---|\n"
                     + "".join(f"| {what} | {model} % | {published} % | {ratio} |\n"
                               for what, model, published, ratio in area + energy),
        "curve": "| rows | model | reference | ratio |\n|---|---|---|---|\n"
                 + "".join(f"| {rows} | {model} % | {reference} % | {ratio} |\n"
                           for rows, model, reference, ratio in curve),
        "product": "| | model | reference | ratio |\n|---|---|---|---|\n"
                   f"| as modelled | {product[0]} fJ | {product[1]} fJ | {product[2]} |\n"
                   f"| without the return to rest | {rest[0]} fJ | {product[1]} fJ | {rest[1]} |\n",
    }


def demo_figures():
    """A table of the digits demo; None where it is not built."""
    elf = cimera.applications().get("digits")
    if elf is None:
        return None
    report = cimera.run(elf).report
    results, energy = report["results"], report["energy_J"]
    work = {name: f"{report[name]['latency_s_mean'] * 1e6:.1f} µs, "
                  f"{report[name]['energy_J_mean'] * 1e9:.1f} nJ dynamic"
            for name in ("inferences", "learned")}

    def share(*components):
        part = sum(energy["by_component"][component] for component in components)
        return f"{100 * part / energy['total']:.0f} % of the energy"

    rows = {
        "accuracy with the new camera": f"{100 * results['accuracy_before']:.2f} %",
        "accuracy with the aged camera": f"{100 * results['accuracy_shifted']:.2f} %",
        f"accuracy after learning {results['samples_learned']} samples":
            f"{100 * results['accuracy_after']:.2f} %",
        "one inference": work["inferences"],
        "one learned sample, inference included": work["learned"],
        "whole run": f"{report['simulated_time_s']:.2f} s simulated, "
                     f"{report['instructions'] / 1e6:.0f} million instructions, "
                     f"{energy['total'] * 1e3:.2f} mJ, "
                     f"{energy['total'] / report['simulated_time_s'] * 1e3:.2f} mW",
        "L2 memory": share("l2"),
        "host": share("host"),
        "crossbar": share("crossbar"),
        "CIM tiles": share("cim0", "cim1"),
        "energy figures used": f"{report['provenance']['cited']} cited, "
                               f"{report['provenance']['estimated']} estimated",
    }
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {text} |\n" for name, text in rows.items())


def slug(heading):
    """Anchor of a heading, as GitHub makes it."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def shell_lines(document):
    for block in SHELL.findall(document.read_text()):
        for line in block.splitlines():
            line = line.split("  #")[0].strip()
            if line:
                yield line


class Workspace:
    """A folder in which the documents' commands find what they name."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        (self.root / "build").mkdir()
        (self.root / "build" / "release").symlink_to(cimera.BUILD)
        for part in ("platform", "scripts", "tests", "docs"):
            (self.root / part).symlink_to(cimera.SOURCE / part)
        (self.root / "out").mkdir()

    def write_files(self, document, below=""):
        """Files of a document whose paths begin with `below`."""
        for kind, path, text in FILE.findall(document.read_text()):
            place = self.root / path
            if not path.startswith(below) or (not below and path.startswith("firmware/")):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("a" if kind == "append" else "w") as file:
                file.write(text)

    def run(self, line, timeout=120):
        environment = dict(os.environ, PATH=f"{cimera.PROGRAM.parent}:/usr/bin:/bin",
                           PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(["bash", "-c", line], cwd=self.root, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                              check=False)
        return done.returncode, done.stdout, done.stderr


class Documents(unittest.TestCase):
    maxDiff = None

    def check(self, document, pattern, make):
        """Compares what `make` gives for each directive, or writes it."""
        text = document.read_text()

        def replace(match):
            fresh = make(match)
            return match.group(0) if fresh is None else match.group(1) + fresh + match.groups()[-1]

        current = pattern.sub(replace, text)
        if UPDATE and current != text:
            document.write_text(current)
            text = current
        self.assertEqual(text, current, name_of(document))

    def test_quotes(self):
        for document in DOCUMENTS:
            with self.subTest(document=name_of(document)):
                self.check(document, QUOTE, lambda match: quoted(match.group(2), match.group(3)))

    def test_generated_parts(self):
        figures = paper_figures()
        demo = demo_figures()

        def make(match):
            kind, argument = match.group(2), match.group(3)
            if kind == "include":
                return (cimera.SOURCE / argument).read_text()
            if kind == "table":
                return (technologies_table() if argument == "technologies"
                        else technology_table(argument))
            if kind == "demo":
                return demo
            return None if figures is None else figures[argument]

        for document in DOCUMENTS:
            with self.subTest(document=name_of(document)):
                self.check(document, GENERATED, make)

    def test_directives_are_known(self):
        for document in DOCUMENTS:
            text = document.read_text()
            opened = re.findall(r"<!-- (quote|include|table|paper|demo|file:|append:) ", text)
            matched = (len(QUOTE.findall(text)) + len(GENERATED.findall(text))
                       + len(FILE.findall(text)))
            self.assertEqual(len(opened), matched, name_of(document))

    def test_links(self):
        for document in DOCUMENTS:
            text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
            for link in (one or other for one, other in LINK.findall(text)):
                if re.match(r"[a-z]+:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = (document.parent / path).resolve() if path else document
                with self.subTest(document=name_of(document), link=link):
                    self.assertTrue(target.exists())
                    if anchor:
                        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
                        self.assertIn(anchor, [slug(heading) for heading in headings])

    def test_every_report_key_is_explained(self):
        text = (cimera.SOURCE / "docs" / "outputs.md").read_text()
        source = "".join((cimera.SOURCE / "platform" / "report" / name).read_text()
                         for name in ("json.cpp", "counts_file.cpp"))
        keys = set(re.findall(r'(?:report|section)\["(\w+)"\]|\{"(\w+)",', source))
        for key in sorted(one or other for one, other in keys):
            self.assertIn(f"`{key}`", text)


class Commands(unittest.TestCase):
    def test_commands(self):
        if "digits" not in cimera.applications():
            self.skipTest("skipped: the firmware is not built")
        done = {}
        for document in DOCUMENTS:
            with tempfile.TemporaryDirectory() as folder:
                workspace = Workspace(folder)
                workspace.write_files(document)
                for line in shell_lines(document):
                    with self.subTest(document=name_of(document), line=line):
                        self.check(workspace, line, done)

    def check(self, workspace, line, done):
        word = line.split()[0]
        if word.startswith(SLOW):
            script = cimera.SOURCE / word
            self.assertTrue(script.is_file() and os.access(script, os.X_OK))
            return
        if not (word in ("cimera", "fst2vcd", "python3", "build/release/bin/cimera")
                or word.startswith("scripts/")) or "blink.elf" in line:
            return
        # A line without outputs is run once, whatever document it stands in.
        key = line if " out/" not in line and ".toml" not in line else (workspace.root, line)
        if key not in done:
            done[key] = workspace.run(line)
        status, _, messages = done[key]
        self.assertEqual(status, 0, messages)

    def test_applications(self):
        """Applications in the documents, built within a copy of the firmware."""
        reason = cimera.need(cimera.COMPILER, "cmake", "ninja")
        if reason:
            self.skipTest(reason)
        expected = {"docs/getting-started.md": ("blink", "tick 1\ntick 2\ntick 3\n"),
                    "docs/blocks/cim.md": ("job", "ok: 200 -220 70\n")}
        for name, (application, output) in expected.items():
            with self.subTest(document=name), tempfile.TemporaryDirectory() as folder:
                workspace = Workspace(folder)
                shutil.copytree(cimera.SOURCE / "firmware", workspace.root / "firmware")
                workspace.write_files(cimera.SOURCE / name, "firmware/")
                elf = self.build(workspace, application)
                status, uart, messages = workspace.run(f"cimera run {elf}")
                self.assertEqual((status, uart), (0, output), messages)

    def build(self, workspace, application):
        lists = workspace.root / "firmware" / "CMakeLists.txt"
        if f"cimera_add_app({application} " not in lists.read_text():
            with lists.open("a") as file:
                file.write(f"cimera_add_app({application} apps/{application}/main.c)\n")
        run_toml = workspace.root / "firmware" / "apps" / application / "run.toml"
        if not run_toml.exists():
            run_toml.write_text('soc = "sep"\nmax_time = "1 s"\n')
        status, output, messages = workspace.run(
            "cmake -S firmware -B fw -G Ninja -DCMAKE_TOOLCHAIN_FILE=$PWD/firmware/toolchain.cmake "
            f"-DCMAKE_BUILD_TYPE=Release -DCIMERA_REGS_DIR={cimera.BUILD}/gen/firmware "
            f"-DCIMERA_ROOT=$PWD -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=$PWD/out && "
            f"cmake --build fw --target {application}")
        self.assertEqual(status, 0, output + messages)
        return f"out/{application}.elf"


if __name__ == "__main__":
    unittest.main()
