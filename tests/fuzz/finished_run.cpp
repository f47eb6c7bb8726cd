// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/finished_run.hpp"

#include "platform/report/battery.hpp"
#include "platform/report/bill.hpp"
#include "platform/report/compare.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

namespace {

/// Prices for the entries of the seeds.
const Technology& technology() {
    static const Technology prices = load_technology_text("t.toml", R"(
[technology]
name = "t"
nominal_voltage = "1 V"
[energy]
"a" = { value = "0.9 J", source = "x" }
"b" = { value = "1 aJ", estimate = true }
[leakage]
"core" = { value = "0.9 W", per = "block", source = "x" }
[area]
"core" = { value = "1 mm2", per = "block", source = "x" }
)");
    return prices;
}

constexpr const char* report = R"({"schema": "cimera-report-1", "firmware": "f", "soc": "s",
"technology": "t", "exit_code": 0, "end_reason": "e", "simulated_time_ps": "7", "wall_time_s": 0,
"instructions": 1, "cycles": 1, "asleep_s": 0, "energy_read_by_firmware": false,
"reproducible": true, "warnings": [], "energy_aJ": {"total": "1"}})";

}  // namespace

/// Any text as counts.json, then as report.json: priced and shown, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    static_cast<void>(fuzz::accepted([&] {
        FinishedRun run = parse_finished_run("report.json", report, "counts.json", text);
        RunResult& result = run.counts.result;
        // What is read is written again as it was.
        const std::string again = to_counts_json(run.counts.technology, result);
        fuzz::require(to_counts_json(run.counts.technology,
                                     parse_counts_json("counts.json", again).result) == again);
        price_run(result, technology());
        fuzz::require(!to_text(result).empty());
        Battery battery;
        battery.capacity_J = 1;
        result.battery = battery_life(battery, result, technology());
        put_priced(run.report, result);
        static_cast<void>(dump(run.report));
    }));
    static_cast<void>(fuzz::accepted([&] {
        const Json parsed = parse_report("report.json", text);
        const Node config;
        static_cast<void>(
            to_text(compare("a", parsed, "b", parse_report("b", report), config, config)));
    }));
    return 0;
}
