// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "platform/cli/cli.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/run_defaults.hpp"
#include "platform/config/schema.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"
#include "platform/console/console.hpp"
#include "platform/console/terminal.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/soc/frame_source.hpp"
#include "platform/soc/simulation.hpp"
#include "platform/trace/traces.hpp"

namespace cimera::cli {

namespace {

constexpr const char* report_name = "report.json";
constexpr Picoseconds debugger_quantum = 1'000'000'000;
constexpr const char* trace_name = "trace.log";

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int signal) {
    interrupted = 1;
    console::Terminal::restore();
    // A second one ends the program at once.
    std::signal(signal, SIG_DFL);
}

struct RunOptions {
    std::string firmware;
    SocChoice soc;
    std::string out;
    std::vector<std::string> sensors;
    std::string model;
    std::vector<std::string> loads;
    std::uint64_t seed = 1;
    std::string max_time;
    std::uint64_t max_instructions = 0;
    std::string report;
    std::vector<std::string> traces;
    std::string trace_format = "spike";
    std::string uart = "stdio";
    std::string uart_in;
    std::string signature;
    bool realtime = false;
    std::string quantum = "1ms";
    bool no_dmi = false;
    std::uint16_t gdb = 0;
    bool wait = false;
    bool semihosting = false;
    std::string semihosting_dir;
    std::string on_fault = "trap";
    bool quiet = false;
    bool verbose = false;
    bool progress = false;
    std::string log;
    const CLI::App* command = nullptr;

    [[nodiscard]] bool given(const char* option) const { return command->count(option) != 0; }
};

/// Refuses what the conversion to a number would wrap or cut: signs and more than 64 bits.
std::string check_whole_number(const std::string& text) {
    const bool hex = text.rfind("0x", 0) == 0;
    const char* const begin = text.data() + (hex ? 2 : 0);
    const char* const end = text.data() + text.size();
    std::uint64_t value = 0;
    const auto [last, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
    return error == std::errc() && last == end
               ? std::string()
               : "'" + text + "' is not a whole number from 0 to 18446744073709551615";
}

Picoseconds parse_duration(const std::string& option, const std::string& text) {
    try {
        return parse_time(text);
    } catch (const QuantityError& error) {
        throw InputError(option, error.what(), error.hint);
    }
}

/// NAME=FILE[,labels=FILE][,rate=RATE]
SensorInput parse_sensor(const std::string& text) {
    SensorInput input;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw InputError("--sensor", "'" + text + "' is not NAME=FILE",
                         "such as camera=images.idx,labels=labels.idx,rate=2kHz");
    }
    input.name = text.substr(0, equals);
    std::string rest = text.substr(equals + 1);
    bool first = true;
    for (std::size_t begin = 0; begin <= rest.size();) {
        const std::size_t end = std::min(rest.find(',', begin), rest.size());
        const std::string part = rest.substr(begin, end - begin);
        begin = end + 1;
        if (first) {
            input.file = part;
            first = false;
        } else if (part.rfind("labels=", 0) == 0) {
            input.labels = part.substr(7);
        } else if (part.rfind("rate=", 0) == 0) {
            try {
                input.frame_period_ps = parse_period(part.substr(5));
            } catch (const QuantityError& error) {
                throw InputError("--sensor " + input.name, error.what(), error.hint);
            }
        } else {
            const std::vector<std::string> known = {"labels", "rate"};
            throw InputError("--sensor " + input.name, "unknown part '" + part + "'",
                             suggestion(part.substr(0, part.find('=')), known, "parts"));
        }
    }
    return input;
}

std::string read_text(const std::string& option, const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        const bool exists = std::filesystem::exists(path, error);
        throw InputError(
            option, fmt::format("{}: {}", path, exists ? "is not a regular file" : "no such file"),
            "");
    }
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (file.bad()) {
        throw InputError(option, fmt::format("{}: cannot be read", path), "");
    }
    return text;
}

/// ADDR=FILE
SocInputs::Load parse_load(const std::string& text) {
    const std::size_t equals = text.find('=');
    std::uint64_t address = 0;
    const std::string digits = text.substr(0, equals);
    const bool hex = digits.rfind("0x", 0) == 0;
    const char* begin = digits.data() + (hex ? 2 : 0);
    const auto [end, error] =
        std::from_chars(begin, digits.data() + digits.size(), address, hex ? 16 : 10);
    if (equals == std::string::npos || error != std::errc() ||
        end != digits.data() + digits.size() || end == begin) {
        throw InputError("--load", "'" + text + "' is not ADDR=FILE",
                         "such as 0x80100000=data.bin");
    }
    const std::string path = text.substr(equals + 1);
    const std::string bytes = read_text("--load", path);
    return {address, {bytes.begin(), bytes.end()}, "--load " + path};
}

