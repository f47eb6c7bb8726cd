# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Counter-based randomness of the platform: Philox4x32-10 keyed by (seed, instance name).

The generator is the one of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11. The counter is {index, stream, event low word, event high word}, the key is the
FNV-1a-64 hash of the seed's 8 little-endian bytes followed by the bytes of the instance name.
All values are unsigned 32-bit words.
"""

import numpy as np

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
MASK32 = 0xFFFFFFFF
WORD = np.uint64(MASK32)
HALF = np.uint64(32)


def philox4x32_10(counter, key):
    """Ten Philox rounds.

    counter: four words, each an int or an array of shape (n,); key: two ints.
    Returns four uint64 arrays of the broadcast shape, each holding 32-bit words.
    """
    words = np.broadcast_arrays(*[np.asarray(word, dtype=np.uint64) for word in counter])
    c0, c1, c2, c3 = words
    k0, k1 = key
    for _ in range(10):
        product0 = MULTIPLIER_0 * c0
        product1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product1 >> HALF) ^ c1 ^ np.uint64(k0),
            product1 & WORD,
            (product0 >> HALF) ^ c3 ^ np.uint64(k1),
            product0 & WORD,
        )
        k0 = (k0 + WEYL_0) & MASK32
        k1 = (k1 + WEYL_1) & MASK32
    return c0, c1, c2, c3


def fnv1a64(data):
    """64-bit FNV-1a hash of a bytes object (Fowler, Noll, Vo)."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def instance_key(seed, name):
    """Philox key (low word, high word) of the instance `name` in a simulation with `seed`."""
    value = fnv1a64(int(seed).to_bytes(8, "little") + name.encode("utf-8"))
    return value & MASK32, value >> 32


def draw(key, index, stream, event=0):
    """First output word for each index (int or array of shape (n,)), as a uint64 array."""
    counter = (index, stream, event & MASK32, (event >> 32) & MASK32)
    return philox4x32_10(counter, key)[0]


def bounded(word, bound):
    """Maps 32-bit words to 0..bound-1 by (word * bound) >> 32; bound: int or array."""
    return (word * np.asarray(bound, dtype=np.uint64)) >> HALF
