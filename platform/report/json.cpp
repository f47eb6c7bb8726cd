// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/json.hpp"

#include <cmath>

#include <fmt/format.h>

namespace cimera {

namespace {

Json joules(const EnergyReport::Split& split) {
    Json map = Json::object();
    for (const auto& [name, energy] : split) {
        map[name] = to_joules(energy);
    }
    return map;
}

Json attojoules(const EnergyReport::Split& split) {
    Json map = Json::object();
    for (const auto& [name, energy] : split) {
        map[name] = to_decimal(energy);
    }
    return map;
}

template <class Number, class Map>
Json energy_section(const EnergyReport& energy, const Number& number, const Map& map) {
    Json section = {{"total", number(energy.total())},
                    {"dynamic", number(energy.dynamic)},
                    {"clock", number(energy.clock)},
                    {"leakage", number(energy.leakage)},
                    {"by_component", map(energy.by_component)},
                    {"by_initiator", map(energy.by_initiator)},
                    {"by_event", map(energy.by_event)},
                    {"by_domain", map(energy.by_domain)},
                    {"by_phase", map(energy.by_phase)}};
    if (!energy.by_function.empty()) {
        section["by_function"] = map(energy.by_function);
    }
    return section;
}

double seconds(Picoseconds time) {
    return static_cast<double>(time) * 1e-12;
}

Json number_of(const RunResult::Number& number) {
    if (number.exponent == 0) {
        return number.mantissa;
    }
    return static_cast<double>(number.mantissa) / std::pow(10.0, -number.exponent);
}

Json work(const RunResult::Work& work) {
    Json section = {{"count", work.count}};
    if (work.count != 0) {
        const auto count = static_cast<double>(work.count);
        section["energy_J_mean"] = to_joules(work.energy) / count;
        section["latency_s_mean"] = seconds(work.latency) / count;
    }
    return section;
}

Json efficiency(const EnergyReport& energy) {
    Json section = Json::object();
    const auto macs = energy.operations.find("mac");
    if (macs != energy.operations.end() && macs->second != 0 && energy.total() != 0) {
        const double per_mac = to_joules(energy.total()) / static_cast<double>(macs->second);
        section["fJ_per_mac"] = per_mac * 1e15;
        // One multiply-accumulate is two operations.
        section["tops_per_w"] = 2.0 / per_mac * 1e-12;
    }
    return section;
}

Json battery(const BatteryLife& life) {
    return {{"capacity_J", life.capacity_J}, {"period_s", life.period_s},
            {"run_J", life.run_J},           {"between", life.between},
            {"between_W", life.between_W},   {"average_W", life.average_W},
            {"drain_W", life.drain_W},       {"hours", life.hours}};
}

/// Counts by the lower end of their range.
Json histogram(const std::array<std::uint64_t, 32>& counts) {
    Json section = Json::object();
    for (std::size_t n = 0; n < counts.size(); ++n) {
        if (counts[n] != 0) {
            section[std::to_string(n == 0 ? 0 : std::uint64_t{1} << n)] = counts[n];
        }
    }
    return section;
}

Json memory_use(const RunResult::MemoryUse& memory) {
    Json section = {{"bytes", memory.bytes},
                    {"reads", memory.reads},
                    {"writes", memory.writes},
                    {"waited_s", seconds(memory.waited)}};
    if (memory.unwritten_reads) {
        section["unwritten_reads"] = *memory.unwritten_reads;
    }
    if (memory.wear) {
        section["wear"] = {{"page_bytes", memory.wear->page_bytes},
                           {"endurance", memory.wear->endurance},
                           {"most_cycles", memory.wear->most_cycles},
                           {"worn_pages", memory.wear->worn_pages},
                           {"failed_writes", memory.wear->failed_writes}};
    }
    return section;
}

/// Time of each domain in each state and at each operating point.
Json power(const LedgerCounts& counts) {
    Json section = Json::object();
    for (const LedgerCounts::Domain& domain : counts.domains) {
        Json intervals = Json::array();
        for (const PowerInterval& interval : domain.intervals) {
            intervals.push_back(
                {{"state", power_state_names[static_cast<std::size_t>(interval.state)]},
                 {"point", domain.points[interval.point]},
                 {"time_s", seconds(interval.time)},
                 {"time_ps", std::to_string(interval.time)}});
        }
        section[domain.name] = std::move(intervals);
    }
    return section;
}

}  // namespace

std::string dump(const Json& report) {
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void put_priced(Json& report, const RunResult& r) {
    report["technology"] = r.technology;
    report["energy_J"] = energy_section(r.energy, to_joules, joules);
    report["energy_aJ"] = energy_section(r.energy, to_decimal, attojoules);
    report["efficiency"] = efficiency(r.energy);
    report["provenance"] = {{"cited", r.provenance.cited},
                            {"estimated", r.provenance.estimates.size()},
                            {"estimates", r.provenance.estimates}};
    report["area_mm2"] = {{"total", r.area.total}, {"by_component", r.area.by_component}};
    report["inferences"] = work(r.inferences);
    report["learned"] = work(r.learned);
    if (r.ran_with.empty()) {
        report.erase("ran_with");
    } else {
        report["ran_with"] = r.ran_with;
    }
    if (r.battery) {
        report["battery"] = battery(*r.battery);
    } else {
        report.erase("battery");
    }
}

std::string to_json(const RunResult& r) {
    Json report;
    report["schema"] = report_schema;
    report["firmware"] = r.firmware;
    report["soc"] = r.soc;
    put_priced(report, r);
    report["seed"] = r.seed;
    report["exit_code"] = r.exit_code;
    report["firmware_code"] = r.firmware_code;
    report["end_reason"] = r.end_reason;
    report["simulated_time_s"] = seconds(r.simulated_time);
    report["simulated_time_ps"] = std::to_string(r.simulated_time);
    report["wall_time_s"] = r.wall_time_s;
    report["instructions"] = r.instructions;
    report["cycles"] = r.cycles;
    report["asleep_s"] = seconds(r.asleep);
    report["host_mips"] =
        r.wall_time_s > 0 ? static_cast<double>(r.instructions) / r.wall_time_s * 1e-6 : 0.0;
    report["timing"] = r.timing;
    report["quantum_s"] = seconds(r.quantum);
    report["engine"] = r.engine;
    report["power"] = power(r.counts);
    report["energy_read_by_firmware"] = r.energy_read_by_firmware;
    report["reproducible"] = r.reproducible;
    report["operations"] = r.energy.operations;
    report["results"] = Json::object();
    for (const RunResult::Number& number : r.results) {
        report["results"][number.name] = number_of(number);
    }
    report["memories"] = Json::object();
    for (const RunResult::MemoryUse& memory : r.memories) {
        report["memories"][memory.name] = memory_use(memory);
    }
    const auto share_of_time = [&r](Picoseconds busy) {
        return r.simulated_time == 0 ? 0.0 : seconds(busy) / seconds(r.simulated_time);
    };
    report["interconnect"] = Json::object();
    for (const RunResult::PortUse& port : r.interconnect) {
        report["interconnect"][port.target] = {{"busy_s", seconds(port.busy)},
                                               {"utilisation", share_of_time(port.busy)},
                                               {"transfers", port.transfers},
                                               {"waited_s", seconds(port.waited)},
                                               {"latency_ns", histogram(port.latency)}};
    }
    report["channels"] = Json::object();
    for (const RunResult::ChannelUse& channel : r.channels) {
        report["channels"][channel.name] = {{"busy_s", seconds(channel.busy)},
                                            {"utilisation", share_of_time(channel.busy)},
                                            {"waited_s", seconds(channel.waited)}};
    }
    if (r.pins) {
        report["gpio"] = {{"changes", r.pins->changes},
                          {"dropped", r.pins->changes - r.pins->outputs.size()},
                          {"outputs", r.pins->outputs}};
    }
    report["warnings"] = Json::array();
    for (const RunResult::Warning& warning : r.warnings) {
        report["warnings"].push_back({{"text", warning.text}, {"count", warning.count}});
    }
    return dump(report);
}

}  // namespace cimera
