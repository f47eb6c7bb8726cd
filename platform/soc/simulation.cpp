// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "models/common/process.hpp"
#include "platform/debug/gdb_server.hpp"

namespace cimera {

namespace {

// The kernel returns this often to look for Ctrl-C; it changes nothing in the simulation.
constexpr Picoseconds kernel_step = 1'000'000'000;

/// SystemC's own messages go where ours go; what else they do stays the same.
void report_to_log(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    constexpr auto display = static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY);
    if ((actions & display) != 0) {
        const bool bad = report.get_severity() >= sc_core::SC_ERROR;
        spdlog::log(bad ? spdlog::level::err : spdlog::level::warn, "SystemC: {}: {}",
                    report.get_msg_type(), report.get_msg());
    }
    sc_core::sc_report_handler::default_handler(report, actions & ~display);
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
      timing_(inputs.timing),
      quantum_(timing_ == TimingStyle::loose ? inputs.quantum : 0),
      limits_(limits),
      symbols_(firmware),
      map_(address_map(config)),
      log_(symbols_, map_),
      faults_(firmware, symbols_, log_),
      phases_(firmware.section(".cimera.phases").value_or("")) {
    inputs.firmware = &firmware;
    for (const Segment& segment : firmware.segments()) {
        image_end_ = std::max(image_end_, segment.address + segment.memory_bytes);
    }
    SocHooks hooks{uart_output,
                   [this](cpu::Boundary boundary) { on_boundary(boundary); },
                   [this](const cpu::Trap& trap) { return on_trap(trap); },
                   *this,
                   log_,
                   inputs.check_tlm ? this : nullptr};
    // Ending a run by sc_stop is nothing to tell the user.
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO,
                                            sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_handler(report_to_log);
    const bool checks_memory = inputs.check_memory;
    soc_ = std::make_unique<Soc>(config_, prices_, std::move(inputs), hooks);
    if (checks_memory) {
        check_memory();
        check_tiles();
    }
    watch_time();
    watch_tohost(std::move(uart_output));
}

void Simulation::watch_tohost(std::function<void(std::uint8_t)> put) {
    const auto tohost = symbols_.address_of("tohost");
    if (!tohost) {
        return;
    }
    // Enough for the few instructions between the stores of a command's halves.
    constexpr std::uint64_t patience_cycles = 100;
    const HtifAddresses addresses{*tohost, symbols_.address_of("fromhost")};
    htif_ = std::make_unique<Htif>(
        addresses, patience_cycles * config_.clock.host_period_ps,
        [this] { return soc_->host().local_now() - kernel_now(); },
        HtifHost{
            [this](std::uint32_t at, auto bytes) { return soc_->host().debug_read(at, bytes); },
            [this](std::uint32_t at, auto bytes) { return soc_->host().debug_write(at, bytes); },
            std::move(put), [this](std::uint32_t code) { finish(code); },
            [this](const std::string& text) { log_.warn(text, text); }});
    constexpr std::uint32_t mailbox_bytes = 8;
    soc_->observe_writes(*htif_);
    for (const std::uint32_t address : {addresses.tohost, addresses.fromhost.value_or(*tohost)}) {
        if (!soc_->deny_direct(address, mailbox_bytes)) {
            log_.warn("htif", fmt::format("the host-target interface at 0x{:08x} lies in no memory",
                                          address));
        }
    }
}

std::vector<std::uint8_t> Simulation::memory(std::uint32_t address, std::size_t bytes,
                                             const std::string& what) {
    std::vector<std::uint8_t> contents(bytes);
    if (bytes != 0 && !soc_->host().debug_read(address, contents)) {
        throw InputError(what, fmt::format("no memory holds {} bytes at 0x{:08x}", bytes, address),
                         "");
    }
    return contents;
}

Simulation::~Simulation() = default;

void Simulation::serve_semihosting(debug::SemihostingConsole console, std::string command_line,
                                   std::optional<std::filesystem::path> folder) {
    // The heap may use what the program leaves of the L2, the stack grows down from its end.
    constexpr std::uint32_t alignment = 16;
    const auto begin = (image_end_ + alignment - 1) / alignment * alignment;
    const auto end = static_cast<std::uint32_t>(fixed_map::l2_base + config_.l2.size_bytes);
    semihosting_ = std::make_unique<debug::Semihosting>(
        soc_->host(), debug::SemihostingOptions{std::move(command_line),
                                                std::move(console),
                                                std::move(folder),
                                                {begin, end, end, begin}});
}

void Simulation::watch_time() {
    if (!limits_.max_time) {
        return;
    }
    spawn_method("time_limit", {&time_is_up_.event()}, [this] {
        stop(exit_status::limit, fmt::format("limit of simulated time ({}) reached {}",
                                             human_time(*limits_.max_time), where()));
    });
    time_is_up_.notify_at(*limits_.max_time);
    add_bystander(time_is_up_);
}

void Simulation::observe(RunObserver& observer) {
    if (observers_.empty()) {
        log_.on_fault([this](Picoseconds at, const std::string& text) {
            for (RunObserver* one : observers_) {
                one->fault(at, text);
            }
        });
        soc_->host().on_sleep([this](Picoseconds from, Picoseconds to) {
            for (RunObserver* one : observers_) {
                one->slept(from, to);
            }
        });
    }
    observers_.push_back(&observer);
}

std::string Simulation::where() const {
    return "at " + log_.place(soc_->host().hart().pc());
}

void Simulation::finish(std::uint32_t code) {
    finished_ = true;
    firmware_code_ = code;
    soc_->host().request_attention();
}

void Simulation::mark_phase(std::uint32_t index, bool end, Picoseconds at) {
    const std::string misfit = phases_.mark(index, end, at);
    if (!misfit.empty()) {
        log_.firmware_error(
            {at, soc_->host().hart().pc(), "finisher", "FINISH (offset 0x0)", misfit});
        return;
    }
    const std::string path = phases_.path();
    soc_->host().set_owner(soc_->ledger().owner("host", path));
    for (RunObserver* observer : observers_) {
        observer->phase_changed(at, path, end);
    }
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

void Simulation::abort(int status, std::string reason) {
    aborted_ = {status, std::move(reason)};
    soc_->host().request_attention();
}

void Simulation::on_boundary(cpu::Boundary boundary) {
    if (aborted_) {
        stop(aborted_->first, aborted_->second);
        return;
    }
    if (finished_) {
        const auto status = std::min<std::uint32_t>(firmware_code_, exit_status::most_firmware);
        stop(static_cast<int>(status),
             firmware_code_ == 0 ? "passed" : fmt::format("failed with code {}", firmware_code_));
        return;
    }
    reset_if_asked(boundary);
    if (ended_ || debug(boundary)) {
        return;
    }
    switch (boundary) {
        case cpu::Boundary::attention:
        case cpu::Boundary::debug:
            break;
        case cpu::Boundary::semihosting:
            // Ctrl-C ends a call that waits for input: what it answers is no input.
            if (const auto code = semihosting_->serve(); !stop_if_interrupted() && code) {
                finish(*code);
            }
            break;
        case cpu::Boundary::instruction_limit:
            stop(exit_status::limit, fmt::format("limit of {} instructions reached {}",
                                                 soc_->host().instructions(), where()));
            break;
        case cpu::Boundary::stopped:
            stop(exit_status::firmware_died, fault_);
            break;
        case cpu::Boundary::dead:
            dead_end(fmt::format("died: the trap vector cannot be fetched, {}", where()));
            break;
        case cpu::Boundary::asleep:
            dead_end(fmt::format("died: wfi with no interrupt enabled in mie, {}", where()));
            break;
        case cpu::Boundary::sleeping:
            stop_if_nothing_comes();
            break;
        case cpu::Boundary::storm:
            if (watchdog_armed()) {
                break;  // the handler goes on
            }
            stop(exit_status::firmware_died,
                 fmt::format("died: interrupt storm ({}): the handler runs again and again without "
                             "an instruction of the program in between, {}",
                             storm_source(), where()));
            break;
    }
}

bool Simulation::on_trap(const cpu::Trap& trap) {
    const auto lost = faults_.trapped(trap, soc_->host().hart(), soc_->host().local_now(),
                                      limits_.stop_on_fault && Faults::is_fault(trap.cause));
    if (lost) {
        fault_ = *lost;
    }
    fault_cause_ = trap.cause;
    return lost.has_value() && (limits_.stop_on_fault || !watchdog_armed());
}

std::string Simulation::storm_source() const {
    const cpu::Hart& hart = soc_->host().hart();
    const std::uint32_t ready =
        hart.read_csr(cpu::csr::mip).value_or(0) & hart.read_csr(cpu::csr::mie).value_or(0);
    if ((ready >> cpu::interrupt::external & 1U) == 0) {
        return (ready >> cpu::interrupt::software & 1U) != 0 ? "software: msip of clint"
                                                             : "timer: mtimecmp of clint";
    }
    const unsigned source = soc_->plic().claimable();
    std::string devices;
    for (const MapEntry& entry : map_) {
        if (entry.irq == source && source != 0) {
            devices += (devices.empty() ? ": " : ", ") + entry.name;
        }
    }
    return fmt::format("external: plic source {}{}", source, devices);
}

bool Simulation::nothing_to_come() {
    if (bystanders_.empty() || !soc_->host().sleeping()) {
        return !sc_core::sc_pending_activity();
    }
    for (Bystander* bystander : bystanders_) {
        bystander->suspend();
    }
    const bool nothing = !sc_core::sc_pending_activity();
    for (Bystander* bystander : bystanders_) {
        bystander->resume();
    }
    return nothing;
}

bool Simulation::host_may_wake() {
    if (console_ == nullptr) {
        return false;
    }
    // Whoever attached a terminal, a pty or a client is waited for. A pipe that merely stays open
    // is no reason to wait where the firmware does not listen.
    constexpr std::uint32_t external =
        1U << cpu::interrupt::external | 1U << cpu::interrupt::supervisor_external;
    const bool enabled = (soc_->host().hart().read_csr(cpu::csr::mie).value_or(0) & external) != 0;
    return console_->attached() || (console_->open() && soc_->uart().listens() && enabled);
}

void Simulation::hear(bool input) {
    if (input) {
        soc_->uart().source_ready();
    }
}

void Simulation::idle(std::chrono::milliseconds limit) {
    if (console_ != nullptr) {
        hear(console_->wait(limit));
    } else {
        std::this_thread::sleep_for(limit);
    }
}

void Simulation::pace(double wall_s) {
    const auto ahead_ms =
        static_cast<long>(static_cast<double>(kernel_now()) * 1e-9 - wall_s * 1e3);
    if (limits_.realtime && ahead_ms > 0) {
        idle(std::chrono::milliseconds(ahead_ms));
    }
}

bool Simulation::hopeless() {
    return nothing_to_come() && !host_may_wake();
}

void Simulation::stop_if_nothing_comes() {
    if (hopeless()) {
        stop(exit_status::firmware_died,
             fmt::format("died: wfi that nothing can end, {}", where()));
    }
}

bool Simulation::stop_if_interrupted() {
    const bool interrupted = limits_.interrupted != nullptr && *limits_.interrupted != 0;
    if (interrupted) {
        stop(exit_status::interrupted, fmt::format("interrupted {}", where()));
    }
    return interrupted;
}

bool Simulation::advance(double wall_s, const std::function<void(const Progress&)>& on_progress) {
    if (console_ != nullptr) {
        hear(console_->poll());
    }
    const Picoseconds before = kernel_now();
    sc_core::sc_start(sc_core::sc_time::from_value(kernel_step));
    if (ended_) {
        return false;
    }
    if (stop_if_interrupted()) {
        return false;
    }
    CIMERA_ASSERT(kernel_now() > before, "simulated time goes on while the run lasts");
    poll_debugger();
    if (nothing_to_come() && host_may_wake()) {
        // Time goes on as on the wall until somebody types.
        idle(std::chrono::milliseconds(1));
        return true;
    }
    if (hopeless() && debugger_sees(fmt::format("nothing can end the wfi {}", where()))) {
        halt_requested_ = hopeless_ = true;
        soc_->host().request_attention();
        return true;
    }
    stop_if_nothing_comes();
    if (ended_) {
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
        pace(wall());
    }
    if (console_ != nullptr) {
        console_->finish();
    }
    if (gdb_) {
        gdb_->end(status_);
    }
    tell_checked();
    return collect(wall());
}

}  // namespace cimera
