# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Float training, quantisation-aware fine-tuning and packing of the two-layer digits network.

Pixels are divided by 16. Parameters are a list [weights 1 (64, H), bias 1 (H,), weights 2 (H, 10),
bias 2 (10,)], the hidden layer is ReLU, the loss softmax cross entropy, the optimiser Adam
(Kingma, Ba 2015) with a cosine schedule. Fine-tuning passes gradients straight through the
rounding of weights and activations (Bengio et al. 2013).
"""

import dataclasses

import numpy as np

import image as model_image

PIXEL_SCALE = 16.0
CLASSES = 10
IN_BITS = 5
WEIGHT_BITS = 4
WEIGHT_MIN, WEIGHT_MAX = -8, 7
BATCH = 50
SHIFT_PROBABILITY = 0.3


@dataclasses.dataclass
class Steps:
    """Real value of one integer step of weights 1, hidden activations and weights 2."""

    weights1: float
    hidden: float
    weights2: float
    hidden_max: int

    def logit(self):
        """Real value of one step of the integer logits."""
        return self.hidden * self.weights2


class Adam:
    """Adam with a learning rate that falls from `rate` to 0 as half a cosine over `total` steps."""

    def __init__(self, parameters, rate, total):
        self.parameters, self.rate, self.total, self.count = parameters, rate, total, 0
        self.mean = [np.zeros_like(p) for p in parameters]
        self.square = [np.zeros_like(p) for p in parameters]

    def step(self, gradients):
        self.count += 1
        rate = self.rate * 0.5 * (1 + np.cos(np.pi * self.count / self.total))
        for k, gradient in enumerate(gradients):
            self.mean[k] += 0.1 * (gradient - self.mean[k])
            self.square[k] += 0.001 * (gradient**2 - self.square[k])
            mean = self.mean[k] / (1 - 0.9**self.count)
            square = self.square[k] / (1 - 0.999**self.count)
            self.parameters[k] -= rate * mean / (np.sqrt(square) + 1e-8)


def shifted_frames(pixels, generator):
    """Copy of pixels (frames, 64) in which some frames moved by up to one pixel each way."""
    frames = len(pixels)
    source = np.zeros((frames, 10, 10))
    source[:, 1:9, 1:9] = pixels.reshape(frames, 8, 8)
    result = pixels.reshape(frames, 8, 8).copy()
    chosen = generator.random(frames) < SHIFT_PROBABILITY
    rows = generator.integers(-1, 2, frames)
    columns = generator.integers(-1, 2, frames)
    for row in (-1, 0, 1):
        for column in (-1, 0, 1):
            move = chosen & (rows == row) & (columns == column)
            result[move] = source[move, 1 + row : 9 + row, 1 + column : 9 + column]
    return result.reshape(frames, 64)


def softmax(logits):
    """Probabilities of the same shape, along the last axis."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def quantise(weights, step):
    """Integer weights -8..7 as floats."""
    return np.clip(np.round(weights / step), WEIGHT_MIN, WEIGHT_MAX)


def forward(parameters, pixels, steps):
    """Hidden activations, logits, effective weights 2 and mask of passed gradients."""
    weights1, bias1, weights2, bias2 = parameters
    if steps is None:
        before = pixels @ weights1 + bias1
        hidden = np.maximum(before, 0)
        return hidden, hidden @ weights2 + bias2, weights2, before > 0
    weights1 = quantise(weights1, steps.weights1) * steps.weights1
    weights2 = quantise(weights2, steps.weights2) * steps.weights2
    level = (pixels @ weights1 + bias1) / steps.hidden
    hidden = np.clip(np.round(level), 0, steps.hidden_max) * steps.hidden
    return hidden, hidden @ weights2 + bias2, weights2, (level > 0) & (level < steps.hidden_max)