/// Options of the command line over the firmware's own defaults over built-in ones.
struct Plan {
    SocConfig soc;
    SocInputs inputs;
    RunLimits limits;
    std::vector<std::string> origins;  // what came from where
};

void plan_sensors(const RunOptions& options, const RunDefaults& defaults, Plan& plan) {
    std::vector<SensorInput> sensors;
    for (const std::string& text : options.sensors) {
        sensors.push_back(parse_sensor(text));
    }
    for (const SensorInput& input : defaults.sensors) {
        const bool overridden =
            std::any_of(sensors.begin(), sensors.end(),
                        [&input](const SensorInput& given) { return given.name == input.name; });
        if (!overridden) {
            sensors.push_back(input);
            plan.origins.push_back(fmt::format("sensor {} {}", input.name, input.file.string()));
        }
    }
    std::vector<std::string> known;
    for (const SensorConfig& sensor : plan.soc.sensors) {
        known.push_back(sensor.name);
    }
    for (const SensorInput& input : sensors) {
        if (std::find(known.begin(), known.end(), input.name) == known.end()) {
            throw InputError(
                "--sensor",
                fmt::format("SoC '{}' has no sensor '{}'", plan.soc.soc.name, input.name),
                suggestion(input.name, known, "sensors"));
        }
        plan.inputs.frames[input.name] = load_frames(input.file, input.labels);
        if (input.frame_period_ps) {
            plan.inputs.frame_periods[input.name] = *input.frame_period_ps;
        }
    }
}

void plan_limits(const RunOptions& options, const RunDefaults& defaults, Plan& plan) {
    if (options.given("--max-time")) {
        plan.limits.max_time = parse_duration("--max-time", options.max_time);
    } else if (defaults.max_time_ps) {
        plan.limits.max_time = *defaults.max_time_ps;
        plan.origins.push_back("max_time " + human_time(*defaults.max_time_ps));
    }
    if (options.given("--max-instructions")) {
        plan.inputs.max_instructions = options.max_instructions;
    } else if (defaults.max_instructions) {
        plan.inputs.max_instructions = *defaults.max_instructions;
        plan.origins.push_back(fmt::format("max_instructions {}", *defaults.max_instructions));
    }
    plan.limits.realtime = options.realtime;
    plan.limits.stop_on_fault = options.on_fault == "stop";
    plan.limits.interrupted = &interrupted;
}

