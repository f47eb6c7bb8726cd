// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/report/battery.hpp"
#include "platform/report/bill.hpp"
#include "platform/report/compare.hpp"
#include "platform/report/finished_run.hpp"

namespace cimera {
namespace {

using test::message_of;

constexpr Picoseconds second = 1'000'000'000'000;

const char* const prices = R"([technology]
name = "t"
nominal_voltage = "1 V"
[energy]
"a" = { value = "2 pJ", source = "x" }
"b" = { value = "3 pJ", estimate = true }
"never" = { value = "1 pJ", estimate = true }
[leakage]
"memory" = { value = "1 uW", per = "byte", estimate = true }
"core" = { value = "100 uW", per = "block", source = "x" }
"absent" = { value = "0.5 W", per = "block", estimate = true }
[area]
"memory" = { value = "10 um2", per = "byte", source = "x" }
"core" = { value = "0.5 mm2", per = "block", source = "x" }
"absent" = { value = "1 mm2", per = "block", source = "x" }
)";

/// A core and a memory that have run for a second. The memory ended in retention.
LedgerCounts counted() {
    LedgerCounts counts;
    counts.now = second;
    counts.owners = {{"none", "none", 0}, {"host", "inference", 1}};
    counts.frames = {"", "main"};
    counts.domains = {
        {"host", {"nominal"}, {{PowerState::on, 0, second}}},
        {"l2",
         {"nominal"},
         {{PowerState::on, 0, second / 4}, {PowerState::retention, 0, second * 3 / 4}},
         PowerState::retention}};
    counts.components = {
        {"cpu",
         0,
         {{"work", {{"a"}, {"b", 0.1}}}, {"idle", {{"never"}}}, {"mac", {}, CountKind::operation}},
         {{"core", 1}, {"absent", 0}},
         {{1, 0, {1000, 0, 7}}}},
        {"l2", 1, {{"clock", {{"b"}}, CountKind::clock}}, {{"memory", 50}}, {{0, 0, {10}}}}};
    return counts;
}

RunResult finished() {
    RunResult result;
    result.firmware = "f.elf";
    result.soc = "s";
    result.end_reason = "done";
    result.counts = counted();
    result.simulated_time = result.counts.now;
    result.inferences = {2, 0, second / 2};
    result.results = {{"accuracy", 9500, -4}, {"count", -3, 0}};
    return result;
}

TEST_CASE("finished run: priced by its technology", "[report]") {
    const Technology technology = load_technology_text("t.toml", prices);
    RunResult result = finished();
    price_run(result, technology);
    // 1000 x (2 pJ + 0.3 pJ), 10 x 3 pJ, 100 uW and 50 uW for a second.
    CHECK(to_decimal(result.energy.dynamic) == "2300000000");
    CHECK(to_decimal(result.energy.clock) == "30000000");
    CHECK(to_decimal(result.energy.leakage) == "150000000000000");
    CHECK(to_decimal(result.inferences.energy) == "2300000000");
    CHECK(result.energy.operations.at("mac") == 7);
    CHECK(to_decimal(result.energy.by_function.at("main")) == "2300000000");
    // What was not counted or is not there has not been used.
    CHECK(result.provenance.cited == 2);  // a, core
    CHECK(result.provenance.estimates == std::vector<std::string>{"energy.b", "leakage.memory"});
    CHECK(result.area.by_component.at("cpu") == Approx(0.5));
    CHECK(result.area.by_component.at("l2") == Approx(0.0005));
    CHECK(result.area.total == Approx(0.5005));
}

TEST_CASE("finished run: counts survive their file", "[report]") {
    const Technology technology = load_technology_text("t.toml", prices);
    RunResult result = finished();
    price_run(result, technology);
    const std::string text = to_counts_json("t", result);
    const std::string report = to_json(result);
    FinishedRun run = parse_finished_run("report.json", report, "counts.json", text);
    CHECK(run.counts.technology == "t");
    RunResult& again = run.counts.result;
    price_run(again, technology);
    CHECK(to_counts_json("t", again) == text);
    CHECK(to_text(again) == to_text(result));
    put_priced(run.report, again);
    CHECK(dump(run.report) == report);
}

TEST_CASE("finished run: an entry that the technology lacks", "[report]") {
    std::string text = prices;
    text.replace(text.find("\"core\""), 6, "\"kore\"");
    const Technology technology = load_technology_text("t.toml", text);
    RunResult result = finished();
    CHECK(message_of([&] { price_run(result, technology); }).find("no entry 'core' in [leakage]") !=
          std::string::npos);
}

TEST_CASE("finished run: messages", "[report][golden]") {
    RunResult result = finished();
    const std::string good = to_counts_json("t", result);
    const std::string report = to_json(result);
    const auto changed = [](std::string text, const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        return text.replace(at, from.size(), to);
    };
    const std::vector<std::pair<std::string, std::string>> edits = {
        {"cimera-counts-1", "cimera-counts-9"},
        {"\"technology\":\"t\",", ""},
        {"\"now_ps\":1000000000000", "\"now_ps\":\"soon\""},
        {"\"owner\":1", "\"owner\":2"},
        {"\"frame\":1", "\"frame\":2"},
        {"\"domain\":0", "\"domain\":2"},
        {"\"point\":0,\"ps\"", "\"point\":1,\"ps\""},
        {"\"ps\":250000000000", "\"ps\":250000000001"},
        {"\"ps\":250000000000", "\"ps\":249999999999"},
        {"[1000,0,7]", "[1000,0]"},
        {"[1000,0,7]", "[1000,0,-7]"},
        {"[1000,0,7]", "[1000,0,7.5]"},
        {"\"kind\":\"operation\"", "\"kind\":\"rest\""},
        {"\"factor\":0.1", "\"factor\":-0.1"},
        {"\"factor\":0.1", "\"factor\":1e10"},
        {"\"units\":50.0", "\"units\":true"},
        {"\"state\":\"retention\"", "\"state\":\"asleep\""},
        {"\"exponent\":-4", "\"exponent\":4"},
        {"\"initiator\":\"none\"", "\"initiator\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"},
        {"{\"schema\"", "{{\"schema\""},
    };
    std::string all;
    for (const auto& [from, to] : edits) {
        const std::string bad = changed(good, from, to);
        all +=
            message_of([&] { static_cast<void>(parse_counts_json("counts.json", bad)); }) + "\n\n";
    }
    const std::vector<std::pair<std::string, std::string>> of_report = {
        {"cimera-report-1", "cimera-report-0"},
        {"\"simulated_time_ps\": \"1000000000000\"", "\"simulated_time_ps\": \"1000000000001\""},
        {"\"simulated_time_ps\": \"1000000000000\"", "\"simulated_time_ps\": \"1e12\""},
        {"\"exit_code\": 0", "\"exit_code\": 256"},
        {"\"warnings\": []", "\"warnings\": {}"},
    };
    for (const auto& [from, to] : of_report) {
        const std::string bad = changed(report, from, to);
        all += message_of([&] {
                   static_cast<void>(parse_finished_run("report.json", bad, "counts.json", good));
               }) +
               "\n\n";
    }
    test::check_golden("report/finished_run_messages.txt", all);
}

// Hand-computed: the chip takes 2.33 nJ + 150 uJ in its second; then 100 uW (core) and, in
// retention by default all of it, 50 uW (memory).
TEST_CASE("battery: hours by hand", "[report]") {
    const Technology technology = load_technology_text("t.toml", prices);
    RunResult result = finished();
    price_run(result, technology);
    const double run = 150.00233e-6;
    BatteryOptions options;
    options.battery = "100 mAh, 2 V";  // 720 J
    const auto life = [&] { return battery_life(*parse_battery(options), result, technology); };

    CHECK(life().capacity_J == Approx(720));
    CHECK(life().period_s == 1);
    CHECK(life().average_W == Approx(run).epsilon(1e-9));
    CHECK(life().hours == Approx(720 / run / 3600).epsilon(1e-9));
    CHECK(life().between == "l2 retention");

    options.period = "10 s";
    CHECK(life().between_W == Approx(150e-6).epsilon(1e-9));
    CHECK(life().average_W == Approx((run + 9 * 150e-6) / 10).epsilon(1e-9));

    options.between = "off";  // nothing leaks where the supply is off
    CHECK(life().between_W == 0);
    CHECK(life().average_W == Approx(run / 10).epsilon(1e-9));
    CHECK(life().between == "off");

    options.regulator = "80 %";
    options.self_discharge = "5 %";
    const double drain = run / 10 / 0.8 + 720 * 0.05 / (365.25 * 86400);
    CHECK(life().drain_W == Approx(drain).epsilon(1e-9));
    CHECK(life().hours == Approx(720 / drain / 3600).epsilon(1e-9));
}

TEST_CASE("battery: what firmware cannot switch stays on", "[report]") {
    const std::string name = GENERATE("always_on", "fabric");
    const Technology technology = load_technology_text("t.toml", prices);
    RunResult result = finished();
    result.counts.domains[0].name = name;
    price_run(result, technology);
    BatteryOptions options;
    options.battery = "100 mAh, 2 V";
    options.period = "2 s";
    options.between = "off";
    CHECK(battery_life(*parse_battery(options), result, technology).between_W ==
          Approx(100e-6).epsilon(1e-9));
}

TEST_CASE("battery: messages", "[report][golden]") {
    const Technology technology = load_technology_text("t.toml", prices);
    RunResult result = finished();
    price_run(result, technology);
    const std::vector<BatteryOptions> wrong = {
        {"220 mAh", "", "", "", ""},
        {"220, 3 V", "", "", "", ""},
        {"220 mAh, ", "", "", "", ""},
        {"0 mAh, 3 V", "", "", "", ""},
        {"220 mAh, 3 V", "60", "", "", ""},
        {"220 mAh, 3 V", "", "0 %", "", ""},
        {"220 mAh, 3 V", "", "101 %", "", ""},
        {"220 mAh, 3 V", "", "", "0.01", ""},
        {"220 mAh, 3 V", "", "", "", "asleep"},
        {"", "60 s", "", "", ""},
        {"220 mAh, 3 V", "999 ms", "", "", ""},
    };
    std::string all;
    for (const BatteryOptions& options : wrong) {
        all +=
            message_of([&] {
                static_cast<void>(battery_life(parse_battery(options).value(), result, technology));
            }) +
            "\n\n";
    }
    test::check_golden("report/battery_messages.txt", all);
}

Comparison compared(const Json& a, const Json& b) {
    const Document one =
        parse_document("a.toml", "[l2]\nsize = \"1 MiB\"\n[[cim.tile]]\nrows = 64\n");
    const Document two =
        parse_document("b.toml", "[l2]\nsize = \"2 MiB\"\n[[cim.tile]]\nrows = 64\n");
    return compare("a.json", a, "b.json", b, one.root, two.root);
}

TEST_CASE("compare: what differs, largest first, energies exactly", "[report]") {
    const Json a = Json::parse(R"({"cycles": 100, "instructions": 50,
        "energy_aJ": {"total": "900000000000000000000001",
                      "by_component": {"cpu": "700000000000000000000001", "l2": "5", "rom": "7"}},
        "results": {"accuracy": 0.9, "gone": 3}, "area_mm2": {"total": 2.0, "by_component": {"cpu": 2.0}}})");
    const Json b = Json::parse(R"({"cycles": 150, "instructions": 50,
        "energy_aJ": {"total": "900000000000000000000002",
                      "by_component": {"cpu": "700000000000000000000002", "l2": "50", "rom": "7"}},
        "results": {"accuracy": 0.9, "new": 1}, "area_mm2": {"total": 1.0, "by_component": {"cpu": 1.0}}})");
    const Comparison result = compared(a, b);
    const auto section = [&result](const std::string& name) {
        for (const Comparison::Section& one : result.sections) {
            if (one.name == name) {
                return one;
            }
        }
        return Comparison::Section{};
    };
    REQUIRE(section("run").rows.size() == 1);
    CHECK(section("run").rows[0].name == "cycles");
    CHECK(section("run").rows[0].change == 50);
    CHECK(section("run").equal == 1);
    // A single attojoule of 0.9 J shows.
    REQUIRE(section("energy").rows.size() == 1);
    CHECK(section("energy").rows[0].change == 1e-18);
    REQUIRE(section("energy by_component").rows.size() == 2);
    CHECK(section("energy by_component").rows[0].name == "l2");
    CHECK(section("energy by_component").rows[0].change == Approx(45e-18));
    CHECK(section("energy by_component").equal == 1);
    CHECK(section("results").rows.size() == 2);
    CHECK(section("area").rows.size() == 2);
    REQUIRE(result.config.size() == 1);
    CHECK(result.config[0].name == "l2.size");
    const std::string text = to_text(result);
    CHECK(
        text.find("cycles                                   100             150              50    "
                  "+50.00%") != std::string::npos);
    CHECK(text.find("gone") != std::string::npos);
    CHECK(to_json(result)["sections"]["energy by_component"]["rows"][0]["relative"] == Approx(9.0));
    CHECK(message_of([&] {
              Json bad = a;
              bad["energy_aJ"]["total"] = "-5";
              static_cast<void>(compared(bad, b));
          }).find("a.json: energy_aJ: 'total' is no whole number") != std::string::npos);
}

TEST_CASE("compare: equal runs", "[report]") {
    const Json a = Json::parse(R"({"cycles": 100, "energy_aJ": {"total": "1"}})");
    const Document none = parse_document("a.toml", "");
    CHECK(to_text(compare("a", a, "b", a, none.root, none.root)) == "the runs are equal\n");
}

}  // namespace
}  // namespace cimera
