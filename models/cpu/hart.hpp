// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/cpu/attribution.hpp"
#include "models/cpu/block.hpp"
#include "models/cpu/bus.hpp"
#include "models/cpu/csr.hpp"
#include "models/cpu/debug.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/event.hpp"
#include "models/cpu/instruction.hpp"
#include "models/cpu/jit/engine.hpp"
#include "models/cpu/pmp.hpp"
#include "models/cpu/privilege.hpp"
#include "models/cpu/trace.hpp"
#include "models/cpu/window.hpp"

namespace cimera::cpu {

namespace jit {
class Translator;
struct Layout;
}  // namespace jit
/// Whether instructions and direct accesses are counted. Builds without that show what it costs.
#ifdef CIMERA_NO_ACCOUNTING
inline constexpr bool accounting = false;
#else
inline constexpr bool accounting = true;
#endif

struct HartConfig {
    std::uint32_t hart_id = 0;
    ExtensionSet extensions = all_extensions;  ///< Extension::i is always there
    bool misaligned_traps = false;             ///< loads and stores; otherwise handled in memory
    bool user_mode = true;
    bool supervisor_mode = false;       ///< without paging; brings user mode
    bool semihosting = false;           ///< calls leave run(); otherwise ebreak traps
    bool jit = false;                   ///< translate hot code, if the build can
    std::uint32_t jit_threshold = 50;   ///< executions that make a block hot
    std::size_t jit_bytes = 32U << 20;  ///< all code is forgotten before it takes more
};

/// Why Hart::run() returned.
enum class Exit : std::uint8_t {
    horizon,            ///< cycles() has reached the horizon
    leave,              ///< request_leave() was called
    wfi,                ///< a wfi retired and no enabled interrupt is pending
    instruction_limit,  ///< instret() has reached the limit
    stopped,            ///< Bus::on_trap() asked to stop; pc() is at the instruction, no trap taken
    dead,               ///< the trap handler's first instruction always traps; nothing gets on
    debug,              ///< at a breakpoint, before a watched access, or behind a step
    semihosting,        ///< a semihosting call retired; its answer goes into x10
    storm,              ///< `storm_limit` interrupts with no instruction between them
};

/// A RISC-V hart (RV32IMAFC, Zba, Zbb, Zbc, Zbs, Zicsr, Zifencei, Zicntr, Zihpm; M, U and S mode,
/// PMP, no paging): an interpreter of cached blocks, and a translator of hot ones. Registers,
/// traps, cycles, instructions and accesses do not depend on whether there is a translator, whether
/// the Bus offers regions, nor on the horizons and limits it is run with.
class Hart {
public:
    Hart(const HartConfig& config, Bus& bus);
    Hart(const Hart&) = delete;
    Hart& operator=(const Hart&) = delete;
    Hart(Hart&&) = delete;
    Hart& operator=(Hart&&) = delete;
    ~Hart() = default;

    /// Everything as after power-on: registers, CSRs, counters, reservation, decoded code. Not
    /// inside a Bus call.
    void reset(std::uint32_t pc);

    /// Executes until cycles() >= horizon, instret() >= max_instret, or another reason to return.
    /// Only the instruction that crosses the horizon may go beyond it. An enabled interrupt is
    /// taken before the next instruction executes. `early`: nothing happens at the horizon, and
    /// having got on at all it may return before it, which is faster.
    Exit run(std::uint64_t horizon, std::uint64_t max_instret, bool early = false);

    /// Level of an interrupt line: interrupt::software, timer, external or supervisor_external.
    void set_interrupt(unsigned number, bool level);
    /// What wakes a wfi, whatever mstatus.MIE says.
    [[nodiscard]] bool interrupt_pending() const { return (mip_ & mie_) != 0; }
    /// Lets cycles pass without an instruction: waits for a shared resource. Not inside a Bus call.
    void stall(std::uint64_t cycles) { cycles_ += cycles; }
    /// run() returns after the current instruction, or at once.
    void request_leave() { attention_ |= attention_leave; }

    /// Another master or the debugger wrote [first, last]. The hart's own stores to code take
    /// effect with fence.i.
    void invalidate_code(std::uint32_t first, std::uint32_t last);
    /// No Region pointer the Bus returned so far is used again.
    void invalidate_regions();
    /// Another master wrote [first, last].
    void clear_reservation(std::uint32_t first, std::uint32_t last);

