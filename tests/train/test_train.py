#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Tests of the digits training scripts; run with `/usr/bin/python3 -m unittest`."""

import pathlib
import struct
import sys
import unittest
import zlib

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "train"))

import camera
import digits
import digits_data
import image as model_image
import philox
import reference


class Philox(unittest.TestCase):
    """Known answers: Random123, tests/kat_vectors, the lines of philox4x32 with 10 rounds."""

    VECTORS = [
        ("00000000 00000000 00000000 00000000", "00000000 00000000",
         "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
         "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
         "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ]

    def test_known_answers(self):
        for counter, key, expected in self.VECTORS:
            words = philox.philox4x32_10(self.words(counter), self.words(key))
            self.assertEqual([int(word) for word in words], self.words(expected))

    def test_arrays_equal_single_draws(self):
        key = philox.instance_key(7, "camera")
        together = philox.draw(key, np.arange(20), 3, 5)
        self.assertEqual([int(philox.draw(key, i, 3, 5)) for i in range(20)], together.tolist())

    def test_fnv1a_known_answers(self):
        self.assertEqual(philox.fnv1a64(b""), 0xCBF29CE484222325)
        self.assertEqual(philox.fnv1a64(b"a"), 0xAF63DC4C8601EC8C)
        self.assertEqual(philox.fnv1a64(b"foobar"), 0x85944171F73967E8)

    @staticmethod
    def words(text):
        return [int(word, 16) for word in text.split()]


class Camera(unittest.TestCase):
    def test_degradation_draws_distinct_columns_of_the_region(self):
        for seed in range(1, 51):
            dead = camera.dead_columns(seed, 2, 5, 2)
            self.assertEqual(len(set(dead)), 2)
            self.assertTrue(set(dead) <= {2, 3, 4, 5})

    def test_gains_stay_in_range_and_rounding_is_to_nearest(self):
        parameters = camera.Degradation(1, 0.5, 2, 5)
        gains = camera.column_gains(3, 8, 0.5)
        self.assertTrue(np.all((gains >= 128) & (gains <= 384)))
        frames = np.full((1, 8, 8), 9, dtype=np.uint8)
        expected = np.floor(9 * gains / 256 + 0.5)
        expected[camera.dead_columns(3, 2, 5, 1)] = 0
        self.assertTrue(np.array_equal(camera.degrade(frames, 3, parameters)[0, 4], expected))

    def test_passes_are_different_permutations(self):
        first, second = camera.pass_order(1, 100, 0), camera.pass_order(1, 100, 1)
        self.assertEqual(sorted(first), list(range(100)))
        self.assertEqual(sorted(second), list(range(100)))
        self.assertNotEqual(first, second)


class Idx(unittest.TestCase):
    def test_round_trip_and_header(self):
        images, labels = digits_data.load(1)
        data = digits_data.encode_idx(images)
        self.assertEqual(struct.unpack(">4I", data[:16]), (0x803, 1797, 8, 8))
        self.assertTrue(np.array_equal(digits_data.decode_idx(data), images))
        data = digits_data.encode_idx(labels)
        self.assertEqual(struct.unpack(">2I", data[:8]), (0x801, 1797))
        self.assertTrue(np.array_equal(digits_data.decode_idx(data), labels))

    def test_wrong_files_are_refused(self):
        data = digits_data.encode_idx(np.arange(5, dtype=np.uint8))
        for wrong in (data[:-1], data + b"\0", b"\1" + data[1:], data[:6], b""):
            with self.assertRaises(ValueError):
                digits_data.decode_idx(wrong)

    def test_split_is_stratified_and_decided_by_the_seed(self):
        images, labels = digits_data.load(1)
        again, _ = digits_data.load(1)
        other, _ = digits_data.load(2)
        self.assertTrue(np.array_equal(images, again))
        self.assertFalse(np.array_equal(images, other))
        share = np.bincount(labels[:1000]) / np.bincount(labels)
        self.assertTrue(np.all(np.abs(share - 1000 / 1797) < 1 / 174))
        self.assertEqual(images.max(), 16)


def small_image():
    """A two-layer image with random tensors, odd sizes and a learning record."""
    generator = np.random.Generator(np.random.PCG64(5))
    first = model_image.Layer(
        generator.integers(-8, 8, (6, 5)), generator.integers(-99, 99, 5), 5, 4, 4,
        model_image.RELU, 300, 12, 1, model_image.WEIGHTS_SIGNED)
    last = model_image.Layer(
        generator.integers(-8, 8, (5, 3)), generator.integers(-99, 99, 3), 4, 4, 32,
        model_image.NONE, 1, 0, 4,
        model_image.WEIGHTS_SIGNED | model_image.OUTPUT_SIGNED | model_image.LEARNABLE)
    result = model_image.Image(2, 3, [first, last])
    result.learning = digits.learning_record(np.full((4, 5), 3), 0.02)
    return result


class Image(unittest.TestCase):
    def test_round_trip(self):
        source = small_image()
        result = model_image.unpack(model_image.pack(source))
        for ours, theirs in zip(source.layers, result.layers):
            self.assertTrue(np.array_equal(ours.weights, theirs.weights))
            self.assertTrue(np.array_equal(ours.bias, theirs.bias))
            self.assertEqual((ours.scale, ours.shift, ours.flags),
                             (theirs.scale, theirs.shift, theirs.flags))
        self.assertTrue(np.array_equal(source.learning.table, result.learning.table))
        self.assertEqual(source.learning.centre, result.learning.centre)
        self.assertEqual(model_image.pack(result), model_image.pack(source))

    def test_weights_of_all_widths(self):
        generator = np.random.Generator(np.random.PCG64(6))
        for bits in (1, 2, 4, 8, 16):
            for signed in (False, True):
                low, high = reference.limits(bits, signed)
                weights = generator.integers(low, high + 1, (3, 7))
                packed = model_image.pack_weights(weights, bits)
                self.assertEqual(len(packed), 3 * model_image.row_bytes(7, bits))
                back = model_image.unpack_weights(packed, 3, 7, bits, signed)
                self.assertTrue(np.array_equal(weights, back), (bits, signed))

    def test_element_0_lies_in_the_low_bits(self):
        self.assertEqual(model_image.pack_weights(np.array([[1, -2, 7]]), 4), b"\xe1\x07\0\0")

    def test_header_and_checksum(self):
        data = model_image.pack(small_image())
        self.assertEqual(data[:4], b"CIMG")
        self.assertEqual(struct.unpack_from("<HHI", data, 4), (1, 2, len(data)))
        crc = zlib.crc32(data[:12] + bytes(4) + data[16:])
        self.assertEqual(struct.unpack_from("<I", data, 12)[0], crc)

    def test_damaged_images_are_refused(self):
        data = model_image.pack(small_image())
        for place in range(0, len(data), 7):
            damaged = bytearray(data)
            damaged[place] ^= 0x10
            with self.assertRaises(model_image.ImageError):
                model_image.unpack(bytes(damaged))
        for size in (0, 31, 32, len(data) - 1):
            with self.assertRaises(model_image.ImageError):
                model_image.unpack(data[:size])


class Layers(unittest.TestCase):
    def test_layer_equals_a_scalar_loop(self):
        layer = small_image().layers[0]
        inputs = np.random.Generator(np.random.PCG64(8)).integers(0, 32, (20, 6))
        outputs = reference.run_layer(layer, inputs)
        for row, output in zip(inputs.tolist(), outputs.tolist()):
            for c, value in enumerate(output):
                total = sum(x * int(layer.weights[k, c]) for k, x in enumerate(row))
                total = ((total + int(layer.bias[c])) * 300 + 2048) // 4096
                self.assertEqual(value, min(max(total, 0), 15))


class Learning(unittest.TestCase):
    def test_update_equals_a_scalar_loop(self):
        learner = reference.Learner(small_image())
        learner.window_number = 1
        rule = learner.rule
        inputs = np.array([0, 15, 7, 3, 1])
        logits = learner.logits(inputs[None, :])[0].tolist()
        powers = [0] * 3
        for c, value in enumerate(logits):
            index = (max(logits) - value) >> rule.table_shift
            powers[c] = int(rule.table[index]) if index < len(rule.table) else 0
        errors = [-(power * 4096 // sum(powers)) for power in powers]
        errors[2] += 4096
        errors = [error if abs(error) >= rule.error_threshold else 0 for error in errors]
        expected = learner.accumulators.tolist()
        for k, x in enumerate(inputs.tolist()):
            for c, error in enumerate(errors):
                step = ((x - rule.centre) * error + 8) >> 4
                expected[k][c] = min(max(expected[k][c] + step, -32768), 32767)
        learner.learn(inputs, 2)
        self.assertTrue(any(errors))
        self.assertEqual(learner.accumulators.tolist(), expected)


class Training(unittest.TestCase):
    SEED = 7

    @classmethod
    def setUpClass(cls):
        cls.images, cls.labels = digits_data.load(cls.SEED)
        cls.image, cls.float_accuracy = digits.build(cls.images, cls.labels, seed=cls.SEED)

    def test_accuracy_of_another_seed(self):
        count = digits_data.TRAINING_FRAMES
        quantised = reference.percent(
            reference.predict(self.image, self.images[count:]), self.labels[count:])
        self.assertGreaterEqual(self.float_accuracy, 96.0)
        self.assertGreaterEqual(quantised, self.float_accuracy - 1.0)

    def test_online_learning_recovers_the_loss(self):
        seed, degradation = 11, camera.Degradation()
        result = reference.run_stream(self.image, self.images, self.labels, seed, degradation)
        shifted, best = digits.shifted_and_ceiling(
            self.image, self.images, self.labels, seed, degradation)
        self.assertEqual(shifted, result.accuracy_shifted)
        self.assertGreaterEqual(result.accuracy_before - shifted, 15.0)
        self.assertGreaterEqual(result.accuracy_after - shifted, 0.8 * (best - shifted))


if __name__ == "__main__":
    unittest.main()
