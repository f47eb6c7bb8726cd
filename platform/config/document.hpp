// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "platform/config/diagnostic.hpp"

namespace cimera {

struct Member;

/// One TOML value with its place in the text.
struct Node {
    enum class Kind { text, integer, real, boolean, date, array, table };

    Kind kind = Kind::table;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;
    std::vector<Node> items;
    /// The entries of a table in the order in which the text has them.
    std::vector<Member> members;
    Span span;

    [[nodiscard]] const Member* find(std::string_view key) const;
};

struct Member {
    std::string key;
    Span key_span;
    Node value;
};

/// "a string", "an integer", ...
[[nodiscard]] std::string_view describe(Node::Kind kind);

/// A TOML text that has been read. Faults of its syntax are InputErrors.
struct Document {
    SourcePtr source;
    Node root;
};

/// `name` appears in messages. Any bytes are accepted or refused with an InputError.
[[nodiscard]] Document parse_document(const std::string& name, std::string_view text);

/// Reads and parses a file; a missing, unreadable or huge one is an InputError.
[[nodiscard]] Document read_document(const std::filesystem::path& path);

/// A value as TOML reads it, or the text itself as a string if it is none.
[[nodiscard]] Node parse_value(std::string_view text);

/// A TOML basic string with its quotation marks.
[[nodiscard]] std::string quote_toml(std::string_view text);

/// The bytes of a regular file of at most `limit` bytes; otherwise an InputError says why not.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::uint64_t limit,
                                    std::string_view kind);

}  // namespace cimera
