// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/diagnostic.hpp"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <utility>

namespace cimera {

namespace {

constexpr std::size_t widest_line = 100;

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    std::uint32_t code = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) {
            return 0;
        }
        code = code << 6U | (byte(i) & 0x3fU);
    }
    const bool overlong = code < (length == 2 ? 0x80U : length == 3 ? 0x800U : 0x10000U);
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return overlong || surrogate || code > 0x10ffff ? 0 : length;
}

/// Calls `emit` with each character as it is to be printed.
template <typename Emit>
void for_each_character(std::string_view text, Emit emit) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto first = static_cast<unsigned char>(text[0]);
        if (first == '\t') {
            emit(std::string_view(" "));
        } else if (length == 0 || first < 0x20 || first == 0x7f) {
            emit(std::string_view("?"));
        } else {
            emit(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

std::size_t width(std::string_view text) {
    std::size_t count = 0;
    for_each_character(text, [&](std::string_view) { ++count; });
    return count;
}

/// Lines after the first stand under the first, beside the same margin.
std::string beside(const std::string& hint, const std::string& margin) {
    std::string result;
    for (const char c : hint) {
        result += c;
        if (c == '\n') {
            result += margin;
        }
    }
    return result;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return std::nullopt;
}

std::string printable(std::string_view text) {
    std::string result;
    for_each_character(text, [&](std::string_view character) { result += character; });
    return result;
}

Source::Source(std::string name, std::string_view text, Origin origin)
    : name_(std::move(name)), origin_(origin) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        lines_.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string_view Source::line(std::size_t number) const {
    return number >= 1 && number <= lines_.size() ? std::string_view(lines_[number - 1])
                                                  : std::string_view{};
}

InputError Source::error(const Span& span, const std::string& what, const std::string& hint) const {
    std::string_view text = line(span.line);
    std::size_t begin = std::min(span.column - 1, text.size());
    const std::size_t column = begin + 1;
    if (begin > widest_line / 2) {
        text.remove_prefix(begin - widest_line / 2);
        begin = widest_line / 2;
    }
    text = text.substr(0, std::max(begin + widest_line / 2, widest_line));
    const std::size_t marked = width(text.substr(begin, span.length));

    std::string number = origin_ == Origin::file ? std::to_string(span.line) : "";
    number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
    const std::string margin = std::string(number.size(), ' ') + " | ";
    const std::string indent(width(text.substr(0, begin)), ' ');
    const std::string underline(std::max<std::size_t>(marked, 1), '~');

    std::string snippet = number + " | " + printable(text) + "\n" + margin + indent + underline;
    if (!hint.empty()) {
        const std::string below = indent + std::string(underline.size() + 1, ' ');
        snippet += " " + beside(hint, margin + below);
    }
    const std::string where = origin_ == Origin::file ? name_ + ":" + std::to_string(span.line) +
                                                            ":" + std::to_string(column)
                                                      : name_;
    return {where, what, snippet};
}

InputError Source::error(const std::string& what, const std::string& hint) const {
    return {name_, what, hint};
}

std::string format_error(const InputError& error) {
    std::string text = "error: ";
    if (!error.where.empty()) {
        text += printable(error.where) + ": ";
    }
    text += printable(error.what());
    std::istringstream lines(error.hint);
    for (std::string line; std::getline(lines, line);) {
        const bool indented = line.empty() || line[0] == ' ';
        text += "\n" + std::string(indented ? "" : "  ") + line;
    }
    return text;
}

}  // namespace cimera
