// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "platform/cli/outputs.hpp"
#include "platform/cli/plan.hpp"
#include "platform/config/units.hpp"
#include "platform/console/console.hpp"
#include "platform/console/terminal.hpp"
#include "platform/soc/simulation.hpp"

namespace cimera::cli {

namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int signal) {
    interrupted = 1;
    console::Terminal::restore();
    // A second one ends the program at once.
    std::signal(signal, SIG_DFL);
}

void show_progress(const Progress& p) {
    std::cerr << fmt::format("\r\033[K{} simulated, {:.1f} MIPS, {:.4g} mJ, {} inferences",
                             human_time(p.simulated),
                             static_cast<double>(p.instructions) / p.wall_s * 1e-6,
                             p.energy_J * 1e3, p.inferences)
              << std::flush;
}

void set_log_level(const RunOptions& options) {
    if (options.given("--log")) {
        spdlog::set_level(spdlog::level::from_str(options.log));
    } else if (options.quiet) {
        spdlog::set_level(spdlog::level::err);
    } else if (options.verbose) {
        spdlog::set_level(spdlog::level::debug);
    }
}

/// What the developer looks at the firmware with: debugger and semihosting.
void serve_developer(const RunOptions& options, Simulation& simulation, console::Console& uart) {
    if (options.semihosting) {
        std::optional<std::filesystem::path> folder;
        if (!options.semihosting_dir.empty()) {
            folder = options.semihosting_dir;
        }
        simulation.serve_semihosting(
            {[&uart](std::uint8_t byte) { uart.put(byte); }, [&uart] { return uart.get(); },
             [&uart] { return uart.ready(); }},
            options.firmware, folder);
    }
    if (options.given("--gdb")) {
        simulation.serve_debugger(options.gdb, options.wait);
        std::cerr << fmt::format("gdb: target remote 127.0.0.1:{}\n", simulation.debugger_port())
                  << std::flush;
    }
}

/// Tells what was taken from the firmware's own file.
void tell_origins(const RunOptions& options, const RunDefaults& defaults, const Plan& plan) {
    if (options.quiet || plan.origins.empty()) {
        return;
    }
    std::string text;
    for (const std::string& origin : plan.origins) {
        text += "\n  " + origin;
    }
    spdlog::info("from {}:{}", defaults.source.string(), text);
}

RunResult simulate(const RunOptions& options, Simulation& simulation) {
    const bool progress = options.progress || (!options.quiet && isatty(STDERR_FILENO) != 0);
    RunResult result =
        simulation.run(progress ? show_progress : std::function<void(const Progress&)>());
    console::Terminal::restore();
    if (progress) {
        std::cerr << "\r\033[K";
    }
    return result;
}

/// What is wrong with the battery shows when the run has ended, and must not cost its report.
std::optional<InputError> add_battery(const std::optional<Battery>& battery,
                                      const Technology& technology, RunResult& result) {
    try {
        if (battery) {
            result.battery = battery_life(*battery, result, technology);
        }
    } catch (const InputError& error) {
        return error;
    }
    return std::nullopt;
}

void tell_result(const RunOptions& options, const RunResult& result) {
    if (!options.quiet) {
        std::cerr << to_text(result);
    } else if (result.exit_code > exit_status::most_firmware) {
        spdlog::error("{}", result.end_reason);
    }
}

int run(const RunOptions& options) {
    set_log_level(options);
    const Image image = Image::load(options.firmware);
    const RunDefaults defaults = load_run_defaults(options.firmware);
    Plan plan = make_plan(options, defaults);
    plan.limits.interrupted = &interrupted;
    const Technology technology = load_technology(plan.soc.soc.technology, technology_dirs());
    const std::optional<Battery> battery = parse_battery(options.battery);
    tell_origins(options, defaults, plan);
    prepare_outputs(options, plan);
    const std::optional<Signature> signature = find_signature(options, plan, image);
    std::optional<console::FileSource> file;
    if (!options.uart_in.empty()) {
        file.emplace(read_text("--uart-in", options.uart_in));
    }
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    console::Console uart(options.uart, interrupted);
    plan.inputs.uart_source = file ? static_cast<SerialSource*>(&*file) : &uart;
    std::string trace_error;
    Simulation* running = nullptr;
    const auto on_error = [&](const std::string& error) {
        trace_error = error;
        if (running != nullptr) {
            running->abort(exit_status::user_error, error);
        }
    };
    Traces traces = make_traces(options, plan, on_error);
    Recordings recordings(plan.recordings, on_error);
    Simulation simulation(plan.soc, technology, image, std::move(plan.inputs), plan.limits,
                          [&uart](std::uint8_t byte) { uart.put(byte); });
    traces.attach(simulation.soc());
    if (options.attributes()) {
        simulation.attribute();
    }
    recordings.attach(simulation);
    running = &simulation;
    serve_developer(options, simulation, uart);
    simulation.attach(uart);
    uart.wait_for_client();
    RunResult result = simulate(options, simulation);
    running = nullptr;
    traces.flush();
    recordings.finish(result.simulated_time);
    if (!trace_error.empty()) {
        result.exit_code = exit_status::user_error;
        result.end_reason = trace_error;
    }
    const std::optional<InputError> battery_error = add_battery(battery, technology, result);
    write_outputs(options, plan, result);
    write_nvm(options, simulation);
    if (signature) {
        write_signature(options, *signature, simulation);
    }
    tell_result(options, result);
    if (!uart.failure().empty()) {
        throw InputError("--uart", "output of the UART was lost: " + uart.failure(), "");
    }
    if (battery_error) {
        throw *battery_error;
    }
    return result.exit_code;
}

}  // namespace

void add_run(CLI::App& app, int& status) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Run a firmware");
    options->command = command;
    add_run_options(*command, *options);
    command->callback([options, &status] { status = run(*options); });
}

}  // namespace cimera::cli
