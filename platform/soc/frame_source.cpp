// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/frame_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <span>
#include <string_view>
#include <zlib.h>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::uint32_t most_side = 65535;  // of a frame: register SHAPE has 16 bits for each

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what,
                         const std::string& hint) {
    throw InputError(file.string(), what, hint);
}

// --- IDX (the format of MNIST: two zero bytes, type, dimensions, big-endian sizes, data) ----

struct Idx {
    unsigned sample_bytes = 1;
    bool is_signed = false;
    std::vector<std::uint32_t> sizes;
    std::span<const std::uint8_t> data;
};

bool looks_like_idx(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 &&
           bytes[2] <= 0x0E && bytes[3] >= 1;
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | bytes[3];
}

Idx parse_idx(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
    Idx idx;
    switch (bytes[2]) {
        case 0x08:
            break;
        case 0x09:
            idx.is_signed = true;
            break;
        case 0x0B:
            idx.sample_bytes = 2;
            idx.is_signed = true;
            break;
        case 0x0C:
            idx.sample_bytes = 4;
            idx.is_signed = true;
            break;
        default:
            refuse(file, fmt::format("IDX file with element type 0x{:02x}", bytes[2]),
                   "types that a sensor plays: 0x08 (unsigned byte), 0x09, 0x0b, 0x0c (signed, 8 "
                   "to 32 bits)");
    }
    const unsigned dimensions = bytes[3];
    const std::size_t header = 4 + std::size_t{4} * dimensions;
    if (bytes.size() < header) {
        refuse(file,
               fmt::format(
                   "truncated IDX file: {} dimensions need a header of {} bytes, the file has {}",
                   dimensions, header, bytes.size()),
               "");
    }
    std::uint64_t expected = idx.sample_bytes;
    std::string shape;
    for (unsigned d = 0; d < dimensions; ++d) {
        const std::uint32_t size = big_endian(bytes.subspan(4 + std::size_t{4} * d, 4));
        idx.sizes.push_back(size);
        if (__builtin_mul_overflow(expected, size, &expected)) {
            expected = ~std::uint64_t{0};  // more than any file has
        }
        shape += (d == 0 ? "" : " x ") + std::to_string(size);
    }
    idx.data = bytes.subspan(header);
    if (expected != idx.data.size()) {
        refuse(file,
               fmt::format(
                   "{} IDX file: {} elements of {} byte(s) need {} bytes of data, the file has {}",
                   expected > idx.data.size() ? "truncated" : "overlong", shape, idx.sample_bytes,
                   expected, idx.data.size()),
               expected > idx.data.size() ? "was it cut while copying?" : "the file is damaged");
    }
    return idx;
}

FrameSource frames_of(const std::filesystem::path& file, const Idx& idx) {
    FrameSource source;
    std::uint64_t rows = 1;
    for (std::size_t d = 1; d + 1 < idx.sizes.size(); ++d) {
        rows = std::min<std::uint64_t>(rows * idx.sizes[d], std::uint64_t{most_side} + 1);
    }
    const std::uint32_t cols = idx.sizes.size() > 1 ? idx.sizes.back() : 1;
    if (idx.sizes[0] == 0 || rows == 0 || cols == 0) {
        refuse(file, "IDX file without frames", "");
    }
    if (rows > most_side || cols > most_side) {
        refuse(file, "frames larger than 65535 rows or columns", "");
    }
    source.rows = static_cast<std::uint32_t>(rows);
    source.cols = cols;
    // Signed bytes become 16-bit samples: a sensor's byte samples are unsigned.
    source.sample_bytes = idx.sample_bytes == 1 && idx.is_signed ? 2 : idx.sample_bytes;
    source.samples.reserve(idx.data.size() / idx.sample_bytes * source.sample_bytes);
    for (std::size_t i = 0; i < idx.data.size(); i += idx.sample_bytes) {
        if (idx.sample_bytes == 1 && idx.is_signed) {
            const auto value =
                static_cast<std::int16_t>(static_cast<std::int16_t>(idx.data[i] << 8) >> 8);
            source.samples.push_back(static_cast<std::uint8_t>(value));
            source.samples.push_back(static_cast<std::uint8_t>(value >> 8));
        } else {
            for (unsigned b = idx.sample_bytes; b-- > 0;) {
                source.samples.push_back(idx.data[i + b]);
            }
        }
    }
    return source;
}

