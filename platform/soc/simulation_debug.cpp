// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "models/power/attojoules.hpp"
#include "platform/config/units.hpp"
#include "platform/debug/gdb_server.hpp"
#include "platform/soc/simulation.hpp"

namespace cimera {

namespace {

debug::Signal signal_of(std::uint32_t cause) {
    switch (cause) {
        case cpu::cause::illegal:
            return debug::Signal::illegal;
        case cpu::cause::fetch_misaligned:
        case cpu::cause::load_misaligned:
        case cpu::cause::store_misaligned:
            return debug::Signal::bus;
        default:
            return debug::Signal::segment;
    }
}

}  // namespace

void Simulation::serve_debugger(std::uint16_t port, bool wait) {
    debug::DebugTarget target{
        soc_->host().hart(),
        [this](std::uint32_t at, auto bytes) { return soc_->host().debug_read(at, bytes); },
        [this](std::uint32_t at, auto bytes) { return soc_->host().debug_write(at, bytes); },
        map_,
        [this] { reset_soc(); },
        [this](const std::string& command) { return monitor(command); }};
    gdb_ = std::make_unique<debug::GdbServer>(port, std::move(target));
    halt_requested_ = wait;
    if (wait) {
        soc_->host().request_attention();
    }
}

std::uint16_t Simulation::debugger_port() const {
    return gdb_->port();
}

/// Looks for a debugger that comes or presses Ctrl-C.
void Simulation::poll_debugger() {
    if (gdb_ && gdb_->poll()) {
        halt_requested_ = true;
        soc_->host().request_attention();
    }
}

/// Lets the debugger look at an end that it cannot prevent; false where it has seen it already.
bool Simulation::debugger_sees(std::string why) {
    const std::uint64_t now = soc_->host().instructions();
    if (!gdb_ || !gdb_->attached() || shown_end_ == now) {
        return false;
    }
    shown_end_ = now;
    spdlog::warn("{}", why);
    return true;
}

/// Lets the debugger look at a chip that its watchdog is about to reset.
void Simulation::show_reset() {
    if (!reset_reason_.empty() && debugger_sees(fmt::format("{} {}", reset_reason_, where()))) {
        halt(debug::stop_reply(debug::Signal::abort));
    }
}

/// Whether the debugger takes care of this boundary: the core stands inside until it goes on.
bool Simulation::debug(cpu::Boundary boundary) {
    using debug::Signal;
    using debug::stop_reply;
    switch (boundary) {
        case cpu::Boundary::attention:
            if (!std::exchange(halt_requested_, false)) {
                return false;
            }
            halt(stop_reply(std::exchange(hopeless_, false) ? Signal::abort : Signal::interrupt));
            return true;
        case cpu::Boundary::debug:
            halt_requested_ = false;
            halt(stop_reply(Signal::trap, soc_->host().hart().take_watch_hit()));
            return true;
        case cpu::Boundary::stopped:
            if (gdb_ && gdb_->attached()) {
                halt(stop_reply(signal_of(fault_cause_)));
                return true;
            }
            return false;
        case cpu::Boundary::dead:
        case cpu::Boundary::storm:
        case cpu::Boundary::asleep:
            if (debugger_sees(fmt::format("the firmware cannot go on {}", where()))) {
                halt(stop_reply(Signal::abort));
                return true;
            }
            return false;
        case cpu::Boundary::sleeping:
            if (hopeless() && debugger_sees(fmt::format("nothing can end the wfi {}", where()))) {
                halt(stop_reply(Signal::abort));
                return true;
            }
            return false;
        case cpu::Boundary::instruction_limit:
        case cpu::Boundary::semihosting:
            return false;
    }
    return false;
}

void Simulation::halt(const std::string& why) {
    const debug::Resume resume = gdb_->halt(why, limits_.interrupted);
    // A step that came to an end of another kind is over as well.
    soc_->host().set_stepping(resume == debug::Resume::step);
    switch (resume) {
        case debug::Resume::none:
        case debug::Resume::run:
        case debug::Resume::detach:
        case debug::Resume::step:
            break;
        case debug::Resume::kill: {
            const bool key = limits_.interrupted != nullptr && *limits_.interrupted != 0;
            stop(exit_status::interrupted,
                 fmt::format("{} {}", key ? "interrupted" : "killed by the debugger", where()));
            break;
        }
    }
}

/// The user's "monitor COMMAND".
std::string Simulation::monitor(const std::string& command) {
    if (command == "reset") {
        reset_soc();
        return "reset; the debugger learns of it with: maintenance flush register-cache\n";
    }
    if (command == "time") {
        return fmt::format("{} simulated, {} instructions, {} cycles\n", human_time(kernel_now()),
                           soc_->host().instructions(), soc_->host().cycles());
    }
    if (command == "map") {
        std::string text;
        for (const MapEntry& entry : map_) {
            text += fmt::format("0x{:08x}  0x{:08x}  {:<10} {}\n", entry.base, entry.last(),
                                entry.name, entry.doc);
        }
        return text;
    }
    if (command == "energy") {
        const EnergyReport energy = soc_->ledger().report(kernel_now());
        std::string text = fmt::format("{:<12} {:.6g} J\n", "total", to_joules(energy.total()));
        for (const auto& [component, spent] : energy.by_component) {
            text += fmt::format("{:<12} {:.6g} J\n", component, to_joules(spent));
        }
        return text;
    }
    const std::string help =
        "energy  energy spent so far, by component\n"
        "map     address map\n"
        "reset   reset the SoC as after power-on; simulated time goes on\n"
        "time    simulated time, instructions, cycles\n";
    return command == "help" ? help : fmt::format("unknown command '{}'\n{}", command, help);
}

}  // namespace cimera
