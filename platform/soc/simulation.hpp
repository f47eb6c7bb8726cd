// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/config/soc_config.hpp"
#include "platform/config/technology.hpp"
#include "platform/console/console.hpp"
#include "platform/debug/semihosting.hpp"
#include "platform/elf/image.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/report/result.hpp"
#include "platform/soc/bystander.hpp"
#include "platform/soc/faults.hpp"
#include "platform/soc/firmware_log.hpp"
#include "platform/soc/htif.hpp"
#include "platform/soc/phases.hpp"
#include "platform/soc/run_observer.hpp"
#include "platform/soc/soc.hpp"

namespace cimera {

/// Exit statuses of the program beside the firmware's own.
namespace exit_status {
inline constexpr int most_firmware = 99;
inline constexpr int user_error = 100;
inline constexpr int firmware_died = 110;
inline constexpr int limit = 111;
inline constexpr int internal_error = 120;
inline constexpr int interrupted = 130;
}  // namespace exit_status

namespace debug {
class GdbServer;
}  // namespace debug

/// How a run is to be ended.
struct RunLimits {
    std::optional<Picoseconds> max_time;
    bool stop_on_fault = false;
    bool realtime = false;                                    ///< not faster than the wall clock
    const volatile std::sig_atomic_t* interrupted = nullptr;  ///< set by Ctrl-C
};

/// What a run shows while it lasts.
struct Progress {
    Picoseconds simulated;
    double wall_s;
    std::uint64_t instructions;
    double energy_J;
    std::uint64_t inferences;
};

/// One run of a firmware on a SoC. SystemC elaborates once: one per process.
class Simulation final : private RunControl, private protocol::Listener {
public:
    Simulation(const SocConfig& config, const Technology& technology, const Image& firmware,
               SocInputs inputs, const RunLimits& limits,
               std::function<void(std::uint8_t)> uart_output);
    ~Simulation() override;
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// Before run(): listens for debuggers (port 0: any free one); `wait`: the core stands at its
    /// first instruction until one lets it go.
    void serve_debugger(std::uint16_t port, bool wait);
    [[nodiscard]] std::uint16_t debugger_port() const;
    /// Before run(): serves semihosting calls. The SoC was built with `SocInputs::semihosting`.
    void serve_semihosting(debug::SemihostingConsole console, std::string command_line,
                           std::optional<std::filesystem::path> folder);

    /// Before run(): calls are followed, and what the run costs is attributed to them.
    void attribute();

    /// From now on input of `console` reaches the UART while the simulation runs, and wakes it.
    void attach(console::Console& console) { console_ = &console; }
    /// The present contents of memory. Throws InputError, about `what`, where there is none.
    [[nodiscard]] std::vector<std::uint8_t> memory(std::uint32_t address, std::size_t bytes,
                                                   const std::string& what);
    /// Runs to the end. `on_progress` (may be empty) is called about five times a second.
    [[nodiscard]] RunResult run(const std::function<void(const Progress&)>& on_progress);

    /// Ends the run at the next boundary of the core: something outside of it has failed.
    void abort(int status, std::string reason);
    [[nodiscard]] Soc& soc() { return *soc_; }
    [[nodiscard]] const Symbols& symbols() const { return symbols_; }
    [[nodiscard]] const std::string& firmware_name() const { return firmware_name_; }
    [[nodiscard]] const std::string& soc_name() const { return config_.soc.name; }

