# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Technology files: the same entries in each, and values that follow from their stated arithmetic."""

import os
import pathlib
import re
import tomllib
import unittest

FILES = sorted(pathlib.Path(os.environ["CIMERA_SOURCE"], "platform", "technology").glob("*.toml"))
SECTIONS = ("energy", "leakage", "area", "points", "states")
UNITS = {"aJ": 1e-18, "fJ": 1e-15, "pJ": 1e-12, "pW": 1e-12, "nW": 1e-9, "uW": 1e-6, "mW": 1e-3,
         "fF": 1e-15, "pF": 1e-12, "pC": 1e-12, "mA": 1e-3, "V": 1.0, "V^2": 1.0, "ns": 1e-9,
         "uS": 1e-6, "um": 1e-6, "um2": 1e-12, "mm2": 1e-6}
DIGITS = "0123456789"
TOKEN = re.compile(r"V\^2|(?<![\w.])[\d,]*\d(?:\.\d+)?(?![\w.])|[A-Za-z_][\w.-]*|[-+*/^()]")


def quantity(text):
    number, unit = text.split()
    return float(number) * UNITS[unit]


def evaluate(text):
    """The value of the arithmetic in a piece of text, words left out; None where there is none."""
    code, operators = [], 0
    for token in TOKEN.findall(re.sub(r"\([^()]*[A-Za-z]{3}[^()]*\)", "", text)):
        if token in UNITS:
            code.append(f"*{UNITS[token]!r}")
        elif token[0].isdigit():
            code.append(token.replace(",", ""))
        elif token in "+-*/()^":
            operators += token in "+-*/^"
            code.append("**" if token == "^" else token)
    text = "".join(code)
    # Two numbers side by side belong to words between them.
    if any(a[-1] in DIGITS and b[0] in DIGITS for a, b in zip(code, code[1:])):
        return None
    if not operators or re.search(r"[\d.)]\(", text):
        return None
    try:
        return eval(text, {"__builtins__": {}})
    except SyntaxError:
        return None


def stated(source):
    """Every value that the arithmetic in a source gives."""
    values = []
    for piece in re.split(r"[:;]|, (?=[a-z])", source):
        value = evaluate(piece.split("=")[0])
        if value is not None:
            values.append(value)
    return values


class TechnologyFiles(unittest.TestCase):
    def setUp(self):
        self.files = {path.stem: tomllib.loads(path.read_text()) for path in FILES}
        self.assertLessEqual({"fdsoi28", "fdsoi22", "cmos130_rram"}, set(self.files))

    def entries(self):
        for name, file in self.files.items():
            for section in SECTIONS:
                for entry, fields in file[section].items():
                    yield name, section, entry, fields

    def test_every_entry_is_in_every_file(self):
        first = self.files["fdsoi28"]
        for name, file in self.files.items():
            self.assertEqual(file["technology"]["name"], name)
            for section in SECTIONS:
                with self.subTest(file=name, section=section):
                    self.assertEqual(list(file[section]), list(first[section]))
                    for entry, fields in file[section].items():
                        self.assertEqual(fields.get("per"), first[section][entry].get("per"), entry)
            # What leaks takes area.
            self.assertEqual(list(file["leakage"]), list(file["area"]))

    def test_every_number_says_where_it_comes_from(self):
        for name, section, entry, fields in self.entries():
            with self.subTest(file=name, section=section, entry=entry):
                self.assertTrue(fields["source"])
                # What another technology's figure was scaled to is an estimate.
                if re.search(r"\bscaled|\bas (?:fdsoi|the)\b", fields["source"]):
                    self.assertTrue(fields.get("estimate"))

    def test_values_follow_from_their_sources(self):
        checked = 0
        for name, section, entry, fields in self.entries():
            values = stated(fields["source"])
            if not values:
                continue
            with self.subTest(file=name, section=section, entry=entry, source=fields["source"]):
                value = fields["share"] if section == "states" else quantity(fields["value"])
                # Sources and values round to three digits, shares to one or two.
                close = 0.07 if section == "states" else 0.012
                self.assertTrue(any(abs(one - value) <= close * value for one in values),
                                f"{value:.4g} is none of {values}")
                checked += 1
        self.assertGreater(checked, 0.7 * len(list(self.entries())))


if __name__ == "__main__":
    unittest.main()
