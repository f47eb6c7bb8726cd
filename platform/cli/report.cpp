// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/cli/cli.hpp"
#include "platform/cli/files_apart.hpp"
#include "platform/cli/output_file.hpp"
#include "platform/config/document.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/schema.hpp"
#include "platform/report/bill.hpp"
#include "platform/report/finished_run.hpp"

namespace cimera::cli {

namespace {

struct ReportOptions {
    std::string folder;
    std::string technology;
    std::string out;
    std::string report;
    std::string html;
    BatteryOptions battery;
};

/// A folder like that of a run with this technology.
void write_folder(const ReportOptions& options, const std::string& technology,
                  const FinishedRun& run) {
    const std::filesystem::path out = options.out;
    std::error_code error;
    std::filesystem::create_directories(out, error);
    if (error) {
        throw InputError("--out",
                         fmt::format("{}: cannot be made: {}", options.out, error.message()),
                         "a folder, made where it does not exist");
    }
    if (std::filesystem::equivalent(out, options.folder, error)) {
        throw InputError("--out", options.out + " is the folder of the run itself",
                         "another folder keeps both reports");
    }
    const std::array<std::string, 1> change = {"soc.technology=" + quote_toml(technology)};
    const SocConfig config = load_soc(
        (std::filesystem::path(options.folder) / "config.toml").string(), change, preset_dirs());
    write_file(out / "report.json", dump(run.report));
    write_file(out / "counts.json", to_counts_json(technology, run.counts.result));
    write_file(out / "config.toml", write_resolved(config));
}

int report(const ReportOptions& options) {
    if (!options.html.empty()) {
        throw InputError("--html", "there is no report page yet",
                         "report.json has all of the data");
    }
    const std::optional<Battery> battery = parse_battery(options.battery);
    FinishedRun run = read_finished_run(options.folder);
    RunResult& result = run.counts.result;
    const std::string name =
        options.technology.empty() ? run.counts.technology : options.technology;
    const Technology technology = load_technology(name, technology_dirs());
    const std::string ran_with = result.ran_with.empty() ? result.technology : result.ran_with;
    price_run(result, technology);
    result.ran_with = ran_with == result.technology ? "" : ran_with;
    if (battery) {
        result.battery = battery_life(*battery, result, technology);
    }
    put_priced(run.report, result);
    if (!options.out.empty()) {
        write_folder(options, name, run);
    }
    if (!options.report.empty()) {
        write_file(options.report, dump(run.report));
    }
    std::cout << to_text(result);
    return 0;
}

}  // namespace

void add_battery_options(CLI::App& command, BatteryOptions& options) {
    command
        .add_option("--battery", options.battery,
                    "How long this battery lasts, such as \"220 mAh, 3 V\"")
        ->type_name("CHARGE,VOLTAGE");
    command
        .add_option("--period", options.period, "The run is repeated so often (default: always)")
        ->type_name("TIME");
    command.add_option("--regulator", options.regulator, "Efficiency of the regulator")
        ->type_name("PERCENT");
    command
        .add_option("--self-discharge", options.self_discharge,
                    "Share of its capacity that the battery loses in a year")
        ->type_name("PERCENT");
    command
        .add_option("--between", options.between,
                    "State of host, L2 and tiles between two runs (default: as the run left them)")
        ->type_name("STATE");
}

void add_report(CLI::App& app, int& status) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = app.add_subcommand(
        "report", "Show a finished run again, or price it with another technology");
    command->add_option("folder", options->folder, "Folder that the run has written with -o")
        ->required()
        ->type_name("DIR");
    command->add_option("--technology", options->technology, "Technology to price the run with")
        ->type_name("NAME|FILE.toml");
    command->add_option("-o,--out", options->out, "Folder for report, counts and configuration")
        ->type_name("DIR");
    command->add_option("--report", options->report, "File for the report alone")
        ->type_name("FILE.json");
    command->add_option("--html", options->html, "File for the report as a page")
        ->type_name("FILE.html");
    add_battery_options(*command, options->battery);
    command->callback([options, &status] { status = report(*options); });
}

}  // namespace cimera::cli