    /// Before run(): `observer` hears of what the firmware does.
    void observe(RunObserver& observer);
    /// Before run(): calls are followed; `listener` hears of the function that the host has been in
    /// until an instant.
    void on_function(std::function<void(const cpu::CallTree&, cpu::NodeId, Picoseconds)> listener);
    /// After run(): of the last one.
    void tell_function();
    /// Before run(): that this event is pending does not keep a run alive in which nothing else
    /// can happen.
    void add_bystander(Bystander& bystander) { bystanders_.push_back(&bystander); }

private:
    void finish(std::uint32_t code) override;
    void request_reset(const std::string& reason) override;
    void mark_phase(std::uint32_t index, bool end, Picoseconds at) override;
    void violated(const protocol::Violation& violation) override;
    void on_boundary(cpu::Boundary boundary);
    bool on_trap(const cpu::Trap& trap);
    [[nodiscard]] std::string storm_source() const;
    void stop(int status, std::string reason);
    void reset_soc();
    void reset_if_asked(cpu::Boundary& boundary);
    void dead_end(std::string reason);
    void show_reset();
    [[nodiscard]] bool watchdog_armed() const;
    [[nodiscard]] bool debug(cpu::Boundary boundary);
    [[nodiscard]] bool debugger_sees(std::string why);
    void poll_debugger();
    void halt(const std::string& why);
    [[nodiscard]] std::string monitor(const std::string& command);
    void watch_time();
    void watch_tohost(std::function<void(std::uint8_t)> put);
    /// True where no event can ever happen again.
    [[nodiscard]] bool nothing_to_come();
    void stop_if_nothing_comes();
    bool stop_if_interrupted();
    /// True where neither the simulation nor the host can end the wfi.
    [[nodiscard]] bool hopeless();
    /// True where input from the host can wake the core.
    [[nodiscard]] bool host_may_wake();
    void hear(bool input);
    /// Lets the wall clock catch up, or input come, for at most `limit`.
    void idle(std::chrono::milliseconds limit);
    void pace(double wall_s);
    [[nodiscard]] bool advance(double wall_s,
                               const std::function<void(const Progress&)>& on_progress);
    [[nodiscard]] RunResult collect(double wall_s);
    void follow_calls();
    void collect_counts(RunResult& result) const;
    void tell_checked() const;
    void warn_of_losses();
    void check_memory();
    void check_tiles();
    [[nodiscard]] RunResult::MemoryUse use_of(const Memory& memory) const;
    /// Without its energy.
    [[nodiscard]] RunResult::Work work_of(const std::string& phase) const;
    [[nodiscard]] std::string where() const;

    SocConfig config_;
    const Technology& technology_;
    TechnologyPrices prices_;
    std::string firmware_name_;
    std::uint64_t seed_;
    TimingStyle timing_;
    Picoseconds quantum_;
    RunLimits limits_;
    Symbols symbols_;
    std::vector<MapEntry> map_;
    FirmwareLog log_;
    std::map<std::string, std::uint64_t> unwritten_reads_;  ///< by memory, if they are looked for
    Faults faults_;
    std::string fault_;  ///< why the last fault stopped the core
    Phases phases_;
    std::unique_ptr<Soc> soc_;
    std::unique_ptr<Htif> htif_;
    std::unique_ptr<cpu::Attribution> attribution_;  ///< if calls are followed
    bool attributed_ = false;                        ///< and what they cost
    console::Console* console_ = nullptr;
    Bystander time_is_up_;
    std::vector<Bystander*> bystanders_;
    std::vector<RunObserver*> observers_;

    std::unique_ptr<debug::GdbServer> gdb_;
    std::unique_ptr<debug::Semihosting> semihosting_;
    bool halt_requested_ = false;  // by the debugger
    bool hopeless_ = false;        // nothing can end the present wfi
    std::optional<std::uint64_t> shown_end_;
    std::uint32_t fault_cause_ = 0;
    std::uint32_t image_end_ = fixed_map::l2_base;

    bool ended_ = false;
    bool reset_pending_ = false;
    std::string reset_reason_;  // told where the core stands when it is reset
    Picoseconds reset_requested_ = 0;
    bool finished_ = false;
    std::optional<std::pair<int, std::string>> aborted_;
    int status_ = 0;
    std::uint32_t firmware_code_ = 0;
    std::string end_reason_;
    double next_progress_s_ = 0.2;
};

}  // namespace cimera
