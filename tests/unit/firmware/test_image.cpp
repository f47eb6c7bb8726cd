// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>

#include <catch2/catch.hpp>

#include "model_image.hpp"

extern "C" {
#include "nn/image.h"
#include "nn/reference.h"
}

namespace {

using Image = std::vector<std::uint32_t>;

Image two_layers() {
    Lcg random(1);
    LayerSpec first = random_layer(random, 12, 7, 4);
    first.activation = 1;
    first.output_bits = 5;
    LayerSpec second = random_layer(random, 7, 3, 4);
    second.flags = 2 | 4;
    second.output_bits = 16;
    return make_image({first, second}, 3, 4);
}

cimera_status_t open(const Image& image) {
    nn_image_t opened{};
    return nn_image_open(&opened, image.data(), static_cast<std::uint32_t>(4 * image.size()));
}

std::size_t record(std::size_t layer, std::size_t word) {
    return header_words + layer * record_words + word;
}

}  // namespace

TEST_CASE("model image: a good one opens, with what is in it", "[firmware]") {
    const Image image = two_layers();
    nn_image_t opened{};
    REQUIRE(nn_image_open(&opened, image.data(), 4096) == CIMERA_OK);
    CHECK(opened.layers == 2);
    CHECK(opened.frame_rows == 3);
    CHECK(opened.frame_cols == 4);
    const nn_layer_t layer = nn_image_layer(&opened, 1);
    CHECK(layer.inputs == 7);
    CHECK(layer.outputs == 3);
    CHECK_FALSE(layer.input_signed);
    CHECK(layer.weight_signed);
    CHECK(layer.output_signed);
    CHECK(layer.output_bytes == 2);
    CHECK(layer.row_bytes == 4);
}

TEST_CASE("model image: every single flipped bit is found", "[firmware]") {
    const Image good = two_layers();
    for (std::size_t bit = 0; bit < 32 * good.size(); ++bit) {
        Image image = good;
        image[bit / 32] ^= 1U << bit % 32;
        INFO("bit " << bit);
        REQUIRE(open(image) != CIMERA_OK);
    }
}

TEST_CASE("model image: every truncation is found", "[firmware]") {
    const Image good = two_layers();
    nn_image_t opened{};
    for (std::uint32_t size = 0; size < 4 * good.size(); ++size) {
        const Image part(good.begin(), good.begin() + (size + 3) / 4);
        INFO("size " << size);
        REQUIRE(nn_image_open(&opened, part.data(), size) ==
                (size == 0 ? CIMERA_IMAGE_ABSENT : CIMERA_IMAGE_SIZE));
    }
}

TEST_CASE("model image: wrong contents under a right checksum have their own code", "[firmware]") {
    struct Case {
        std::size_t word;
        std::uint32_t value;
        cimera_status_t status;
    };
    const Image good = two_layers();
    const auto size = static_cast<std::uint32_t>(4 * good.size());
    const std::uint32_t formats = good[record(0, 3)];
    const std::uint32_t scale = good[record(0, 4)];
    const auto wrong = GENERATE_REF(values<Case>({
        {0, 0x46464646, CIMERA_IMAGE_MAGIC},
        {1, 2 | 2U << 16, CIMERA_IMAGE_VERSION},
        {1, 1, CIMERA_IMAGE_LAYOUT},                  // no layer
        {1, 1 | 0xFFFFU << 16, CIMERA_IMAGE_LAYOUT},  // records past the end
        {2, size + 4, CIMERA_IMAGE_SIZE},
        {2, 0xFFFFFFFF, CIMERA_IMAGE_SIZE},
        {2, 0, CIMERA_IMAGE_SIZE},
        {4, 0, CIMERA_IMAGE_SHAPE},
        {4, 0xFFFFFFFF, CIMERA_IMAGE_SHAPE},
        {5, size, CIMERA_IMAGE_LAYOUT},  // learning record outside
        {5, 33, CIMERA_IMAGE_LAYOUT},    // misaligned
        {6, 1, CIMERA_IMAGE_LAYOUT},
        {record(0, 0), 2 | 2U << 16, CIMERA_IMAGE_LAYER},   // type
        {record(0, 0), 1 | 16U << 16, CIMERA_IMAGE_LAYER},  // flag
        {record(0, 1), 0, CIMERA_IMAGE_SHAPE},
        {record(0, 1), 0x10000, CIMERA_IMAGE_SHAPE},
        {record(0, 2), 0xFFFFFFFF, CIMERA_IMAGE_SHAPE},
        {record(0, 2), 6, CIMERA_IMAGE_SHAPE},       // not what layer 1 takes
        {record(0, 2), 65535, CIMERA_IMAGE_LAYOUT},  // more weights than there are
        {record(0, 3), (formats & ~0xFFU) | 9, CIMERA_IMAGE_PRECISION},
        {record(0, 3), formats & ~0xFFU, CIMERA_IMAGE_PRECISION},
        {record(0, 3), (formats & ~0xFF00U) | 0x300, CIMERA_IMAGE_PRECISION},
        {record(0, 3), (formats & ~0xFF00U) | 0x2000, CIMERA_IMAGE_PRECISION},
        {record(0, 3), (formats & ~0xFF0000U) | 33U << 16, CIMERA_IMAGE_PRECISION},
        {record(0, 3), (formats & ~0xFF0000U) | 6U << 16, CIMERA_IMAGE_PRECISION},  // 6 into 5 bits
        {record(0, 3), (formats & ~0xFF000000U) | 4U << 24, CIMERA_IMAGE_LAYER},
        {record(0, 4), scale | 32U << 16, CIMERA_IMAGE_PRECISION},
        {record(0, 4), (scale & ~0xFF000000U) | 2U << 24, CIMERA_IMAGE_PRECISION},
        {record(0, 6), size - 4, CIMERA_IMAGE_LAYOUT},
        {record(0, 6), 30, CIMERA_IMAGE_LAYOUT},
        {record(0, 7), size - 4, CIMERA_IMAGE_LAYOUT},
        {record(0, 7), 0xFFFFFFFC, CIMERA_IMAGE_LAYOUT},
        {record(0, 7), 0, CIMERA_IMAGE_LAYOUT},
        {record(0, 8), 4, CIMERA_IMAGE_LAYOUT},
        {record(0, 11), 1, CIMERA_IMAGE_LAYOUT},
    }));
    Image image = good;
    image[wrong.word] = wrong.value;
    seal(image);
    INFO("word " << wrong.word << " value " << wrong.value);
    CHECK(open(image) == wrong.status);
}

