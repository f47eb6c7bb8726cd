// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include <systemc>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "platform/cli/cli.hpp"
#include "platform/config/diagnostic.hpp"
#include "platform/config/suggest.hpp"
#include "platform/soc/simulation.hpp"

namespace cimera::cli {

namespace {

/// Data that belongs to the program lies beside it: bin/cimera, share/cimera/.
std::filesystem::path share() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return self.parent_path().parent_path() / "share" / "cimera";
}

}  // namespace

PresetDirs preset_dirs() {
    return {{share() / "presets"}};
}
PresetDirs technology_dirs() {
    return {{share() / "technology"}};
}

CLI::Option& repeatable(CLI::Option* option) {
    return *option->allow_extra_args(false)->expected(1)->multi_option_policy(
        CLI::MultiOptionPolicy::TakeAll);
}

void add_soc_options(CLI::App& command, SocChoice& choice) {
    command.add_option("-c,--soc", choice.soc, "Preset or file of the SoC")
        ->type_name("PRESET|FILE.toml")
        ->capture_default_str();
    add_overrides(command, choice);
}

void add_overrides(CLI::App& command, SocChoice& choice) {
    repeatable(
        command.add_option("--set", choice.set, "Change one key of the SoC; may be repeated"))
        .type_name("path.to.key=value");
}

}  // namespace cimera::cli

namespace {

/// The mistake in the form of all other errors, and what there is instead of an unknown word.
cimera::InputError explain(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* command = &app;
    std::string name = "cimera";
    std::vector<std::string> known;
    if (const auto chosen = app.get_subcommands(); !chosen.empty()) {
        command = chosen.front();
        name += " " + command->get_name();
    }
    const std::string help = "'" + name + " --help' lists what there is";
    const std::vector<std::string> unknown = command->remaining();
    if (unknown.empty()) {
        return {"", error.what(), help};
    }
    const bool option = unknown.front().rfind('-', 0) == 0;
    if (option) {
        for (const CLI::Option* one : command->get_options()) {
            known.push_back("--" + one->get_single_name());
        }
    } else if (command == &app) {
        for (const CLI::App* one : app.get_subcommands({})) {
            known.push_back(one->get_name());
        }
    }
    const std::string similar = cimera::closest(unknown.front(), known);
    return {"",
            fmt::format("unknown {} '{}'",
                        option ? "option" : (command == &app ? "command" : "argument"),
                        unknown.front()),
            (similar.empty() ? "" : "did you mean '" + similar + "'?\n") + help};
}

/// What was printed may still fail to reach its reader.
int flushed(int status) {
    errno = 0;
    if (std::cout.flush()) {
        return status;
    }
    const int reason = errno;
    std::cerr << cimera::format_error(
                     {"standard output",
                      "cannot be written" +
                          (reason == 0 ? "" : ": " + std::generic_category().message(reason)),
                      ""})
              << '\n';
    return cimera::exit_status::user_error;
}

int run_program(int argc, char** argv) {
    CLI::App app{"Cimera, a virtual platform of an ultra-low-power edge-AI chip"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string(CIMERA_VERSION));
    int status = 0;
    cimera::cli::add_run(app, status);
    cimera::cli::add_check(app, status);
    cimera::cli::add_describe(app, status);
    cimera::cli::add_report(app, status);
    cimera::cli::add_compare(app, status);
    cimera::cli::add_list(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return flushed(app.exit(error));  // --help and --version
        }
        std::cerr << cimera::format_error(explain(app, error)) << '\n';
        return cimera::exit_status::user_error;
    } catch (const cimera::InputError& error) {
        std::cerr << cimera::format_error(error) << '\n';
        return cimera::exit_status::user_error;
    } catch (const std::exception& error) {
        std::cerr << "internal error: " << error.what() << '\n';
        return cimera::exit_status::internal_error;
    }
    return flushed(status);
}

}  // namespace

int sc_main(int argc, char** argv) {
    return run_program(argc, argv);
}

int main(int argc, char** argv) {
    // SystemC prints a banner unless told not to. No other thread runs yet.
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);  // NOLINT(concurrency-mt-unsafe)
    // A reader that closes our output early must not cost the report.
    std::signal(SIGPIPE, SIG_IGN);
    auto logger = spdlog::stderr_color_st("cimera");
    logger->set_pattern("%^%l%$: %v");
    spdlog::set_default_logger(logger);
    return sc_core::sc_elab_and_sim(argc, argv);
}