void read_labels(const std::filesystem::path& file, FrameSource& source) {
    const std::vector<std::uint8_t> bytes = read_data_file(file);
    if (!looks_like_idx(bytes)) {
        refuse(file, "not an IDX file", "labels are an IDX file of one unsigned byte a frame");
    }
    const Idx idx = parse_idx(file, bytes);
    if (idx.sizes.size() != 1 || idx.sample_bytes != 1) {
        refuse(file, "labels are not one byte a frame", "labels are an IDX file of one dimension");
    }
    if (idx.sizes[0] != source.frames()) {
        refuse(file, fmt::format("{} labels for {} frames", idx.sizes[0], source.frames()),
               "each frame needs one label");
    }
    source.labels.assign(idx.data.begin(), idx.data.end());
}

// --- CSV ------------------------------------------------------------------------------------

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    for (;;) {
        const std::size_t comma = line.find(',');
        std::string_view cell = line.substr(0, comma);
        while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) {
            cell.remove_prefix(1);
        }
        while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) {
            cell.remove_suffix(1);
        }
        cells.push_back(cell);
        if (comma == std::string_view::npos) {
            return cells;
        }
        line.remove_prefix(comma + 1);
    }
}

bool parse_integer(std::string_view cell, std::int64_t& value) {
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return error == std::errc() && end == cell.data() + cell.size();
}

/// The integers of a line; `bad` is the first column that is none, or the number of columns.
std::vector<std::int64_t> parse_row(const std::vector<std::string_view>& cells, std::size_t& bad) {
    std::vector<std::int64_t> values(cells.size());
    bad = cells.size();
    for (std::size_t i = cells.size(); i-- > 0;) {
        if (!parse_integer(cells[i], values[i]) || values[i] < INT32_MIN || values[i] > INT32_MAX) {
            bad = i;
        }
    }
    return values;
}

void check_row(const std::string& where, const std::vector<std::int64_t>& values,
               const FrameSource& source) {
    if (values.size() < 2) {
        throw InputError(where, "one column only",
                         "samples first, then the label in the last column");
    }
    if (source.cols != 0 && values.size() - 1 != source.cols) {
        throw InputError(where,
                         fmt::format("{} columns where the lines before have {}", values.size(),
                                     source.cols + 1),
                         "");
    }
    if (values.back() < 0) {
        throw InputError(where, fmt::format("negative label {}", values.back()),
                         "labels, in the last column, count from 0");
    }
}

/// Stores the samples in the fewest bytes that hold them all.
void store_samples(const std::vector<std::int64_t>& samples, FrameSource& source) {
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    const bool bytes = *low >= 0 && *high <= 255;
    const bool halves = *low >= INT16_MIN && *high <= INT16_MAX;
    source.sample_bytes = bytes ? 1 : halves ? 2 : 4;
    for (const std::int64_t sample : samples) {
        for (unsigned b = 0; b < source.sample_bytes; ++b) {
            source.samples.push_back(static_cast<std::uint8_t>(sample >> (8 * b)));
        }
    }
}

FrameSource parse_csv(const std::filesystem::path& file, std::string_view text) {
    FrameSource source;
    std::vector<std::int64_t> samples;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
        ++number;
        if (line.empty()) {
            continue;
        }
        const std::vector<std::string_view> cells = cells_of(line);
        std::size_t bad = 0;
        const std::vector<std::int64_t> values = parse_row(cells, bad);
        if (bad != cells.size() && number == 1) {
            continue;  // a line of column names
        }
        const std::string where = fmt::format("{}:{}", file.string(), number);
        if (bad != cells.size()) {
            throw InputError(
                where,
                fmt::format("'{}' in column {} is not a 32-bit integer", cells[bad].substr(0, 40),
                            bad + 1),
                "samples are integers, the last column is the label; scale and round first");
        }
        check_row(where, values, source);
        source.rows = 1;
        source.cols = static_cast<std::uint32_t>(values.size() - 1);
        source.labels.push_back(static_cast<std::uint32_t>(values.back()));
        samples.insert(samples.end(), values.begin(), std::prev(values.end()));
    }
    if (samples.empty() || source.cols > most_side) {
        refuse(file, samples.empty() ? "no frames" : "more than 65535 columns",
               "a frame is a line of integers, its label in the last column");
    }
    store_samples(samples, source);
    return source;
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

FrameSource load_frames(const std::filesystem::path& file,
                        const std::optional<std::filesystem::path>& labels) {
    const std::vector<std::uint8_t> bytes = read_data_file(file);
    if (looks_like_idx(bytes)) {
        FrameSource source = frames_of(file, parse_idx(file, bytes));
        if (labels) {
            read_labels(*labels, source);
        }
        return source;
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.find('\0') != std::string_view::npos || text.empty()) {
        refuse(file, text.empty() ? "empty file" : "neither an IDX nor a CSV file",
               "formats: IDX (starts with 00 00 08 and the number of dimensions), CSV (text)");
    }
    if (labels) {
        refuse(*labels, "labels beside a CSV file", "the last column of a CSV file is the label");
    }
    return parse_csv(file, text);
}

}  // namespace cimera
