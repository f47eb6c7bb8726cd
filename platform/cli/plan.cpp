// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "models/cpu/jit/engine.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"
#include "platform/soc/address_map.hpp"
#include "platform/soc/frame_source.hpp"
#include "platform/soc/nvm_image.hpp"
#include "platform/soc/pin_script.hpp"
#include "regs/gpio.hpp"

namespace cimera::cli {

namespace {

constexpr Picoseconds debugger_quantum = 1'000'000'000;

Picoseconds parse_duration(const std::string& option, const std::string& text) {
    try {
        return parse_time(text);
    } catch (const QuantityError& error) {
        throw InputError(option, error.what(), error.hint);
    }
}

/// KEY=VALUE
void parse_part(const std::string& part, SensorInput& input) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string key = part.substr(0, equals);
    const std::string where = "--sensor " + input.name;
    std::vector<std::string> known(std::begin(sensor_parts), std::end(sensor_parts));
    if (equals == part.size() || std::find(known.begin(), known.end(), key) == known.end()) {
        known.insert(known.begin(), "labels");
        throw InputError(where, "unknown part '" + part + "'", suggestion(key, known, "parts"));
    }
    try {
        set_part(input, key, part.substr(equals + 1));
    } catch (const QuantityError& error) {
        throw InputError(where, error.what(), error.hint);
    }
}

/// NAME=FILE[,labels=FILE][,rate=RATE][,speed=FACTOR][,samples=COUNT][,as=KIND]
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
        } else {
            parse_part(part, input);
        }
    }
    return input;
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

/// For messages: which file, and that it may not be meant for the SoC at hand.
std::string origin_of(const RunDefaults& defaults) {
    return defaults.source.string() +
           (defaults.soc ? ", made for SoC '" + *defaults.soc + "'" : std::string());
}

/// `where` names who asks for it.
void require_sensor(const SocConfig& soc, const std::string& name, const std::string& where) {
    std::vector<std::string> known;
    for (const SensorConfig& sensor : soc.sensors) {
        known.push_back(sensor.name);
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        throw InputError(where, fmt::format("SoC '{}' has no sensor '{}'", soc.soc.name, name),
                         known.empty() ? "it has none" : suggestion(name, known, "sensors"));
    }
}

void plan_sensors(const RunOptions& options, const RunDefaults& defaults, Plan& plan) {
    std::vector<SensorInput> sensors;
    for (const std::string& text : options.sensors) {
        sensors.push_back(parse_sensor(text));
        require_sensor(plan.soc, sensors.back().name, "--sensor");
    }
    for (const SensorInput& input : defaults.sensors) {
        const bool overridden =
            std::any_of(sensors.begin(), sensors.end(),
                        [&input](const SensorInput& given) { return given.name == input.name; });
        if (!overridden) {
            require_sensor(plan.soc, input.name, origin_of(defaults));
            sensors.push_back(input);
            plan.origins.push_back(fmt::format("sensor {} {}", input.name, input.file.string()));
        }
    }
    for (const SensorInput& input : sensors) {
        plan.reads.push_back({"--sensor", input.file});
        plan.reads.push_back({"--sensor", input.labels.value_or("")});
        plan.inputs.frames[input.name] = load_frames(input);
    }
}

void plan_pins(const RunOptions& options, const RunDefaults& defaults, Plan& plan) {
    std::string script = options.gpio_in;
    std::string where = "--gpio-in";
    if (script.empty() && defaults.gpio_in) {
        script = defaults.gpio_in->string();
        where = origin_of(defaults);
        plan.origins.push_back("gpio_in " + script);
    }
    if (script.empty()) {
        return;
    }
    const std::vector<MapEntry> map = address_map(plan.soc);
    if (std::none_of(map.begin(), map.end(),
                     [](const MapEntry& entry) { return entry.block == &regs::gpio::block; })) {
        throw InputError(where, fmt::format("SoC '{}' has no GPIO", plan.soc.soc.name), "");
    }
    plan.reads.push_back({"--gpio-in", script});
    plan.inputs.pins = parse_pin_script(read_text(where, script), script);
}

