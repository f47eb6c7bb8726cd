// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "platform/report/human.hpp"
#include "platform/report/result.hpp"
#include "platform/soc/firmware_log.hpp"

namespace cimera {

namespace {

std::string human_energy(double joules) {
    return human(joules, "J");
}

std::string human_power(double watts) {
    return human(watts, "W");
}

constexpr std::size_t top_functions = 10;

void add_split(std::string& text, const char* title, const EnergyReport::Split& split,
               Attojoules total, std::size_t most = ~std::size_t{0}) {
    std::vector<std::pair<std::string, Attojoules>> rows(split.begin(), split.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (rows.size() > most) {
        rows.resize(most);
    }
    text += fmt::format("\n{:<26}{:>12}{:>9}\n", title, "energy", "share");
    for (const auto& [name, energy] : rows) {
        const double share =
            total == 0 ? 0.0 : static_cast<double>(energy) / static_cast<double>(total);
        text += fmt::format("  {:<24}{:>12}{:>8.2f}%\n", name, human_energy(to_joules(energy)),
                            100 * share);
    }
}

void add_work(std::string& text, const char* title, const RunResult::Work& work) {
    if (work.count != 0) {
        const auto count = static_cast<double>(work.count);
        text += fmt::format("  {:<18}{} x {} dynamic, {}\n", title, work.count,
                            human_energy(to_joules(work.energy) / count),
                            human_time(work.latency / work.count));
    }
}

/// What a run that is priced again has to say of itself.
void add_again(std::string& text, const RunResult& r) {
    if (r.ran_with.empty()) {
        return;
    }
    text += fmt::format("  {:<18}with {}; the run was priced with {}\n", "priced again",
                        r.technology, r.ran_with);
    if (r.energy_read_by_firmware) {
        text += fmt::format(
            "  {:<18}its firmware read energy counters and may have acted on them\n", "");
    }
}

void add_battery(std::string& text, const BatteryLife& life) {
    text += fmt::format("  {:<18}{:.4g} hours ({:.4g} days) with {:.4g} J at {}\n", "battery",
                        life.hours, life.hours / 24, life.capacity_J, human_power(life.drain_W));
    text += fmt::format("  {:<18}a run of {} every {:.6g} s, {} between ({})\n", "",
                        human_energy(life.run_J), life.period_s, human_power(life.between_W),
                        life.between);
}

std::string decimal(const RunResult::Number& number) {
    return number.exponent == 0 ? std::to_string(number.mantissa)
                                : fmt::format("{:.{}f}",
                                              static_cast<double>(number.mantissa) /
                                                  std::pow(10.0, -number.exponent),
                                              -number.exponent);
}

/// Domains that were not on at the nominal point all of the time.
void add_power(std::string& text, const LedgerCounts& counts) {
    for (const LedgerCounts::Domain& domain : counts.domains) {
        std::string parts;
        for (const PowerInterval& interval : domain.intervals) {
            const double share =
                static_cast<double>(interval.time) / static_cast<double>(counts.now);
            parts += fmt::format("{}{:.1f} % {}{}", parts.empty() ? "" : ", ", 100 * share,
                                 power_state_names[static_cast<std::size_t>(interval.state)],
                                 interval.point == 0 ? "" : " at " + domain.points[interval.point]);
        }
        if (domain.intervals.size() > 1) {
            text += fmt::format("  {:<18}{}\n", "domain " + domain.name, parts);
        }
    }
}

}  // namespace

std::string to_text(const RunResult& r) {
    const EnergyReport& e = r.energy;
    const double total = to_joules(e.total());
    const double time = static_cast<double>(r.simulated_time) * 1e-12;
    std::string text =
        fmt::format("\n{}: {} (exit status {})\n", r.firmware, r.end_reason, r.exit_code);
    text += fmt::format("  {:<18}{} ({} in wfi)\n", "simulated time", human_time(r.simulated_time),
                        human_time(r.asleep));
    text += fmt::format(
        "  {:<18}{} in {} cycles, {:.1f} MIPS of wall time\n", "instructions", r.instructions,
        r.cycles,
        r.wall_time_s > 0 ? static_cast<double>(r.instructions) / r.wall_time_s * 1e-6 : 0.0);
    text += fmt::format("  {:<18}{} = {} dynamic + {} clock + {} leakage{}\n", "energy",
                        human_energy(total), human_energy(to_joules(e.dynamic)),
                        human_energy(to_joules(e.clock)), human_energy(to_joules(e.leakage)),
                        time > 0 ? fmt::format("; {:.4g} mW", total / time * 1e3) : "");
    add_power(text, r.counts);
    text += fmt::format("  {:<18}{} cited, {} estimated energy numbers ({})\n", "provenance",
                        r.provenance.cited, r.provenance.estimates.size(), r.technology);
    text += fmt::format("  {:<18}{:.4g} mm2, estimated\n", "area", r.area.total);
    add_again(text, r);
    if (r.battery) {
        add_battery(text, *r.battery);
    }
    if (!r.reproducible) {
        text += fmt::format("  {:<18}no: input came from the host while it ran\n", "reproducible");
    }
    add_work(text, "inferences", r.inferences);
    add_work(text, "learned samples", r.learned);
    if (!r.results.empty()) {
        text += "\nresults\n";
        for (const RunResult::Number& number : r.results) {
            text += fmt::format("  {:<28}{}\n", number.name, decimal(number));
        }
    }
    add_split(text, "by component", e.by_component, e.total());
    add_split(text, "by event", e.by_event, e.total());
    if (e.by_phase.size() > 1) {
        add_split(text, "by phase", e.by_phase, e.total());
    }
    if (!e.by_function.empty()) {
        add_split(text, "energy by function", e.by_function, e.total(), top_functions);
    }
    for (const RunResult::Warning& warning : r.warnings) {
        if (warning.count > 1) {
            text += fmt::format("\nrepeated x{}: {}", warning.count,
                                warning.text.substr(0, warning.text.find('\n')));
        }
    }
    return text;
}

}  // namespace cimera