Plan make_plan(const RunOptions& options, const RunDefaults& defaults) {
    Plan plan;
    std::string soc = options.soc.soc;
    if (!options.given("--soc") && defaults.soc) {
        soc = *defaults.soc;
        plan.origins.push_back("soc " + soc);
    }
    std::vector<std::string> overrides = defaults.set;
    for (const std::string& set : defaults.set) {
        plan.origins.push_back("set " + set);
    }
    overrides.insert(overrides.end(), options.soc.set.begin(), options.soc.set.end());
    plan.soc = load_soc(soc, overrides, preset_dirs());
    plan.inputs.seed = options.seed;
    if (!options.given("--seed") && defaults.seed) {
        plan.inputs.seed = *defaults.seed;
        plan.origins.push_back(fmt::format("seed {}", *defaults.seed));
    }
    plan.inputs.use_dmi = !options.no_dmi;
    plan.inputs.semihosting = options.semihosting;
    plan.inputs.quantum = parse_duration("--quantum", options.quantum);
    if (plan.inputs.quantum < plan.soc.clock.host_period_ps) {
        throw InputError("--quantum",
                         fmt::format("{} is shorter than one cycle of the host", options.quantum),
                         "the default is 1ms");
    }
    if (options.given("--gdb")) {
        // Ctrl-C of the debugger is seen between slices; results do not depend on the quantum.
        plan.inputs.quantum = std::min(plan.inputs.quantum, debugger_quantum);
    }
    std::string model = options.model;
    if (model.empty() && defaults.model) {
        model = defaults.model->string();
        plan.origins.push_back("model " + model);
    }
    if (!model.empty()) {
        const std::string bytes = read_text("--model", model);
        plan.inputs.model.assign(bytes.begin(), bytes.end());
    }
    for (const std::string& load : options.loads) {
        plan.inputs.loads.push_back(parse_load(load));
    }
    plan_sensors(options, defaults, plan);
    plan_limits(options, defaults, plan);
    return plan;
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

/// Before the run: whoever waited for its end should not learn then that it cannot be kept.
void prepare_outputs(const RunOptions& options) {
    if (!options.out.empty()) {
        std::error_code error;
        std::filesystem::create_directories(options.out, error);
        if (error) {
            throw InputError("--out",
                             fmt::format("{}: cannot be made: {}", options.out, error.message()),
                             "a folder, made where it does not exist");
        }
        require_writable(std::filesystem::path(options.out) / report_name);
    }
    if (!options.report.empty()) {
        require_writable(options.report);
    }
}

void write_outputs(const RunOptions& options, const Plan& plan, const RunResult& result) {
    const std::string json = to_json(result);
    if (!options.out.empty()) {
        const std::filesystem::path out = options.out;
        write_file(out / report_name, json);
        write_file(out / "config.toml", write_resolved(plan.soc));
    }
    if (!options.report.empty()) {
        write_file(options.report, json);
    }
}

/// What the developer looks at the firmware with: debugger and semihosting.
void serve_developer(const RunOptions& options, Simulation& simulation, console::Console& uart) {
    if (options.semihosting) {
        std::optional<std::filesystem::path> folder;
        if (!options.semihosting_dir.empty()) {
            folder = options.semihosting_dir;
        }
        simulation.serve_semihosting([&uart](std::uint8_t byte) { uart.put(byte); },
                                     options.firmware, folder);
    }
    if (options.given("--gdb")) {
        simulation.serve_debugger(options.gdb, options.wait);
        std::cerr << fmt::format("gdb: target remote 127.0.0.1:{}\n", simulation.debugger_port())
                  << std::flush;
    }
}

Traces make_traces(const RunOptions& options, const Plan& plan, Traces::ErrorHandler on_error) {
    const TraceFormat format =
        options.trace_format == "spike" ? TraceFormat::spike : TraceFormat::compact;
    const std::string file =
        options.out.empty() ? "" : (std::filesystem::path(options.out) / trace_name).string();
    return {options.traces, format, file, address_map(plan.soc), std::move(on_error)};
}

/// What architecture tests leave behind, by its symbols.
struct Signature {
    std::uint32_t begin;
    std::uint32_t end;
};

std::optional<Signature> find_signature(const RunOptions& options, const Image& image) {
    if (options.signature.empty()) {
        return std::nullopt;
    }
    const Symbols symbols(image);
    const auto begin = symbols.address_of("begin_signature");
    const auto end = symbols.address_of("end_signature");
    if (!begin || !end || *end < *begin) {
        throw InputError("--signature",
                         image.name() + " has no range from begin_signature to end_signature",
                         "both are symbols of the program");
    }
    require_writable(options.signature);
    return Signature{*begin, *end};
}

/// One word a line, as Spike writes it with +signature-granularity=4.
std::string signature_text(std::vector<std::uint8_t> bytes) {
    bytes.resize((bytes.size() + 3) / 4 * 4);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, &bytes[i], sizeof word);
        text += fmt::format("{:08x}\n", word);
    }
    return text;
}

int run(const RunOptions& options) {
    set_log_level(options);
    const Image image = Image::load(options.firmware);
    const RunDefaults defaults = load_run_defaults(options.firmware);
    Plan plan = make_plan(options, defaults);
    const Technology technology = load_technology(plan.soc.soc.technology, technology_dirs());
    if (!options.quiet && !plan.origins.empty()) {
        std::string text;
        for (const std::string& origin : plan.origins) {
            text += "\n  " + origin;
        }
        spdlog::info("from {}:{}", defaults.source.string(), text);
    }
    prepare_outputs(options);
    const std::optional<Signature> signature = find_signature(options, image);
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
    Traces traces = make_traces(options, plan, [&](const std::string& error) {
        trace_error = error;
        if (running != nullptr) {
            running->abort(exit_status::user_error, error);
        }
    });
    Simulation simulation(plan.soc, technology, image, std::move(plan.inputs), plan.limits,
                          [&uart](std::uint8_t byte) { uart.put(byte); });
    traces.attach(simulation.soc());
    running = &simulation;
    serve_developer(options, simulation, uart);
    simulation.attach(uart);
    uart.wait_for_client();
    const bool progress = options.progress || (!options.quiet && isatty(STDERR_FILENO) != 0);
    RunResult result =
        simulation.run(progress ? show_progress : std::function<void(const Progress&)>());
    running = nullptr;
    traces.flush();
    if (!trace_error.empty()) {
        result.exit_code = exit_status::user_error;
        result.end_reason = trace_error;
    }
    console::Terminal::restore();
    if (progress) {
        std::cerr << "\r\033[K";
    }
    write_outputs(options, plan, result);
    if (signature) {
        write_file(options.signature,
                   signature_text(simulation.memory(
                       signature->begin, signature->end - signature->begin, "--signature")));
    }
    if (!options.quiet) {
        std::cerr << to_text(result);
    } else if (result.exit_code > exit_status::most_firmware) {
        spdlog::error("{}", result.end_reason);
    }
    if (!uart.failure().empty()) {
        throw InputError("--uart", "output of the UART was lost: " + uart.failure(), "");
    }
    return result.exit_code;
}

}  // namespace

