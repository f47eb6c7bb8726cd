// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <fmt/format.h>

#include "platform/soc/simulation.hpp"

namespace cimera {

RunResult::Work Simulation::work_of(const EnergyReport& energy, const std::string& phase) const {
    RunResult::Work work;
    if (const auto total = phases_.totals().find(phase); total != phases_.totals().end()) {
        work.count = total->second.count;
        work.latency = total->second.time;
    }
    for (const auto& [path, spent] : energy.by_phase) {
        if (within_phase(path, phase)) {
            work.energy += spent;
        }
    }
    return work;
}

void Simulation::warn_of_losses() {
    if (const std::uint64_t lost = soc_->uart().overruns(); lost != 0) {
        log_.warn("overrun", fmt::format("uart: {} received bytes were lost because the FIFO was "
                                         "full",
                                         lost));
    }
    if (console_ != nullptr && console_->lost() != 0) {
        log_.warn("lost output", fmt::format("--uart: {} bytes were lost because nobody was "
                                             "there to read them",
                                             console_->lost()));
    }
    for (const auto& sensor : soc_->sensors()) {
        if (sensor->overflows() != 0) {
            log_.warn(std::string("overflow ") + sensor->name(),
                      fmt::format("{}: {} of {} {} were lost because the FIFO was full",
                                  sensor->name(), sensor->overflows(), sensor->delivered(),
                                  sensor->plays_events() ? "events" : "frames"));
        }
    }
}

RunResult Simulation::collect(double wall_s) {
    RunResult result;
    result.firmware = firmware_name_;
    result.soc = config_.soc.name;
    result.technology = technology_.name;
    result.seed = seed_;
    result.exit_code = status_;
    result.firmware_code = firmware_code_;
    result.end_reason = end_reason_;
    result.simulated_time = kernel_now();
    result.wall_time_s = wall_s;
    result.instructions = soc_->host().instructions();
    result.cycles = soc_->host().cycles();
    result.asleep = soc_->host().asleep();
    result.timing = timing_ == TimingStyle::loose ? "lt" : "at";
    result.quantum = quantum_;
    result.energy_read_by_firmware = soc_->energy_counters().used();
    result.energy = soc_->ledger().report(result.simulated_time);
    for (const std::string& entry : result.energy.entries) {
        const auto energy = technology_.energy.find(entry);
        const bool estimate = energy != technology_.energy.end()
                                  ? energy->second.estimate
                                  : technology_.leakage_of(entry).estimate;
        ++(estimate ? result.provenance.estimated : result.provenance.cited);
    }
    result.inferences = work_of(result.energy, "inference");
    result.learned = work_of(result.energy, "learn");
    for (const Mailbox::Result& number : soc_->mailbox().results()) {
        result.results.push_back({number.name, number.mantissa, number.exponent});
    }
    for (const auto& memory : soc_->memories()) {
        result.memories.push_back(
            {memory->name(), memory->config().size, memory->reads(), memory->writes()});
    }
    for (const Interconnect::Range& range : soc_->interconnect().ranges()) {
        if (range.port->busy != 0) {
            const Traffic& traffic = range.traffic;
            result.interconnect.push_back({range.target, range.port->busy, traffic.transfers,
                                           traffic.waited, traffic.latency});
        }
    }
    result.reproducible = console_ == nullptr || !console_->used();
    warn_of_losses();
    for (const FirmwareLog::Entry& entry : log_.entries()) {
        result.warnings.push_back({entry.text, entry.count});
    }
    return result;
}

}  // namespace cimera
