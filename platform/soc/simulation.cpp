// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/simulation.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

// The kernel returns this often to look for Ctrl-C; it changes nothing in the simulation.
constexpr Picoseconds kernel_step = 1'000'000'000;

const char* access_text(cpu::Access access) {
    switch (access) {
        case cpu::Access::fetch:
            return "fetch from";
        case cpu::Access::load:
        case cpu::Access::load_part:
            return "load from";
        case cpu::Access::store:
        case cpu::Access::store_part:
            return "store to";
        case cpu::Access::amo:
            return "atomic access to";
    }
    return "";
}

// Privileged spec, table of mcause: 3 is a breakpoint, 8 to 11 are environment calls.
bool is_fault(std::uint32_t cause) {
    return cause <= 7 && cause != 3;
}

const char* cause_text(std::uint32_t cause) {
    switch (cause) {
        case 0:
            return "misaligned instruction address";
        case 1:
            return "instruction access fault";
        case 2:
            return "illegal instruction";
        case 4:
            return "misaligned load";
        case 5:
            return "load access fault";
        case 6:
            return "misaligned store or atomic";
        case 7:
            return "store access fault";
        default:
            return "exception";
    }
}

}  // namespace

Simulation::Simulation(const SocConfig& config, const Technology& technology, const Image& firmware,
                       SocInputs inputs, const RunLimits& limits,
                       std::function<void(std::uint8_t)> uart_output)
    : config_(config),
      technology_(technology),
      prices_(technology),
      firmware_name_(firmware.name()),
      seed_(inputs.seed),
      quantum_(inputs.quantum),
      limits_(limits),
      symbols_(firmware),
      map_(address_map(config)),
      log_(symbols_, map_),
      phases_(firmware.section(".cimera.phases").value_or("")) {
    inputs.firmware = &firmware;
    SocHooks hooks{std::move(uart_output),
                   [this](cpu::Boundary boundary) { on_boundary(boundary); },
                   [this](const cpu::Trap& trap) { return on_trap(trap); }, *this, log_};
    // Ending a run by sc_stop is nothing to tell the user.
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO,
                                            sc_core::SC_DO_NOTHING);
    soc_ = std::make_unique<Soc>(config_, prices_, std::move(inputs), hooks);
    watch_time();
}

void Simulation::watch_time() {
    if (!limits_.max_time) {
        return;
    }
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&time_is_up_);
    sc_core::sc_spawn(
        [this] {
            stop(exit_status::limit, fmt::format("limit of simulated time ({}) reached {}",
                                                 human_time(*limits_.max_time), where()));
        },
        "time_limit", &options);
    time_is_up_.notify(sc_core::sc_time::from_value(*limits_.max_time));
}

std::string Simulation::where() const {
    return "at " + log_.place(soc_->host().hart().pc());
}

void Simulation::finish(std::uint32_t code) {
    finished_ = true;
    firmware_code_ = code;
    soc_->host().request_attention();
}

void Simulation::request_reset() {
    reset_pending_ = true;
    soc_->host().request_attention();
}

void Simulation::mark_phase(std::uint32_t index, bool end, Picoseconds at) {
    const std::string misfit = phases_.mark(index, end, at);
    if (!misfit.empty()) {
        log_.firmware_error(
            {at, soc_->host().hart().pc(), "finisher", "FINISH (offset 0x0)", misfit});
        return;
    }
    soc_->host().set_owner(soc_->ledger().owner("host", phases_.path()));
}

void Simulation::stop(int status, std::string reason) {
    if (ended_) {
        return;
    }
    ended_ = true;
    status_ = status;
    end_reason_ = std::move(reason);
    soc_->host().halt();
    sc_core::sc_stop();
}

