// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/document.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include <toml.hpp>

#include "platform/config/nesting.hpp"

namespace cimera {

namespace {

using TomlValue = toml::basic_value<toml::discard_comments, std::map, std::vector>;

constexpr std::uint64_t largest_file = 1U << 20U;

bool bare(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Where `key` stands as a whole word in `line` before `end`, the last such place.
std::optional<std::size_t> find_word(std::string_view line, std::size_t end, std::string_view key) {
    std::size_t at = line.substr(0, end).rfind(key);
    while (at != std::string_view::npos && !key.empty()) {
        const bool left = at == 0 || !bare(line[at - 1]);
        const bool right = at + key.size() >= line.size() || !bare(line[at + key.size()]);
        if (left && right) {
            return at;
        }
        if (at == 0) {
            break;
        }
        at = line.substr(0, at + key.size() - 1).rfind(key);
    }
    return std::nullopt;
}

/// toml11 keeps no place for keys: they stand before their value, or within a table's header.
Span find_key(const Source& source, const Node& value, std::string_view key) {
    const std::string_view line = source.line(value.span.line);
    const std::size_t before = value.span.column - 1;
    if (value.kind == Node::Kind::table || value.kind == Node::Kind::array) {
        const std::string_view header =
            line.substr(0, std::min(line.size(), before + value.span.length));
        if (const auto at = find_word(header, header.size(), key); at && *at >= before) {
            return {value.span.line, *at + 1, key.size()};
        }
    }
    if (const auto at = find_word(line, before, key)) {
        return {value.span.line, *at + 1, key.size()};
    }
    return value.span;
}

Span span_of(const TomlValue& value) {
    const toml::source_location location = value.location();
    return {std::max<std::size_t>(location.line(), 1), std::max<std::size_t>(location.column(), 1),
            std::max<std::size_t>(location.region(), 1)};
}

// NOLINTNEXTLINE(misc-no-recursion): nesting is limited before
Node convert(const TomlValue& value, const Source& source) {
    Node node;
    node.span = span_of(value);
    switch (value.type()) {
        case toml::value_t::string:
            node.kind = Node::Kind::text;
            node.text = value.as_string().str;
            break;
        case toml::value_t::integer:
            node.kind = Node::Kind::integer;
            node.integer = value.as_integer();
            break;
        case toml::value_t::floating:
            node.kind = Node::Kind::real;
            node.real = value.as_floating();
            break;
        case toml::value_t::boolean:
            node.kind = Node::Kind::boolean;
            node.boolean = value.as_boolean();
            break;
        case toml::value_t::array:
            node.kind = Node::Kind::array;
            for (const TomlValue& item : value.as_array()) {
                node.items.push_back(convert(item, source));
            }
            break;
        case toml::value_t::table:
            for (const auto& [key, item] : value.as_table()) {
                Node child = convert(item, source);
                const Span key_span = find_key(source, child, key);
                node.members.push_back({key, key_span, std::move(child)});
            }
            std::stable_sort(node.members.begin(), node.members.end(),
                             [](const Member& a, const Member& b) {
                                 return std::tie(a.key_span.line, a.key_span.column) <
                                        std::tie(b.key_span.line, b.key_span.column);
                             });
            break;
        default:
            node.kind = Node::Kind::date;
            break;
    }
    return node;
}

Span span_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 = 0: the first line
    return {line + 1, offset - begin + 1, 1};
}

struct SyntaxFault {
    std::string what;
    std::string hint;
    Span span;
};

/// Reads a line like " 12 | text" and returns its number.
std::optional<std::size_t> snippet_line(const std::string& line) {
    const std::size_t digits = line.find_first_not_of(' ');
    if (digits == std::string::npos ||
        std::isdigit(static_cast<unsigned char>(line[digits])) == 0) {
        return std::nullopt;
    }
    const std::size_t end = line.find_first_not_of("0123456789", digits);
    if (end == std::string::npos || line.compare(end, 2, " |") != 0 || end - digits > 8) {
        return std::nullopt;
    }
    return std::stoul(line.substr(digits, end - digits));
}

/// Takes the underlined place and its remark, such as "   |    ^--- here".
void read_underline(const std::string& line, std::size_t number, SyntaxFault& fault) {
    const std::size_t bar = line.find(" | ");
    const std::size_t mark = line.find_first_of("^~", bar);
    if (bar == std::string::npos || mark == std::string::npos) {
        return;
    }
    const std::size_t end = std::min(line.find_first_not_of("^~-", mark), line.size());
    const std::size_t remark = std::min(line.find_first_not_of(' ', end), line.size());
    fault.span = {number, mark - bar - 2, line[mark] == '~' ? end - mark : 1};
    fault.hint = line.substr(remark);
    if (fault.hint == "here") {
        fault.hint.clear();
    }
}

/// toml11 reports where it stopped only in the text of its message: the last place shown counts.
SyntaxFault read_fault(const std::string& message) {
    SyntaxFault fault;
    std::istringstream lines(message);
    std::string line;
    std::getline(lines, line);
    for (const std::string_view prefix : {"[error] ", "toml::", "detail::"}) {
        if (line.rfind(prefix, 0) == 0) {
            line.erase(0, prefix.size());
        }
    }
    const std::size_t colon = line.find(": ");
    const bool function = colon != std::string::npos && line.find(' ') == colon + 1;
    fault.what = "invalid TOML: " + (function ? line.substr(colon + 2) : line);
    std::optional<std::size_t> number;
    while (std::getline(lines, line)) {
        if (number) {
            read_underline(line, *number, fault);
        }
        number = snippet_line(line);
    }
    return fault;
}

}  // namespace

const Member* Node::find(std::string_view key) const {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Member& member) { return member.key == key; });
    return found == members.end() ? nullptr : &*found;
}

