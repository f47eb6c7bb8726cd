// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/outputs.hpp"

#include <cstring>
#include <set>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/cli/output_file.hpp"
#include "platform/config/schema.hpp"
#include "platform/console/console.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/report/counts_file.hpp"
#include "platform/soc/nvm_image.hpp"

namespace cimera::cli {

namespace {

constexpr const char* report_name = "report.json";
constexpr const char* counts_name = "counts.json";
constexpr const char* config_name = "config.toml";
constexpr const char* trace_name = "trace.log";

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

/// Of traces that name none; empty: standard error.
std::string default_trace_file(const RunOptions& options) {
    return options.out.empty() ? "" : (std::filesystem::path(options.out) / trace_name).string();
}

/// All that is written, but for the configuration, which a repeated run reads and writes.
std::vector<NamedFile> outputs_of(const RunOptions& options) {
    std::vector<NamedFile> outputs = {{"--report", options.report},
                                      {"--signature", options.signature},
                                      {"--profile", options.profile},
                                      {"--flamegraph", options.flamegraph},
                                      {"--coverage", options.coverage},
                                      {"--nvm-out", options.nvm_out},
                                      {"--transactions", options.transactions},
                                      {"--power-trace", options.power_trace},
                                      {"--power-trace", save_file_of(options.power_trace)},
                                      {"--timeline", options.timeline}};
    const std::filesystem::path out = options.out;
    if (!options.out.empty() && out / report_name != options.report) {
        outputs.push_back({"--out", out / report_name});
    }
    if (!options.out.empty()) {
        outputs.push_back({"--out", out / counts_name});
    }
    if (console::is_file(options.uart)) {
        outputs.push_back({"--uart", options.uart});
    }
    std::set<std::string> traces;  // several may share a file
    for (const std::string& trace : options.traces) {
        const std::string file = parse_trace(trace).file;
        traces.insert(file.empty() ? default_trace_file(options) : file);
    }
    for (const std::string& trace : traces) {
        outputs.push_back({"--trace", trace});
    }
    return outputs;
}

}  // namespace

void prepare_outputs(const RunOptions& options, const Plan& plan) {
    std::vector<NamedFile> outputs = outputs_of(options);
    require_apart(outputs, plan.reads);
    if (!options.out.empty()) {
        outputs.insert(outputs.begin(),
                       {"--out", std::filesystem::path(options.out) / config_name});
        require_apart(outputs, {});
    }
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
    for (const std::string& file :
         {options.report, options.nvm_out, options.profile, options.flamegraph, options.coverage,
          options.transactions, options.power_trace, save_file_of(options.power_trace),
          options.timeline}) {
        if (!file.empty()) {
            require_writable(file);
        }
    }
}

void write_outputs(const RunOptions& options, const Plan& plan, const RunResult& result) {
    const std::string json = to_json(result);
    if (!options.out.empty()) {
        const std::filesystem::path out = options.out;
        write_file(out / report_name, json);
        write_file(out / counts_name, to_counts_json(plan.soc.soc.technology, result));
        write_file(out / config_name, write_resolved(plan.soc));
    }
    if (!options.report.empty()) {
        write_file(options.report, json);
    }
    if (!options.profile.empty()) {
        write_file(options.profile, to_callgrind(*result.profile));
    }
    if (!options.flamegraph.empty()) {
        write_file(options.flamegraph, to_folded(*result.profile));
    }
    if (!options.coverage.empty()) {
        write_file(options.coverage, to_lcov(*result.profile));
    }
}

void write_nvm(const RunOptions& options, Simulation& simulation) {
    if (!options.nvm_out.empty()) {
        write_file(options.nvm_out, to_nvm_image(simulation.soc().nvm()->state()));
    }
}

Traces make_traces(const RunOptions& options, const Plan& plan, Traces::ErrorHandler on_error) {
    const TraceFormat format =
        options.trace_format == "spike" ? TraceFormat::spike : TraceFormat::compact;
    return {options.traces, format, default_trace_file(options), address_map(plan.soc),
            std::move(on_error)};
}

std::optional<Signature> find_signature(const RunOptions& options, const Plan& plan,
                                        const Image& image) {
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
    const std::vector<MapEntry> map = address_map(plan.soc);
    const MapEntry* const memory = find_entry(map, *begin);
    if (*begin != *end &&
        (memory == nullptr || memory->block != nullptr || *end - 1 > memory->last())) {
        throw InputError("--signature",
                         fmt::format("no memory holds {} bytes at 0x{:08x}", *end - *begin, *begin),
                         "from begin_signature to end_signature");
    }
    require_writable(options.signature);
    return Signature{*begin, *end};
}

void write_signature(const RunOptions& options, const Signature& signature,
                     Simulation& simulation) {
    write_file(options.signature,
               signature_text(simulation.memory(signature.begin, signature.end - signature.begin,
                                                "--signature")));
}

}  // namespace cimera::cli
