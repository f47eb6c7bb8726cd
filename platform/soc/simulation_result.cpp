// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "models/peripherals/energy_counters.hpp"
#include "models/peripherals/mailbox.hpp"
#include "platform/console/terminal.hpp"
#include "platform/report/bill.hpp"
#include "platform/soc/pin_script.hpp"
#include "platform/soc/simulation.hpp"

namespace cimera {

void Simulation::violated(const protocol::Violation& violation) {
    std::string text = protocol::to_text(violation);
    if (violation.pc != 0) {
        text += "\n  for       the instruction at " + log_.place(violation.pc);
    }
    console::Terminal::restore();
    internal_error(text);
}

void Simulation::tell_checked() const {
    if (soc_->checkers().empty()) {
        return;
    }
    std::uint64_t transactions = 0;
    for (const auto& checker : soc_->checkers()) {
        transactions += checker->transactions();
    }
    spdlog::info("TLM protocol: {} transactions at {} pairs of sockets, all rules kept",
                 transactions, soc_->checkers().size());
}

RunResult::Work Simulation::work_of(const std::string& phase) const {
    RunResult::Work work;
    if (const auto total = phases_.totals().find(phase); total != phases_.totals().end()) {
        work.count = total->second.count;
        work.latency = total->second.time;
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

/// Whatever power-on leaves in a volatile memory is chance, but for what the loader puts there.
void Simulation::check_memory() {
    for (const auto& memory : soc_->memories()) {
        if (!memory->config().volatile_contents) {
            continue;
        }
        const std::string name = memory->name();
        const auto entry = std::find_if(map_.begin(), map_.end(),
                                        [&name](const MapEntry& e) { return e.name == name; });
        unwritten_reads_[name] = 0;
        memory->watch_unwritten([this, name, base = entry->base](const UnwrittenRead& read) {
            ++unwritten_reads_[name];
            log_.unwritten_read(name, base, soc_->ledger().initiator(read.owner), read);
        });
    }
}

void Simulation::check_tiles() {
    for (const auto& tile : soc_->tiles()) {
        const std::string name = tile->name();
        const auto entry = std::find_if(map_.begin(), map_.end(),
                                        [&name](const MapEntry& e) { return e.name == name; });
        tile->watch_unwritten([this, name, base = entry->base](const UnwrittenRead& read) {
            log_.unwritten_read(name, base, soc_->ledger().initiator(read.owner), read);
        });
    }
}

RunResult::MemoryUse Simulation::use_of(const Memory& memory) const {
    RunResult::MemoryUse use{memory.name(),
                             memory.config().size,
                             memory.reads(),
                             memory.writes(),
                             memory.waited(),
                             {},
                             {}};
    if (const auto count = unwritten_reads_.find(use.name); count != unwritten_reads_.end()) {
        use.unwritten_reads = count->second;
    }
    if (const Nvm* nvm = soc_->nvm(); &memory == nvm) {
        use.wear = {nvm->wear().page_bytes, nvm->wear().endurance, nvm->most_cycles(),
                    nvm->worn_pages(), nvm->failed_writes()};
    }
    return use;
}

void Simulation::follow_calls() {
    if (attribution_ == nullptr) {
        std::vector<cpu::CodeRange> functions;
        for (const FunctionPlace& function : symbols_.functions()) {
            functions.push_back({function.first, function.last});
        }
        attribution_ = std::make_unique<cpu::Attribution>(cpu::FunctionMap(functions));
        soc_->host().hart().set_attribution(*attribution_);
    }
}

void Simulation::attribute() {
    follow_calls();
    soc_->host().set_attribution(*attribution_);
    attributed_ = true;
}

void Simulation::on_function(
    std::function<void(const cpu::CallTree&, cpu::NodeId, Picoseconds)> listener) {
    follow_calls();
    attribution_->on_pass([this, listener = std::move(listener)](cpu::NodeId node) {
        listener(attribution_->stack().tree(), node, soc_->host().local_now());
    });
}

void Simulation::tell_function() {
    if (attribution_ != nullptr) {
        attribution_->pass(soc_->host().hart().cycles());
    }
}

void Simulation::collect_counts(RunResult& result) const {
    result.counts = soc_->ledger().counts(result.simulated_time);
    if (attributed_) {
        result.counts.frames = frame_names(*attribution_, symbols_);
        result.profile = make_profile(firmware_name_, *attribution_, symbols_, result.counts,
                                      soc_->ledger().prices());
    }
}

RunResult Simulation::collect(double wall_s) {
    RunResult result;
    result.firmware = firmware_name_;
    result.soc = config_.soc.name;
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
    result.engine = soc_->host().hart().translates() ? "jit" : "interpreter";
    result.energy_read_by_firmware = soc_->device<EnergyCounters>()->used();
    collect_counts(result);
    result.inferences = work_of("inference");
    result.learned = work_of("learn");
    price_run(result, technology_);
    for (const Mailbox::Result& number : soc_->device<Mailbox>()->results()) {
        result.results.push_back({number.name, number.mantissa, number.exponent});
    }
    for (const auto& memory : soc_->memories()) {
        result.memories.push_back(use_of(*memory));
    }
    for (const Link* channel : soc_->interconnect().channels()) {
        if (channel->busy != 0) {
            result.channels.push_back({channel->name, channel->busy, channel->waited});
        }
    }
    for (const Interconnect::Range& range : soc_->interconnect().ranges()) {
        if (range.port->busy != 0) {
            const Traffic& traffic = range.traffic;
            result.interconnect.push_back({range.target, range.port->busy, traffic.transfers(),
                                           traffic.waited, traffic.latency});
        }
    }
    if (const auto* gpio = soc_->device<Gpio>()) {
        result.pins = RunResult::Pins{gpio->output_changes(), {}};
        for (const PinChange& change : gpio->outputs()) {
            result.pins->outputs.push_back(to_line(change));
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