std::string_view describe(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::text:
            return "a string";
        case Node::Kind::integer:
            return "an integer";
        case Node::Kind::real:
            return "a fraction";
        case Node::Kind::boolean:
            return "a boolean";
        case Node::Kind::date:
            return "a date or time";
        case Node::Kind::array:
            return "an array";
        case Node::Kind::table:
            return "a table";
    }
    return "a value";
}

Document parse_document(const std::string& name, std::string_view text) {
    const auto source = std::make_shared<const Source>(name, text);
    if (text.size() > largest_file) {
        throw source->error("larger than 1 MiB", "is this a configuration?");
    }
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        throw source->error(span_at(text, nul), "invalid TOML: a zero byte",
                            "is this a text file?");
    }
    // Checked here because toml11 3.7 reads out of bounds to report it in literal strings.
    if (const auto invalid = find_invalid_utf8(text)) {
        throw source->error(span_at(text, *invalid), "invalid TOML: not UTF-8",
                            "is this a text file?");
    }
    if (const auto deep = find_deep_nesting(text)) {
        throw source->error(*deep, "invalid TOML: nested too deeply",
                            "at most " + std::to_string(deepest_nesting) + " levels, keys of " +
                                std::to_string(longest_dotted_key) + " parts");
    }
    std::istringstream stream{std::string(text)};
    try {
        const auto value = toml::parse<toml::discard_comments, std::map, std::vector>(stream, name);
        return {source, convert(value, *source)};
    } catch (const toml::exception& error) {
        const SyntaxFault fault = read_fault(error.what());
        throw source->error(fault.span, fault.what, fault.hint);
    } catch (const std::exception& error) {
        // Numbers and dates out of range leave the parser as exceptions of the standard library.
        throw source->error(std::string("invalid TOML: ") + error.what());
    }
}

std::string read_file(const std::filesystem::path& path, std::uint64_t limit,
                      std::string_view kind) {
    std::error_code status;
    const std::string name = path.string();
    const std::filesystem::file_status found = std::filesystem::status(path, status);
    if (!std::filesystem::exists(found)) {
        throw InputError(name, "no such file", "expected " + std::string(kind));
    }
    if (!std::filesystem::is_regular_file(found)) {
        const bool directory = std::filesystem::is_directory(found);
        throw InputError(name, directory ? "is a directory" : "is not a regular file",
                         "expected " + std::string(kind));
    }
    const std::uint64_t size = std::filesystem::file_size(path, status);
    if (status || size > limit) {
        throw InputError(name, "is larger than " + std::to_string(limit >> 20U) + " MiB",
                         "expected " + std::string(kind));
    }
    std::ifstream file(path, std::ios::binary);
    std::string bytes(size, '\0');
    if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(size))) {
        throw InputError(name, "cannot be read", "check its permissions");
    }
    return bytes;
}

Document read_document(const std::filesystem::path& path) {
    return parse_document(path.string(), read_file(path, largest_file, "a TOML file"));
}

Node parse_value(std::string_view text) {
    try {
        const Document document = parse_document("value", "value = " + std::string(text));
        if (document.root.members.size() == 1 && document.root.members[0].key == "value") {
            return document.root.members[0].value;
        }
    } catch (const InputError&) {
        // Not a TOML value: names and quantities need no quotation marks on the command line.
    }
    Node node;
    node.kind = Node::Kind::text;
    node.text = std::string(text);
    return node;
}

std::string quote_toml(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04X", byte);
            result += escape.data();
        } else {
            result += c;
        }
    }
    return result + "\"";
}

}  // namespace cimera
