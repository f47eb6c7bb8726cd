// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/config/soc_config.hpp"

namespace cimera::schema {

/// How a key is written in a file.
enum class Type { text, choice, flag, bytes, period, rate, time, count, integer, fraction };

/// A key's value in base units; choices as their position in the list, flags as 0 or 1.
using Value = std::variant<std::uint64_t, std::int64_t, double, std::string, Period>;

/// Reads and writes the struct member that a key fills; `element` counts in lists of tables.
struct Access {
    Value (*get)(const SocConfig&, std::size_t element);
    void (*set)(SocConfig&, std::size_t element, const Value&);
};

/// What values a key allows; bounds in base units.
struct Limits {
    double min = 0;
    double max = 0;
    bool power_of_two = false;
    /// The value must be a multiple of this.
    std::uint64_t multiple_of = 1;
    /// If not empty, only these.
    std::vector<std::uint64_t> allowed = {};
};

struct Key {
    std::string_view path;
    Type type;
    Access access;
    Limits limits;
    std::vector<std::string> choices;
    std::string_view unit;
    std::string_view doc;

    [[nodiscard]] std::string_view section() const;
    [[nodiscard]] std::string_view name() const;
};

/// A table of the file. Lists are arrays of tables with elements of their own.
struct Section {
    std::string_view path;
    std::string_view doc;
    /// Greatest number of elements; 0: not a list.
    std::size_t max_elements = 0;
    /// The key that tells elements apart in overrides, if any.
    std::string_view selector = {};
    std::size_t (*size)(const SocConfig&) = nullptr;
    void (*resize)(SocConfig&, std::size_t) = nullptr;

    [[nodiscard]] bool is_list() const { return max_elements != 0; }
};

/// Every section in the order of the reference and of written files.
[[nodiscard]] std::span<const Section> sections();

/// Every key, grouped by section in the order of sections().
[[nodiscard]] std::span<const Key> keys();

[[nodiscard]] const Key* find_key(std::string_view path);
[[nodiscard]] const Section* find_section(std::string_view path);

/// The list that a section or key is part of: "sensor" for "sensor.degradation".
[[nodiscard]] const Section* list_of(std::string_view path);

/// Names that may stand in a section: its keys and the tables below it.
[[nodiscard]] std::vector<std::string> names_in(std::string_view section);

/// "[clock]" or "[[cim.tile]]".
[[nodiscard]] std::string heading(std::string_view section);

/// A value as TOML text, with quotation marks where it needs them.
[[nodiscard]] std::string to_toml(const Key& key, const Value& value);

/// The default as TOML text.
[[nodiscard]] std::string default_text(const Key& key);

/// "1 to 1024", "16 B to 64 KiB, a power of two", "\"handle\" or \"trap\"".
[[nodiscard]] std::string range_text(const Key& key);

/// What the schema says about a value, empty if it is allowed.
[[nodiscard]] std::string violation(const Key& key, const Value& value);

}  // namespace cimera::schema

namespace cimera {

/// The complete TOML from which the run can be repeated.
[[nodiscard]] std::string write_resolved(const SocConfig& config);

/// The reference of all keys as Markdown.
[[nodiscard]] std::string write_key_reference();

}  // namespace cimera
