# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""`scripts/bench scale`: what a job costs on a mesh of 1024 tiles against the same SoC with one."""

import pathlib
import tempfile

JOBS = 20480  # of firmware/bench/jobs.c
HOSTS = ("poll", "sleep")
SIZES = (1, 1024)
SOC = """[soc]
name = "scale"
[interconnect]
kind = "mesh"
[cim]
stride = "256 KiB"
[[cim.tile]]
count = {tiles}
macros = 1
"""


def bench_scale(frame, runs):
    """A host that runs jobs on one tile after the other, polling or sleeping until each is done."""
    result = {"runs": runs, "hosts": {}}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        command = {}
        for tiles in SIZES:
            soc = pathlib.Path(folder, f"{tiles}.toml")
            soc.write_text(SOC.format(tiles=tiles), encoding="utf-8")
            command[tiles] = (*frame.CIMERA, "--soc", str(soc))
        start = {tiles: frame.median(taken, "wall") for tiles, taken in
                 frame.alternate(runs, frame.program("idle"), command).items()}
        for host in HOSTS:
            none = frame.alternate(runs, frame.program(f"jobs_{host}_0"), command)
            many = frame.alternate(runs, frame.program(f"jobs_{host}_{JOBS}"), command)
            cost = {tiles: (frame.median(many[tiles]) - frame.median(none[tiles])) / JOBS * 1e6
                    for tiles in SIZES}
            small, large = (cost[tiles] for tiles in SIZES)
            result["hosts"][host] = {"us_per_job": {str(t): cost[t] for t in SIZES},
                                     "growth": large / small}
            rows.append((host, small, large, large / small))
    result["start_wall_s"] = {str(t): start[t] for t in SIZES}
    frame.table("scale: CPU time of a job, microseconds",
                ("host", "1 tile", "1024 tiles", "growth"), rows)
    frame.table("scale: a program that ends at once", ("tiles", "wall s"),
                [(f"{t}", start[t]) for t in SIZES])
    return result
