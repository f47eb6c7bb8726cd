// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "platform/config/document.hpp"
#include "platform/config/schema.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace schema {

namespace {

/// The shortest text that reads back as the same number, always with a point or an exponent.
std::string format_fraction(double value) {
    std::array<char, 32> text{};
    char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    std::string result(text.data(), end);
    return result.find_first_of(".e") == std::string::npos ? result + ".0" : result;
}

/// A bound as the user would write it.
std::string bound_text(const Key& key, double bound) {
    switch (key.type) {
        case Type::bytes:
            return format_bytes(static_cast<std::uint64_t>(bound));
        case Type::period:
        case Type::rate:
            return format_period(static_cast<std::uint64_t>(bound));
        case Type::time:
            return format_time(static_cast<std::uint64_t>(bound));
        case Type::fraction:
            return format_fraction(bound);
        case Type::text:
        case Type::choice:
        case Type::flag:
        case Type::count:
        case Type::integer:
            break;
    }
    return std::to_string(static_cast<std::int64_t>(bound));
}

template <typename List, typename Print>
std::string alternatives(const List& list, Print print) {
    std::string text;
    std::size_t at = 0;
    for (const auto& item : list) {
        text += (at == 0 ? "" : at + 1 == list.size() ? " or " : ", ") + print(item);
        ++at;
    }
    return text;
}

double number_of(const Value& value) {
    if (const auto* real = std::get_if<double>(&value)) {
        return *real;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*integer);
    }
    if (const auto* period = std::get_if<Period>(&value)) {
        return static_cast<double>(period->numerator) / static_cast<double>(period->denominator);
    }
    return static_cast<double>(std::get<std::uint64_t>(value));
}

bool allowed(const Key& key, const Value& value) {
    const double number = number_of(value);
    // Written so that NaN fails.
    if (!(number >= key.limits.min && number <= key.limits.max)) {
        return false;
    }
    const auto* whole = std::get_if<std::uint64_t>(&value);
    if (whole == nullptr) {
        return true;
    }
    const auto& list = key.limits.allowed;
    return (!key.limits.power_of_two || std::has_single_bit(*whole)) &&
           *whole % key.limits.multiple_of == 0 &&
           (list.empty() || std::find(list.begin(), list.end(), *whole) != list.end());
}

}  // namespace

std::string to_toml(const Key& key, const Value& value) {
    switch (key.type) {
        case Type::text:
            return quote_toml(std::get<std::string>(value));
        case Type::choice:
            return quote_toml(key.choices.at(std::get<std::uint64_t>(value)));
        case Type::flag:
            return std::get<std::uint64_t>(value) != 0 ? "true" : "false";
        case Type::bytes:
            return quote_toml(format_bytes(std::get<std::uint64_t>(value)));
        case Type::period:
            return quote_toml(format_period(std::get<std::uint64_t>(value)));
        case Type::rate:
            return quote_toml(format_rate(std::get<Period>(value)));
        case Type::time:
            return quote_toml(format_time(std::get<std::uint64_t>(value)));
        case Type::count:
            return std::to_string(std::get<std::uint64_t>(value));
        case Type::integer:
            return std::to_string(std::get<std::int64_t>(value));
        case Type::fraction:
            return format_fraction(std::get<double>(value));
    }
    return {};
}

std::string default_text(const Key& key) {
    SocConfig config;
    if (const Section* list = list_of(key.section())) {
        list->resize(config, 1);
    }
    return to_toml(key, key.access.get(config, 0));
}

std::string range_text(const Key& key) {
    if (key.type == Type::text) {
        return {};
    }
    if (key.type == Type::choice) {
        return alternatives(key.choices, [](const std::string& name) { return quote_toml(name); });
    }
    if (key.type == Type::flag) {
        return "true or false";
    }
    if (!key.limits.allowed.empty()) {
        return alternatives(key.limits.allowed, [](auto number) { return std::to_string(number); });
    }
    const bool period = key.type == Type::period || key.type == Type::rate;
    const std::string low = bound_text(key, period ? key.limits.max : key.limits.min);
    const std::string high = bound_text(key, period ? key.limits.min : key.limits.max);
    std::string text = low + " to " + high;
    if (key.limits.power_of_two) {
        text += ", a power of two";
    }
    if (key.limits.multiple_of > 1) {
        text += ", a multiple of " + bound_text(key, static_cast<double>(key.limits.multiple_of));
    }
    return text;
}

std::string violation(const Key& key, const Value& value) {
    if (key.type == Type::text || key.type == Type::choice || key.type == Type::flag ||
        allowed(key, value)) {
        return {};
    }
    return "must be " + range_text(key);
}

}  // namespace schema

namespace {

void write_keys(const SocConfig& config, std::string_view section, std::size_t element,
                std::string& text) {
    for (const schema::Key& key : schema::keys()) {
        if (key.section() == section) {
            text += std::string(key.name()) + " = " +
                    schema::to_toml(key, key.access.get(config, element)) + "\n";
        }
    }
}

/// Writes one element of a list, or a plain section, with the tables below it.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the schema
void write_section(const SocConfig& config, const schema::Section& section, std::size_t element,
                   std::string& text) {
    text += "\n" + schema::heading(section.path) + "\n";
    write_keys(config, section.path, element, text);
    for (const schema::Section& child : schema::sections()) {
        const bool below = child.path.size() > section.path.size() &&
                           child.path.substr(0, section.path.size()) == section.path &&
                           child.path[section.path.size()] == '.';
        if (below && section.is_list()) {
            write_section(config, child, element, text);
        }
    }
}

std::string table_cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '|' ? "\\|" : std::string(1, c);
    }
    return result.empty() ? "–" : result;
}

}  // namespace

std::string write_resolved(const SocConfig& config) {
    std::string text = "# Every key of the SoC of this run.\n";
    for (const schema::Section& section : schema::sections()) {
        const schema::Section* list = schema::list_of(section.path);
        if (list == nullptr) {
            write_section(config, section, 0, text);
        } else if (list == &section) {
            for (std::size_t i = 0; i < section.size(config); ++i) {
                write_section(config, section, i, text);
            }
        }
    }
    return text;
}

std::string write_key_reference() {
    std::string text;
    for (const schema::Section& section : schema::sections()) {
        text += (text.empty() ? "" : "\n");
        text += "### `" + schema::heading(section.path) + "`\n\n" + std::string(section.doc);
        if (section.is_list()) {
            text += " At most " + std::to_string(section.max_elements) +
                    "; a file that has any replaces those of the preset it extends.";
        }
        text += "\n\n| key | unit | default | range | meaning |\n|---|---|---|---|---|\n";
        for (const schema::Key& key : schema::keys()) {
            if (key.section() == section.path) {
                text += "| `" + std::string(key.name()) + "` | " + table_cell(key.unit) + " | `" +
                        table_cell(schema::default_text(key)) + "` | " +
                        table_cell(schema::range_text(key)) + " | " + table_cell(key.doc) + " |\n";
            }
        }
    }
    return text;
}

}  // namespace cimera
