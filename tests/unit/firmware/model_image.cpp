// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "model_image.hpp"

#include <cstring>

namespace {

/// Bit by bit, unlike the firmware's.
std::uint32_t crc32(const std::vector<std::uint32_t>& words) {
    std::uint32_t crc = ~0U;
    for (const std::uint32_t word : words) {
        for (unsigned bit = 0; bit < 32; ++bit) {
            const std::uint32_t feedback = (crc ^ word >> bit) & 1U;
            crc = crc >> 1 ^ (feedback != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

std::vector<std::uint32_t> pack(const LayerSpec& layer) {
    std::vector<std::uint32_t> words;
    for (const auto& row : layer.weights) {
        const std::size_t start = words.size();
        words.resize(start + (row.size() * layer.weight_bits + 31) / 32, 0);
        for (std::size_t c = 0; c < row.size(); ++c) {
            for (unsigned b = 0; b < layer.weight_bits; ++b) {
                const std::size_t bit = c * layer.weight_bits + b;
                words[start + bit / 32] |= (static_cast<std::uint32_t>(row[c]) >> b & 1U)
                                           << bit % 32;
            }
        }
    }
    return words;
}

std::uint32_t bytes_for(std::uint32_t bits) {
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

}  // namespace

void seal(std::vector<std::uint32_t>& image) {
    image[3] = 0;
    image[3] = crc32(image);
}

std::vector<std::uint32_t> make_image(const std::vector<LayerSpec>& layers, std::uint32_t rows,
                                      std::uint32_t cols) {
    std::vector<std::uint32_t> image(header_words + layers.size() * record_words, 0);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerSpec& layer = layers[i];
        std::uint32_t* record = &image[header_words + i * record_words];
        record[0] = 1 | layer.flags << 16;
        record[1] = layer.inputs;
        record[2] = layer.outputs;
        record[3] = layer.input_bits | layer.weight_bits << 8 | layer.output_bits << 16 |
                    layer.activation << 24;
        record[4] = layer.scale | layer.shift << 16 | bytes_for(layer.output_bits) << 24;
        record[5] = static_cast<std::uint32_t>(layer.threshold);
        const std::vector<std::uint32_t> weights = pack(layer);
        record[6] = layer.bias.empty() ? 0 : static_cast<std::uint32_t>(4 * image.size());
        record[7] = static_cast<std::uint32_t>(4 * (image.size() + layer.bias.size()));
        record[8] = static_cast<std::uint32_t>(4 * weights.size());
        image.insert(image.end(), layer.bias.begin(), layer.bias.end());
        image.insert(image.end(), weights.begin(), weights.end());
    }
    image[0] = 0x474D4943;
    image[1] = 1 | static_cast<std::uint32_t>(layers.size()) << 16;
    image[2] = static_cast<std::uint32_t>(4 * image.size());
    image[4] = rows | cols << 16;
    seal(image);
    return image;
}

LayerSpec random_layer(Lcg& random, std::uint32_t inputs, std::uint32_t outputs,
                       std::uint32_t weight_bits) {
    LayerSpec layer;
    layer.inputs = inputs;
    layer.outputs = outputs;
    layer.weight_bits = weight_bits;
    const std::int64_t half = std::int64_t{1} << (weight_bits - 1);
    for (std::uint32_t r = 0; r < inputs; ++r) {
        layer.weights.emplace_back();
        for (std::uint32_t c = 0; c < outputs; ++c) {
            layer.weights.back().push_back(random.between(-half, half - 1));
        }
    }
    for (std::uint32_t c = 0; c < outputs; ++c) {
        layer.bias.push_back(random.between(-1000, 1000));
    }
    return layer;
}
