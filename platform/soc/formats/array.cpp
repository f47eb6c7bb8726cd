// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

constexpr std::uint64_t too_many = std::numeric_limits<std::uint64_t>::max();

/// Element `index`; beyond 63 bits the greatest number of these.
std::int64_t value_at(const Array& array, std::uint64_t index) {
    const unsigned size = array.element.bytes;
    const Bytes bytes = array.data.subspan(index * size, size);
    std::uint64_t raw = 0;
    for (unsigned b = 0; b < size; ++b) {
        const std::uint64_t byte = bytes[array.element.big_endian ? size - 1 - b : b];
        raw |= byte << 8 * b;
    }
    if (!array.element.is_signed) {
        return static_cast<std::int64_t>(
            std::min<std::uint64_t>(raw, std::numeric_limits<std::int64_t>::max()));
    }
    const unsigned unused = 64 - 8 * size;
    return static_cast<std::int64_t>(raw << unused) >> unused;
}

std::uint64_t elements(const Array& array) {
    return array.data.size() / array.element.bytes;
}

/// Bytes of a sample that holds all numbers of an element's type; 0: their values decide.
unsigned fixed_bytes(const Element& element) {
    if (!element.is_signed) {
        return element.bytes == 1 ? 1 : 0;
    }
    return element.bytes == 8 ? 0 : std::max(element.bytes, 2U);  // a sensor's bytes are unsigned
}

void append_sample(FrameSource& source, std::int64_t sample) {
    for (unsigned b = 0; b < source.sample_bytes; ++b) {
        source.samples.push_back(static_cast<std::uint8_t>(sample >> (8 * b)));
    }
}

unsigned fewest_bytes(std::int64_t low, std::int64_t high) {
    if (low >= 0 && high <= 255) {
        return 1;
    }
    return low >= INT16_MIN && high <= INT16_MAX ? 2 : 4;
}

/// Two or four; numbers of more than 32 bits are refused.
unsigned bytes_for(const Path& file, const Array& array) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (std::uint64_t i = 0; i < elements(array); ++i) {
        const std::int64_t value = value_at(array, i);
        if (value < INT32_MIN || value > INT32_MAX) {
            refuse(file,
                   fmt::format("element {} of the {} file is beyond 32 bits", i, array.format),
                   "samples are two's complement of up to 32 bits; scale first");
        }
        low = std::min(low, value);
        high = std::max(high, value);
    }
    return std::max(fewest_bytes(low, high), 2U);
}

}  // namespace

void refuse(const Path& file, const std::string& what, const std::string& hint) {
    throw InputError(file.string(), what, hint);
}

void check_size(const Path& file, const Array& array, std::size_t offset) {
    std::uint64_t expected = array.element.bytes;
    std::string shape;
    for (const std::uint64_t size : array.sizes) {
        if (__builtin_mul_overflow(expected, size, &expected)) {
            expected = too_many;
        }
        shape += (shape.empty() ? "" : " x ") + std::to_string(size);
    }
    if (expected == array.data.size()) {
        return;
    }
    const bool truncated = expected > array.data.size();
    refuse(
        file,
        fmt::format("{} {} file: {} elements of {} byte(s) need {} bytes of data from offset "
                    "{} on, the file has {}",
                    truncated ? "truncated" : "overlong", array.format, shape, array.element.bytes,
                    expected == too_many ? std::string("more than 2^64") : std::to_string(expected),
                    offset, array.data.size()),
        truncated ? "was it cut while copying?" : "the file is damaged");
}

FrameSource frames_of(const Path& file, const Array& array) {
    std::uint64_t rows = 1;
    for (std::size_t d = 1; d + 1 < array.sizes.size(); ++d) {
        rows *= std::min<std::uint64_t>(array.sizes[d], std::uint64_t{most_side} + 1);
        rows = std::min<std::uint64_t>(rows, std::uint64_t{most_side} + 1);
    }
    const std::uint64_t cols = array.sizes.size() > 1 ? array.sizes.back() : 1;
    if (array.sizes.empty() || array.sizes[0] == 0 || rows == 0 || cols == 0) {
        refuse(file, fmt::format("{} file without frames", array.format));
    }
    if (rows > most_side || cols > most_side) {
        refuse(file, "frames larger than 65535 rows or columns");
    }
    FrameSource source;
    source.rows = static_cast<std::uint32_t>(rows);
    source.cols = static_cast<std::uint32_t>(cols);
    source.sample_bytes = fixed_bytes(array.element);
    if (source.sample_bytes == 0) {
        source.sample_bytes = bytes_for(file, array);
    }
    source.samples.reserve(elements(array) * source.sample_bytes);
    for (std::uint64_t i = 0; i < elements(array); ++i) {
        append_sample(source, value_at(array, i));
    }
    return source;
}

std::vector<std::uint32_t> labels_of(const Path& file, const Array& array, std::uint32_t frames) {
    if (array.sizes.size() != 1) {
        refuse(file, fmt::format("labels of {} dimensions", array.sizes.size()),
               "labels are one integer a frame");
    }
    if (array.sizes[0] != frames) {
        refuse(file, fmt::format("{} labels for {} frames", array.sizes[0], frames),
               "each frame needs one label");
    }
    std::vector<std::uint32_t> labels;
    for (std::uint64_t i = 0; i < elements(array); ++i) {
        const std::int64_t label = value_at(array, i);
        if (label < 0 || label > INT32_MAX) {
            refuse(file, fmt::format("label {} is {}", i, label),
                   "labels count from 0 to 2^31 - 1");
        }
        labels.push_back(static_cast<std::uint32_t>(label));
    }
    return labels;
}

void store_samples(std::span<const std::int64_t> samples, FrameSource& source) {
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    source.sample_bytes = fewest_bytes(*low, *high);
    for (const std::int64_t sample : samples) {
        append_sample(source, sample);
    }
}

}  // namespace cimera::formats
