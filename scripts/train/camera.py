# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Degradation and frame order of the sensor front-end, as the platform draws them from its seed.

Frames are arrays of shape (frames, rows, columns) with pixels 0..255. A degraded sensor has dead
columns (always 0), drawn among the columns first..last, and one gain per column in 1/256.
"""

import dataclasses
import math

import numpy as np

import philox

INSTANCE = "camera"
STREAM_DEAD = 1
STREAM_GAIN = 2
STREAM_ORDER = 3


@dataclasses.dataclass(frozen=True)
class Degradation:
    """dead: number of dead columns among first..last; gain_error: half width, 1 = 100 %."""

    dead: int = 3
    gain_error: float = 0.5
    first: int = 2
    last: int = 5


def add_arguments(parser):
    """Command-line options of the degradation."""
    default = Degradation()
    parser.add_argument("--dead-columns", type=int, default=default.dead,
                        help=f"number of dead columns (default {default.dead})")
    parser.add_argument("--gain-error", type=float, default=default.gain_error,
                        help=f"half width of the column gains (default {default.gain_error})")
    parser.add_argument("--dead-region", type=int, nargs=2, metavar=("FIRST", "LAST"),
                        default=[default.first, default.last],
                        help=f"columns that may die (default {default.first} {default.last})")


def degradation(arguments):
    """The Degradation that parsed options of add_arguments() describe."""
    return Degradation(arguments.dead_columns, arguments.gain_error, *arguments.dead_region)


def dead_columns(seed, first, last, count):
    """The `count` distinct columns of first..last that die (partial Fisher-Yates)."""
    key = philox.instance_key(seed, INSTANCE)
    columns = list(range(first, last + 1))
    for i in range(count):
        j = i + int(philox.bounded(philox.draw(key, i, STREAM_DEAD), len(columns) - i))
        columns[i], columns[j] = columns[j], columns[i]
    return columns[:count]


def column_gains(seed, columns, gain_error):
    """Gain of each column in 1/256, int64 (columns,), uniform in 256 +- 256 * gain_error."""
    key = philox.instance_key(seed, INSTANCE)
    spread = math.floor(gain_error * 256 + 0.5)
    words = philox.draw(key, np.arange(columns), STREAM_GAIN)
    return 256 - spread + philox.bounded(words, 2 * spread + 1).astype(np.int64)


def degrade(frames, seed, parameters):
    """Degraded int64 copy of `frames` (frames, rows, columns) for a simulation seed."""
    pixels = np.asarray(frames).astype(np.int64)
    gains = column_gains(seed, pixels.shape[-1], parameters.gain_error)
    pixels = np.minimum(255, (pixels * gains + 128) >> 8)
    pixels[..., dead_columns(seed, parameters.first, parameters.last, parameters.dead)] = 0
    return pixels


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