    /// Exact at instruction boundaries; asked inside a Bus call, the current instruction is
    /// included only with what its earlier accesses took.
    [[nodiscard]] std::uint64_t cycles() const {
        if (current_ == nullptr) {
            return cycles_;
        }
        // A load or store that calls the Bus has left its home: cycles_ is less by that wait state.
        const Cursor next = current_ + 1;
        return cycles_ + cycles_until(next) - (next->cycles_before - current_->cycles_before);
    }
    [[nodiscard]] std::uint64_t instret() const;

    /// Instructions issued per energy class since the last call (those that trapped included).
    /// Brings the counters of all Regions up to date.
    EnergyCounts take_counts();

    /// From now on every instruction that retires is told to `sink`; nullptr: none. Registers,
    /// cycles, energy and accesses stay the same. Not inside a Bus call.
    void set_trace(TraceSink* sink) { trace_ = sink; }

    /// From now on all that is counted is told to `attribution` too, by who called whom; before the
    /// first instruction. Registers, cycles, counters and accesses stay the same.
    void set_attribution(Attribution& attribution);

    /// Of the current instruction inside a Bus call, else of the next one.
    [[nodiscard]] std::uint32_t pc() const { return current_ != nullptr ? current_->pc : pc_; }
    void set_pc(std::uint32_t pc);
    [[nodiscard]] std::uint32_t x(unsigned number) const { return x_[number]; }
    void set_x(unsigned number, std::uint32_t value);
    [[nodiscard]] std::uint32_t f(unsigned number) const {
        return x_[Instruction::float_base + number];
    }
    void set_f(unsigned number, std::uint32_t value) {
        x_[Instruction::float_base + number] = value;
    }
    [[nodiscard]] Privilege privilege() const { return privilege_; }
    /// Nothing if there is no such CSR. Writes obey WARL rules, also a debugger's, but neither asks
    /// for the privilege that an instruction needs.
    [[nodiscard]] std::optional<std::uint32_t> read_csr(std::uint32_t number) const;
    bool write_csr(std::uint32_t number, std::uint32_t value);

    /// A debugger's: run() returns Exit::debug before the instruction at `pc`, or before one that
    /// makes a watched access. False where there was none to remove.
    void insert_breakpoint(std::uint32_t pc);
    bool remove_breakpoint(std::uint32_t pc);
    void insert_watch(const Watch& watch);
    bool remove_watch(const Watch& watch);
    /// The watchpoint behind Exit::debug, once.
    std::optional<Watch> take_watch_hit();
    /// As run(), but one instruction, or the entry into one trap: then Exit::debug.
    Exit run_step(std::uint64_t horizon, std::uint64_t max_instret);
    /// Returns from traps so far.
    [[nodiscard]] std::uint64_t trap_returns() const { return trap_returns_; }

    [[nodiscard]] const HartConfig& config() const { return config_; }
    /// Whether hot code is translated.
    [[nodiscard]] bool translates() const { return jit_ != nullptr; }

private:
    friend struct Execute;
    friend class jit::Translator;
    friend struct jit::Layout;

    /// mcycle or minstret: a running count plus an offset, or a held value while inhibited.
    struct Counter {
        std::uint64_t offset = 0;
        std::uint64_t held = 0;
        bool inhibited = false;
    };
    /// A call or return that the last instruction made.
    struct Transfer {
        enum class Kind : std::uint8_t { none, call, ret, jump } kind = Kind::none;
        std::uint32_t site = 0;
        std::uint32_t return_to = 0;
    };
    /// How the program came to pc_ when no instruction has executed since.
    enum class Arrival : std::uint8_t { other, trap, trap_return };
    static constexpr std::uint32_t storm_limit = 1'000'000;
    static constexpr std::uint32_t no_page = ~0U;
    /// What a trap into M or S mode leaves and uses.
    struct TrapRegisters {
        std::uint32_t tvec = 0;
        std::uint32_t scratch = 0;
        std::uint32_t epc = 0;
        std::uint32_t cause = 0;
        std::uint32_t tval = 0;
    };
    static constexpr std::uint32_t max_block_instructions = 64;
    static constexpr unsigned attention_leave = 1;
    static constexpr unsigned attention_wfi = 2;
    static constexpr unsigned attention_stopped = 4;
    static constexpr unsigned attention_dead = 8;
    static constexpr unsigned attention_prepare = 16;
    static constexpr unsigned attention_debug = 32;
    static constexpr unsigned attention_semihosting = 64;
    static constexpr unsigned attention_storm = 128;
    /// One call of a handler retires fewer instructions than fit into work_.
    static constexpr std::uint64_t longest_chain = std::uint64_t{1} << 30;

