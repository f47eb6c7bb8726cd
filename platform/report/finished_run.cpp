// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/finished_run.hpp"

#include <cmath>

#include "models/common/error.hpp"
#include "platform/config/document.hpp"
#include "platform/report/json_reader.hpp"

namespace cimera {

namespace {

/// Rows of attribution make counts.json long; more is no file of ours.
constexpr std::uint64_t longest_file = std::uint64_t{1} << 30U;
/// The exit status is a small number; times end where picoseconds do.
constexpr std::uint64_t most_status = 255;
constexpr double most_seconds = 1.8e7;

void read_result(const JsonReader& report, RunResult& result) {
    result.firmware = report["firmware"].text();
    result.soc = report["soc"].text();
    result.technology = report["technology"].text();
    result.exit_code = static_cast<int>(report["exit_code"].count(most_status));
    result.end_reason = report["end_reason"].text();
    result.simulated_time = report["simulated_time_ps"].count_in_text();
    result.wall_time_s = report["wall_time_s"].number(1e300);
    result.instructions = report["instructions"].count();
    result.cycles = report["cycles"].count();
    result.asleep =
        static_cast<Picoseconds>(std::llround(report["asleep_s"].number(most_seconds) * 1e12));
    result.energy_read_by_firmware = report["energy_read_by_firmware"].boolean();
    result.reproducible = report["reproducible"].boolean();
    report["warnings"].each([&](const JsonReader& warning) {
        result.warnings.push_back({warning["text"].text(), warning["count"].count()});
    });
}

std::string read_part(const std::filesystem::path& folder, const char* name) {
    if (!std::filesystem::is_directory(folder)) {
        throw InputError(folder.string(), "is no folder of a finished run",
                         "cimera run FIRMWARE.elf -o DIR writes one");
    }
    return read_file(folder / name, longest_file, "a file of a finished run");
}

}  // namespace

Json parse_report(const std::string& name, std::string_view text) {
    Json report = JsonReader::parse(name, text);
    const JsonReader schema = JsonReader(name, report)["schema"];
    if (schema.text() != report_schema) {
        schema.refuse("'" + schema.text() + "' is not '" + report_schema + "'");
    }
    return report;
}

Json read_report(const std::filesystem::path& folder) {
    return parse_report((folder / "report.json").string(), read_part(folder, "report.json"));
}

FinishedRun parse_finished_run(const std::string& report_name, std::string_view report,
                               const std::string& counts_name, std::string_view counts) {
    FinishedRun run{parse_report(report_name, report), parse_counts_json(counts_name, counts)};
    const JsonReader json(report_name, run.report);
    RunResult& result = run.counts.result;
    read_result(json, result);
    if (result.simulated_time != result.counts.now) {
        throw InputError(counts_name, "belongs to another run than " + report_name,
                         "their times differ");
    }
    if (run.report.contains("ran_with")) {
        result.ran_with = json["ran_with"].text();
    }
    return run;
}

FinishedRun read_finished_run(const std::filesystem::path& folder) {
    return parse_finished_run((folder / "report.json").string(), read_part(folder, "report.json"),
                              (folder / "counts.json").string(), read_part(folder, "counts.json"));
}

}  // namespace cimera
