#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Trains, quantises and packs the digits network with its learning record into a model image.

Prints the float and the quantised test accuracy and, for simulation seeds on request, the accuracy
under the sensor's degradation before learning and the ceiling of offline retraining.
"""

import argparse
import pathlib

import numpy as np

import camera
import ceiling
import digits_data
import image as model_image
import network
import reference

HIDDEN = 192
HIDDEN_BITS = 4
HEADROOM = 1.5
EPOCHS = 80
FINE_TUNE_EPOCHS = 25
ERROR_BITS = 12
TABLE_ENTRIES = 64
TABLE_SHIFT = 2


def learning_record(hidden, logit_step):
    """Learning record from hidden activations (frames, K) and the real value of a logit step."""
    distances = np.arange(TABLE_ENTRIES) * (1 << TABLE_SHIFT) * logit_step
    return model_image.Learning(
        layer=1, window=1000, max_windows=6, first_shift=3, shift_step=1, last_shift=8,
        weight_shift=12, table_shift=TABLE_SHIFT, error_bits=ERROR_BITS,
        centre=int(round(float(hidden.mean()))), bias_input=16, error_threshold=64, min_gain=2,
        table=np.round((1 << ERROR_BITS) * np.exp(-distances)).astype(np.int64),
    )


def build(images, labels, hidden=HIDDEN, seed=1):
    """Image and float accuracy in percent from images (1797, 8, 8) and labels (1797,)."""
    count = digits_data.TRAINING_FRAMES
    pixels = images.reshape(len(images), -1).astype(np.float64)
    training, training_labels = pixels[:count], labels[:count]
    parameters = network.train(training, training_labels, hidden, seed, EPOCHS)
    float_accuracy = reference.percent(
        network.predict_float(parameters, pixels[count:]), labels[count:])
    tuned, steps = network.fine_tune(parameters, training, training_labels, seed, HIDDEN_BITS,
                                     HEADROOM, FINE_TUNE_EPOCHS)
    result = model_image.Image(*images.shape[1:], network.to_layers(tuned, steps, HIDDEN_BITS))
    result.learning = learning_record(reference.hidden(result, images[:count]), steps.logit())
    return result, float_accuracy


def shifted_and_ceiling(image, images, labels, seed, degradation):
    """Accuracies in percent under the degradation of a seed: as it is, and retrained offline."""
    count = digits_data.TRAINING_FRAMES
    degraded = camera.degrade(images, seed, degradation)
    inputs = reference.hidden(image, degraded)
    shifted = reference.percent(reference.predict(image, degraded[count:]), labels[count:])
    best = ceiling.accuracy(inputs[:count], labels[:count], inputs[count:], labels[count:])
    return shifted, best


def main():
    parser = argparse.ArgumentParser(description="Train and pack the digits network.")
    parser.add_argument("--out", required=True, help="model image to write")
    parser.add_argument("--seed", type=int, default=1, help="seed of the training (1)")
    parser.add_argument("--split-seed", type=int, default=1,
                        help="seed of the split, that of digits_data.py (1)")
    parser.add_argument("--hidden", type=int, default=HIDDEN,
                        help=f"hidden units (default {HIDDEN})")
    parser.add_argument("--ceiling-seeds", type=int, nargs="*", default=[], metavar="SEED",
                        help="simulation seeds to print the shifted accuracy and the ceiling for")
    camera.add_arguments(parser)
    arguments = parser.parse_args()
    images, labels = digits_data.load(arguments.split_seed)
    image, float_accuracy = build(images, labels, arguments.hidden, arguments.seed)
    packed = model_image.pack(image)
    pathlib.Path(arguments.out).write_bytes(packed)
    count = digits_data.TRAINING_FRAMES
    quantised = reference.percent(reference.predict(image, images[count:]), labels[count:])
    print(f"image {arguments.out}: {len(packed)} bytes")
    print(f"float accuracy {float_accuracy:.2f}")
    print(f"quantised accuracy {quantised:.2f}")
    degradation = camera.degradation(arguments)
    for seed in arguments.ceiling_seeds:
        shifted, best = shifted_and_ceiling(image, images, labels, seed, degradation)
        print(f"seed {seed}: shifted {shifted:.2f} ceiling {best:.2f}")


if __name__ == "__main__":
    main()
