#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Integer reference of inference and online learning, bit for bit what tile and firmware compute.

Written from the equations of the tile, the sensor and the learning rule alone. Learning:

    z[c]   logits (int32) of the learning layer from the tile, with the rounded biases
    d[c] = max(z) - z[c];  i = d[c] >> table_shift;  e[c] = table[i] if i < T else 0
    p[c] = (e[c] << error_bits) / sum(e), rounded down
    g[c] = (c == label ? 1 << error_bits : 0) - p[c];  0 if |g[c]| < error_threshold
    u[k] = x[k] - centre;  ub = bias_input - centre * sum(u)
    A[k][c] = sat16(A[k][c] + ((u[k] * g[c] + (1 << (s - 1))) >> s))
    B[c]    = B[c] + ((ub * g[c] + (1 << (s - 1))) >> s)
    w[k][c] = clamp((A[k][c] + (1 << (f - 1))) >> f);  b[c] = (B[c] + (1 << (f - 1))) >> f

with s = min(first_shift + window number * shift_step, last_shift), f = weight_shift and arithmetic
shifts. ub is the bias step of a layer whose inputs are centred (w.x + b = w.(x - centre) + b').
"""

import argparse
import dataclasses
import pathlib

import numpy as np

import camera
import digits_data
import image as model_image

TEST_FRAMES = 797
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


def limits(bits, signed):
    """Smallest and largest integer of a `bits`-wide number."""
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)


def run_layer(layer, inputs, weights=None, bias=None):
    """Output ints (frames, N) of a layer for input ints (frames, K).

    weights and bias, if given, replace the ones of the layer (int arrays (K, N) and (N,)).
    """
    weights = layer.weights if weights is None else weights
    bias = layer.bias if bias is None else bias
    products = np.rint(inputs.astype(np.float64) @ weights.astype(np.float64)).astype(np.int64)
    values = np.clip(products, INT32_MIN, INT32_MAX) + bias
    rounding = 1 << (layer.shift - 1) if layer.shift else 0
    values = (values * layer.scale + rounding) >> layer.shift
    if layer.activation == model_image.RELU:
        values = np.maximum(values, 0)
    elif layer.activation == model_image.SIGN:
        values = np.where(values >= 0, 1, -1)
    elif layer.activation == model_image.THRESHOLD:
        values = (values >= layer.threshold).astype(np.int64)
    return np.clip(values, *limits(layer.out_bits, bool(layer.flags & model_image.OUTPUT_SIGNED)))


def first_inputs(image, frames):
    """Pixels (frames, rows, columns) 0..255 as inputs (frames, K) of the first layer."""
    flat = np.asarray(frames).reshape(len(frames), -1).astype(np.int64)
    return np.minimum(flat, limits(image.layers[0].in_bits, False)[1])


def hidden(image, frames):
    """Inputs (frames, K) of the last layer for pixels (frames, rows, columns)."""
    values = first_inputs(image, frames)
    for layer in image.layers[:-1]:
        values = run_layer(layer, values)
    return values


def predict(image, frames):
    """Class (frames,) for pixels (frames, rows, columns): the first of the largest logits."""
    return np.argmax(run_layer(image.layers[-1], hidden(image, frames)), axis=1)


def percent(predicted, labels):
    """Share of equal entries in percent."""
    return 100.0 * float(np.mean(predicted == labels))


class Learner:
    """The online delta rule on the last layer of an image."""

    def __init__(self, image):
        self.rule = image.learning
        self.layer = image.layers[self.rule.layer]
        if self.layer is not image.layers[-1]:
            raise ValueError("the delta rule needs the last layer")
        self.weight_limits = limits(self.layer.weight_bits, True)
        self.accumulators = self.layer.weights.astype(np.int64) << self.rule.weight_shift
        self.biases = self.layer.bias.astype(np.int64) << self.rule.weight_shift
        self.window_number = 0
        self.weight_writes = 0
        self.nonzero_errors = 0
        self.requantise()

    def requantise(self):
        """Weights and biases that the tile holds, from the accumulators."""
        half = 1 << (self.rule.weight_shift - 1)
        weights = (self.accumulators + half) >> self.rule.weight_shift
        self.weights = np.clip(weights, *self.weight_limits)
        self.bias = (self.biases + half) >> self.rule.weight_shift

    def logits(self, inputs):
        """int32 logits (frames, N) for inputs (frames, K) with the current weights."""
        return run_layer(self.layer, inputs, self.weights, self.bias)

    def errors(self, logits, label):
        """Errors g (N,) with error_bits fraction bits."""
        rule = self.rule
        index = (logits.max() - logits) >> rule.table_shift
        inside = index < len(rule.table)
        powers = np.where(inside, rule.table[np.where(inside, index, 0)], 0)
        errors = -((powers << rule.error_bits) // powers.sum())
        errors[label] += 1 << rule.error_bits
        errors[np.abs(errors) < rule.error_threshold] = 0
        return errors

    def learn(self, inputs, label):
        """One training frame: inputs (K,), label 0..N-1. True if it was classified correctly."""
        rule = self.rule
        logits = self.logits(inputs[None, :])[0]
        errors = self.errors(logits, label)
        shift = min(rule.first_shift + self.window_number * rule.shift_step, rule.last_shift)
        half = 1 << (shift - 1)
        centred = inputs - rule.centre
        bias_input = rule.bias_input - rule.centre * centred.sum()
        steps = (centred[:, None] * errors[None, :] + half) >> shift
        self.accumulators = np.clip(self.accumulators + steps, *limits(16, True))
        self.biases = self.biases + ((bias_input * errors + half) >> shift)
        before = self.weights
        self.requantise()
        self.weight_writes += int(np.count_nonzero(before != self.weights))
        self.nonzero_errors += int(np.count_nonzero(errors))
        return int(np.argmax(logits)) == label


@dataclasses.dataclass
class StreamResult:
    """Figures of one stream; accuracies in percent of the 797 test frames."""

    accuracy_before: float
    accuracy_shifted: float
    accuracy_after: float
    samples_learned: int
    window_hits: list
    weight_writes: int
    nonzero_errors: int


def learn_stream(learner, inputs, labels, seed):
    """Feeds shuffled passes of inputs (frames, K) until the stop criterion; correct per window."""
    rule = learner.rule
    hits, best, sample = [], 0, 0
    order = []
    for window in range(rule.max_windows):
        learner.window_number = window
        correct = 0
        for _ in range(rule.window):
            place = sample % len(inputs)
            if place == 0:
                order = camera.pass_order(seed, len(inputs), sample // len(inputs))
            correct += learner.learn(inputs[order[place]], int(labels[order[place]]))
            sample += 1
        hits.append(correct)
        if correct < best + rule.min_gain:
            break
        best = max(best, correct)
    return hits


def run_stream(image, images, labels, seed, degradation):
    """The whole stream of the demo for one simulation seed.

    images (1797, 8, 8), labels (1797,): training frames first; degradation: camera.Degradation.
    """
    test_labels = labels[-TEST_FRAMES:]
    before = percent(predict(image, images[-TEST_FRAMES:]), test_labels)
    inputs = hidden(image, camera.degrade(images, seed, degradation))
    training, test = inputs[:-TEST_FRAMES], inputs[-TEST_FRAMES:]
    learner = Learner(image)
    shifted = percent(np.argmax(learner.logits(test), axis=1), test_labels)
    hits = learn_stream(learner, training, labels[:-TEST_FRAMES], seed)
    after = percent(np.argmax(learner.logits(test), axis=1), test_labels)
    return StreamResult(before, shifted, after, len(hits) * image.learning.window, hits,
                        learner.weight_writes, learner.nonzero_errors)


def main():
    parser = argparse.ArgumentParser(description="Integer reference of the digits demo.")
    parser.add_argument("--image", required=True, help="model image")
    parser.add_argument("--data", required=True, metavar="DIR", help="folder of the IDX files")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="simulation seeds")
    parser.add_argument("--predictions", metavar="FILE",
                        help="write the classes of the 797 clean test frames, one per line")
    camera.add_arguments(parser)
    arguments = parser.parse_args()
    image = model_image.unpack(pathlib.Path(arguments.image).read_bytes())
    folder = pathlib.Path(arguments.data)
    images = digits_data.decode_idx((folder / digits_data.IMAGES_FILE).read_bytes())
    labels = digits_data.decode_idx((folder / digits_data.LABELS_FILE).read_bytes())
    if arguments.predictions:
        classes = predict(image, images[-TEST_FRAMES:])
        pathlib.Path(arguments.predictions).write_text("".join(f"{c}\n" for c in classes))
    degradation = camera.degradation(arguments)
    for seed in arguments.seeds:
        result = run_stream(image, images, labels, seed, degradation)
        samples = result.samples_learned
        print(f"seed {seed}: accuracy_before {result.accuracy_before:.2f} "
              f"accuracy_shifted {result.accuracy_shifted:.2f} "
              f"accuracy_after {result.accuracy_after:.2f} samples_learned {samples} "
              f"window_hits {result.window_hits} "
              f"weight_writes_per_sample {result.weight_writes / samples:.2f} "
              f"nonzero_errors_per_sample {result.nonzero_errors / samples:.2f}")


if __name__ == "__main__":
    main()
