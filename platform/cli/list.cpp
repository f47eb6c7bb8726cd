// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <iostream>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "platform/cli/cli.hpp"
#include "platform/cli/idle_soc.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/technology.hpp"
#include "platform/config/units.hpp"
#include "platform/report/human.hpp"
#include "platform/trace/traces.hpp"

namespace cimera::cli {

namespace {

struct ListOptions {
    std::string what;
    SocChoice soc;
};

/// Names of files with what they say of themselves.
template <class Doc>
void list_files(const PresetDirs& dirs, const Doc& doc) {
    for (const std::string& name : list_presets(dirs)) {
        std::cout << fmt::format("{:<16}{}\n", name, doc(name));
    }
}

std::string origin(bool estimate, const std::string& source) {
    return (estimate ? "estimated: " : "cited: ") + source;
}

/// Rows "name price, what it is made of, who counts it", each kind once.
class EventTable {
public:
    void add(const std::string& name, const std::string& price, const std::string& terms,
             const std::string& component) {
        auto& who = rows_[fmt::format("{:<22}{:>12}  {}", name, price, terms)];
        who += (who.empty() ? "" : ", ") + component;
    }
    void print(const char* title) const {
        std::cout << title << '\n';
        for (const auto& [row, who] : rows_) {
            std::cout << fmt::format("  {:<76}  {}\n", row, who);
        }
    }

private:
    std::map<std::string, std::string> rows_;
};

std::string terms_of(const EventKind& event) {
    std::string text;
    for (const EventKind::Term& term : event.price) {
        text += text.empty() ? "" : " + ";
        text += (term.factor == 1 ? "" : fmt::format("{:.4g} x ", term.factor)) + term.entry;
    }
    return text;
}

/// Everything that the components of a SoC count and what it costs, then the entries behind it.
void list_events(const SocConfig& config) {
    const Technology technology = load_technology(config.soc.technology, technology_dirs());
    const LedgerCounts counts = IdleSoc(config, technology, nullptr).counts();
    const TechnologyPrices prices(technology);
    EventTable events;
    EventTable work;
    EventTable parts;
    for (const LedgerCounts::Component& component : counts.components) {
        const ComponentPrices own = prices_of(component.events, {}, {"nominal"}, prices);
        for (std::size_t e = 0; e < component.events.size(); ++e) {
            const EventKind& event = component.events[e];
            const auto joules = static_cast<double>(own.events[0][e]) * 1e-18;
            if (event.kind == CountKind::operation) {
                work.add(event.name, "", "", component.name);
            } else {
                events.add(event.name, human(joules, "J"), terms_of(event), component.name);
            }
        }
        for (const LeakageTerm& part : component.leakage) {
            parts.add(
                fmt::format("{:.6g} x {}", part.units, part.entry),
                human(part.units * technology.leakage_of(part.entry).value * 1e-18, "W"),
                fmt::format("{:.4g} mm2", part.units * technology.area_of(part.entry).value * 1e-6),
                component.name);
        }
    }
    std::cout << fmt::format("{} with {}, at the nominal {} V\n\n", config.soc.name,
                             technology.name, technology.nominal_voltage);
    events.print("events: energy of one, entries that make it up, components");
    work.print("\noperations: counted, without energy of their own");
    parts.print("\nparts: leakage, area, components");
    std::cout << "\nentries: energy of one event\n";
    for (const auto& [name, entry] : technology.energy) {
        std::cout << fmt::format("  {:<26}{:>12.4g} fJ  {}\n", name, entry.attojoules * 1e-3,
                                 origin(entry.estimate, entry.source));
    }
    std::cout << "\nentries: leakage\n";
    for (const auto& [name, entry] : technology.leakage) {
        std::cout << fmt::format("  {:<26}{:>12.4g} pW per {}  {}\n", name, entry.value * 1e-6,
                                 entry.per, origin(entry.estimate, entry.source));
    }
    std::cout << "\nentries: area\n";
    for (const auto& [name, entry] : technology.area) {
        std::cout << fmt::format("  {:<26}{:>12.4g} um2 per {}  {}\n", name, entry.value, entry.per,
                                 origin(entry.estimate, entry.source));
    }
}

int list(const ListOptions& options) {
    if (options.what == "presets") {
        list_files(preset_dirs(), [](const std::string& name) {
            return load_soc(name, {}, preset_dirs()).soc.doc;
        });
        return 0;
    }
    if (options.what == "technologies") {
        list_files(technology_dirs(), [](const std::string& name) {
            return load_technology(name, technology_dirs()).doc;
        });
        return 0;
    }
    const SocConfig config = load_soc(options.soc.soc, options.soc.set, preset_dirs());
    if (options.what == "events") {
        list_events(config);
        return 0;
    }
    if (options.what == "traces") {
        for (const Traceable& one : traceables(address_map(config))) {
            std::cout << fmt::format("{:<12}{}\n", one.name, one.doc);
        }
        // Not by name: what else follows a run in time.
        std::cout << "--transactions  each transaction and job, its energy by stage\n"
                     "--power-trace   power by domain and component, states, phases\n"
                     "--timeline      functions, jobs, interrupts, sleep, phases, power\n";
        return 0;
    }
    for (const SensorConfig& sensor : config.sensors) {
        std::cout << fmt::format(
            "{}  frames at {}, FIFO {}; plays IDX, NPY, CSV, WAV and address "
            "events\n",
            sensor.name, format_rate(sensor.frame_period), format_bytes(sensor.fifo_bytes));
    }
    return 0;
}

}  // namespace

void add_list(CLI::App& app, int& status) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* command = app.add_subcommand("list", "What there is to choose from");
    command->add_option("what", options->what, "What to list")
        ->required()
        ->check(CLI::IsMember({"presets", "technologies", "events", "sensors", "traces"}));
    add_soc_options(*command, options->soc);
    command->callback([options, &status] { status = list(*options); });
}

}  // namespace cimera::cli
