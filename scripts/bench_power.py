# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""scripts/bench power: what accounting and attribution of energy cost in simulation speed.

Accounting is always on, so that it is compared with a program that was built without counting
instructions and direct accesses: cmake --preset unaccounted, cmake --build --preset unaccounted.
CIMERA_UNACCOUNTED names another one."""

import os
import pathlib
import tempfile

UNACCOUNTED = pathlib.Path(os.environ.get("CIMERA_UNACCOUNTED") or
                           pathlib.Path(__file__).resolve().parents[1] /
                           "build" / "unaccounted" / "bin" / "cimera")
CALLS = "fibonacci"  # beside the mixed kernels: calls and little else


def measure(bench, runs, only):
    """`bench` is scripts/bench. Costs are ratios of medians of paired, alternating runs."""
    if not UNACCOUNTED.exists():
        print(f"\npower: skipped, {UNACCOUNTED} is missing: cmake --preset unaccounted, then "
              "cmake --build --preset unaccounted")
        return {"missing": str(UNACCOUNTED)}
    with tempfile.TemporaryDirectory() as folder:
        commands = {"none": (str(UNACCOUNTED), "run", "-q"), "accounting": bench.CIMERA,
                    "profile": (*bench.CIMERA, "--profile", str(pathlib.Path(folder, "profile")))}
        idle = bench.alternate(max(runs, 11), bench.program(bench.START), commands)
        start = {name: bench.median(list_) for name, list_ in idle.items()}
        programs = {name: measure_program(bench, runs, start, commands, name)
                    for name in filter(only.__contains__, (*bench.KERNELS, CALLS))}
    result = {"runs": runs, "start_s": start, "programs": programs}
    mixed = [programs[name] for name in bench.KERNELS if name in programs]
    if mixed:
        for cost in ("accounting_cost", "profile_cost"):
            result[cost] = bench.geometric_mean([1 + kernel[cost] for kernel in mixed]) - 1
    show(bench, result)
    return result


def measure_program(bench, runs, start, commands, name):
    taken = bench.alternate(runs, bench.program(name), commands)
    spent = {side: bench.median(list_) - start[side] for side, list_ in taken.items()}
    return {"seconds": spent,
            "accounting_cost": spent["accounting"] / spent["none"] - 1,
            "profile_cost": spent["profile"] / spent["accounting"] - 1}


def show(bench, result):
    rows = [(name, *(f"{program['seconds'][side]:.2f}" for side in program["seconds"]),
             f"{program['accounting_cost']:+.1%}", f"{program['profile_cost']:+.1%}")
            for name, program in result["programs"].items()]
    if "profile_cost" in result:
        rows.append(("geometric mean without fibonacci", "", "", "",
                     f"{result['accounting_cost']:+.1%}", f"{result['profile_cost']:+.1%}"))
    bench.table("power: CPU seconds without accounting, with it, with --profile, and what they cost",
                ("program", "none", "accounting", "profile", "accounting", "--profile"), rows)