    // Running (hart.cpp).
    Exit attend();
    bool locate();
    void link(Block& previous, Block& following);
    void prepare();
    void run_part(Cursor stop);
    [[nodiscard]] inline bool undisturbed() const;
    [[nodiscard]] std::uint64_t most_cycles(Cursor from, Cursor to) const;
    [[nodiscard]] Cursor last_within(std::uint64_t cycles, std::uint64_t instructions) const;
    void step_traced();
    void trace_access(const Instruction& i, std::uint32_t base, std::uint32_t operand,
                      Retired& what);
    void trace_csr(const Instruction& i, bool flags_changed, Retired& what) const;
    bool fetch_by_transaction();
    void execute();
    bool step_native(Cursor i);
    void resume_after(Cursor in_block);

    // Decoding (fetch.cpp).
    Block* build_block(std::uint32_t pc);
    void finish_block(Block& block, const std::vector<Decoded>& decoded);
    bool code_half(std::uint32_t address, std::uint16_t& half);
    std::optional<Decoded> decode_at(std::uint32_t address);
    void resolve_region(Block& block);
    void raise_fetch_fault(std::uint32_t address);
    bool admit();

    // Data accesses (memory.cpp).
    Region* data_region(std::uint32_t address, bool write) {
        const bool refused = address / BlockCache::page_bytes == refused_page_[write ? 1 : 0];
        return refused ? nullptr : find_data_region(address, write);
    }
    Region* find_data_region(std::uint32_t address, bool write);
    inline void load_leaves_home(Cursor i);
    inline void store_leaves_home(Cursor i);
    inline void count_access(std::uint32_t pc, Region& region, int reads, int writes);
    void learn(Region& region);
    void open_home(bool write, const Window& window);
    bool read_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value);
    bool write_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t value);

    // Debugging (debug.cpp).
    [[nodiscard]] bool stands_before(const Instruction& next);
    bool is_semihosting_call(const Instruction& ebreak);

    // Counting (counters.cpp).
    void enter(Cursor i);
    void account(Cursor until, bool complete = false);
    void settle();
    inline void claim(Block& block);
    inline void count_run(Block& block);
    void count_runs(const Block& block, std::uint64_t runs);
    [[nodiscard]] Cursor entry() const { return entry_ != nullptr ? entry_ : block_->first(); }
    /// Cycles that the instructions of the block before `i` take, but for what depends on their
    /// operands.
    [[nodiscard]] std::uint64_t cycles_until(Cursor i) const {
        return i->cycles_before + std::uint64_t{i->loads_before} * home_read_wait_ +
               std::uint64_t{i->stores_before} * home_write_wait_;
    }
    [[nodiscard]] std::uint64_t cycles_after() const;
    [[nodiscard]] std::uint64_t instret_after() const;
    static std::uint64_t counter_value(const Counter& counter, std::uint64_t running);
    static void set_counter(Counter& counter, std::uint64_t running, std::uint64_t value);
    static void inhibit(Counter& counter, std::uint64_t running, bool inhibited);

    // Attribution (attribute.cpp).
    void follow();
    void wander();
    void settle_aside();
    void observe_transfers(Block& block) const;
    [[nodiscard]] bool crosses(const Block& previous, const Block& following) const;

    // Events (event.cpp).
    [[nodiscard]] std::uint64_t event_total(Event event) const;
    [[nodiscard]] std::uint64_t issued(Energy energy) const;
    [[nodiscard]] std::uint64_t data_wait() const;
    [[nodiscard]] std::uint64_t data_wait(const Block& block) const;
    void count(Event event) { ++tally_[static_cast<std::size_t>(event)]; }

    // Privilege and memory protection (privilege.cpp).
    void set_privilege(Privilege privilege);
    void update_access();
    void protection_changed();
    [[nodiscard]] bool data_allowed(std::uint32_t address, unsigned size,
                                    Permission permission) const {
        return pmp_.allows(address, size, permission, data_machine_);
    }
    [[nodiscard]] bool fetch_allowed(std::uint32_t first, std::uint32_t last) const;
    [[nodiscard]] bool has(Privilege privilege) const;
    [[nodiscard]] std::uint32_t mstatus_mask() const;
    void write_mstatus(std::uint32_t value, std::uint32_t mask);
    void return_from_machine();
    void return_from_supervisor();
    [[nodiscard]] bool wfi_traps() const;

    // Traps (trap.cpp).
    Cursor raise(Cursor i, const Trap& trap);
    Cursor raise_illegal(Cursor i);
    [[nodiscard]] std::uint32_t jump_to_here() const;
    [[nodiscard]] bool traps_forever(const Trap& trap) const;
    [[nodiscard]] static std::uint32_t vector(const TrapRegisters& registers) {
        return registers.tvec & ~3U;
    }
    [[nodiscard]] Privilege exception_target(std::uint32_t cause) const;
    [[nodiscard]] const TrapRegisters& trap_registers(Privilege target) const {
        return target == Privilege::machine ? machine_ : supervisor_;
    }
    void enter_trap(Privilege target, std::uint32_t cause, std::uint32_t tval, std::uint32_t epc);
    void take_interrupt();
    [[nodiscard]] std::uint32_t interrupts_for(Privilege target) const;
    void update_interrupts();

    // CSRs (csr.cpp, csr_machine.cpp, csr_supervisor.cpp, csr_counters.cpp).
    void reset_csrs();
    [[nodiscard]] std::uint32_t misa() const;
    [[nodiscard]] std::uint32_t pc_mask() const;
    [[nodiscard]] std::optional<std::uint32_t> read_machine_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_supervisor_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_lower_mode_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_pmp_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_counter_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_event_csr(std::uint32_t number) const;
    bool write_machine_csr(std::uint32_t number, std::uint32_t value);
    bool write_supervisor_csr(std::uint32_t number, std::uint32_t value);
    bool write_lower_mode_csr(std::uint32_t number, std::uint32_t value);
    bool write_pmp_csr(std::uint32_t number, std::uint32_t value);
    bool write_counter_csr(std::uint32_t number, std::uint32_t value);
    bool write_event_csr(std::uint32_t number, std::uint32_t value);
    void write_countinhibit(std::uint32_t value);
    [[nodiscard]] std::uint32_t countinhibit() const;
    [[nodiscard]] bool csr_accessible(std::uint32_t number, bool write) const;
    [[nodiscard]] bool counter_enabled(unsigned index) const;
    [[nodiscard]] std::uint32_t modifiable(std::uint32_t number, std::uint32_t value) const;
    void set_pending(std::uint32_t software);

    // Floating-point state (csr_float.cpp).
    [[nodiscard]] std::uint32_t float_status() const;
    void set_float_status(std::uint32_t mstatus);
    [[nodiscard]] std::uint32_t dynamic_rounding() const { return fcsr_ >> 5; }
    [[nodiscard]] std::optional<std::uint32_t> read_float_csr(std::uint32_t number) const;
    bool write_float_csr(std::uint32_t number, std::uint32_t value);

    // What the handlers touch comes first.
    std::array<std::uint32_t, 65> x_{};  ///< Instruction::discard, then the f registers
    std::uint32_t pc_ = 0;               ///< valid between executions
    std::uint64_t cycles_ = 0;           ///< while executing, less cycles_until() the position
    std::uint64_t run_limit_ = 0;        ///< what may not be reached without asking
    std::uint64_t chain_limit_ = 0;      ///< blocks may follow each other up to this cycle
    std::uint64_t native_limit_ = 0;     ///< the same of translated blocks
    std::uint64_t work_ = 0;             ///< by whole blocks: instructions, << 32 data accesses
    Block* block_ = nullptr;
    std::uint32_t counting_for_ = 1;  ///< the attribution's present node
    Window home_loads_;               ///< of home_: its accesses are counted by whole blocks
    Window home_stores_;
    std::uint32_t target_misaligned_ = 0;  ///< bits that must be 0 in jump targets
    bool redirected_ = false;              ///< the next fetch is not sequential
    Window* loads_ = nullptr;              ///< of the class of privilege that data accesses have
    Window* stores_ = nullptr;
    std::uint64_t fetch_stamp_ = 0;  ///< Block::admitted of blocks that may run
    std::array<std::uint32_t, 2> refused_page_{no_page, no_page};  ///< for loads, for stores

    unsigned attention_ = 0;
    bool interrupt_ready_ = false;
    std::uint64_t instret_ = 0;
    Cursor cursor_ = nullptr;  ///< next instruction in block_, nullptr: look pc_ up

    Cursor current_ = nullptr;    ///< the instruction whose Bus calls are going on
    Cursor entry_ = nullptr;      ///< where the present execution of block_ began, nullptr: first()
    Cursor accounted_ = nullptr;  ///< all before it is in the counters; nullptr: nothing
    Region* run_region_ = nullptr;
    Region no_home_;
    Region* home_ = &no_home_;  ///< takes all loads and stores that do not say otherwise
    Region* next_home_ = nullptr;
    std::uint32_t home_read_wait_ = 0;
    std::uint32_t home_write_wait_ = 0;
    std::uint32_t wait_limit_ = 0;     ///< largest wait of the regions in use
    Cursor native_left_at_ = nullptr;  ///< what the handler answered that left translated code
    bool native_goes_on_ = false;      ///< the handler did not
    std::array<std::uint8_t, 64> native_flags_{};  ///< fflags by the host's
    std::uint32_t native_mxcsr_ = 0;
    std::uint64_t native_home_ = 0;  ///< of home_: host address minus guest address
    EnergyCounts counts_{};
    std::vector<Block*> touched_;  ///< blocks with runs != 0

    bool reserved_ = false;
    std::uint32_t reservation_ = 0;

    Arrival arrival_ = Arrival::other;
    std::uint32_t jumped_from_ = 0;  ///< to the pc_ that is looked up; 0: not by a jump
    std::uint32_t storm_ = 0;  ///< interrupts since an instruction executed outside of handlers
    std::uint64_t trap_returns_ = 0;
    Privilege privilege_ = Privilege::machine;
    bool data_machine_ = true;   ///< loads and stores have machine mode's rights
    std::uint32_t mstatus_ = 0;  ///< but for FS and SD
    std::uint32_t fs_ = 0;       ///< mstatus.FS, in its place
    std::uint32_t fcsr_ = 0;
    std::uint32_t mie_ = 0;
    std::uint32_t mip_ = 0;  ///< the interrupt lines, and what software set
    std::uint32_t mip_lines_ = 0;
    std::uint32_t mip_software_ = 0;
    std::uint32_t medeleg_ = 0;
    std::uint32_t mideleg_ = 0;
    std::uint32_t mcounteren_ = 0;
    std::uint32_t scounteren_ = 0;
    std::uint32_t menvcfg_ = 0;
    std::uint32_t senvcfg_ = 0;
    TrapRegisters machine_;
    TrapRegisters supervisor_;
    Counter mcycle_;
    Counter minstret_;
    std::array<Counter, last_event_counter + 1> event_counters_;  ///< from first_event_counter on
    std::array<Event, last_event_counter + 1> selected_{};
    std::array<std::uint64_t, events> tally_{};  ///< what counts_ does not tell
    EnergyCounts taken_{};                       ///< counts_ that were taken since reset

    Pmp pmp_;
    std::array<WindowTable, 2> tables_{};  ///< by data_machine_
    std::vector<KnownRegion> known_regions_;
    std::array<std::uint64_t, 2> fetch_stamps_{};  ///< by machine mode
    std::uint64_t last_stamp_ = 0;

    HartConfig config_;
    Bus& bus_;
    TraceSink* trace_ = nullptr;
    Attribution* attribution_ = nullptr;
    Transfer transfer_;
    std::uint64_t followed_returns_ = 0;  ///< of trap_returns_
    BlockCache blocks_;
    Region* code_region_ = nullptr;  ///< while a block is decoded
    DebugHook debug_;
    std::unique_ptr<jit::Engine> jit_;
};

/// Direct accesses that blocks do not count, or (less than none) count too much.
inline void Hart::count_access(std::uint32_t pc, Region& region, int reads, int writes) {
    if constexpr (accounting) {
        region.reads += static_cast<std::uint64_t>(std::int64_t{reads});
        region.writes += static_cast<std::uint64_t>(std::int64_t{writes});
        if (attribution_ != nullptr) {
            attribution_->access(pc, &region, reads, writes);
        }
    }
}

/// From now on executions of the block count for the present node.
inline void Hart::claim(Block& block) {
    if (block.counted_for != counting_for_) {
        if (block.counted_for == 0) {
            touched_.push_back(&block);
        } else {
            attribution_->put_aside(block);
        }
        block.counted_for = counting_for_;
    }
}

/// Another whole execution of a block.
inline void Hart::count_run(Block& block) {
    if constexpr (accounting) {
        claim(block);
        ++block.runs;
    }
}

}  // namespace cimera::cpu
