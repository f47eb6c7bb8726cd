// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/builder.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "platform/config/override_path.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

using schema::Key;
using schema::Section;
using schema::Type;
using schema::Value;

std::string in_section(const Key& key) {
    return in_quotes(key.name()) + " in " + schema::heading(key.section());
}

std::string example(const Key& key) {
    return "for example " + std::string(key.name()) + " = " + schema::default_text(key);
}

bool takes_text(Type type) {
    return type == Type::text || type == Type::choice || type == Type::bytes ||
           type == Type::period || type == Type::rate || type == Type::time;
}

std::string_view expected(Type type) {
    switch (type) {
        case Type::text:
            return "a string";
        case Type::choice:
            return "one of its choices as a string";
        case Type::flag:
            return "true or false";
        case Type::bytes:
            return "a size with its unit";
        case Type::period:
        case Type::rate:
            return "a frequency or period with its unit";
        case Type::time:
            return "a time with its unit";
        case Type::count:
        case Type::integer:
            return "an integer";
        case Type::fraction:
            return "a number";
    }
    return "a value";
}

Value convert_text(const Key& key, const Node& node, const SocBuilder::Origin& origin) {
    if (key.type == Type::choice) {
        const auto found = std::find(key.choices.begin(), key.choices.end(), node.text);
        if (found == key.choices.end()) {
            throw origin.source->error(origin.value,
                                       in_section(key) + " cannot be " + in_quotes(node.text),
                                       suggestion(node.text, key.choices, "choices"));
        }
        return static_cast<std::uint64_t>(found - key.choices.begin());
    }
    if (key.type == Type::text) {
        std::string flat = node.text;
        std::replace(flat.begin(), flat.end(), '\n', ' ');
        if (printable(flat) != flat) {
            throw origin.source->error(
                origin.value, in_section(key) + " must be UTF-8 without control characters");
        }
        return node.text;
    }
    try {
        if (key.type == Type::rate) {
            return parse_rate(node.text);
        }
        if (key.type == Type::time) {
            return parse_time(node.text);
        }
        return key.type == Type::bytes ? parse_bytes(node.text) : parse_period(node.text);
    } catch (const QuantityError& error) {
        throw origin.source->error(origin.value, in_section(key) + ": " + error.what(), error.hint);
    }
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = text.find_last_not_of(' ');
    return text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin);
}

}  // namespace

schema::Value convert_value(const Key& key, const Node& node, const SocBuilder::Origin& origin) {
    const bool number = node.kind == Node::Kind::integer || node.kind == Node::Kind::real;
    if (number && takes_text(key.type) && key.type != Type::text && key.type != Type::choice) {
        throw origin.source->error(origin.value, in_section(key) + " needs a unit", example(key));
    }
    const bool fits = takes_text(key.type)         ? node.kind == Node::Kind::text
                      : key.type == Type::flag     ? node.kind == Node::Kind::boolean
                      : key.type == Type::fraction ? number
                                                   : node.kind == Node::Kind::integer;
    if (!fits) {
        throw origin.source->error(origin.value,
                                   in_section(key) + " takes " + std::string(expected(key.type)) +
                                       ", not " + std::string(describe(node.kind)),
                                   example(key));
    }
    Value value;
    if (takes_text(key.type)) {
        value = convert_text(key, node, origin);
    } else if (key.type == Type::flag) {
        value = std::uint64_t{node.boolean ? 1U : 0U};
    } else if (key.type == Type::fraction) {
        value = node.kind == Node::Kind::real ? node.real : static_cast<double>(node.integer);
    } else if (key.type == Type::integer) {
        value = node.integer;
    } else {
        value = static_cast<std::uint64_t>(std::max<std::int64_t>(node.integer, 0));
    }
    const bool negative = key.type == Type::count && node.integer < 0;
    const std::string fault =
        negative ? "must be " + schema::range_text(key) : schema::violation(key, value);
    if (!fault.empty()) {
        throw origin.source->error(origin.value, in_section(key) + " is out of range", fault);
    }
    return value;
}

void SocBuilder::set(const Key& key, std::size_t element, const Node& value, Origin origin) {
    key.access.set(config_, element, convert_value(key, value, origin));
    origin.order = ++set_count_;
    origins_.insert_or_assign({std::string(key.path), element}, origin);
}

