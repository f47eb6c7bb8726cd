#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Exports the handwritten digits of scikit-learn as two IDX files.

Source: sklearn.datasets.load_digits(), the test part of the UCI set "Optical Recognition of
Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998): 1797 images of 8 x 8 pixels, values 0..16.
The files hold the images in the order of a stratified split that the seed decides: first the
1000 training frames, then the 797 test frames.
"""

import argparse
import pathlib
import struct

import numpy as np

TRAINING_FRAMES = 1000
CLASSES = 10
IMAGES_MAGIC = 0x00000803
LABELS_MAGIC = 0x00000801
IMAGES_FILE = "digits-images.idx"
LABELS_FILE = "digits-labels.idx"


def class_quotas(counts, total):
    """Training frames per class, proportional to `counts`, summing to `total`."""
    exact = counts * total / counts.sum()
    quotas = np.floor(exact).astype(int)
    by_remainder = np.argsort(-(exact - quotas), kind="stable")
    quotas[by_remainder[: total - quotas.sum()]] += 1
    return quotas


def stratified_order(labels, training, seed):
    """Permutation of the frames whose first `training` entries are the stratified training part."""
    generator = np.random.Generator(np.random.PCG64(seed))
    quotas = class_quotas(np.bincount(labels, minlength=CLASSES), training)
    first, rest = [], []
    for digit in range(CLASSES):
        members = generator.permutation(np.flatnonzero(labels == digit))
        first.append(members[: quotas[digit]])
        rest.append(members[quotas[digit] :])
    first = generator.permutation(np.concatenate(first))
    rest = generator.permutation(np.concatenate(rest))
    return np.concatenate([first, rest])


def load(seed):
    """Images, uint8 of shape (1797, 8, 8), values 0..16, and labels, uint8 of shape (1797,)."""
    from sklearn.datasets import load_digits

    source = load_digits()
    labels = source.target.astype(np.uint8)
    order = stratified_order(labels, TRAINING_FRAMES, seed)
    return source.images.astype(np.uint8)[order], labels[order]


def encode_idx(array):
    """IDX bytes (big-endian header, then the uint8 elements) of a 1- or 3-dimensional array."""
    magic = 0x800 | array.ndim
    return struct.pack(f">I{array.ndim}I", magic, *array.shape) + array.astype(np.uint8).tobytes()


def decode_idx(data):
    """The uint8 array in IDX bytes; ValueError if magic or length are wrong."""
    if len(data) < 4 or data[:3] != b"\x00\x00\x08":
        raise ValueError("not an IDX file of unsigned bytes")
    dimensions = data[3]
    start = 4 + 4 * dimensions
    if len(data) < start:
        raise ValueError("IDX header is truncated")
    shape = struct.unpack(f">{dimensions}I", data[4:start])
    if len(data) != start + int(np.prod(shape)):
        raise ValueError("IDX length does not match its header")
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)


def write(directory, seed):
    """Writes both files into `directory`, which is created if needed; returns their paths."""
    images, labels = load(seed)
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    paths = directory / IMAGES_FILE, directory / LABELS_FILE
    paths[0].write_bytes(encode_idx(images))
    paths[1].write_bytes(encode_idx(labels))
    return paths


def main():
    parser = argparse.ArgumentParser(description="Export scikit-learn's digits as IDX files.")
    parser.add_argument("--out", required=True, metavar="DIR", help="directory for the two files")
    parser.add_argument("--seed", type=int, default=1, help="seed of the split (default 1)")
    arguments = parser.parse_args()
    for path in write(arguments.out, arguments.seed):
        print(path)


if __name__ == "__main__":
    main()
