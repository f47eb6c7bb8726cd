# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Degradation and frame order of the sensor front-end, as the platform draws them from its seed.

Frames are arrays of shape (frames, rows, columns) or (frames, rows * columns) with pixels 0..255.
A degraded sensor has dead columns (always 0) and one gain per column in 1/256.
"""

import math

import numpy as np

import philox

INSTANCE = "camera"
STREAM_DEAD = 1
STREAM_GAIN = 2
STREAM_ORDER = 3


def dead_columns(seed, columns, count):
    """The `count` distinct column numbers that die (partial Fisher-Yates from the front)."""
    key = philox.instance_key(seed, INSTANCE)
    order = list(range(columns))
    for i in range(count):
        j = i + int(philox.bounded(philox.draw(key, i, STREAM_DEAD), columns - i))
        order[i], order[j] = order[j], order[i]
    return order[:count]


def column_gains(seed, columns, gain_error):
    """Gain of each column in 1/256, int64 of shape (columns,), uniform in 256 +- 256*gain_error."""
    key = philox.instance_key(seed, INSTANCE)
    spread = math.floor(gain_error * 256 + 0.5)
    words = philox.draw(key, np.arange(columns), STREAM_GAIN)
    return 256 - spread + philox.bounded(words, 2 * spread + 1).astype(np.int64)


def degrade(frames, seed, columns, dead_count, gain_error):
    """Degraded copy of `frames` (any shape whose last axis is a multiple of `columns`)."""
    frames = np.asarray(frames)
    pixels = frames.astype(np.int64).reshape(-1, columns)
    pixels = np.minimum(255, (pixels * column_gains(seed, columns, gain_error) + 128) >> 8)
    pixels[:, dead_columns(seed, columns, dead_count)] = 0
    return pixels.reshape(frames.shape)


def pass_order(seed, frames, pass_number):
    """Order in which pass `pass_number` (from 0) delivers a window of `frames` frames: a list."""
    key = philox.instance_key(seed, INSTANCE)
    words = philox.draw(key, np.arange(frames), STREAM_ORDER, pass_number)
    swaps = philox.bounded(words, np.arange(frames) + 1)
    order = list(range(frames))
    for i in range(frames - 1, 0, -1):
        j = int(swaps[i])
        order[i], order[j] = order[j], order[i]
    return order
