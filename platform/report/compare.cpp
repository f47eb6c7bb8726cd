// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "models/power/attojoules.hpp"
#include "platform/report/human.hpp"
#include "platform/report/json_reader.hpp"

namespace cimera {

namespace {

/// A number of a report. Energies are exact.
struct Value {
    double number = 0;
    std::optional<Attojoules> exact;
};
using Values = std::map<std::string, Value>;

Comparison::Row row_of(const std::string& name, const Value& a, const Value& b) {
    Comparison::Row row{name, a.number, b.number, b.number - a.number};
    if (a.exact || b.exact) {
        const Attojoules before = a.exact.value_or(0);
        const Attojoules after = b.exact.value_or(0);
        row.change = after >= before ? to_joules(after - before) : -to_joules(before - after);
    }
    return row;
}

double relative(const Comparison::Row& row) {
    return row.a == 0 ? INFINITY : row.change / std::abs(row.a);
}

Comparison::Section section_of(std::string name, std::string unit, const Values& a,
                               const Values& b) {
    Comparison::Section section{std::move(name), std::move(unit), {}, 0};
    Values names = a;
    names.insert(b.begin(), b.end());
    const auto value = [](const Values& values, const std::string& key) {
        const auto found = values.find(key);
        return found == values.end() ? Value{} : found->second;
    };
    for (const auto& [key, unused] : names) {
        const Comparison::Row row = row_of(key, value(a, key), value(b, key));
        if (row.change == 0) {
            ++section.equal;
        } else {
            section.rows.push_back(row);
        }
    }
    // Rows with units of their own have no common size but the relative one.
    const bool common = !section.unit.empty();
    const auto size = [common](const Comparison::Row& row) {
        return std::abs(common ? row.change : relative(row));
    };
    std::stable_sort(section.rows.begin(), section.rows.end(),
                     [&size](const auto& x, const auto& y) { return size(x) > size(y); });
    return section;
}

/// One report, whose parts are read as they are asked for.
class Report {
public:
    Report(const std::string& name, const Json& json) : name_(name), json_(json) {}

    /// Numbers of an object; other members are left out.
    [[nodiscard]] Values numbers(const char* key) const {
        Values values;
        add_numbers(values, object(key), "");
        return values;
    }
    /// The numbers that stand for themselves, and those of units of work.
    [[nodiscard]] Values run() const {
        Values values;
        for (const char* key :
             {"simulated_time_s", "asleep_s", "instructions", "cycles", "exit_code"}) {
            const auto found = json_.find(key);
            if (found != json_.end() && found->is_number()) {
                values[key].number = found->get<double>();
            }
        }
        for (const char* key : {"inferences", "learned", "efficiency", "operations"}) {
            add_numbers(values, object(key), std::string(key) + ".");
        }
        return values;
    }
    [[nodiscard]] Values area() const {
        Values values;
        if (const Json& parts = object("area_mm2"); parts.is_object()) {
            const auto found = parts.find("by_component");
            if (found != parts.end() && found->is_object()) {
                add_numbers(values, *found, "");
            }
            add_numbers(values, parts, "");
        }
        return values;
    }
    /// Parts of energy_aJ; an empty `split` gives the sums.
    [[nodiscard]] Values energy(const std::string& split) const {
        Values values;
        const Json& all = object("energy_aJ");
        if (!all.is_object()) {
            JsonReader(name_, json_)["energy_aJ"].refuse("must be an object");
        }
        const auto part = split.empty() ? all.end() : all.find(split);
        const Json& members = part == all.end() ? all : *part;
        if ((split.empty() || part != all.end()) && members.is_object()) {
            for (const auto& [key, value] : members.items()) {
                if (value.is_string()) {
                    const Attojoules exact = attojoules(key, value.get<std::string>());
                    values[key] = {to_joules(exact), exact};
                }
            }
        }
        return values;
    }

private:
    [[nodiscard]] const Json& object(const char* key) const {
        static const Json none;
        const auto found = json_.find(key);
        return found == json_.end() ? none : *found;
    }
    static void add_numbers(Values& values, const Json& object, const std::string& prefix) {
        if (object.is_object()) {
            for (const auto& [key, value] : object.items()) {
                if (value.is_number()) {
                    values[prefix + key].number = value.get<double>();
                }
            }
        }
    }
    [[nodiscard]] Attojoules attojoules(const std::string& key, const std::string& digits) const {
        constexpr std::size_t most_digits = 38;
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (digits.empty() || digits.size() > most_digits ||
            !std::all_of(digits.begin(), digits.end(), is_digit)) {
            JsonReader(name_, json_, "energy_aJ").refuse("'" + key + "' is no whole number");
        }
        Attojoules value = 0;
        for (const char c : digits) {
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return value;
    }

    const std::string& name_;
    const Json& json_;
};

std::string text_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::integer:
            return std::to_string(node.integer);
        case Node::Kind::real:
            return fmt::format("{}", node.real);
        case Node::Kind::boolean:
            return node.boolean ? "true" : "false";
        case Node::Kind::text:
        case Node::Kind::date:
        case Node::Kind::array:
        case Node::Kind::table:
            break;
    }
    return node.text;
}

/// Every value by its path, such as "cim.tile[0].rows".
void flatten(const Node& node, const std::string& path, std::map<std::string, std::string>& keys) {
    if (node.kind == Node::Kind::table) {
        for (const Member& member : node.members) {
            flatten(member.value, path.empty() ? member.key : path + "." + member.key, keys);
        }
    } else if (node.kind == Node::Kind::array) {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            flatten(node.items[i], fmt::format("{}[{}]", path, i), keys);
        }
    } else {
        keys[path] = text_of(node);
    }
}