void add_run(CLI::App& app, int& status) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Run a firmware");
    options->command = command;
    RunOptions& o = *options;
    command->add_option("firmware", o.firmware, "ELF file, RV32, bare metal")
        ->required()
        ->type_name("FIRMWARE.elf");
    add_soc_options(*command, o.soc);
    command->add_option("-o,--out", o.out, "Folder for everything this run writes")
        ->type_name("DIR");
    command->add_option("--sensor", o.sensors, "Stream a data file into a sensor; may be repeated")
        ->type_name("NAME=FILE[,labels=FILE][,rate=RATE]")
        ->allow_extra_args(false)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--model", o.model, "Model image for the NVM")->type_name("FILE");
    command->add_option("--load", o.loads, "Raw bytes into a memory; may be repeated")
        ->type_name("ADDR=FILE")
        ->allow_extra_args(false)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--seed", o.seed, "Seed of all random numbers")
        ->check(CLI::Validator(check_whole_number, ""))
        ->capture_default_str();
    command->add_option("--max-time", o.max_time, "End after this simulated time")
        ->type_name("TIME");
    command
        ->add_option("--max-instructions", o.max_instructions, "End after this many instructions")
        ->check(CLI::Validator(check_whole_number, ""));
    command->add_option("--report", o.report, "JSON report")->type_name("FILE.json");
    command
        ->add_option("--uart", o.uart,
                     "Other end of the UART; a pty, a TCP port or stdio gives input too")
        ->type_name("stdio|pty|tcp:PORT|FILE")
        ->capture_default_str();
    command
        ->add_option(
            "--trace", o.traces,
            "Log what parts of the SoC do, by name ('cimera list traces'); may be repeated")
        ->type_name("REGEX[:FILE]")
        ->allow_extra_args(false)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--trace-format", o.trace_format, "Form of the core's log")
        ->check(CLI::IsMember({"spike", "compact"}))
        ->capture_default_str();
    command
        ->add_option("--uart-in", o.uart_in,
                     "What the UART receives, at its baud rate in simulated time")
        ->type_name("FILE");
    command
        ->add_option("--signature", o.signature,
                     "Words from begin_signature to end_signature, for architecture tests")
        ->type_name("FILE");
    command->add_flag("--realtime", o.realtime, "Not faster than the wall clock");
    command->add_option("--quantum", o.quantum, "How far the core may run ahead of other devices")
        ->type_name("TIME")
        ->capture_default_str();
    command->add_flag("--no-dmi", o.no_dmi, "Each access as a transaction: slower, same results");
    command->add_option("--on-fault", o.on_fault, "A firmware fault traps, or stops the run")
        ->check(CLI::IsMember({"trap", "stop"}))
        ->capture_default_str();
    CLI::Option* gdb =
        command
            ->add_option("--gdb", o.gdb, "Serve GDB on this TCP port of 127.0.0.1; 0: any free one")
            ->type_name("PORT");
    command->add_flag("--wait", o.wait, "Stand at the first instruction until GDB lets go")
        ->needs(gdb);
    CLI::Option* semihosting =
        command->add_flag("--semihosting", o.semihosting,
                          "Serve the firmware's semihosting calls: console, clocks, exit");
    command
        ->add_option("--semihosting-dir", o.semihosting_dir,
                     "Folder whose files semihosting may use; without it, none")
        ->type_name("DIR")
        ->needs(semihosting);
    command->add_flag("-q,--quiet", o.quiet, "Errors only");
    command->add_flag("-v,--verbose", o.verbose, "More messages");
    command->add_option("--log", o.log, "Level of messages")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}));
    command->add_flag("--progress", o.progress, "Show progress even when not on a terminal");
    command->callback([options, &status] { status = run(*options); });
}

}  // namespace cimera::cli