def optimise(parameters, pixels, labels, generator, epochs, rate, steps=None):
    """Trains `parameters` in place on pixels (frames, 64) and labels (frames,)."""
    targets = np.eye(CLASSES)[labels]
    frames = len(pixels)
    adam = Adam(parameters, rate, epochs * (frames // BATCH))
    for _ in range(epochs):
        order = generator.permutation(frames)
        moved = shifted_frames(pixels, generator)
        for start in range(0, frames, BATCH):
            batch = order[start : start + BATCH]
            hidden, logits, weights2, mask = forward(parameters, moved[batch], steps)
            error = (softmax(logits) - targets[batch]) / len(batch)
            back = (error @ weights2.T) * mask
            adam.step([moved[batch].T @ back, back.sum(0), hidden.T @ error, error.sum(0)])


def train(pixels, labels, hidden, seed, epochs):
    """Float parameters from pixels (frames, 64) 0..16, labels and the number of hidden units."""
    generator = np.random.Generator(np.random.PCG64(seed))
    parameters = [
        generator.normal(0, np.sqrt(2 / 64), (64, hidden)), np.zeros(hidden),
        generator.normal(0, np.sqrt(1 / hidden), (hidden, CLASSES)), np.zeros(CLASSES),
    ]
    optimise(parameters, pixels / PIXEL_SCALE, labels, generator, epochs, 3e-3)
    return parameters


def predict_float(parameters, pixels):
    """Class (frames,) of the float network for pixels (frames, 64) 0..16."""
    return np.argmax(forward(parameters, pixels / PIXEL_SCALE, None)[1], axis=1)


def best_step(weights):
    """Step of 4-bit weights with the smallest squared error, by search over 60 ranges."""
    steps = np.abs(weights).max() / WEIGHT_MAX * np.linspace(0.3, 1.2, 60)
    errors = [np.square(quantise(weights, step) * step - weights).mean() for step in steps]
    return steps[int(np.argmin(errors))]


def fine_tune(parameters, pixels, labels, seed, hidden_bits, headroom, epochs):
    """Quantisation-aware copy of the parameters and its Steps.

    headroom > 1 widens the range of the output weights, which online learning needs.
    """
    parameters = [p.copy() for p in parameters]
    generator = np.random.Generator(np.random.PCG64(seed + 1000))
    hidden = forward(parameters, pixels / PIXEL_SCALE, None)[0]
    hidden_max = (1 << hidden_bits) - 1
    steps = Steps(
        best_step(parameters[0]), np.percentile(hidden, 99.7) / hidden_max,
        best_step(parameters[2]) * headroom, hidden_max,
    )
    optimise(parameters, pixels / PIXEL_SCALE, labels, generator, epochs, 1e-3, steps)
    return parameters, steps


def to_layers(parameters, steps, hidden_bits):
    """The two integer layers of a fine-tuned network."""
    unit = steps.weights1 / PIXEL_SCALE
    ratio = unit / steps.hidden
    shift = 16
    while ratio * 2**shift >= 65535.5:
        shift -= 1
    first = model_image.Layer(
        weights=quantise(parameters[0], steps.weights1).astype(np.int64),
        bias=np.round(parameters[1] / unit).astype(np.int64),
        in_bits=IN_BITS, weight_bits=WEIGHT_BITS, out_bits=hidden_bits,
        activation=model_image.RELU, scale=int(round(ratio * 2**shift)), shift=shift,
        out_bytes=1, flags=model_image.WEIGHTS_SIGNED,
    )
    last = model_image.Layer(
        weights=quantise(parameters[2], steps.weights2).astype(np.int64),
        bias=np.round(parameters[3] / steps.logit()).astype(np.int64),
        in_bits=hidden_bits, weight_bits=WEIGHT_BITS, out_bits=32,
        activation=model_image.NONE, scale=1, shift=0, out_bytes=4,
        flags=model_image.WEIGHTS_SIGNED | model_image.OUTPUT_SIGNED | model_image.LEARNABLE,
    )
    return [first, last]
