# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""NumPy's float32 product of a 1024 x 1024 matrix and a vector, one thread.

  crossbar_numpy.py PRODUCTS

Prints the CPU time of the products alone, as crossbar_bench does, and which BLAS NumPy has loaded.
"""

import os
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402


def main():
    products = int(sys.argv[1])
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((1024, 1024), dtype=np.float32)
    x = rng.standard_normal(1024, dtype=np.float32)
    weights @ x
    begin = time.process_time()
    for _ in range(products):
        weights @ x
    seconds = time.process_time() - begin
    with open("/proc/self/maps", encoding="ascii") as maps:
        blas = {os.path.basename(os.path.realpath(line.split()[-1]))
                for line in maps if "blas" in line.split()[-1].lower()}
    print(f"products {products} seconds {seconds:.6f} blas {' '.join(sorted(blas)) or 'none'}")


main()
