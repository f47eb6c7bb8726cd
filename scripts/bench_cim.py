# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""scripts/bench cim: products of cell arrays against NumPy's float32 matrix-vector product.

Both are CPU time of one thread. Runs of each array alternate with runs of NumPy of the same shape;
medians are taken.
"""

import statistics
import subprocess
import sys

# Cases with a target: multiply-accumulates per second, or products per product of NumPy.
GMACS = {"digital 8x4": 4.0, "digital binary": 50.0}
RATIOS = {"crossbar": 1.0}

NUMPY = """
import sys, time
import numpy as np
rows, columns = map(int, sys.argv[1:])
rng = np.random.default_rng(1)
w, x = rng.random((columns, rows), dtype=np.float32), rng.random(rows, dtype=np.float32)
count, spent = 1, 0.0
while spent < 0.2:
    count *= 2
    begin = time.process_time()
    for _ in range(count):
        w @ x
    spent = time.process_time() - begin
print(spent / count)
"""
ONE_THREAD = {name: "1" for name in
              ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def answer(command, environment=None):
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode != 0:
        sys.exit(f"bench: {command[0]} ended with {run.returncode}:\n{run.stderr}")
    return run.stdout


def cases(program):
    """(name, rows, columns) of each case."""
    rows = (line.split("\t") for line in answer([program]).splitlines())
    return [(name, int(r), int(c)) for name, r, c in rows]


def measure(program, runs, environment):
    result = {}
    for name, rows, columns in cases(program):
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(float(answer([program, name]).split()[0]))
            theirs.append(float(answer([sys.executable, "-c", NUMPY, str(rows), str(columns)],
                                       environment)))
        mine, numpy = statistics.median(ours), statistics.median(theirs)
        result[name] = {"rows": rows, "columns": columns, "products_per_s": 1 / mine,
                        "gmacs": rows * columns / mine * 1e-9,
                        "numpy_products_per_s": 1 / numpy, "ratio": numpy / mine}
    return result


def target(name, case):
    """The target as text, and whether it is met; nothing where there is none."""
    if name in GMACS:
        return f">= {GMACS[name]:.0f} GMAC/s", case["gmacs"] >= GMACS[name]
    if name in RATIOS:
        return f">= {RATIOS[name]:.1f} x NumPy", case["ratio"] >= RATIOS[name]
    return "", None


def bench(program, runs, environment, table):
    """Figures by case; `table` prints them. `environment` is the process's own."""
    result = measure(str(program), runs, {**environment, **ONE_THREAD})
    rows = []
    for name, case in result.items():
        text, met = target(name, case)
        if met is not None:
            case["target_met"] = met
        rows.append((name, f"{case['rows']}x{case['columns']}", f"{case['products_per_s']:.0f}",
                     case["gmacs"], f"{case['numpy_products_per_s']:.0f}", case["ratio"],
                     text + ("" if met is None else ": met" if met else ": missed")))
    table("cim: products of an array, events counted; NumPy float32, one thread each",
          ("array", "shape", "products/s", "GMAC/s", "NumPy/s", "ratio", "target"), rows)
    return {"runs": runs, "arrays": result}
