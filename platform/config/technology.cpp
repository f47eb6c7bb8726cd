// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/technology.hpp"

#include <algorithm>
#include <utility>

#include "platform/config/fields.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

constexpr std::string_view nominal_point = "nominal";

class Reader {
public:
    explicit Reader(const Document& document) : document_(document) {}

    Technology read() {
        const Fields fields = {
            {"technology", [this](const Node& node) { read_header(node); }},
            {"energy",
             [this](const Node& node) {
                 for (const Member& member : table_of(document_, node, "energy").members) {
                     technology_.energy.emplace(member.key, read_energy(member));
                 }
             }},
            {"leakage",
             [this](const Node& node) {
                 read_static(node, "leakage", parse_power, "20 pW", technology_.leakage);
             }},
            {"area",
             [this](const Node& node) {
                 read_static(node, "area", parse_area, "3.5 um2", technology_.area);
             }},
            {"points",
             [this](const Node& node) {
                 for (const Member& member : table_of(document_, node, "points").members) {
                     technology_.points.emplace(member.key, read_point(member));
                 }
             }},
            {"states",
             [this](const Node& node) {
                 for (const Member& member : table_of(document_, node, "states").members) {
                     technology_.states.emplace(member.key, read_share(member));
                 }
             }},
        };
        read_fields(document_, document_.root, "at the top level", fields);
        technology_.file = document_.source->name();
        if (technology_.name.empty() || technology_.nominal_voltage == 0) {
            throw document_.source->error(
                "'name' and 'nominal_voltage' are missing in [technology]",
                "for example nominal_voltage = \"0.9 V\"");
        }
        return std::move(technology_);
    }

private:
    void read_header(const Node& node) {
        read_fields(
            document_, table_of(document_, node, "technology"), "in [technology]",
            {{"name",
              [this](const Node& at) { technology_.name = text_of(document_, at, "name"); }},
             {"doc", [this](const Node& at) { technology_.doc = text_of(document_, at, "doc"); }},
             {"nominal_voltage", [this](const Node& at) {
                  technology_.nominal_voltage = read_voltage(at, "nominal_voltage");
              }}});
    }

    double read_voltage(const Node& at, const std::string& key) {
        const double voltage = quantity_of(document_, at, key, parse_voltage, "0.9 V");
        if (!(voltage > 0 && voltage < 10)) {
            throw document_.source->error(at.span, in_quotes(key) + " is out of range",
                                          "must be above 0 V and below 10 V");
        }
        return voltage;
    }

    PointEntry read_point(const Member& member) {
        PointEntry entry;
        if (member.key == nominal_point) {
            throw document_.source->error(member.key_span, "'nominal' is given by nominal_voltage",
                                          "choose another name");
        }
        read_entry(
            member, "[points]", entry.source, entry.estimate,
            {{"voltage", [&](const Node& at) { entry.voltage = read_voltage(at, "voltage"); }}});
        if (entry.voltage == 0) {
            throw document_.source->error(member.key_span,
                                          "'voltage' is missing for " + in_quotes(member.key),
                                          "for example voltage = \"0.7 V\"");
        }
        return entry;
    }

    ShareEntry read_share(const Member& member) {
        static const std::vector<std::string> known = {"retention.byte", "retention.block",
                                                       "off.byte", "off.block"};
        if (std::find(known.begin(), known.end(), member.key) == known.end()) {
            throw document_.source->error(member.key_span,
                                          "unknown key " + in_quotes(member.key) + " in [states]",
                                          suggestion(member.key, known, "keys"));
        }
        ShareEntry entry;
        bool given = false;
        read_entry(member, "[states]", entry.source, entry.estimate,
                   {{"share", [&](const Node& at) {
                         const bool real = at.kind == Node::Kind::real;
                         entry.share = real ? at.real : static_cast<double>(at.integer);
                         given = real || at.kind == Node::Kind::integer;
                         if (!given || !(entry.share >= 0 && entry.share <= 1)) {
                             throw document_.source->error(at.span, "'share' is out of range",
                                                           "must be a number from 0 to 1");
                         }
                     }}});
        if (!given) {
            throw document_.source->error(member.key_span,
                                          "'share' is missing for " + in_quotes(member.key),
                                          "for example share = 0.2");
        }
        return entry;
    }

    EnergyEntry read_energy(const Member& member) {
        EnergyEntry entry;
        bool priced = false;
        read_entry(member, "[energy]", entry.source, entry.estimate,
                   {{"value", [&](const Node& at) {
                         entry.attojoules =
                             quantity_of(document_, at, "value", parse_energy, "1.2 pJ");
                         priced = true;
                     }}});
        check_price(member, priced, entry.attojoules);
        return entry;
    }

