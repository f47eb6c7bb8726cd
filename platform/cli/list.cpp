// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "platform/cli/cli.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/technology.hpp"
#include "platform/config/units.hpp"
#include "platform/trace/traces.hpp"

namespace cimera::cli {

namespace {

struct ListOptions {
    std::string what;
    SocChoice soc;
};

void list_events(const SocConfig& config) {
    const Technology technology = load_technology(config.soc.technology, technology_dirs());
    for (const auto& [name, entry] : technology.energy) {
        std::cout << fmt::format("{:<26}{:>12.4g} fJ  {}{}\n", name, entry.attojoules * 1e-3,
                                 entry.estimate ? "estimated: " : "cited: ", entry.source);
    }
}

int list(const ListOptions& options) {
    if (options.what == "presets" || options.what == "technologies") {
        for (const std::string& name :
             list_presets(options.what == "presets" ? preset_dirs() : technology_dirs())) {
            std::cout << name << '\n';
        }
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
