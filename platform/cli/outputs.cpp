// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/outputs.hpp"

#include <cstring>
#include <map>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/cli/output_file.hpp"
#include "platform/config/schema.hpp"
#include "platform/console/console.hpp"
#include "platform/elf/symbols.hpp"

namespace cimera::cli {

namespace {

constexpr const char* report_name = "report.json";
constexpr const char* config_name = "config.toml";
constexpr const char* trace_name = "trace.log";

/// Two outputs in one file would leave the last one, or a mixture.
void refuse_shared_files(const RunOptions& options) {
    std::map<std::filesystem::path, std::string> writers;
    const auto claim = [&writers](const std::string& option, const std::filesystem::path& path) {
        if (path.empty() || is_special(path)) {
            return;
        }
        const auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
        const auto& writer = writers.emplace(place, option).first->second;
        if (writer != option) {
            throw InputError(option, fmt::format("{}: {} writes there too", path.string(), writer),
                             "each output needs a file of its own");
        }
    };
    if (!options.out.empty()) {
        const std::filesystem::path out = options.out;
        claim("--out", out / config_name);
        claim("--report", out / report_name);  // the same text
        claim("--trace", out / trace_name);
    }
    claim("--report", options.report);
    claim("--signature", options.signature);
    claim("--uart", console::is_file(options.uart) ? options.uart : "");
    for (const std::string& trace : options.traces) {
        claim("--trace", parse_trace(trace).file);
    }
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

}  // namespace

void prepare_outputs(const RunOptions& options) {
    refuse_shared_files(options);
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
        write_file(out / config_name, write_resolved(plan.soc));
    }
    if (!options.report.empty()) {
        write_file(options.report, json);
    }
}

Traces make_traces(const RunOptions& options, const Plan& plan, Traces::ErrorHandler on_error) {
    const TraceFormat format =
        options.trace_format == "spike" ? TraceFormat::spike : TraceFormat::compact;
    const std::string file =
        options.out.empty() ? "" : (std::filesystem::path(options.out) / trace_name).string();
    return {options.traces, format, file, address_map(plan.soc), std::move(on_error)};
}

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

void write_signature(const RunOptions& options, const Signature& signature,
                     Simulation& simulation) {
    write_file(options.signature,
               signature_text(simulation.memory(signature.begin, signature.end - signature.begin,
                                                "--signature")));
}

}  // namespace cimera::cli
