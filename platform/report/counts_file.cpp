// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/counts_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/report/json_reader.hpp"

namespace cimera {

namespace {

constexpr const char* schema = "cimera-counts-1";
constexpr std::array<const char*, 3> kind_names = {"dynamic", "clock", "operation"};
/// Bounds of what a component may state; beyond them prices could not be whole numbers.
constexpr double most_factor = 1e9;
constexpr double most_units = 1e12;
constexpr int most_exponent = 30;

template <std::size_t n>
std::size_t one_of(const JsonReader& json, const std::array<const char*, n>& names) {
    const std::string name = json.text();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        json.refuse("'" + name + "' is unknown");
    }
    return static_cast<std::size_t>(found - names.begin());
}

Json write_domain(const LedgerCounts::Domain& domain) {
    Json intervals = Json::array();
    for (const PowerInterval& interval : domain.intervals) {
        intervals.push_back({{"state", power_state_names[static_cast<std::size_t>(interval.state)]},
                             {"point", interval.point},
                             {"ps", interval.time}});
    }
    return {{"name", domain.name},
            {"points", domain.points},
            {"state", power_state_names[static_cast<std::size_t>(domain.state)]},
            {"point", domain.point},
            {"intervals", std::move(intervals)}};
}

Json write_component(const LedgerCounts::Component& component) {
    Json events = Json::array();
    for (const EventKind& event : component.events) {
        Json price = Json::array();
        for (const EventKind::Term& term : event.price) {
            price.push_back({{"entry", term.entry}, {"factor", term.factor}});
        }
        events.push_back({{"name", event.name},
                          {"kind", kind_names[static_cast<std::size_t>(event.kind)]},
                          {"price", std::move(price)}});
    }
    Json parts = Json::array();
    for (const LeakageTerm& part : component.leakage) {
        parts.push_back({{"entry", part.entry}, {"units", part.units}});
    }
    Json rows = Json::array();
    for (const CountRow& row : component.rows) {
        rows.push_back({{"owner", row.owner}, {"point", row.point}, {"counts", row.counts}});
    }
    return {{"name", component.name},
            {"domain", component.domain},
            {"events", std::move(events)},
            {"parts", std::move(parts)},
            {"rows", std::move(rows)}};
}

Json write_work(const RunResult::Work& work) {
    return {{"count", work.count}, {"ps", work.latency}};
}

RunResult::Work read_work(const JsonReader& json) {
    RunResult::Work work;
    work.count = json["count"].count();
    work.latency = json["ps"].count();
    return work;
}

LedgerCounts::Domain read_domain(const JsonReader& json, Picoseconds now) {
    LedgerCounts::Domain domain;
    domain.name = json["name"].text();
    json["points"].each([&](const JsonReader& point) { domain.points.push_back(point.text()); });
    if (domain.points.empty()) {
        json["points"].refuse("is empty");
    }
    const auto last_point = domain.points.size() - 1;
    domain.state = static_cast<PowerState>(one_of(json["state"], power_state_names));
    domain.point = static_cast<std::uint32_t>(json["point"].count(last_point));
    Picoseconds left = now;
    json["intervals"].each([&](const JsonReader& interval) {
        const auto state = static_cast<PowerState>(one_of(interval["state"], power_state_names));
        const auto point = static_cast<std::uint32_t>(interval["point"].count(last_point));
        const Picoseconds time = interval["ps"].count(left);
        left -= time;
        domain.intervals.push_back({state, point, time});
    });
    if (left != 0) {
        json["intervals"].refuse("they do not sum to 'now_ps'");
    }
    return domain;
}

EventKind read_event(const JsonReader& json) {
    EventKind event;
    event.name = json["name"].text();
    event.kind = static_cast<CountKind>(one_of(json["kind"], kind_names));
    json["price"].each([&](const JsonReader& term) {
        event.price.push_back({term["entry"].text(), term["factor"].number(most_factor)});
    });
    return event;
}

LedgerCounts::Component read_component(const JsonReader& json, const LedgerCounts& all) {
    LedgerCounts::Component component;
    component.name = json["name"].text();
    if (all.domains.empty()) {
        json["domain"].refuse("there are no domains");
    }
    component.domain = static_cast<DomainId>(json["domain"].count(all.domains.size() - 1));
    json["events"].each(
        [&](const JsonReader& event) { component.events.push_back(read_event(event)); });
    json["parts"].each([&](const JsonReader& part) {
        component.leakage.push_back({part["entry"].text(), part["units"].number(most_units)});
    });
    const std::size_t last_point = all.domains[component.domain].points.size() - 1;
    json["rows"].each([&](const JsonReader& from) {
        CountRow row{static_cast<OwnerId>(from["owner"].count(all.owners.size() - 1)),
                     static_cast<std::uint32_t>(from["point"].count(last_point)),
                     {}};
        from["counts"].each([&](const JsonReader& n) { row.counts.push_back(n.count()); });
        if (row.counts.size() != component.events.size()) {
            from["counts"].refuse("must have one number for each kind of event");
        }
        component.rows.push_back(std::move(row));
    });
    return component;
}

LedgerCounts read_counts(const JsonReader& json) {
    LedgerCounts counts;
    counts.now = json["now_ps"].count();
    json["frames"].each([&](const JsonReader& name) { counts.frames.push_back(name.text()); });
    const std::uint64_t last_frame = counts.frames.empty() ? ~0U : counts.frames.size() - 1;
    json["owners"].each([&](const JsonReader& owner) {
        counts.owners.push_back({owner["initiator"].text(), owner["phase"].text(),
                                 static_cast<std::uint32_t>(owner["frame"].count(last_frame))});
    });
    if (counts.owners.empty()) {
        json["owners"].refuse("is empty");
    }
    json["domains"].each([&](const JsonReader& domain) {
        counts.domains.push_back(read_domain(domain, counts.now));
    });
    json["components"].each([&](const JsonReader& component) {
        counts.components.push_back(read_component(component, counts));
    });
    return counts;
}

RunResult::Number read_number(const JsonReader& json) {
    RunResult::Number number{json["name"].text(), json["mantissa"].integer(), 0};
    const std::int64_t exponent = json["exponent"].integer();
    if (exponent > 0 || exponent < -most_exponent) {
        json["exponent"].refuse("is out of range");
    }
    number.exponent = static_cast<int>(exponent);
    return number;
}

}  // namespace