void SocBuilder::apply(const Document& document) {
    last_source_ = document.source;
    apply_table(document, document.root, "", 0);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the schema
void SocBuilder::apply_table(const Document& document, const Node& table,
                             const std::string& section, std::size_t element) {
    for (const Member& member : table.members) {
        if (section.empty() && member.key == "extends") {
            continue;
        }
        const std::string path = (section.empty() ? "" : section + ".") + member.key;
        if (const Key* key = schema::find_key(path)) {
            set(*key, element, member.value,
                {document.source, member.key_span, member.value.span, 0});
            continue;
        }
        const Section* child = schema::find_section(path);
        if (child == nullptr || member.key.find('.') != std::string::npos) {
            std::vector<std::string> known = schema::names_in(section);
            if (section.empty()) {
                known.emplace_back("extends");
            }
            throw document.source->error(member.key_span, unknown_key(member.key, section),
                                         suggestion(member.key, known, "names"));
        }
        if (child->is_list()) {
            apply_list(document, member, *child);
        } else if (member.value.kind == Node::Kind::table) {
            apply_table(document, member.value, path, element);
        } else {
            throw document.source->error(
                member.key_span, in_quotes(path) + " is a table",
                "write " + schema::heading(path) + " on a line of its own, once");
        }
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the schema
void SocBuilder::apply_list(const Document& document, const Member& member, const Section& list) {
    const std::string head = schema::heading(list.path);
    const std::vector<Node>& items = member.value.items;
    for (const Node& item : items) {
        if (item.kind != Node::Kind::table) {
            throw document.source->error(item.span, head + " is a list of tables");
        }
    }
    if (member.value.kind != Node::Kind::array) {
        throw document.source->error(member.key_span, in_quotes(list.path) + " is a list of tables",
                                     "write " + head + " above the keys of each element");
    }
    if (items.size() > list.max_elements) {
        throw document.source->error(items[list.max_elements].span, "too many " + head,
                                     "at most " + std::to_string(list.max_elements));
    }
    list.resize(config_, 0);
    list.resize(config_, items.size());
    std::erase_if(origins_,
                  [&](const auto& entry) { return schema::list_of(entry.first.first) == &list; });
    for (std::size_t i = 0; i < items.size(); ++i) {
        // A key that an element leaves out is reported at the element.
        origins_[{std::string(list.path), i}] = {document.source, items[i].span, items[i].span, 0};
        apply_table(document, items[i], std::string(list.path), i);
    }
}

void SocBuilder::apply_override(const std::string& text, const std::string& where) {
    const auto source = std::make_shared<const Source>(where, text, Source::Origin::option);
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
        throw source->error({1, 1, text.size()}, "an override needs a value",
                            "for example --set l2.size=\"8 MiB\"");
    }
    const std::string_view path = trim(std::string_view(text).substr(0, equals));
    const OverrideTarget target = resolve_override(*source, config_, path);
    const Origin origin{source,
                        target.key_span,
                        {1, equals + 2, std::max<std::size_t>(text.size() - equals - 1, 1)},
                        0};
    const std::string_view written = trim(std::string_view(text).substr(equals + 1));
    Node value = parse_value(written);
    if (value.kind != Node::Kind::text && target.key->type == Type::text) {
        // A name such as 42 needs no quotation marks on the command line.
        value.kind = Node::Kind::text;
        value.text = std::string(written);
    }
    const bool all = target.list != nullptr && !target.element;
    const std::size_t begin = target.element.value_or(0);
    const std::size_t end = all ? target.list->size(config_) : begin + 1;
    for (std::size_t i = begin; i < end; ++i) {
        set(*target.key, i, value, origin);
    }
}

void SocBuilder::refuse(const std::vector<Place>& places, const std::string& what,
                        const std::string& hint) const {
    const Origin* latest = nullptr;
    for (const Place& place : places) {
        const auto found = origins_.find(place);
        if (found != origins_.end() && (latest == nullptr || found->second.order > latest->order)) {
            latest = &found->second;
        }
    }
    if (latest != nullptr) {
        throw latest->source->error(latest->value, what, hint);
    }
    throw last_source_->error(what, hint);
}

}  // namespace cimera
