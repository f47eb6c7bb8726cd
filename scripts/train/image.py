# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Packs and unpacks model images, the files that firmware loads from NVM. All little endian.

Header, 32 bytes: u32 magic "CIMG", u16 version 1, u16 layer_count, u32 total_size, u32 crc32
(IEEE, over the whole image with this field zero), u16 frame_rows, u16 frame_cols,
u32 learning_offset (0: none), u32 0, u32 0.

Layer record, 48 bytes each: u16 type (1 fully connected), u16 flags (bit 0 input signed,
1 weights signed, 2 output signed, 3 learnable), u32 inputs K, u32 outputs N, u8 in_bits,
u8 weight_bits, u8 out_bits, u8 activation (0 none, 1 ReLU, 2 sign, 3 threshold), u16 scale,
u8 shift, u8 out_bytes, i32 threshold, u32 bias_offset (i32[N]), u32 weights_offset,
u32 weights_size, u32 0, u32 0, u32 0. Weights are row-major K x N, element 0 in the low bits,
each row padded to whole 4-byte words.

Learning record, 24 bytes and a table, at learning_offset:

    offset type field            meaning
    0      u16  layer            number of the layer that learns
    2      u16  window           training frames per window
    4      u8   max_windows      learning stops at the latest after so many windows
    5      u8   first_shift      shift of the weight update in window 0
    6      u8   shift_step       added to the shift after each window
    7      u8   last_shift       upper limit of the shift
    8      u8   weight_shift     fraction bits of the accumulators: weight = accumulator >> this
    9      u8   table_shift      logit distance per table entry is 1 << this
    10     u8   error_bits       fraction bits of probabilities and errors
    11     u8   0
    12     u16  centre           subtracted from every input of the layer in the update
    14     u16  bias_input       input that the bias sees, in units of the layer's input
    16     u16  error_threshold  smaller absolute errors count as zero
    18     u16  min_gain         stop when a window has fewer than best + min_gain correct frames
    20     u16  table_entries    T
    22     u16  0
    24     u16  table[T]         exp(-distance) with error_bits fraction bits; beyond the end: 0
"""

import dataclasses
import struct
import zlib

import numpy as np

MAGIC = 0x474D4943
VERSION = 1
HEADER = struct.Struct("<IHHIIHHIII")
LAYER = struct.Struct("<HHIIBBBBHBBiIIIIII")
LEARNING = struct.Struct("<HHBBBBBBBBHHHHHH")
FULLY_CONNECTED = 1
INPUT_SIGNED, WEIGHTS_SIGNED, OUTPUT_SIGNED, LEARNABLE = 1, 2, 4, 8
NONE, RELU, SIGN, THRESHOLD = 0, 1, 2, 3


class ImageError(ValueError):
    """The bytes are not a valid model image; the text names the field."""


@dataclasses.dataclass
class Layer:
    """One fully connected layer; weights int (K, N), bias int (N,) in accumulator units."""

    weights: np.ndarray
    bias: np.ndarray
    in_bits: int
    weight_bits: int
    out_bits: int
    activation: int
    scale: int
    shift: int
    out_bytes: int
    flags: int
    threshold: int = 0


@dataclasses.dataclass
class Learning:
    """The learning record; see the table in the module's text. table: ints of shape (T,)."""

    layer: int
    window: int
    max_windows: int
    first_shift: int
    shift_step: int
    last_shift: int
    weight_shift: int
    table_shift: int
    error_bits: int
    centre: int
    bias_input: int
    error_threshold: int
    min_gain: int
    table: np.ndarray


@dataclasses.dataclass
class Image:
    """A model: input frame shape (rows, columns in pixels), layers, optional learning record."""

    frame_rows: int
    frame_cols: int
    layers: list
    learning: Learning = None


def row_bytes(outputs, weight_bits):
    """Bytes of one packed row of weights, a multiple of 4."""
    return (outputs * weight_bits + 31) // 32 * 4


def pack_weights(weights, weight_bits):
    """Packed bytes of an int array (K, N)."""
    inputs, outputs = weights.shape
    places = np.arange(weight_bits)
    bits = ((weights.astype(np.int64)[:, :, None] >> places) & 1).astype(np.uint8)
    padded = np.zeros((inputs, row_bytes(outputs, weight_bits) * 8), dtype=np.uint8)
    padded[:, : outputs * weight_bits] = bits.reshape(inputs, -1)
    return np.packbits(padded, axis=1, bitorder="little").tobytes()


