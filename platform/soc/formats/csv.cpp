// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

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

}  // namespace

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

FrameSource parse_csv(const Path& file, std::string_view text) {
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

}  // namespace cimera::formats
