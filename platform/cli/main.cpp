// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <systemc>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "platform/cli/cli.hpp"
#include "platform/config/diagnostic.hpp"
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

PresetDirs preset_dirs() { return {{share() / "presets"}}; }
PresetDirs technology_dirs() { return {{share() / "technology"}}; }

void add_soc_options(CLI::App& command, SocChoice& choice) {
    command.add_option("-c,--soc", choice.soc, "Preset or file of the SoC")->type_name("PRESET|FILE.toml")
        ->capture_default_str();
    command.add_option("--set", choice.set, "Change one key of the SoC; may be repeated")
        ->type_name("path.to.key=value")->allow_extra_args(false)->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    const std::filesystem::path temporary = path.string() + ".tmp";
    {
        std::ofstream file(temporary, std::ios::binary);
        file << text;
        if (!file.flush()) {
            throw InputError(path.string(), "cannot be written", "does the folder exist, is there space?");
        }
    }
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) {
        std::filesystem::remove(temporary, error);
        throw InputError(path.string(), "cannot be written", "");
    }
}

}  // namespace cimera::cli

namespace {

int run_program(int argc, char** argv) {
    CLI::App app{"Cimera, a virtual platform of an ultra-low-power edge-AI chip"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string(CIMERA_VERSION));
    int status = 0;
    cimera::cli::add_run(app, status);
    cimera::cli::add_check(app, status);
    cimera::cli::add_describe(app, status);
    cimera::cli::add_list(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : cimera::exit_status::user_error;
    } catch (const cimera::InputError& error) {
        std::cerr << cimera::format_error(error) << '\n';
        return cimera::exit_status::user_error;
    } catch (const std::exception& error) {
        std::cerr << "internal error: " << error.what() << '\n';
        return cimera::exit_status::internal_error;
    }
    return status;
}

}  // namespace

int sc_main(int argc, char** argv) { return run_program(argc, argv); }

int main(int argc, char** argv) {
    // SystemC prints a banner unless told not to.
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    auto logger = spdlog::stderr_color_st("cimera");
    logger->set_pattern("%^%l%$: %v");
    spdlog::set_default_logger(logger);
    return sc_core::sc_elab_and_sim(argc, argv);
}
