// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/pin_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

constexpr std::size_t columns = 3;
constexpr const char* form = "a line is time,pin,level, such as 1.5ms,3,1";

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = text.find_first_not_of(blank);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::array<std::string_view, columns> split(std::string_view line, const std::string& where) {
    std::array<std::string_view, columns> cells;
    std::size_t count = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++count) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        if (count < columns) {
            cells[count] = trim(line.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    if (count != columns) {
        throw InputError(where, fmt::format("{} columns instead of 3", count), form);
    }
    return cells;
}

PinChange parse(const std::array<std::string_view, columns>& cells, const std::string& where) {
    PinChange change{};
    try {
        change.at = parse_time(cells[0]);
    } catch (const QuantityError& error) {
        throw InputError(where, error.what(), error.hint);
    }
    const char* const end = cells[1].data() + cells[1].size();
    const auto [last, error] = std::from_chars(cells[1].data(), end, change.pin);
    if (error != std::errc() || last != end || change.pin >= Gpio::pins) {
        throw InputError(where, fmt::format("there is no pin '{}'", cells[1]),
                         fmt::format("0 to {}", Gpio::pins - 1));
    }
    if (cells[2] != "0" && cells[2] != "1") {
        throw InputError(where, fmt::format("'{}' is not a level", cells[2]), "0 or 1");
    }
    change.level = cells[2] == "1" ? PinChange::Level::high : PinChange::Level::low;
    return change;
}

}  // namespace

std::vector<PinChange> parse_pin_script(std::string_view text, const std::string& file) {
    std::vector<PinChange> changes;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trim(text.substr(begin, end - begin));
        begin = end + 1;
        ++number;
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const std::string where = fmt::format("{}:{}", file, number);
        const auto cells = split(line, where);
        if (number == 1 && cells[0] == "time" && cells[1] == "pin" && cells[2] == "level") {
            continue;
        }
        changes.push_back(parse(cells, where));
        if (changes.size() > 1 && changes.back().at < changes[changes.size() - 2].at) {
            throw InputError(where, "earlier than the line before", "lines go by time");
        }
    }
    return changes;
}

std::string to_line(const PinChange& change) {
    const char* const level = change.level == PinChange::Level::high  ? "1"
                              : change.level == PinChange::Level::low ? "0"
                                                                      : "z";
    return fmt::format("{}ps,{},{}", change.at, change.pin, level);
}

}  // namespace cimera