def unpack_weights(data, inputs, outputs, weight_bits, signed):
    """The int64 array (inputs, outputs) packed in `data`."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(inputs, row_bytes(outputs, weight_bits))
    bits = np.unpackbits(rows, axis=1, bitorder="little")[:, : outputs * weight_bits]
    places = np.left_shift(1, np.arange(weight_bits, dtype=np.int64))
    if signed:
        places[-1] = -places[-1]
    return bits.reshape(inputs, outputs, weight_bits).astype(np.int64) @ places


def pack_learning(learning):
    """Bytes of the learning record."""
    head = LEARNING.pack(
        learning.layer, learning.window, learning.max_windows, learning.first_shift,
        learning.shift_step, learning.last_shift, learning.weight_shift, learning.table_shift,
        learning.error_bits, 0, learning.centre, learning.bias_input, learning.error_threshold,
        learning.min_gain, len(learning.table), 0,
    )
    return head + np.asarray(learning.table).astype("<u2").tobytes()


def unpack_learning(data, offset):
    """The learning record at `offset`."""
    if offset + LEARNING.size > len(data):
        raise ImageError("learning_offset: record lies outside the image")
    fields = LEARNING.unpack_from(data, offset)
    entries, start = fields[14], offset + LEARNING.size
    if start + 2 * entries > len(data):
        raise ImageError("learning record: table lies outside the image")
    table = np.frombuffer(data, dtype="<u2", count=entries, offset=start).astype(np.int64)
    return Learning(*fields[:9], *fields[10:14], table)


def padded(data):
    """`data` extended by zeros to whole 4-byte words."""
    return data + bytes(-len(data) % 4)


def pack(image):
    """Bytes of the whole image, with size and checksum filled in."""
    offset = HEADER.size + LAYER.size * len(image.layers)
    records, tensors = b"", b""
    for layer in image.layers:
        inputs, outputs = layer.weights.shape
        bias = np.asarray(layer.bias).astype("<i4").tobytes()
        weights = pack_weights(layer.weights, layer.weight_bits)
        bias_offset = offset + len(tensors)
        tensors += bias + weights
        records += LAYER.pack(
            FULLY_CONNECTED, layer.flags, inputs, outputs, layer.in_bits, layer.weight_bits,
            layer.out_bits, layer.activation, layer.scale, layer.shift, layer.out_bytes,
            layer.threshold, bias_offset, bias_offset + len(bias), len(weights), 0, 0, 0,
        )
    learning_offset = 0
    if image.learning is not None:
        learning_offset = offset + len(tensors)
        tensors += padded(pack_learning(image.learning))
    body = records + tensors

    def header(crc):
        return HEADER.pack(
            MAGIC, VERSION, len(image.layers), HEADER.size + len(body), crc, image.frame_rows,
            image.frame_cols, learning_offset, 0, 0,
        )

    return header(zlib.crc32(header(0) + body)) + body


def unpack_layer(data, offset):
    """The layer whose record lies at `offset`."""
    (kind, flags, inputs, outputs, in_bits, weight_bits, out_bits, activation, scale, shift,
     out_bytes, threshold, bias_offset, weights_offset, size, *_) = LAYER.unpack_from(data, offset)
    if kind != FULLY_CONNECTED:
        raise ImageError(f"layer type {kind} is unknown")
    if size != inputs * row_bytes(outputs, weight_bits):
        raise ImageError("weights_size does not match the layer's shape")
    if bias_offset + 4 * outputs > len(data) or weights_offset + size > len(data):
        raise ImageError("layer tensors lie outside the image")
    bias = np.frombuffer(data, dtype="<i4", count=outputs, offset=bias_offset).astype(np.int64)
    weights = unpack_weights(
        data[weights_offset : weights_offset + size], inputs, outputs, weight_bits,
        bool(flags & WEIGHTS_SIGNED),
    )
    return Layer(weights, bias, in_bits, weight_bits, out_bits, activation, scale, shift,
                 out_bytes, flags, threshold)


def unpack(data):
    """The image in `data`; ImageError if magic, version, size, checksum or offsets are wrong."""
    if len(data) < HEADER.size:
        raise ImageError("image is shorter than its header")
    magic, version, count, size, crc, rows, cols, learning_offset, *_ = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION:
        raise ImageError("magic or version is wrong")
    if size != len(data) or size < HEADER.size + count * LAYER.size:
        raise ImageError("total_size does not match the image")
    if zlib.crc32(data[:12] + bytes(4) + data[16:]) != crc:
        raise ImageError("crc32 is wrong")
    layers = [unpack_layer(data, HEADER.size + i * LAYER.size) for i in range(count)]
    learning = unpack_learning(data, learning_offset) if learning_offset else None
    return Image(rows, cols, layers, learning)
