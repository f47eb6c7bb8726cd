// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/frame_source.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <zlib.h>

#include <fmt/format.h>

#include "platform/soc/formats/formats.hpp"

namespace cimera {

namespace {

using formats::Bytes;
using formats::refuse;

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::uint32_t default_frame_samples = 256;
constexpr Period microsecond{1'000'000, 1};

constexpr const char* formats_hint =
    "formats: IDX, NPY, WAV, CSV, address events (CSV t,x,y,p or 5 bytes each)";

/// Text has no control characters but tabs and ends of lines.
bool is_text(Bytes bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) {
        return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
    });
}

bool begins_with(Bytes bytes, std::string_view text) {
    return bytes.size() >= text.size() && std::equal(text.begin(), text.end(), bytes.begin());
}

FrameSource load_events(const SensorInput& input, Bytes bytes, std::string_view text) {
    if (input.labels) {
        refuse(*input.labels, "labels beside address events", "only frames have labels");
    }
    if (input.frame_period) {
        refuse(input.file, "rate of a file of address events, which have their own times",
               "such as speed=2, which plays them twice as fast");
    }
    FrameSource source = is_text(bytes) ? formats::parse_event_csv(input.file, text)
                                        : formats::parse_event_binary(input.file, bytes);
    source.period = input.microsecond.value_or(microsecond);
    return source;
}

std::vector<std::uint32_t> load_labels(const std::filesystem::path& file, std::uint32_t frames) {
    const std::vector<std::uint8_t> bytes = read_data_file(file);
    if (formats::looks_like_idx(bytes)) {
        return formats::labels_of(file, formats::parse_idx(file, bytes), frames);
    }
    if (!formats::looks_like_npy(bytes)) {
        refuse(file, "neither an IDX nor an NPY file",
               "labels are one integer a frame, in an array of one dimension");
    }
    return formats::labels_of(file, formats::parse_npy(file, bytes), frames);
}

/// Nothing unless the file has the signature of one of the formats of frames.
std::optional<FrameSource> load_signed(const SensorInput& input, Bytes bytes) {
    if (formats::looks_like_wav(bytes)) {
        return formats::parse_wav(input.file, bytes,
                                  input.frame_samples.value_or(default_frame_samples));
    }
    if (input.frame_samples) {
        refuse(input.file, "samples= of a file that is not WAV", "only sound is cut into frames");
    }
    if (formats::looks_like_idx(bytes)) {
        return formats::frames_of(input.file, formats::parse_idx(input.file, bytes));
    }
    if (formats::looks_like_npy(bytes)) {
        return formats::frames_of(input.file, formats::parse_npy(input.file, bytes));
    }
    return std::nullopt;
}

void refuse_unknown(const SensorInput& input, Bytes bytes) {
    if (bytes.empty()) {
        refuse(input.file, "empty file", formats_hint);
    }
    if (begins_with(bytes, "#!AER-DAT")) {
        refuse(input.file, "AEDAT file", "convert it to CSV with the columns t,x,y,p");
    }
    if (begins_with(bytes, "PK\x03\x04")) {
        refuse(input.file, "ZIP archive", "save one array of an NPZ file with np.save");
    }
}

}  // namespace

std::vector<std::uint8_t> read_data_file(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
        refuse(file, std::filesystem::exists(file, error) ? "not a regular file" : "no such file",
               "");
    }
    gzFile input = gzopen(file.c_str(), "rb");
    if (input == nullptr) {
        refuse(file, "cannot be opened", "");
    }
    std::vector<std::uint8_t> bytes;
    std::array<std::uint8_t, 65536> buffer{};
    int got = 0;
    while ((got = gzread(input, buffer.data(), buffer.size())) > 0 && bytes.size() <= most_bytes) {
        bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + got);
    }
    // A gzip file that ends early is an error only when it is closed.
    const int closed = gzclose(input);
    if (got < 0 || closed != Z_OK) {
        refuse(file, "damaged or truncated gzip file", "");
    }
    if (bytes.size() > most_bytes) {
        refuse(file, "larger than 1 GiB", "");
    }
    return bytes;
}

FrameSource load_frames(const SensorInput& input) {
    const std::vector<std::uint8_t> bytes = read_data_file(input.file);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    refuse_unknown(input, bytes);
    if (input.as == SensorData::events) {
        return load_events(input, bytes, text);
    }
    std::optional<FrameSource> source = load_signed(input, bytes);
    if (!source && input.as == SensorData::any &&
        (!is_text(bytes) || formats::names_events(text))) {
        return load_events(input, bytes, text);
    }
    if (input.microsecond) {
        refuse(input.file, "speed of a file of frames", "frames come at a rate, such as rate=2kHz");
    }
    if (source) {
        if (input.labels) {
            source->labels = load_labels(*input.labels, source->frames());
        }
    } else {
        if (!is_text(bytes)) {
            refuse(input.file, "of no known format of frames", formats_hint);
        }
        if (input.labels) {
            refuse(*input.labels, "labels beside a CSV file",
                   "the last column of a CSV file is the label");
        }
        source = formats::parse_csv(input.file, text);
    }
    if (input.frame_period) {
        source->period = input.frame_period;
    }
    return *std::move(source);
}

}  // namespace cimera