std::string to_counts_json(const std::string& technology, const RunResult& result) {
    const LedgerCounts& counts = result.counts;
    Json file = {{"schema", schema}, {"technology", technology}, {"now_ps", counts.now}};
    file["inferences"] = write_work(result.inferences);
    file["learned"] = write_work(result.learned);
    file["results"] = Json::array();
    for (const RunResult::Number& number : result.results) {
        file["results"].push_back(
            {{"name", number.name}, {"mantissa", number.mantissa}, {"exponent", number.exponent}});
    }
    file["owners"] = Json::array();
    for (const LedgerCounts::Owner& owner : counts.owners) {
        file["owners"].push_back(
            {{"initiator", owner.initiator}, {"phase", owner.phase}, {"frame", owner.frame}});
    }
    file["frames"] = counts.frames;
    file["domains"] = Json::array();
    for (const LedgerCounts::Domain& domain : counts.domains) {
        file["domains"].push_back(write_domain(domain));
    }
    file["components"] = Json::array();
    for (const LedgerCounts::Component& component : counts.components) {
        file["components"].push_back(write_component(component));
    }
    return file.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

CountsFile parse_counts_json(const std::string& name, std::string_view text) {
    const Json parsed = JsonReader::parse(name, text);
    const JsonReader json(name, parsed);
    if (const std::string found = json["schema"].text(); found != schema) {
        json["schema"].refuse("'" + found + "' is not '" + schema + "'");
    }
    CountsFile file;
    file.technology = json["technology"].text();
    file.result.counts = read_counts(json);
    file.result.inferences = read_work(json["inferences"]);
    file.result.learned = read_work(json["learned"]);
    json["results"].each(
        [&](const JsonReader& number) { file.result.results.push_back(read_number(number)); });
    return file;
}

}  // namespace cimera
