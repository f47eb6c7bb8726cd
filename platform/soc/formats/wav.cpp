// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

constexpr std::uint32_t pcm = 1;
constexpr std::uint32_t extensible = 0xFFFE;  // the format is at offset 24 of the chunk
constexpr std::uint64_t picoseconds_per_second = 1'000'000'000'000;

std::uint32_t little_endian(Bytes bytes, std::size_t at, unsigned size) {
    std::uint32_t value = 0;
    for (unsigned b = 0; b < size; ++b) {
        value |= std::uint32_t{bytes[at + b]} << 8 * b;
    }
    return value;
}

bool has_name(Bytes bytes, std::size_t at, std::string_view name) {
    return at + name.size() <= bytes.size() &&
           std::equal(name.begin(), name.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

struct Chunk {
    std::size_t offset;  // of its contents
    Bytes contents;
};

/// The first chunk of this name.
Chunk find_chunk(const Path& file, Bytes bytes, std::string_view name) {
    constexpr std::size_t head = 8;
    std::size_t at = 12;
    while (at + head <= bytes.size()) {
        const std::uint64_t size = little_endian(bytes, at + 4, 4);
        const std::size_t begin = at + head;
        if (size > bytes.size() - begin) {
            refuse(file,
                   fmt::format("truncated WAV file: the chunk at offset {} has {} bytes, the file "
                               "ends after {} of them",
                               at, size, bytes.size() - begin),
                   "was it cut while copying?");
        }
        if (has_name(bytes, at, name)) {
            return {begin, bytes.subspan(begin, size)};
        }
        at = begin + size + size % 2;
    }
    refuse(file,
           fmt::format("WAV file without the chunk '{}' up to its end at offset {}", name,
                       bytes.size()),
           "was it cut while copying?");
}

struct Sound {
    std::uint32_t channels;
    std::uint32_t rate;
    std::uint32_t sample_bytes;
};

Sound parse_format(const Path& file, const Chunk& chunk) {
    const Bytes bytes = chunk.contents;
    if (bytes.size() < 16) {
        refuse(file, fmt::format("WAV format at offset {} of {} bytes, expected 16", chunk.offset,
                                 bytes.size()));
    }
    std::uint32_t format = little_endian(bytes, 0, 2);
    if (format == extensible && bytes.size() >= 26) {
        format = little_endian(bytes, 24, 2);
    }
    if (format != pcm) {
        refuse(file, fmt::format("WAV file of format {} (offset {})", format, chunk.offset),
               "a sensor plays PCM (format 1)");
    }
    const Sound sound{little_endian(bytes, 2, 2), little_endian(bytes, 4, 4),
                      little_endian(bytes, 14, 2) / 8};
    const std::uint32_t bits = little_endian(bytes, 14, 2);
    if (bits % 8 != 0 || bits < 8 || bits > 32) {
        refuse(file, fmt::format("WAV file of {} bits (offset {})", bits, chunk.offset + 14),
               "a sensor plays 8, 16, 24 and 32 bits");
    }
    const std::uint32_t block = little_endian(bytes, 12, 2);
    if (sound.channels == 0 || sound.rate == 0 || block != sound.channels * sound.sample_bytes) {
        refuse(file, fmt::format(
                         "damaged WAV format at offset {}: {} channels of {} bits in blocks of {} "
                         "bytes, {} times a second",
                         chunk.offset, sound.channels, bits, block, sound.rate));
    }
    return sound;
}

/// Bytes are unsigned, wider samples two's complement; three bytes become four.
void append_sample(Bytes from, FrameSource& source) {
    source.samples.insert(source.samples.end(), from.begin(), from.end());
    if (from.size() == 3) {
        source.samples.push_back(from[2] >= 0x80 ? 0xFF : 0);
    }
}

}  // namespace

bool looks_like_wav(Bytes bytes) {
    return has_name(bytes, 0, "RIFF") && has_name(bytes, 8, "WAVE");
}

FrameSource parse_wav(const Path& file, Bytes bytes, std::uint32_t frame_samples) {
    const Sound sound = parse_format(file, find_chunk(file, bytes, "fmt "));
    const Chunk data = find_chunk(file, bytes, "data");
    const std::uint32_t block = sound.channels * sound.sample_bytes;
    if (data.contents.empty() || data.contents.size() % block != 0) {
        refuse(file, fmt::format("WAV data at offset {} has {} bytes, expected a multiple of {}",
                                 data.offset, data.contents.size(), block));
    }
    FrameSource source;
    source.rows = frame_samples;
    source.cols = sound.channels;
    source.sample_bytes = sound.sample_bytes == 3 ? 4 : sound.sample_bytes;
    for (std::size_t at = 0; at < data.contents.size(); at += sound.sample_bytes) {
        append_sample(data.contents.subspan(at, sound.sample_bytes), source);
    }
    const std::size_t frame = source.frame_bytes();
    const std::uint8_t silence = sound.sample_bytes == 1 ? 0x80 : 0;
    source.samples.resize((source.samples.size() + frame - 1) / frame * frame, silence);
    const std::uint64_t numerator = frame_samples * picoseconds_per_second;
    const std::uint64_t common = std::gcd(numerator, std::uint64_t{sound.rate});
    source.period = Period{numerator / common, sound.rate / common};
    return source;
}

}  // namespace cimera::formats
