// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "models/peripherals/sensor.hpp"

namespace cimera {
namespace {

// Streams as documented: 1 dead columns, 2 gain, 3 order.
constexpr std::uint32_t dead_stream = 1;
constexpr std::uint32_t gain_stream = 2;
constexpr std::uint32_t order_stream = 3;

FrameSource source(std::uint32_t rows, std::uint32_t cols, std::uint32_t bytes) {
    FrameSource frames;
    frames.rows = rows;
    frames.cols = cols;
    frames.sample_bytes = bytes;
    return frames;
}

}  // namespace

TEST_CASE("sensor: dead columns are the first of a random order", "[sensor]") {
    const Random random(7, "camera");
    const std::uint32_t columns = 8;
    for (std::uint32_t dead = 0; dead <= columns; ++dead) {
        // The draw without replacement, by taking out of a list.
        std::vector<std::uint32_t> rest = {0, 1, 2, 3, 4, 5, 6, 7};
        std::set<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < dead; ++i) {
            const std::uint32_t chosen = random.below(columns - i, dead_stream, i, 0);
            expected.insert(rest[chosen]);
            // The hole is filled by the front one, as in a Fisher-Yates shuffle.
            rest[chosen] = rest[0];
            rest.erase(rest.begin());
        }
        const Degradation degradation({.dead_columns = dead}, columns, random);
        std::set<std::uint32_t> found;
        for (std::uint32_t c = 0; c < columns; ++c) {
            if (degradation.dead()[c]) {
                found.insert(c);
            }
        }
        CHECK(found.size() == dead);
        CHECK(found == expected);
    }
    const Degradation more({.dead_columns = 100}, columns, random);
    CHECK(std::count(more.dead().begin(), more.dead().end(), true) == 8);
    const Degradation some({.dead_columns = 100, .dead_first = 2, .dead_last = 5}, columns, random);
    CHECK(some.dead() == std::vector<bool>{false, false, true, true, true, true, false, false});
}

TEST_CASE("sensor: gains spread evenly around one", "[sensor]") {
    const Random random(7, "camera");
    const std::uint32_t spread = 128;
    const Degradation degradation({.gain_error_q8 = spread}, 1000, random);
    std::uint64_t sum = 0;
    for (std::uint32_t c = 0; c < 1000; ++c) {
        const std::uint32_t gain = degradation.gain_q8()[c];
        CHECK(gain ==
              256 - spread +
                  static_cast<std::uint32_t>(
                      (std::uint64_t{random.bits(gain_stream, c, 0)} * (2 * spread + 1)) >> 32));
        REQUIRE(gain >= 128);
        REQUIRE(gain <= 384);
        sum += gain;
    }
    // Uniform over 257 values: deviation of the mean 74.2 / sqrt(1000) = 2.3, four times that.
    CHECK(static_cast<double>(sum) / 1000 == Approx(256).margin(10));
}

TEST_CASE("sensor: degradation scales, rounds and saturates", "[sensor]") {
    const std::uint32_t bytes = GENERATE(1U, 2U, 4U);
    const Random random(3, "camera");
    const Degradation degradation({.dead_columns = 2, .gain_error_q8 = 200}, 5, random);
    const FrameSource shape = source(2, 5, bytes);
    const std::int64_t low = bytes == 1 ? 0 : -(std::int64_t{1} << (8 * bytes - 1));
    const std::int64_t high = bytes == 1 ? 255 : -low - 1;
    const std::vector<std::int64_t> samples = {low,  high, 1, low / 2, high / 2,
                                               high, low,  3, 100,     high - 1};
    std::vector<std::uint8_t> frame;
    for (const std::int64_t sample : samples) {
        for (std::uint32_t b = 0; b < bytes; ++b) {
            frame.push_back(static_cast<std::uint8_t>(sample >> (8 * b)));
        }
    }
    degradation.apply(shape, frame);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t column = i % 5;
        std::int64_t seen = 0;
        for (std::uint32_t b = 0; b < bytes; ++b) {
            seen |= std::int64_t{frame[i * bytes + b]} << (8 * b);
        }
        if (bytes != 1 && seen > high) {
            seen -= std::int64_t{1} << (8 * bytes);
        }
        // round half up of sample * gain / 256
        const std::int64_t product = samples[i] * degradation.gain_q8()[column] + 128;
        const std::int64_t scaled = product >= 0 ? product / 256 : -((-product + 255) / 256);
        const std::int64_t expected =
            degradation.dead()[column] ? 0 : std::min(std::max(scaled, low), high);
        INFO("sample " << samples[i] << " in column " << column);
        CHECK(seen == expected);
    }
}

TEST_CASE("sensor: a shuffled pass is a permutation of its own", "[sensor]") {
    const Random random(5, "camera");
    std::vector<std::uint32_t> previous;
    for (std::uint64_t pass = 0; pass < 4; ++pass) {
        std::vector<std::uint32_t> expected(50);
        for (std::uint32_t i = 0; i < 50; ++i) {
            expected[i] = i;
        }
        for (std::uint32_t i = 49; i > 0; --i) {
            const auto j = static_cast<std::uint32_t>(
                (std::uint64_t{random.bits(order_stream, i, pass)} * (i + 1)) >> 32);
            std::swap(expected[i], expected[j]);
        }
        const std::vector<std::uint32_t> order = shuffled_order(50, pass, random);
        CHECK(order == expected);
        CHECK(order != previous);
        CHECK(std::set<std::uint32_t>(order.begin(), order.end()).size() == 50);
        previous = order;
    }
    CHECK(shuffled_order(1, 0, random) == std::vector<std::uint32_t>{0});
    CHECK(shuffled_order(0, 0, random).empty());
}

TEST_CASE("sensor: size of a source", "[sensor]") {
    FrameSource frames = source(3, 4, 2);
    CHECK(frames.frame_bytes() == 24);
    CHECK(frames.frames() == 0);
    frames.samples.resize(48);
    CHECK(frames.frames() == 2);
    CHECK(FrameSource().frames() == 0);
}

}  // namespace cimera
