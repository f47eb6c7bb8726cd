// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "platform/cli/cli.hpp"
#include "platform/cli/idle_soc.hpp"
#include "platform/cli/plan.hpp"
#include "platform/config/technology.hpp"

namespace cimera::cli {

namespace {

struct CheckOptions {
    SocChoice soc;
    std::string firmware;
};

/// Elaborates the SoC, so that every price and binding is checked, and runs nothing.
int check(const CheckOptions& options) {
    std::unique_ptr<Image> image;
    RunDefaults defaults;
    if (!options.firmware.empty()) {
        image = std::make_unique<Image>(Image::load(options.firmware));
        defaults = load_run_defaults(options.firmware);
    }
    const SocConfig config = plan_soc(options.soc.soc, options.soc.set, defaults);
    require_sensors(config, defaults);
    const Technology technology = load_technology(config.soc.technology, technology_dirs());
    const IdleSoc idle(config, technology, image.get());
    std::cout << fmt::format("{}: ok, {} blocks{}\n", config.soc.name, idle.soc().map().size(),
                             image ? fmt::format(", {} fits", options.firmware) : "");
    return 0;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand("check", "Validate a SoC and a firmware, run nothing");
    command->add_option("soc", options->soc.soc, "Preset or file of the SoC")
        ->required()
        ->type_name("FILE.toml");
    command->add_option("firmware", options->firmware, "ELF file")->type_name("FIRMWARE.elf");
    add_overrides(*command, options->soc);
    command->callback([options, &status] { status = check(*options); });
}

}  // namespace cimera::cli
