// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/fields.hpp"

#include <algorithm>

#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

void require(const Document& document, const Node& node, std::string_view key, bool fits,
             std::string_view expected) {
    if (!fits) {
        throw document.source->error(node.span, in_quotes(key) + " takes " + std::string(expected) +
                                                    ", not " + std::string(describe(node.kind)));
    }
}

}  // namespace

void read_fields(const Document& document, const Node& table, std::string_view place,
                 const Fields& fields) {
    for (const Member& member : table.members) {
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
            return field.first == member.key;
        });
        if (found == fields.end()) {
            std::vector<std::string> known;
            for (const auto& [name, reader] : fields) {
                known.push_back(name);
            }
            throw document.source->error(
                member.key_span, "unknown key " + in_quotes(member.key) + " " + std::string(place),
                suggestion(member.key, known, "keys"));
        }
        found->second(member.value);
    }
}

const std::string& text_of(const Document& document, const Node& node, std::string_view key) {
    require(document, node, key, node.kind == Node::Kind::text, "a string");
    return node.text;
}

bool boolean_of(const Document& document, const Node& node, std::string_view key) {
    require(document, node, key, node.kind == Node::Kind::boolean, "true or false");
    return node.boolean;
}

std::uint64_t count_of(const Document& document, const Node& node, std::string_view key) {
    require(document, node, key, node.kind == Node::Kind::integer, "an integer");
    if (node.integer < 0) {
        throw document.source->error(node.span, in_quotes(key) + " cannot be negative");
    }
    return static_cast<std::uint64_t>(node.integer);
}

const Node& table_of(const Document& document, const Node& node, std::string_view key) {
    require(document, node, key, node.kind == Node::Kind::table, "a table");
    return node;
}

template <typename T>
T quantity_of(const Document& document, const Node& node, std::string_view key,
              T (*parse)(std::string_view), std::string_view example) {
    const std::string hint =
        "for example " + std::string(key) + " = \"" + std::string(example) + "\"";
    if (node.kind == Node::Kind::integer || node.kind == Node::Kind::real) {
        throw document.source->error(node.span, in_quotes(key) + " needs a unit", hint);
    }
    require(document, node, key, node.kind == Node::Kind::text, "a quantity with its unit");
    try {
        return parse(node.text);
    } catch (const QuantityError& error) {
        throw document.source->error(node.span, in_quotes(key) + ": " + error.what(),
                                     error.hint.empty() ? hint : error.hint);
    }
}

template std::uint64_t quantity_of(const Document&, const Node&, std::string_view,
                                   std::uint64_t (*)(std::string_view), std::string_view);
template Period quantity_of(const Document&, const Node&, std::string_view,
                            Period (*)(std::string_view), std::string_view);
template double quantity_of(const Document&, const Node&, std::string_view,
                            double (*)(std::string_view), std::string_view);

}  // namespace cimera