void plan_nvm(const RunOptions& options, Plan& plan) {
    for (const char* option : {"--nvm-in", "--nvm-out"}) {
        if (options.given(option) && plan.soc.nvm.size_bytes == 0) {
            throw InputError(option, fmt::format("SoC '{}' has no NVM", plan.soc.soc.name),
                             "--set nvm.size=\"...\" gives it one");
        }
    }
    if (!options.nvm_in.empty()) {
        plan.inputs.nvm =
            parse_nvm_image(options.nvm_in, read_text("--nvm-in", options.nvm_in), plan.soc.nvm);
        // One file may be the NVM of a device that is switched on again and again.
        if (!same_file(options.nvm_in, options.nvm_out)) {
            plan.reads.push_back({"--nvm-in", options.nvm_in});
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
}

void plan_recordings(const RunOptions& options, Plan& plan) {
    if (!options.power_trace.empty() && !is_wave_file(options.power_trace)) {
        throw InputError(
            "--power-trace",
            fmt::format("{}: the format is not known by its ending", options.power_trace),
            "FILE.fst or FILE.vcd");
    }
    plan.recordings = {options.transactions, options.power_trace, options.timeline,
                       parse_duration("--power-interval", options.power_interval)};
    constexpr Picoseconds shortest = 1000;
    if (plan.recordings.interval < shortest) {
        throw InputError("--power-interval",
                         fmt::format("{} is shorter than 1ns", options.power_interval),
                         "the default is 100us");
    }
    if (options.given("--power-interval") && options.power_trace.empty() &&
        options.timeline.empty()) {
        throw InputError("--power-interval", "nothing asks for power over time",
                         "--power-trace or --timeline");
    }
    if (!options.transactions.empty()) {
        plan.inputs.use_dmi = false;
    }
}

}  // namespace

SocConfig plan_soc(const std::string& soc, const std::vector<std::string>& set,
                   const RunDefaults& defaults) {
    return load_soc(soc, set, preset_dirs(), {origin_of(defaults), defaults.set});
}

void require_sensors(const SocConfig& soc, const RunDefaults& defaults) {
    for (const SensorInput& input : defaults.sensors) {
        require_sensor(soc, input.name, origin_of(defaults));
    }
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
    std::string text;
    for (std::array<char, 1U << 16> piece{}; file;) {
        file.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (!file.is_open() || file.bad()) {
        throw InputError(option, fmt::format("{}: cannot be read", path), "");
    }
    return text;
}

Plan make_plan(const RunOptions& options, const RunDefaults& defaults) {
    Plan plan;
    plan.reads = {{"the run", options.firmware}, {"--uart-in", options.uart_in}};
    std::string soc = options.soc.soc;
    if (!options.given("--soc") && defaults.soc) {
        soc = *defaults.soc;
        plan.origins.push_back("soc " + soc);
    }
    for (const std::string& set : defaults.set) {
        plan.origins.push_back("set " + set);
    }
    if (is_file_name(soc)) {
        plan.reads.push_back({"--soc", soc});
    }
    plan.soc = plan_soc(soc, options.soc.set, defaults);
    plan.inputs.seed = options.seed;
    if (!options.given("--seed") && defaults.seed) {
        plan.inputs.seed = *defaults.seed;
        plan.origins.push_back(fmt::format("seed {}", *defaults.seed));
    }
    plan.inputs.timing = options.timing == "at" ? TimingStyle::approximate : TimingStyle::loose;
    plan.inputs.use_dmi = !options.no_dmi;
    plan.inputs.check_tlm = options.check_tlm;
    plan.inputs.check_memory = options.check_memory;
    plan.inputs.semihosting = options.semihosting;
    plan.inputs.quantum = parse_duration("--quantum", options.quantum);
    if (plan.inputs.quantum < plan.soc.clock.host_period_ps) {
        throw InputError("--quantum",
                         fmt::format("{} is shorter than one cycle of the host", options.quantum),
                         "the default is 1ms");
    }
    plan.inputs.jit = options.engine == "jit";
    if (plan.inputs.jit && !cpu::jit::available()) {
        throw InputError("--engine", "this build has no JIT: it translates to x86-64 only",
                         "the default here is interpreter");
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
        plan.reads.push_back({"--model", model});
    }
    plan_nvm(options, plan);
    for (const std::string& load : options.loads) {
        plan.inputs.loads.push_back(parse_load(load));
        plan.reads.push_back({"--load", load.substr(load.find('=') + 1)});
    }
    plan_sensors(options, defaults, plan);
    plan_pins(options, defaults, plan);
    plan_limits(options, defaults, plan);
    plan_recordings(options, plan);
    return plan;
}

}  // namespace cimera::cli
