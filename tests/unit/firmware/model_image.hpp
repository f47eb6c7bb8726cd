// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

/// One fully connected layer of a model image for tests.
struct LayerSpec {
    std::uint32_t inputs = 1;
    std::uint32_t outputs = 1;
    std::uint32_t flags = 2;  // weights signed
    std::uint32_t input_bits = 5;
    std::uint32_t weight_bits = 4;
    std::uint32_t output_bits = 8;
    std::uint32_t activation = 0;
    std::uint32_t scale = 1;
    std::uint32_t shift = 0;
    std::int32_t threshold = 0;
    std::vector<std::int32_t> bias;                  // empty: none
    std::vector<std::vector<std::int32_t>> weights;  // [input][output]
};

/// Where things lie in an image, in words.
constexpr std::size_t header_words = 8;
constexpr std::size_t record_words = 12;

/// Packs an image, with a correct checksum.
std::vector<std::uint32_t> make_image(const std::vector<LayerSpec>& layers, std::uint32_t rows,
                                      std::uint32_t cols);

/// Sets the checksum anew.
void seal(std::vector<std::uint32_t>& image);

/// Numbers for tests, the same everywhere.
class Lcg {
public:
    explicit Lcg(std::uint64_t seed) : state_(seed * 2 + 1) {}
    std::uint32_t next() {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>(state_ >> 33);
    }
    /// From `low` to `high`, both included.
    std::int32_t between(std::int64_t low, std::int64_t high) {
        return static_cast<std::int32_t>(low + next() % (high - low + 1));
    }

private:
    std::uint64_t state_;
};

/// A layer with random weights and biases over their whole ranges.
LayerSpec random_layer(Lcg& random, std::uint32_t inputs, std::uint32_t outputs,
                       std::uint32_t weight_bits);
