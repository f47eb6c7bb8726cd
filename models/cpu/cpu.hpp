// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>

#include "models/common/irq.hpp"
#include "models/common/master_port.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/register_port.hpp"
#include "models/common/sleep.hpp"
#include "models/common/write_observer.hpp"
#include "models/cpu/bus.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu {

struct CpuConfig {
    HartConfig hart;
    std::uint32_t reset_pc = 0x1000;
    Picoseconds quantum = 1'000'000'000;  ///< how far the core may run ahead of the kernel
    bool use_dmi = true;
    std::uint64_t max_instructions = ~std::uint64_t{0};
};

/// Why the core has come to a boundary and asks its owner what to do.
enum class Boundary : std::uint8_t {
    attention,          ///< `request_attention` was called
    instruction_limit,  ///< the limit of the configuration is reached
    stopped,            ///< the trap listener asked to stop
    dead,               ///< the trap vector cannot be fetched
    asleep,             ///< a wfi that no interrupt is enabled to end
    debug,              ///< a breakpoint, a watchpoint or the end of a step
    semihosting,        ///< a semihosting call waits for its answer
    sleeping,           ///< a wfi begins to wait: sleeping() is true
    storm,              ///< interrupts leave no time for the program
};

/// SystemC skin of the hart: runs it up to its horizon, the next pending event of the kernel
/// bounded by the quantum, so that interrupts are taken at the first instruction boundary at or
/// after the instant at which they were raised. Loosely timed initiator with DMI.
class Cpu final : public sc_core::sc_module, public Resettable, public WriteObserver, private Bus {
public:
    MasterPort bus;

    using BoundaryHandler = std::function<void(Boundary)>;
    using TrapListener = std::function<bool(const Trap&)>;
    using TimeSource = std::function<std::uint64_t(Picoseconds)>;

    /// `on_boundary` runs in the core's process, synchronised with the kernel; `on_trap` sees every
    /// exception and answers whether to stop; `mtime` answers the time CSR.
    Cpu(const sc_core::sc_module_name& name, const Environment& env, const CpuConfig& config,
        BoundaryHandler on_boundary, TrapListener on_trap, TimeSource mtime);

    /// Interrupt input: 3 software, 7 timer, 9 external to S mode, 11 external.
    [[nodiscard]] IrqIf& line(unsigned number);
    void reset(ResetKind kind) override;
    void written(bool own, std::uint64_t first, std::uint64_t last) override;

    /// The core stops at the end of the present instruction and calls the boundary handler.
    void request_attention();
    /// To be called at Boundary::dead or asleep: the core's clock stands until attention is
    /// requested, which a reset does.
    void lock_up() { locked_up_ = true; }
    /// No instruction is executed any more.
    void halt() { halted_ = true; }
    /// The next instruction only, or the entry into a trap; then Boundary::debug. Or no longer so.
    void set_stepping(bool stepping) { stepping_ = stepping; }
    /// What a debugger or semihosting reads and writes while the core is at a boundary: without
    /// side effects, time or energy. False where not all bytes have a place.
    bool debug_read(std::uint32_t address, std::span<std::uint8_t> bytes);
    bool debug_write(std::uint32_t address, std::span<const std::uint8_t> bytes);
    /// `control` decides what becomes of the core in wfi.
    void set_sleep_control(SleepControl& control) { sleep_control_ = &control; }
    /// Who pays for what the core does from now on.
    void set_owner(OwnerId owner);

    [[nodiscard]] Picoseconds local_now() const {
        return epoch_ + (hart_.cycles() - epoch_cycle_) * period_;
    }
    /// From now on all that the core counts, and what its accesses cause, belongs to places of the
    /// program's call tree: frames of the ledger's owners. Before the first instruction.
    void set_attribution(Attribution& attribution);
    /// Tells `sink` every instruction from now on; see Hart::set_trace().
    void set_trace(TraceSink* sink) { hart_.set_trace(sink); }
    [[nodiscard]] const Hart& hart() const { return hart_; }
    [[nodiscard]] Hart& hart() { return hart_; }
    [[nodiscard]] std::uint64_t cycles() const { return cycles_before_reset_ + hart_.cycles(); }
    [[nodiscard]] std::uint64_t instructions() const {
        return instructions_before_reset_ + hart_.instret();
    }
    /// Time spent in wfi, the present one included.
    [[nodiscard]] Picoseconds asleep() const {
        return asleep_time_ + (asleep_ ? kernel_now() - asleep_since_ : 0);
    }
    [[nodiscard]] bool sleeping() const { return asleep_; }
    /// From now on `listener` hears of each time in wfi, when it ends.
    void on_sleep(std::function<void(Picoseconds from, Picoseconds to)> listener) {
        on_sleep_ = std::move(listener);
    }
    /// Tells the listener of the one that lasts when the simulation ends.
    void tell_unfinished() const {
        if (asleep_ && on_sleep_) {
            on_sleep_(asleep_since_, kernel_now());
        }
    }

private:
    struct Line final : IrqIf {
        Cpu* cpu = nullptr;
        unsigned number = 0;
        bool level = false;
        void set(bool level, Picoseconds at) override;
    };
    struct DirectRegion {
        Region region;
        std::vector<DmiTag::Stage> stages;
        DmiTag::Book book;
        DmiTag::Count count;
        std::uint64_t reads = 0;  // charged so far, fetches included
        std::uint64_t writes = 0;
    };

