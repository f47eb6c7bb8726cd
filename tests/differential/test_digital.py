# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The digital array against NumPy: every encoding, precision and sign, slices of inputs, and
approximate adders, on random shapes. Sums and every counted event are compared.

The reference is written from the rules of docs/cim.md. It simulates the wires of each cycle.
"""

import os
import pathlib
import subprocess
import unittest

import numpy as np

BUILD = pathlib.Path(os.environ["CIMERA_BUILD"])
BINARY, FIBBINARY, RELAXED = range(3)
NO_SIGN, INSIDE, BESIDE = range(3)
COSTS = ("cycles", "saturations", "bitcell", "multiplier", "adder_tree", "shift_accumulate",
         "row_read", "row_write", "digital_product", "multiplier_extra")


def ones(values):
    """Number of ones in each non-negative value."""
    values = np.asarray(values, dtype=np.int64)
    return sum((values >> b) & 1 for b in range(40))


def has_adjacent_ones(magnitude, encoding):
    """Whether an encoding leaves a magnitude out."""
    digits = bin(magnitude)[2:][::-1]
    pairs = range(len(digits) - 1) if encoding == FIBBINARY else range(0, len(digits) - 1, 2)
    return any(digits[i] == "1" and digits[i + 1] == "1" for i in pairs)


class Model:
    """One digital array of one macro."""

    def __init__(self, rows, columns, bits, encoding, sign, slice_bits, or_bits, levels):
        self.rows, self.columns, self.bits = rows, columns, bits
        self.encoding, self.sign, self.slice = encoding, sign, slice_bits
        self.or_bits, self.levels = or_bits, levels
        self.code_bits = bits + (sign == BESIDE)
        self.magnitude_bits = bits - (sign == INSIDE)
        every = range(1 << self.magnitude_bits)
        self.magnitudes = np.array([m for m in every if encoding == BINARY
                                    or not has_adjacent_ones(m, encoding)])
        self.codes = np.zeros((rows, columns), dtype=np.int64)

    def header(self):
        return [1, self.rows, self.columns * self.code_bits, self.bits, self.encoding, self.sign,
                self.slice, self.or_bits, self.levels]

    def random_codes(self, rng, shape):
        codes = rng.choice(self.magnitudes, size=shape)
        if self.sign != NO_SIGN:
            codes = codes | rng.integers(2, size=shape) << self.magnitude_bits
        return codes

    def groups(self, codes, weight_signed):
        """(place, width, digit with its sign) of each multiplier's group of bits."""
        width = self.magnitude_bits if self.slice == 1 else 2
        for low in range(0, self.magnitude_bits, width):
            size = min(width, self.magnitude_bits - low)
            digit = codes >> low & (1 << size) - 1
            if self.encoding == BINARY and weight_signed and low + size == self.magnitude_bits:
                digit = np.where(digit >> (size - 1) & 1, digit - (1 << size), digit)
            if self.sign != NO_SIGN:
                digit = np.where(codes >> self.magnitude_bits & 1, -digit, digit)
            yield low, size, digit

    def values(self, codes, weight_signed):
        return sum(digit << low for low, _, digit in self.groups(codes, weight_signed))

    def cycles(self, x, bits, is_signed):
        """(place, slice's bits, slice's value, factor) of each cycle, the highest slice first."""
        count = -(-bits // self.slice)
        pattern = x & (1 << count * self.slice) - 1
        for cycle in reversed(range(count)):
            wires = pattern >> cycle * self.slice & (1 << self.slice) - 1
            value, factor = wires, 1
            if is_signed and cycle == count - 1:
                if self.slice == 1:
                    factor = -1
                else:
                    value = np.where(wires >> (self.slice - 1), wires - (1 << self.slice), wires)
            yield cycle * self.slice, wires, value, factor

    def tree(self, operands):
        """Sums over the rows (axis 1): pairs of neighbours, level by level."""
        level = 1
        while operands.shape[1] > 1:
            n = operands.shape[1]
            k = self.or_bits if self.levels >> (level - 1) & 1 else 0
            a, b = operands[:, 0:n - n % 2:2], operands[:, 1:n:2]
            if k == 0:
                sums = a + b
            else:
                low = (a | b) % (1 << k)
                carry = (a >> (k - 1)) & (b >> (k - 1)) & 1
                sums = ((a >> k) + (b >> k) + carry) * (1 << k) + low
            operands = np.concatenate([sums, operands[:, n - n % 2:]], axis=1)
            level += 1
        return operands[:, 0]

    def multiply(self, x, window, bits, is_signed, weight_signed):
        """x: vectors × window's rows."""
        r, n, c, m = window
        codes = np.zeros((self.rows, m), dtype=np.int64)
        codes[r:r + n] = self.codes[r:r + n, c:c + m]
        inputs = np.zeros((len(x), self.rows), dtype=np.int64)
        inputs[:, r:r + n] = x
        if self.or_bits == 0 or self.levels == 0:
            return inputs @ self.values(codes, weight_signed)
        sums = np.zeros((len(x), m), dtype=np.int64)
        for low, _, digit in self.groups(codes, weight_signed):
            for place, _, value, factor in self.cycles(inputs, bits, is_signed):
                sums += factor * self.tree(value[:, :, None] * digit[None]) << (place + low)
        return sums

    def events(self, x, window, bits, is_signed, weight_signed):
        r, n, c, m = window
        codes = self.codes[r:r + n, c:c + m]
        magnitude = codes & (1 << self.magnitude_bits) - 1
        stored = ones(magnitude)
        count = dict.fromkeys(COSTS, 0)
        steps = list(self.cycles(x, bits, is_signed))
        wires = [np.zeros_like(x), *(w for _, w, _, _ in steps), np.zeros_like(x)]
        for before, after in zip(wires, wires[1:]):
            toggled = int((ones(before ^ after) @ stored).sum())
            count["bitcell"] += toggled
            count["multiplier"] += toggled
            leaf = toggled
            if self.encoding == BINARY and self.slice > 1 and self.bits > 1:
                leaf = 0  # bits of the results x · digit, digits taken as 0 to 3
                for low in range(0, self.bits, 2):
                    digit = magnitude >> low & 3
                    for v in (1, 2, 3):
                        leaf += int((ones(before * v ^ after * v) @ (digit == v)).sum())
            count["adder_tree"] += leaf
            binary_adders = self.encoding == BINARY and self.slice > 1 and self.bits > 1
            if binary_adders or self.sign != NO_SIGN:
                count["multiplier_extra"] += leaf
        for _, w, _, _ in steps:
            active = (w != 0).astype(np.int64) @ (magnitude != 0)  # columns, by vector
            count["shift_accumulate"] += int(np.count_nonzero(active))
        count["cycles"] = len(x) * (len(steps) + int(np.ceil(np.log2(self.rows))) + 1)
        return count

    def update(self, x, delta, window, bits, weight_signed, shift):
        r, n, c, m = window
        step = np.outer(x, delta)
        if shift:
            step = (step + (1 << (shift - 1))) >> shift
        codes = self.codes[r:r + n, c:c + m]
        wanted = self.values(codes, weight_signed) + step
        if self.encoding == BINARY:
            low = -(1 << (self.bits - 1)) if weight_signed else 0
            fitted = np.clip(wanted, low, low + (1 << self.bits) - 1)
            cut = fitted != wanted
            fresh = fitted & (1 << self.bits) - 1
        else:
            size = np.abs(wanted) if self.sign != NO_SIGN else np.maximum(wanted, 0)
            distance = np.abs(size[..., None] - self.magnitudes)
            nearest = self.magnitudes[np.argmin(distance, axis=-1)]  # the smaller of two
            cut = (size > self.magnitudes[-1]) | ((wanted < 0) & (self.sign == NO_SIGN))
            sign = (wanted < 0) & (nearest != 0) & (self.sign != NO_SIGN)
            fresh = nearest | sign.astype(np.int64) << self.magnitude_bits
        moved = step != 0
        self.codes[r:r + n, c:c + m] = np.where(moved, fresh, codes)
        return int(np.count_nonzero(cut & moved))


class Session:
    """Operations for the driver, and what has to come out of it."""

    def __init__(self, model):
        self.model = model
        self.requests = [np.array(model.header(), dtype=np.int32)]
        self.expected = []

    def ask(self, *numbers):
        self.requests.append(np.concatenate([np.ravel(n) for n in numbers]).astype(np.int32))

    def expect(self, what, *numbers):
        self.expected.append((what, np.concatenate([np.ravel(n) for n in numbers])))

    def program(self, rng):
        model = self.model
        model.codes = model.random_codes(rng, (model.rows, model.columns))
        self.ask([1, 0, 0, model.rows, 0, model.columns], model.codes)
        self.expect("status of program", [0])

    def multiply(self, x, window, bits, is_signed, weight_signed):
        self.ask([2, 0, *window, bits, is_signed, weight_signed, len(x)], x)
        events = self.model.events(x, window, bits, is_signed, weight_signed)
        self.expect("sums", self.model.multiply(x, window, bits, is_signed, weight_signed))
        self.expect("events", [events[name] for name in COSTS])

    def transposed(self, x, window, bits, is_signed, weight_signed):
        model = self.model
        r, n, c, m = window
        codes = model.codes[r:r + n, c:c + m]
        magnitude = codes & (1 << model.magnitude_bits) - 1
        self.ask([3, 0, *window, bits, is_signed, weight_signed, len(x)], x)
        self.expect("transposed sums", x @ model.values(codes, weight_signed).T)
        events = dict.fromkeys(COSTS, 0)
        events["row_read"] = len(x) * n * m * model.code_bits
        events["digital_product"] = int((ones(x & (1 << bits) - 1) @ ones(magnitude).T).sum())
        events["cycles"] = len(x) * (n + int(np.ceil(np.log2(model.columns))) + 1)
        self.expect("transposed events", [events[name] for name in COSTS])

    def update(self, x, delta, window, bits, is_signed, weight_signed, shift):
        self.ask([4, 0, *window, bits, is_signed, weight_signed, shift], x, delta)
        events = dict.fromkeys(COSTS, 0)
        events["saturations"] = self.model.update(x, delta, window, bits, weight_signed, shift)
        touched = int(np.count_nonzero(x))
        events["row_read"] = events["row_write"] = touched * len(delta) * self.model.code_bits
        events["digital_product"] = int(
            np.outer(ones(x & (1 << bits) - 1), ones(delta & 0xFF)).sum())
        events["cycles"] = 2 * touched + 1
        self.expect("update", [0], [events[name] for name in COSTS])
        everything = [0, self.model.rows, 0, self.model.columns]
        self.ask([5, 0, *everything])
        self.expect("codes after update", self.model.codes)

    def run(self, test):
        run = subprocess.run([BUILD / "bin" / "array_driver"], capture_output=True, check=True,
                             input=b"".join(r.tobytes() for r in self.requests), timeout=300)
        answers = np.frombuffer(run.stdout, dtype=np.int64)
        at = 0
        for what, expected in self.expected:
            given = answers[at:at + len(expected)]
            np.testing.assert_array_equal(given, expected, what)
            at += len(expected)
        test.assertEqual(at, len(answers))


def random_window(rng, model):
    row, column = int(rng.integers(model.rows)), int(rng.integers(model.columns))
    return (row, int(rng.integers(1, model.rows - row + 1)),
            column, int(rng.integers(1, model.columns - column + 1)))


def random_inputs(rng, shape, bits, is_signed):
    low = -(1 << (bits - 1)) if is_signed else 0
    return rng.integers(low, low + (1 << bits), size=shape)


def signs_of(encoding):
    return (NO_SIGN,) if encoding == BINARY else (NO_SIGN, INSIDE, BESIDE)


class DigitalTest(unittest.TestCase):
    def check(self, rng, model, vectors=3):
        session = Session(model)
        session.program(rng)
        for _ in range(3):
            bits, is_signed = int(rng.integers(1, 9)), bool(rng.integers(2))
            weight_signed = (bool(rng.integers(2)) if model.encoding == BINARY
                             else model.sign != NO_SIGN)
            formats = (bits, is_signed, weight_signed)
            window = random_window(rng, model)
            x = random_inputs(rng, (vectors, window[1]), bits, is_signed)
            session.multiply(x, window, *formats)
            y = random_inputs(rng, (vectors, window[3]), bits, is_signed)
            session.transposed(y, window, *formats)
            delta = rng.integers(-128, 128, size=window[3])
            session.update(x[0], delta, window, *formats, int(rng.integers(0, 14)))
        session.run(self)

    def test_every_encoding_precision_and_sign(self):
        rng = np.random.default_rng(7)
        arrays = 0
        for encoding in (BINARY, FIBBINARY, RELAXED):
            for bits in (1, 2, 4, 8, 16):
                for sign in signs_of(encoding):
                    if sign == INSIDE and bits == 1:
                        continue  # no bit is left for the magnitude
                    for slice_bits in (1, 2, 4, 8):
                        rows, columns = int(rng.integers(1, 150)), int(rng.integers(1, 40))
                        shape = (rows, columns, bits, encoding, sign, slice_bits)
                        with self.subTest(shape=shape):
                            self.check(rng, Model(*shape, 0, 0))
                        arrays += 1
        print(f"{arrays} exact arrays equal in every sum and count")

    def test_approximate_adders(self):
        rng = np.random.default_rng(11)
        total = 0
        for trial in range(48):
            encoding = int(rng.integers(3))
            sign = int(rng.choice(signs_of(encoding)))
            bits = int(rng.choice([2, 4, 8, 16] if sign == INSIDE else [1, 2, 4, 8, 16]))
            model = Model(int(rng.integers(1, 130)), int(rng.integers(1, 40)), bits, encoding,
                          sign, int(rng.choice([1, 2, 4, 8])), int(rng.integers(1, 13)),
                          int(rng.integers(1, 1 << 8)))
            with self.subTest(trial=trial, header=model.header()):
                self.check(rng, model)
            total += 9
        print(f"{total} products of random approximate arrays equal")

    def test_hundred_thousand_vectors_through_approximate_adders(self):
        rng = np.random.default_rng(13)
        total = 0
        for encoding, sign, slice_bits, bits, or_bits, levels in (
                (BINARY, NO_SIGN, 1, 4, 3, 0b111), (BINARY, NO_SIGN, 4, 4, 4, 0b11),
                (RELAXED, NO_SIGN, 4, 4, 3, 0b111111), (RELAXED, BESIDE, 4, 4, 4, 0b101),
                (FIBBINARY, INSIDE, 2, 4, 2, 0b1)):
            model = Model(64, 2, bits, encoding, sign, slice_bits, or_bits, levels)
            session = Session(model)
            session.program(rng)
            window = (0, 64, 0, 2)
            formats = (4, bool(rng.integers(2)), model.encoding == BINARY or sign != NO_SIGN)
            for _ in range(10):
                x = random_inputs(rng, (2000, 64), *formats[:2])
                session.multiply(x, window, *formats)
                total += len(x)
            session.run(self)
        self.assertEqual(total, 100_000)
        print(f"{total} vectors through approximate adders equal NumPy's")

    def test_numbers_of_codes(self):
        for encoding, counts in ((FIBBINARY, (8, 55, 2584)), (RELAXED, (9, 81, 6561))):
            for bits, count in zip((4, 8, 16), counts):
                model = Model(1, 1, bits, encoding, NO_SIGN, 1, 0, 0)
                self.assertEqual(len(model.magnitudes), count)
                # The array takes exactly these codes.
                session = Session(model)
                for code in range(1 << bits):
                    session.ask([1, 0, 0, 1, 0, 1, code])
                    session.expect(f"status of code {code}",
                                   [0 if code in set(model.magnitudes) else 3])
                    if bits == 16 and code > 3000:
                        break
                session.run(self)


if __name__ == "__main__":
    unittest.main()