std::string shown(double value, const std::string& unit) {
    return unit == "J"    ? human(value, "J")
           : unit.empty() ? fmt::format("{:.9g}", value)
                          : fmt::format("{:.4g} {}", value, unit);
}

std::string percent(const Comparison::Row& row) {
    if (row.a == 0) {
        return "new";
    }
    return row.b == 0 ? "gone" : fmt::format("{:+.2f}%", 100 * relative(row));
}

std::string differing(const std::string& text) {
    return text.empty() ? "-" : text;
}

}  // namespace

Comparison compare(const std::string& name_a, const Json& a, const std::string& name_b,
                   const Json& b, const Node& config_a, const Node& config_b) {
    const Report one(name_a, a);
    const Report other(name_b, b);
    Comparison result;
    result.sections.push_back(section_of("run", "", one.run(), other.run()));
    result.sections.push_back(section_of("energy", "J", one.energy(""), other.energy("")));
    for (const char* split :
         {"by_component", "by_event", "by_domain", "by_phase", "by_initiator", "by_function"}) {
        result.sections.push_back(section_of(std::string("energy ") + split, "J", one.energy(split),
                                             other.energy(split)));
    }
    result.sections.push_back(
        section_of("results", "", one.numbers("results"), other.numbers("results")));
    result.sections.push_back(section_of("area", "mm2", one.area(), other.area()));
    std::map<std::string, std::string> keys_a;
    std::map<std::string, std::string> keys_b;
    flatten(config_a, "", keys_a);
    flatten(config_b, "", keys_b);
    std::set<std::string> names;
    for (const auto* keys : {&keys_a, &keys_b}) {
        for (const auto& [name, value] : *keys) {
            names.insert(name);
        }
    }
    for (const std::string& name : names) {
        const Comparison::Key key{name, keys_a[name], keys_b[name]};
        if (key.a != key.b) {
            result.config.push_back(key);
        }
    }
    return result;
}

std::string to_text(const Comparison& comparison) {
    std::string text;
    for (const Comparison::Section& section : comparison.sections) {
        if (section.rows.empty()) {
            continue;
        }
        text += fmt::format("{:<30}{:>16}{:>16}{:>16}{:>11}\n", section.name, "A", "B", "change",
                            "relative");
        for (const Comparison::Row& row : section.rows) {
            text += fmt::format("  {:<28}{:>16}{:>16}{:>16}{:>11}\n", row.name,
                                shown(row.a, section.unit), shown(row.b, section.unit),
                                shown(row.change, section.unit), percent(row));
        }
        if (section.equal != 0) {
            text += fmt::format("  {} more are equal\n", section.equal);
        }
        text += "\n";
    }
    if (!comparison.config.empty()) {
        text += fmt::format("{:<30}{:>16}{:>16}\n", "configuration", "A", "B");
        for (const Comparison::Key& key : comparison.config) {
            text +=
                fmt::format("  {:<28}{:>16}{:>16}\n", key.name, differing(key.a), differing(key.b));
        }
        text += "\n";
    }
    return text.empty() ? "the runs are equal\n" : text.substr(0, text.size() - 1);
}

Json to_json(const Comparison& comparison) {
    Json json;
    json["schema"] = "cimera-compare-1";
    json["sections"] = Json::object();
    for (const Comparison::Section& section : comparison.sections) {
        Json rows = Json::array();
        for (const Comparison::Row& row : section.rows) {
            Json one = {{"name", row.name}, {"a", row.a}, {"b", row.b}, {"change", row.change}};
            if (row.a != 0) {
                one["relative"] = relative(row);
            }
            rows.push_back(std::move(one));
        }
        json["sections"][section.name] = {
            {"unit", section.unit}, {"rows", std::move(rows)}, {"equal", section.equal}};
    }
    json["config"] = Json::array();
    for (const Comparison::Key& key : comparison.config) {
        json["config"].push_back({{"key", key.name}, {"a", key.a}, {"b", key.b}});
    }
    return json;
}

}  // namespace cimera