    /// Registers [first, last] that are reached by calls.
    struct Registers {
        std::uint32_t first = 1;
        std::uint32_t last = 0;
        RegisterPort* port = nullptr;
    };

    Region* region(std::uint32_t address, Access kind) override;
    BusStatus read(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value,
                   std::uint32_t& wait_cycles) override;
    BusStatus write(std::uint32_t address, unsigned size, Access kind, std::uint32_t value,
                    std::uint32_t& wait_cycles) override;
    bool peek(std::uint32_t address, void* bytes, unsigned size) override;
    std::uint64_t mtime() override { return mtime_(local_now()); }
    bool on_trap(const Trap& trap) override { return on_trap_(trap); }

    void run();
    [[nodiscard]] Exit run_ahead();
    void run_slice();
    [[nodiscard]] bool sleep();
    [[nodiscard]] bool may_wake() const;
    [[nodiscard]] bool can_wake() const;
    void wake_up();
    void restart(std::uint32_t pc);
    void wait_locked_up();
    void restart_clock();
    unsigned debug_access(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                          std::size_t size);
    static void settle();
    void synchronise();
    void flush();
    void charge(DirectRegion& direct) const;
    void charge_stages(const DirectRegion& direct, OwnerId owner, std::uint64_t reads,
                       std::uint64_t writes) const;
    void flush_places();
    [[nodiscard]] OwnerId owner_of(PlaceId place);
    /// Who pays for the access that the hart is about to make.
    [[nodiscard]] OwnerId owner_here() {
        return attribution_ == nullptr ? owner_ : owner_of(attribution_->place(hart_.pc()));
    }
    void book_direct();
    void forget_regions();
    void change_clock();
    [[nodiscard]] Picoseconds next_event() const;
    void check_horizon();
    [[nodiscard]] BusStatus transact(tlm::tlm_command command, std::uint32_t address,
                                     std::uint8_t* bytes, unsigned size, std::uint32_t& wait);
    void after_transport();
    BusStatus fetch_ahead(std::uint32_t address, unsigned size);
    [[nodiscard]] RegisterPort* registers_at(std::uint32_t address);
    [[nodiscard]] BusStatus call(RegisterPort& port, RegisterCall& call, std::uint32_t& wait);
    [[nodiscard]] std::uint32_t to_cycles(Picoseconds delay);
    [[nodiscard]] Region* memory_at(std::uint32_t address, Access kind);
    [[nodiscard]] bool is_memory(std::uint32_t address, Access kind);
    [[nodiscard]] bool refuses(std::uint32_t address, Access kind);
    [[nodiscard]] Region* request_region(std::uint32_t address, Access kind);

    Environment env_;
    CpuConfig config_;
    BoundaryHandler on_boundary_;
    TrapListener on_trap_;
    TimeSource mtime_;
    Hart hart_;
    Meter meter_;
    std::array<Line, 4> lines_;

    Picoseconds period_;
    Picoseconds epoch_ = 0;  // instant of cycle epoch_cycle_
    std::uint64_t epoch_cycle_ = 0;
    Picoseconds event_ = 0;  // of the kernel, the next one
    Picoseconds horizon_ = 0;
    Picoseconds slice_begin_ = 0;
    bool attention_ = false;
    bool halted_ = false;
    bool stepping_ = false;
    bool locked_up_ = false;
    bool asleep_ = false;
    Picoseconds asleep_since_ = 0;
    Picoseconds asleep_time_ = 0;
    std::function<void(Picoseconds, Picoseconds)> on_sleep_;
    std::uint64_t billed_cycles_ = 0;
    std::uint64_t cycles_before_reset_ = 0;
    std::uint64_t instructions_before_reset_ = 0;
    OwnerId owner_ = 0;
    Attribution* attribution_ = nullptr;
    std::vector<OwnerId> place_owners_;      ///< of owner_, by place; 0: not yet known
    SleepControl* sleep_control_ = nullptr;  // null: wfi stops the clock, nothing else
    sc_core::sc_event wake_;

    std::vector<std::unique_ptr<DirectRegion>> regions_;
    std::vector<std::unique_ptr<DirectRegion>> retired_;  // until the hart has let go of them
    std::set<std::uint32_t> denied_;                      // pages without direct access
    std::set<std::uint32_t> denied_writes_;
    std::map<std::uint32_t, Registers> registers_;  // by their last address
    Registers recent_registers_;
    Picoseconds recent_delay_ = 0;  // and its cycles: divisions take their time
    std::uint32_t recent_cycles_ = 0;
    TaggedPayload transaction_;
};

}  // namespace cimera::cpu