void Simulation::on_boundary(cpu::Boundary boundary) {
    switch (boundary) {
        case cpu::Boundary::attention:
            if (finished_) {
                const auto status =
                    std::min<std::uint32_t>(firmware_code_, exit_status::most_firmware);
                stop(static_cast<int>(status),
                     firmware_code_ == 0 ? "passed"
                                         : fmt::format("failed with code {}", firmware_code_));
            } else if (reset_pending_) {
                reset_pending_ = false;
                phases_.clear();
                soc_->reset(ResetKind::cold);
                soc_->host().set_owner(soc_->ledger().owner("host", "none"));
            }
            break;
        case cpu::Boundary::instruction_limit:
            stop(exit_status::limit, fmt::format("limit of {} instructions reached {}",
                                                 soc_->host().instructions(), where()));
            break;
        case cpu::Boundary::stopped:
            stop(exit_status::firmware_died, fmt::format("stopped at a fault, {}", where()));
            break;
        case cpu::Boundary::dead:
            stop(exit_status::firmware_died,
                 fmt::format("died: the trap vector cannot be fetched, {}", where()));
            break;
        case cpu::Boundary::asleep:
            stop(exit_status::firmware_died,
                 fmt::format("died: wfi with no interrupt enabled in mie, {}", where()));
            break;
    }
}

bool Simulation::on_trap(const cpu::Trap& trap) {
    const bool access = trap.size != 0 && (trap.cause == 1 || trap.cause == 5 || trap.cause == 7);
    if (trap.denied) {
        log_.protection_fault(soc_->host().local_now(), trap.pc, access_text(trap.access),
                              trap.address, trap.size);
    } else if (access) {
        log_.access_fault(soc_->host().local_now(), trap.pc, access_text(trap.access), trap.address,
                          trap.size);
    }
    const bool stops = limits_.stop_on_fault && is_fault(trap.cause);
    if (stops && !access) {
        log_.warn(fmt::format("trap {} {}", trap.cause, trap.pc),
                  fmt::format("firmware fault: {} (mtval 0x{:08x})\n  at   {}, {}",
                              cause_text(trap.cause), trap.tval, log_.place(trap.pc),
                              human_time(soc_->host().local_now())));
    }
    return stops;
}

bool Simulation::nothing_to_come() {
    if (!limits_.max_time || !soc_->host().sleeping()) {
        return !sc_core::sc_pending_activity();
    }
    // Reaching the limit of time is no reason to wake up for.
    time_is_up_.cancel();
    const bool nothing = !sc_core::sc_pending_activity();
    time_is_up_.notify(sc_core::sc_time::from_value(*limits_.max_time - kernel_now()));
    return nothing;
}

bool Simulation::advance(double wall_s, const std::function<void(const Progress&)>& on_progress) {
    sc_core::sc_start(sc_core::sc_time::from_value(kernel_step));
    if (ended_) {
        return false;
    }
    if (limits_.interrupted != nullptr && *limits_.interrupted != 0) {
        stop(exit_status::interrupted, fmt::format("interrupted {}", where()));
        return false;
    }
    if (nothing_to_come()) {
        stop(exit_status::firmware_died,
             fmt::format("died: wfi that nothing can end, {}", where()));
        return false;
    }
    if (on_progress && wall_s >= next_progress_s_) {
        next_progress_s_ = wall_s + 0.2;
        const auto inferences = phases_.totals().find("inference");
        on_progress({kernel_now(), wall_s, soc_->host().instructions(),
                     to_joules(soc_->ledger().report(kernel_now()).total()),
                     inferences == phases_.totals().end() ? 0 : inferences->second.count});
    }
    return true;
}

RunResult Simulation::run(const std::function<void(const Progress&)>& on_progress) {
    const auto start = std::chrono::steady_clock::now();
    const auto wall = [start] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    while (advance(wall(), on_progress)) {
    }
    return collect(wall());
}

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
    for (const Crossbar::Range& range : soc_->crossbar().ranges()) {
        if (range.calendar.busy() != 0) {
            result.interconnect.push_back({range.target, range.calendar.busy()});
        }
    }
    for (const auto& sensor : soc_->sensors()) {
        if (sensor->overflows() != 0) {
            log_.warn(std::string("overflow ") + sensor->name(),
                      fmt::format("{}: {} of {} frames were lost because the FIFO was full",
                                  sensor->name(), sensor->overflows(), sensor->delivered()));
        }
    }
    for (const FirmwareLog::Entry& entry : log_.entries()) {
        result.warnings.push_back({entry.text, entry.count});
    }
    return result;
}

}  // namespace cimera
