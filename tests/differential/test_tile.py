# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""The CIM tile against NumPy: lists of random jobs, every byte of memory and every event counted.

The reference is written from the register descriptions and docs/accuracy.md, in integers.
"""

import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import numpy as np

BUILD = pathlib.Path(os.environ["CIMERA_BUILD"])
JOBS_PER_LIST = int(os.environ.get("CIMERA_TILE_JOBS", "160"))
MEMORY = 4 << 20
PROGRAM, MVM, MVM_T, UPDATE, READ_BACK = 1, 2, 3, 4, 5
INT32 = np.iinfo(np.int32)


def ones(values, bits):
    """Number of ones in the low `bits` bits of each value."""
    values = np.asarray(values, dtype=np.int64) & ((1 << bits) - 1)
    return sum((values >> b) & 1 for b in range(bits))


def signed(codes, bits):
    codes = np.asarray(codes, dtype=np.int64) & ((1 << bits) - 1)
    return np.where(codes >> (bits - 1) & 1, codes - (1 << bits), codes)


def pack(codes, bits):
    """One row of weights: first weight in the low bits of the first byte."""
    flat = (np.asarray(codes)[:, None] >> np.arange(bits) & 1).astype(np.uint8).ravel()
    return np.packbits(flat, bitorder="little").tobytes()


class Reference:
    """Tile state and memory; each method does one job and counts its events."""

    def __init__(self, macros, rows, cols, bits):
        self.rows, self.bits, self.columns = rows, bits, cols // bits
        self.weights = np.zeros((macros, rows, self.columns), dtype=np.int64)
        self.l1_in = np.zeros(4096, dtype=np.uint8)
        self.l1_out = bytearray(16384)
        self.memory = bytearray(MEMORY)
        self.saturations = 0
        self.events = dict.fromkeys(
            ["cim.adder_tree", "cim.shift_accumulate", "cim.digital_product", "cim.row_read",
             "cim.row_write", "mac"], 0)

    def window(self, job):
        r, c = job["row"], job["col"]
        return (job["macro"], slice(r, r + job["nrows"]), slice(c, c + job["ncols"]))

    def values(self, codes, job):
        return signed(codes, self.bits) if job["w_signed"] else codes

    def inputs(self, raw, job):
        raw = np.asarray(raw, dtype=np.int64) & ((1 << job["in_bits"]) - 1)
        return signed(raw, job["in_bits"]) if job["in_signed"] else raw

    def clamp(self, values, bits, is_signed):
        low = -(1 << (bits - 1)) if is_signed else 0
        high = low + (1 << bits) - 1
        fitted = np.clip(values, low, high)
        self.saturations += int(np.count_nonzero(fitted != values))
        return fitted

    def product(self, job):
        n = job["nrows"] if job["op"] == MVM else job["ncols"]
        m = job["ncols"] if job["op"] == MVM else job["nrows"]
        if job["fetch"]:
            self.l1_in[job["l1_in"]:job["l1_in"] + n] = np.frombuffer(
                bytes(self.memory[job["src"]:job["src"] + n]), dtype=np.uint8)
        raw = self.l1_in[job["l1_in"]:job["l1_in"] + n].astype(np.int64)
        x = self.inputs(raw, job)
        codes = self.weights[self.window(job)]
        w = self.values(codes, job)
        sums = x @ w if job["op"] == MVM else w @ x
        self.count(job, raw, x, codes)
        out = job["l1_out"]
        if job["accumulate"]:
            sums = sums + np.frombuffer(bytes(self.l1_out[out:out + 4 * m]), dtype="<i4")
        result = self.clamp(sums, 32, True)
        size = 4
        if job["finish"]:
            if job["bias"]:
                result = result + np.frombuffer(
                    bytes(self.memory[job["bias"]:job["bias"] + 4 * m]), dtype="<i4")
            result = result * job["scale"]
            if job["shift"]:
                result = (result + (1 << (job["shift"] - 1))) >> job["shift"]
            result = [lambda v: v, lambda v: np.maximum(v, 0),
                      lambda v: np.where(v >= 0, 1, -1),
                      lambda v: (v >= job["threshold"]).astype(np.int64)][job["act"]](result)
            result = self.clamp(result, job["out_bits"], job["out_signed"])
            size = 1 if job["out_bits"] <= 8 else 2 if job["out_bits"] <= 16 else 4
        data = b"".join(int(v & ((1 << 8 * size) - 1)).to_bytes(size, "little") for v in result)
        self.l1_out[out:out + len(data)] = data
        if job["store"]:
            self.memory[job["dst"]:job["dst"] + len(data)] = data

    def count(self, job, raw, x, codes):
        self.events["mac"] += job["nrows"] * job["ncols"]
        if job["op"] == MVM_T:
            self.events["cim.row_read"] += codes.size * self.bits
            self.events["cim.digital_product"] += int(
                (ones(codes, self.bits) * ones(x, job["in_bits"])[None, :]).sum())
            return
        lines = [(raw >> b) & 1 for b in reversed(range(job["in_bits"]))]
        rest = np.zeros_like(raw)
        stored = ones(codes, self.bits).sum(axis=1)
        for before, after in zip([rest, *lines], [*lines, rest]):
            self.events["cim.adder_tree"] += int(((before ^ after) * stored).sum())
        for line in lines:
            self.events["cim.shift_accumulate"] += int(
                np.count_nonzero(((line[:, None] != 0) & (codes != 0)).any(axis=0)))

    def program(self, job):
        row_bytes = (job["ncols"] * self.bits + 7) // 8
        macro, rows, cols = self.window(job)
        for i in range(job["nrows"]):
            at = job["src"] + i * job["stride"]
            packed = np.frombuffer(bytes(self.memory[at:at + row_bytes]), dtype=np.uint8)
            flat = np.unpackbits(packed, bitorder="little")[:job["ncols"] * self.bits]
            flat = flat.reshape(job["ncols"], self.bits).astype(np.int64)
            self.weights[macro, job["row"] + i, cols] = flat @ (1 << np.arange(self.bits))
        bits = job["nrows"] * job["ncols"] * self.bits
        self.events["cim.row_write"] += bits
        self.events["cim.row_read"] += bits if job["verify"] else 0

    def read_back(self, job):
        codes = self.weights[self.window(job)]
        for i, row in enumerate(codes):
            data = pack(row, self.bits)
            at = job["dst"] + i * job["stride"]
            self.memory[at:at + len(data)] = data
        self.events["cim.row_read"] += codes.size * self.bits

    def update(self, job):
        raw = np.frombuffer(bytes(self.memory[job["src"]:job["src"] + job["nrows"]]), dtype=np.uint8)
        x = self.inputs(raw.astype(np.int64), job)
        delta = np.frombuffer(
            bytes(self.memory[job["delta"]:job["delta"] + job["ncols"]]), dtype=np.int8).astype(np.int64)
        step = np.outer(x, delta)
        if job["shift"]:
            step = (step + (1 << (job["shift"] - 1))) >> job["shift"]
        window = self.window(job)
        low = -(1 << (self.bits - 1)) if job["w_signed"] else 0
        high = low + (1 << self.bits) - 1
        wanted = self.values(self.weights[window], job) + step
        fresh = np.clip(wanted, low, high)
        self.saturations += int(np.count_nonzero(fresh != wanted))
        used = x != 0
        codes = self.weights[window].copy()
        codes[used] = fresh[used] & ((1 << self.bits) - 1)
        self.weights[window] = codes
        bits = int(used.sum()) * job["ncols"] * self.bits
        self.events["cim.row_read"] += bits
        self.events["cim.row_write"] += bits
        self.events["cim.digital_product"] += int(
            np.outer(ones(x, job["in_bits"])[used], ones(delta, 8)).sum())

    def run(self, job):
        {PROGRAM: self.program, MVM: self.product, MVM_T: self.product, UPDATE: self.update,
         READ_BACK: self.read_back}[job["op"]](job)


def random_job(rng, geometry, place):
    macros, rows, cols, bits = geometry
    columns = cols // bits
    job = {"op": int(rng.choice([PROGRAM, MVM, MVM_T, UPDATE, READ_BACK], p=[.2, .4, .15, .15, .1]))}
    job["macro"] = int(rng.integers(macros))
    job["row"] = int(rng.integers(rows))
    job["nrows"] = int(rng.integers(1, rows - job["row"] + 1))
    job["col"] = int(rng.integers(columns))
    job["ncols"] = int(rng.integers(1, columns - job["col"] + 1))
    for flag in ["in_signed", "w_signed", "out_signed", "accumulate", "fetch", "store", "finish", "verify"]:
        job[flag] = bool(rng.integers(2))
    job["in_bits"] = int(rng.integers(1, 9))
    job["out_bits"] = int(rng.integers(1, 33))
    job["scale"] = int(rng.choice([1, 3, 255, 65535]))
    job["shift"] = int(rng.integers(0, 32)) if rng.integers(2) else int(rng.integers(0, 10))
    job["act"] = int(rng.integers(4))
    job["threshold"] = int(rng.integers(-500, 500))
    job["l1_in"] = int(rng.integers(0, 4096 - 1024))
    job["l1_out"] = 4 * int(rng.integers(0, (16384 - 4 * 1024) // 4))
    job["stride"] = int(rng.integers(columns * bits // 8 + 1, columns * bits // 8 + 9))
    job["src"], job["bias"], job["delta"], job["dst"] = (place + 65536 * i for i in range(4))
    if rng.integers(2):
        job["bias"] = 0
    return job


def descriptor(job, link, tag):
    flags = ["in_signed", "w_signed", "out_signed", "accumulate", "fetch", "store", "finish", "verify"]
    word = job["op"] | sum(job[flag] << (8 + i) for i, flag in enumerate(flags))
    return struct.pack(
        "<9Ii6I", word, job["macro"] | job["in_bits"] << 16 | job["out_bits"] << 24,
        job["row"] | job["nrows"] << 16, job["col"] | job["ncols"] << 16, job["src"], job["dst"],
        job["l1_in"] | job["l1_out"] << 16, job["bias"],
        job["scale"] | job["shift"] << 16 | job["act"] << 24, job["threshold"], job["stride"],
        job["delta"], link, tag, 0, 0)


class TileTest(unittest.TestCase):
    def check(self, seed, geometry):
        rng = np.random.default_rng(seed)
        reference = Reference(*geometry)
        # Data areas are shared by jobs, so results of one become inputs of others.
        reference.memory[1 << 20:] = rng.integers(0, 256, MEMORY - (1 << 20), dtype=np.uint8).tobytes()
        for at in range(1 << 20, MEMORY, 4):  # biases of moderate size in every second area
            if at >> 16 & 1:
                reference.memory[at:at + 4] = struct.pack("<i", int(rng.integers(-10**6, 10**6)))
        jobs = [random_job(rng, geometry, (1 << 20) + (int(rng.integers(0, 11)) << 18))
                for _ in range(JOBS_PER_LIST)]
        for i, job in enumerate(jobs):
            link = 64 * (i + 2) if i + 1 < len(jobs) else 0
            reference.memory[64 * (i + 1):64 * (i + 2)] = descriptor(job, link, i)
        with tempfile.TemporaryDirectory() as folder:
            source, result = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            source.write_bytes(reference.memory)
            run = subprocess.run(
                [BUILD / "bin" / "tile_driver", *map(str, geometry), "64", source, result],
                capture_output=True, text=True, check=True, timeout=300)
            memory = result.read_bytes()
        for job in jobs:
            reference.run(job)
        counts = {name: int(value) for name, value in (line.split() for line in run.stdout.splitlines())}
        self.assertEqual(counts["error"], 0, run.stderr)
        self.assertEqual(counts["jobs"], len(jobs))
        self.assertEqual(counts["saturations"], reference.saturations & 0xFFFFFFFF)
        self.assertEqual(memory, bytes(reference.memory))
        for name, value in reference.events.items():
            self.assertEqual(counts[name], value, name)
        self.assertEqual(counts["cim.bitcell"], counts["cim.adder_tree"])
        self.assertEqual(counts["cim.multiplier"], counts["cim.adder_tree"])
        return len(jobs)

    def test_random_jobs(self):
        geometries = [(1, 64, 512, 4), (4, 64, 512, 8), (2, 64, 256, 16), (3, 100, 96, 2),
                      (1, 1, 8, 1), (2, 17, 64, 1), (1, 256, 128, 4), (1, 65, 48, 8)]
        total = 0
        for seed, geometry in enumerate(geometries):
            with self.subTest(seed=seed, geometry=geometry):
                total += self.check(seed, geometry)
        print(f"{total} jobs equal in every byte and count")


if __name__ == "__main__":
    unittest.main()