    /// A section whose entries are per byte or per block.
    void read_static(const Node& node, const std::string& section,
                     double (*parse)(std::string_view), const char* example,
                     std::map<std::string, StaticEntry>& entries) {
        for (const Member& member : table_of(document_, node, section).members) {
            StaticEntry entry;
            bool priced = false;
            read_entry(member, "[" + section + "]", entry.source, entry.estimate,
                       {{"value",
                         [&](const Node& at) {
                             entry.value = quantity_of(document_, at, "value", parse, example);
                             priced = true;
                         }},
                        {"per", [&](const Node& at) { entry.per = unit_of(at); }}});
            check_price(member, priced, entry.value);
            if (entry.per.empty()) {
                throw document_.source->error(member.key_span,
                                              "'per' is missing for " + in_quotes(member.key),
                                              R"(per = "byte" or "block")");
            }
            entries.emplace(member.key, entry);
        }
    }

    [[nodiscard]] std::string unit_of(const Node& at) const {
        std::string per = text_of(document_, at, "per");
        if (per != "byte" && per != "block") {
            throw document_.source->error(at.span, "'per' cannot be '" + per + "'",
                                          "known choices: byte, block");
        }
        return per;
    }

    void read_entry(const Member& member, const std::string& section, std::string& source,
                    bool& estimate, Fields fields) {
        const Node& table = member.value;
        if (table.kind != Node::Kind::table) {
            throw document_.source->error(
                table.span, in_quotes(member.key) + " in " + section + " takes a table",
                R"(for example { value = "...", source = "..." })");
        }
        fields.emplace_back("source",
                            [&](const Node& at) { source = text_of(document_, at, "source"); });
        fields.emplace_back(
            "estimate", [&](const Node& at) { estimate = boolean_of(document_, at, "estimate"); });
        read_fields(document_, table, "of " + in_quotes(member.key) + " in " + section, fields);
        if (source.empty() && !estimate) {
            throw document_.source->error(
                member.key_span,
                in_quotes(member.key) + " in " + section + " says neither source nor estimate",
                "add source = \"...\" or estimate = true");
        }
    }

    void check_price(const Member& member, bool priced, double value) {
        if (!priced) {
            throw document_.source->error(member.key_span,
                                          "'value' is missing for " + in_quotes(member.key),
                                          "a name with dots needs quotation marks");
        }
        // Integer attojoules (attowatts) must stay far from the end of 64 bits; areas are far
        // below.
        if (!(value >= 0 && value < 1e18)) {
            throw document_.source->error(member.value.span,
                                          "'value' of " + in_quotes(member.key) + " is too large",
                                          "must be below 1 J, 1 W or 1 km2");
        }
    }

    const Document& document_;
    Technology technology_;
};

template <typename Map>
const typename Map::mapped_type& look_up(const Map& map, const std::string& entry,
                                         const std::string& section, const std::string& file) {
    const auto found = map.find(entry);
    if (found != map.end()) {
        return found->second;
    }
    std::vector<std::string> names;
    names.reserve(map.size());
    for (const auto& [name, unused] : map) {
        names.push_back(name);
    }
    throw InputError(file, "no entry " + in_quotes(entry) + " in [" + section + "]",
                     suggestion(entry, names, "entries"));
}

}  // namespace

const EnergyEntry& Technology::energy_of(const std::string& entry) const {
    return look_up(energy, entry, "energy", file);
}

const StaticEntry& Technology::leakage_of(const std::string& entry) const {
    return look_up(leakage, entry, "leakage", file);
}

const StaticEntry& Technology::area_of(const std::string& entry) const {
    return look_up(area, entry, "area", file);
}

double Technology::voltage_of(const std::string& point) const {
    return point == nominal_point ? nominal_voltage
                                  : look_up(points, point, "points", file).voltage;
}

double Technology::share_of(const std::string& per, PowerState state) const {
    const bool is_off = state == PowerState::off;
    const auto found = states.find((is_off ? "off." : "retention.") + per);
    return found != states.end() ? found->second.share : is_off ? 0 : 1;
}

Technology load_technology(const std::string& name_or_file, const PresetDirs& dirs) {
    const Document document =
        read_document(find_preset(name_or_file, dirs, "technology", "technologies"));
    return Reader(document).read();
}

Technology load_technology_text(const std::string& name, std::string_view text) {
    const Document document = parse_document(name, text);
    return Reader(document).read();
}

}  // namespace cimera
