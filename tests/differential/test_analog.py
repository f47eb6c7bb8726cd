# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The analog crossbar against SciPy: IR drop against the nodal solution, products against NumPy.

Both references are written from docs/cim-analog.md.
"""

import os
import pathlib
import subprocess
import unittest

import numpy as np

try:
    import scipy.sparse
    import scipy.sparse.linalg
except ImportError:
    scipy = None

BUILD = pathlib.Path(os.environ["CIMERA_BUILD"])


def run(*jobs):
    text = "\n".join(" ".join(str(part) for part in job) for job in jobs)
    done = subprocess.run([BUILD / "bin" / "analog_driver"], input=text, capture_output=True,
                          text=True, check=True, timeout=300)
    return [np.array(line.split(), dtype=float) for line in done.stdout.splitlines()]


def wires_job(v, g, ohms):
    return ("wires", *g.shape, repr(float(ohms)), *map(repr, map(float, v)),
            *map(repr, map(float, g.ravel())))


def nodal(v, g, ohms):
    """Column currents by Kirchhoff's laws: two nodes at each cell, all wires, no approximation."""
    rows, columns = g.shape
    wire = 1e6 / ohms  # in uS, as g
    n = rows * columns
    left, right, values, sources = [], [], [], np.zeros(2 * n)

    def branch(a, b, conductance):
        for i, j, sign in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
            left.append(i)
            right.append(j)
            values.append(sign * conductance)

    def terminal(a, conductance, potential):
        left.append(a)
        right.append(a)
        values.append(conductance)
        sources[a] += conductance * potential

    for r in range(rows):
        for c in range(columns):
            row_node, column_node = r * columns + c, n + r * columns + c
            branch(row_node, column_node, g[r, c])
            if c == 0:
                terminal(row_node, wire, v[r])
            else:
                branch(row_node, row_node - 1, wire)
            if r == rows - 1:
                terminal(column_node, wire, 0.0)
            else:
                branch(column_node, column_node + columns, wire)
    matrix = scipy.sparse.csr_matrix((values, (left, right)), shape=(2 * n, 2 * n))
    potentials = scipy.sparse.linalg.spsolve(matrix.tocsc(), sources)
    return potentials[n + (rows - 1) * columns:] * wire


class Wires(unittest.TestCase):
    def setUp(self):
        if scipy is None:
            self.skipTest("SciPy is not installed")

    def test_first_order_against_nodal_solution(self):
        rng = np.random.default_rng(1)
        for rows, columns in ((8, 8), (32, 32), (48, 20)):
            g = rng.uniform(0.5, 25, (rows, columns)).astype(np.float32).astype(float)
            v = rng.integers(0, 2, rows) * 0.2
            ideal = v @ g
            for ohms in (0.5, 2.0):
                ours, = run(wires_job(v, g, ohms))
                exact = nodal(v, g, ohms)
                drop = np.abs(ideal - exact).max() / ideal.max()
                error = np.abs(ours - exact).max() / ideal.max()
                print(f"{rows:3} x {columns:3}, {ohms} ohm: drop {100 * drop:.3f} %, "
                      f"error of first order {100 * error:.4f} %")
                # What is left is of second order in the drop.
                self.assertLess(error, 2 * drop**2)
                self.assertLess(error, drop / 5)

    def test_error_is_of_second_order(self):
        rng = np.random.default_rng(2)
        g = rng.uniform(0.5, 25, (24, 24)).astype(np.float32).astype(float)
        v = rng.uniform(-0.2, 0.2, 24).astype(np.float32).astype(float)
        errors = []
        for ohms in (0.5, 1.0, 2.0, 4.0):
            ours, = run(wires_job(v, g, ohms))
            errors.append(np.abs(ours - nodal(v, g, ohms)).max())
        slopes = np.diff(np.log2(errors))
        print("doubling the resistance multiplies the error by", np.round(2**slopes, 2))
        for slope in slopes:
            self.assertAlmostEqual(slope, 2, delta=0.25)

    def test_no_resistance_is_ideal(self):
        rng = np.random.default_rng(3)
        g = rng.uniform(0, 25, (16, 9)).astype(np.float32).astype(float)
        v = rng.uniform(0, 1, 16).astype(np.float32).astype(float)
        ours, = run(wires_job(v, g, 0))
        np.testing.assert_allclose(ours, v @ g, rtol=1e-12)


class Products(unittest.TestCase):
    def reference(self, x, w, bits, clip, ranges, polarity, subtraction):
        """Sums after the ADC and the number of conversions outside its range. Weights -8…7,
        g from 0 to 25 uS, step 25/8 (bipolar) or 25/15 uS (unipolar, offset 8)."""
        largest = 8 if polarity == 0 else 15
        if polarity == 1:
            planes = [w + 8]
        elif subtraction == 1:
            planes = [np.maximum(w, 0), np.maximum(-w, 0)]
        else:
            planes = [w]
        half = 1 << (bits - 1)
        total, saturated = np.zeros(w.shape[1]), 0
        for plane, sign in zip(planes, (1, -1)):
            columns = np.abs(plane).sum(axis=0)
            scale = [columns, np.full_like(columns, columns.max()),
                     np.full_like(columns, len(x) * largest)][ranges]
            unit = np.maximum(scale * clip, 1) * 128 / half
            code = np.floor(x @ plane / unit + 0.5)
            saturated += int(np.count_nonzero((code < -half) | (code > half - 1)))
            total += sign * np.clip(code, -half, half - 1) * unit
        if polarity == 1:
            total -= 8 * x.sum()
        return total, saturated

    def test_converters(self):
        rng = np.random.default_rng(4)
        compared = ties = 0
        for bits in (4, 8, 10):
            for clip in (0.05, 0.3, 1.0):
                for ranges in (0, 1, 2):
                    for polarity, subtraction in ((0, 0), (0, 1), (1, 0)):
                        for transposed in (0, 1):
                            w = rng.integers(-8, 8, (40, 33))
                            x = rng.integers(-128, 128, 33 if transposed else 40)
                            ours, = run(("product", 40, 33, bits, clip, ranges, polarity,
                                         subtraction, transposed, *x, *w.ravel()))
                            total, saturated = self.reference(x, w.T if transposed else w, bits, clip,
                                                              ranges, polarity, subtraction)
                            # Sums in float32 may fall to the other side of a tie.
                            far = np.abs(ours[:-1] - total) > 0.5 + 1e-3
                            ties += int(far.sum())
                            compared += len(total)
                            self.assertLessEqual(abs(int(ours[-1]) - saturated), 1)
        print(f"{compared} conversions, {ties} on the other side of a tie")
        self.assertLess(ties, compared / 1000)


if __name__ == "__main__":
    unittest.main()
