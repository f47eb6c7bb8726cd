// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/compare.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "platform/cli/cli.hpp"
#include "platform/report/finished_run.hpp"

namespace cimera::cli {

namespace {

struct CompareOptions {
    std::string a;
    std::string b;
    bool json = false;
};

int compare(const CompareOptions& options) {
    const std::filesystem::path a = options.a;
    const std::filesystem::path b = options.b;
    const Json report_a = read_report(a);
    const Json report_b = read_report(b);
    const Document config_a = read_document(a / "config.toml");
    const Document config_b = read_document(b / "config.toml");
    const Comparison comparison =
        cimera::compare((a / "report.json").string(), report_a, (b / "report.json").string(),
                        report_b, config_a.root, config_b.root);
    if (options.json) {
        std::cout << dump(to_json(comparison));
    } else {
        std::cout << fmt::format("A: {}\nB: {}\n\n", options.a, options.b) << to_text(comparison);
    }
    return 0;
}

}  // namespace

void add_compare(CLI::App& app, int& status) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App* command = app.add_subcommand("compare", "What differs between two finished runs");
    command->add_option("a", options->a, "Folder of the first run")->required()->type_name("DIR_A");
    command->add_option("b", options->b, "Folder of the second run")
        ->required()
        ->type_name("DIR_B");
    command->add_flag("--json", options->json, "As JSON");
    command->callback([options, &status] { status = compare(*options); });
}

}  // namespace cimera::cli
