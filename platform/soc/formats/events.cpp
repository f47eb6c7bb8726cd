// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

constexpr std::uint64_t longest = std::uint64_t{1} << 40;  // microseconds, twelve days

/// Which column holds what.
struct Columns {
    std::size_t t = 0;
    std::size_t x = 1;
    std::size_t y = 2;
    std::size_t p = 3;
};
constexpr std::size_t column_count = 4;

/// Appends events in the order of time.
class Collector {
public:
    /// `t` on the recording's own clock; `where` for messages.
    template <class Where>
    void add(std::uint16_t x, std::uint16_t y, bool brighter, std::int64_t t, const Where& where) {
        if (source_.events.empty()) {
            first_ = t;
        } else if (t < last_) {
            throw InputError(where(), fmt::format("the time goes back from {} to {}", last_, t),
                             "events are in the order of time, in microseconds");
        }
        const std::uint64_t since =
            static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(first_);
        if (since > longest) {
            throw InputError(where(),
                             fmt::format("time {} is {} us after the first event", t, since),
                             "times are microseconds, up to 2^40 of them");
        }
        last_ = t;
        source_.events.push_back({x, y, brighter, since});
        source_.cols = std::max(source_.cols, x + 1U);
        source_.rows = std::max(source_.rows, y + 1U);
    }
    FrameSource take(const Path& file) {
        if (source_.events.empty()) {
            refuse(file, "no events");
        }
        return std::move(source_);
    }

private:
    FrameSource source_;
    std::int64_t first_ = 0;
    std::int64_t last_ = 0;
};

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::optional<Columns> named_columns(std::string_view line) {
    const std::vector<std::string_view> cells = cells_of(line);
    std::array<std::optional<std::size_t>, column_count> found;
    if (cells.size() != column_count) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string name = lower(cells[i]);
        if (name == "t" || name == "time" || name == "timestamp") {
            found[0] = i;
        } else if (name == "x" || name == "y") {
            found[name == "x" ? 1 : 2] = i;
        } else if (name == "p" || name == "polarity") {
            found[3] = i;
        }
    }
    if (!found[0] || !found[1] || !found[2] || !found[3]) {
        return std::nullopt;
    }
    return Columns{*found[0], *found[1], *found[2], *found[3]};
}

std::array<std::int64_t, column_count> parse_row(const std::string& where, std::string_view line) {
    const std::vector<std::string_view> cells = cells_of(line);
    if (cells.size() != column_count) {
        throw InputError(where, fmt::format("{} columns", cells.size()),
                         "an event has four: t, x, y, p");
    }
    std::array<std::int64_t, column_count> row{};
    for (std::size_t i = 0; i < column_count; ++i) {
        if (!parse_integer(cells[i], row[i])) {
            throw InputError(
                where,
                fmt::format("'{}' in column {} is not an integer", cells[i].substr(0, 40), i + 1),
                "times are whole microseconds");
        }
    }
    return row;
}

}  // namespace

bool names_events(std::string_view text) {
    const std::vector<std::string_view> first = lines_of(text.substr(0, text.find('\n')));
    return !first.empty() && named_columns(first[0]).has_value();
}

FrameSource parse_event_csv(const Path& file, std::string_view text) {
    Collector events;
    Columns columns;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(text)) {
        ++number;
        if (line.empty()) {
            continue;
        }
        if (const auto named = number == 1 ? named_columns(line) : std::nullopt) {
            columns = *named;
            continue;
        }
        const auto where = [&] { return fmt::format("{}:{}", file.string(), number); };
        const auto row = parse_row(where(), line);
        const std::int64_t x = row[columns.x];
        const std::int64_t y = row[columns.y];
        const std::int64_t p = row[columns.p];
        if (std::min(x, y) < 0 || std::max(x, y) > AddressEvent::most_side) {
            throw InputError(where(), fmt::format("address {}, {}", x, y),
                             "x and y are 0 to 32767; columns are t, x, y, p, or as the first line "
                             "names them");
        }
        if (p < -1 || p > 1) {
            throw InputError(where(), fmt::format("polarity {}", p),
                             "1 is brighter, 0 or -1 darker");
        }
        events.add(static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y), p == 1,
                   row[columns.t], where);
    }
    return events.take(file);
}

FrameSource parse_event_binary(const Path& file, Bytes bytes) {
    constexpr std::size_t event_bytes = 5;
    constexpr std::uint8_t overflow_row = 240;
    constexpr std::int64_t overflow_step = 1 << 13;
    if (bytes.size() % event_bytes != 0) {
        refuse(file,
               fmt::format("of no known format; as address events of 5 bytes it is cut: {} bytes, "
                           "the last event begins at offset {}",
                           bytes.size(), bytes.size() / event_bytes * event_bytes),
               "formats: IDX, NPY, WAV, CSV, address events (CSV t,x,y,p or 5 bytes each)");
    }
    Collector events;
    std::int64_t base = 0;
    for (std::size_t at = 0; at < bytes.size(); at += event_bytes) {
        const Bytes event = bytes.subspan(at, event_bytes);
        if (event[1] == overflow_row) {
            base += overflow_step;
            continue;
        }
        const std::int64_t time =
            (event[2] & 0x7FU) << 16U | std::uint32_t{event[3]} << 8U | std::uint32_t{event[4]};
        events.add(event[0], event[1], event[2] >= 0x80, base + time, [&] {
            return fmt::format("{}: of no known format; as address events of 5 bytes, at offset {}",
                               file.string(), at);
        });
    }
    return events.take(file);
}

}  // namespace cimera::formats
