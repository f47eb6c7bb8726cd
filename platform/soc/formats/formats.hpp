// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/peripherals/sensor_source.hpp"
#include "platform/config/sensor_input.hpp"

/// Files that a sensor plays, one reader each. Everything wrong is an InputError.
namespace cimera::formats {

using Path = std::filesystem::path;
using Bytes = std::span<const std::uint8_t>;

inline constexpr std::uint32_t most_side =
    65535;  // of a frame: register SHAPE has 16 bits for each

[[noreturn]] void refuse(const Path& file, const std::string& what, const std::string& hint = {});

// --- arrays of integers ---------------------------------------------------------------------

struct Element {
    unsigned bytes = 1;
    bool is_signed = false;
    bool big_endian = false;
};

/// An array as it lies in a file, last dimension fastest.
struct Array {
    std::string_view format;  ///< for messages
    Element element;
    std::vector<std::uint64_t> sizes;
    Bytes data;
};

/// Checks that the data from `offset` on is what the array needs.
void check_size(const Path& file, const Array& array, std::size_t offset);
[[nodiscard]] FrameSource frames_of(const Path& file, const Array& array);
/// One number a frame.
[[nodiscard]] std::vector<std::uint32_t> labels_of(const Path& file, const Array& array,
                                                   std::uint32_t frames);
/// Stores samples in the fewest bytes that hold them all; they are 32-bit integers.
void store_samples(std::span<const std::int64_t> samples, FrameSource& source);

[[nodiscard]] bool looks_like_idx(Bytes bytes);
[[nodiscard]] Array parse_idx(const Path& file, Bytes bytes);
[[nodiscard]] bool looks_like_npy(Bytes bytes);
[[nodiscard]] Array parse_npy(const Path& file, Bytes bytes);

// --- sound ----------------------------------------------------------------------------------

[[nodiscard]] bool looks_like_wav(Bytes bytes);
/// Frames of `frame_samples` rows and a column for each channel, with their period; silence fills
/// the last one.
[[nodiscard]] FrameSource parse_wav(const Path& file, Bytes bytes, std::uint32_t frame_samples);

// --- text -----------------------------------------------------------------------------------

[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
[[nodiscard]] std::vector<std::string_view> cells_of(std::string_view line);
[[nodiscard]] bool parse_integer(std::string_view cell, std::int64_t& value);
/// Frames are lines, the label in the last column.
[[nodiscard]] FrameSource parse_csv(const Path& file, std::string_view text);

// --- address events -------------------------------------------------------------------------

/// Whether the first line names columns t, x, y and p.
[[nodiscard]] bool names_events(std::string_view text);
/// Columns t, x, y, p in that order or as the first line names them; t in microseconds.
[[nodiscard]] FrameSource parse_event_csv(const Path& file, std::string_view text);
/// Five bytes an event, as cameras of the ATIS kind and N-MNIST have it: x, y, then big endian
/// polarity in one bit and microseconds in 23; y = 240 is no event but 2^13 microseconds more.
[[nodiscard]] FrameSource parse_event_binary(const Path& file, Bytes bytes);

}  // namespace cimera::formats