TEST_CASE("model image: random words under a right checksum never lead outside", "[firmware]") {
    // Under the address sanitiser this shows that nothing is read beyond the image.
    const Image good = two_layers();
    Lcg random(7);
    for (int i = 0; i < 20000; ++i) {
        Image image = good;
        for (std::uint32_t n = 1 + random.next() % 4; n > 0; --n) {
            const std::size_t word = random.next() % record(2, 0);
            const std::uint32_t interesting[] = {0,
                                                 1,
                                                 0xFFFFFFFF,
                                                 0x80000000,
                                                 random.next(),
                                                 image[word] + 1,
                                                 image[word] - 1,
                                                 image[word] + 4};
            image[word] = interesting[random.next() % std::size(interesting)];
        }
        seal(image);
        nn_image_t opened{};
        if (nn_image_open(&opened, image.data(), static_cast<std::uint32_t>(4 * image.size())) !=
            CIMERA_OK) {
            continue;
        }
        for (std::uint32_t l = 0; l < opened.layers; ++l) {
            const nn_layer_t layer = nn_image_layer(&opened, l);
            const auto* begin = reinterpret_cast<const std::uint8_t*>(image.data());
            REQUIRE(layer.weights >= begin);
            REQUIRE(layer.weights + std::size_t{layer.inputs} * layer.row_bytes <=
                    begin + 4 * image.size());
        }
    }
}

TEST_CASE("reference: equals arithmetic written out", "[firmware]") {
    const auto bits = GENERATE(1U, 2U, 4U, 8U, 16U);
    const auto activation = GENERATE(0U, 1U, 2U, 3U);
    Lcg random(bits * 10 + activation);
    LayerSpec spec = random_layer(random, 20, 11, bits);
    spec.flags = 1 | 2 | 4;
    spec.input_bits = 6;
    spec.output_bits = 9;
    spec.activation = activation;
    spec.scale = 37;
    spec.shift = 7;
    spec.threshold = 3;
    const Image image = make_image({spec}, 4, 5);
    nn_image_t opened{};
    REQUIRE(nn_image_open(&opened, image.data(), static_cast<std::uint32_t>(4 * image.size())) ==
            CIMERA_OK);
    const nn_layer_t layer = nn_image_layer(&opened, 0);
    std::vector<std::uint8_t> input;
    std::vector<std::int32_t> x;
    for (int r = 0; r < 20; ++r) {
        x.push_back(random.between(-32, 31));
        input.push_back(static_cast<std::uint8_t>(x.back()));
    }
    std::vector<std::int16_t> output(11);
    nn_reference_fc(&layer, input.data(), output.data());
    for (std::size_t c = 0; c < 11; ++c) {
        std::int64_t sum = spec.bias[c];
        for (std::size_t r = 0; r < 20; ++r) {
            sum += std::int64_t{x[r]} * spec.weights[r][c];
        }
        // Rounds to nearest, ties upwards, by division instead of shifts.
        const std::int64_t doubled = 2 * sum * 37 + 128;
        std::int64_t v = doubled >= 0 ? doubled / 256 : -((-doubled + 255) / 256);
        v = activation == 1   ? std::max<std::int64_t>(v, 0)
            : activation == 2 ? (v >= 0 ? 1 : -1)
            : activation == 3 ? (v >= 3 ? 1 : 0)
                              : v;
        CHECK(output[c] == std::clamp<std::int64_t>(v, -256, 255));
        CHECK(nn_output(&layer, output.data(), static_cast<std::uint32_t>(c)) == output[c]);
    }
}
