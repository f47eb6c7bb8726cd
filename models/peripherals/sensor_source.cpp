// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/sensor_source.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace cimera {

namespace {

// Streams of the sensor's random numbers.
constexpr std::uint32_t stream_dead = 1;
constexpr std::uint32_t stream_gain = 2;
constexpr std::uint32_t stream_order = 3;

std::int64_t load_sample(const std::uint8_t* from, std::uint32_t size) {
    if (size == 1) {
        return *from;
    }
    std::uint32_t raw = 0;
    std::memcpy(&raw, from, size);
    return size == 2 ? static_cast<std::int16_t>(raw) : static_cast<std::int32_t>(raw);
}

std::int64_t saturate(std::int64_t value, std::uint32_t size) {
    const std::int64_t high = size == 1 ? 255 : (std::int64_t{1} << (8 * size - 1)) - 1;
    return std::clamp<std::int64_t>(value, size == 1 ? 0 : -high - 1, high);
}

}  // namespace

Degradation::Degradation(const Config& config, std::uint32_t columns, const Random& random)
    : dead_(columns, false), gain_q8_(columns, 256) {
    if (columns != 0) {
        const std::uint32_t last = std::min(config.dead_last, columns - 1);
        const std::uint32_t first = std::min(config.dead_first, last);
        std::vector<std::uint32_t> pool(last - first + 1);
        std::iota(pool.begin(), pool.end(), first);
        const auto size = static_cast<std::uint32_t>(pool.size());
        for (std::uint32_t i = 0; i < std::min(config.dead_columns, size); ++i) {
            std::swap(pool[i], pool[i + random.below(size - i, stream_dead, i, 0)]);
            dead_[pool[i]] = true;
        }
    }
    const std::uint32_t spread = config.gain_error_q8;
    for (std::uint32_t c = 0; c < columns; ++c) {
        gain_q8_[c] = 256 - spread + random.below(2 * spread + 1, stream_gain, c, 0);
    }
}

void Degradation::apply(const FrameSource& source, std::vector<std::uint8_t>& frame) const {
    const std::uint32_t size = source.sample_bytes;
    for (std::size_t i = 0; i < frame.size() / size; ++i) {
        const std::size_t column = i % source.cols;
        const std::int64_t sample = load_sample(&frame[i * size], size);
        const std::int64_t seen =
            dead_[column] ? 0 : saturate((sample * gain_q8_[column] + 128) >> 8, size);
        std::memcpy(&frame[i * size], &seen, size);
    }
}

std::vector<std::uint32_t> shuffled_order(std::uint32_t count, std::uint64_t pass,
                                          const Random& random) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = count; i-- > 1;) {
        std::swap(order[i], order[random.below(i + 1, stream_order, i, pass)]);
    }
    return order;
}

}  // namespace cimera
