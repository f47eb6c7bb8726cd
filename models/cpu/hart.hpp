// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/cpu/block.hpp"
#include "models/cpu/bus.hpp"
#include "models/cpu/csr.hpp"
#include "models/cpu/debug.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

struct HartConfig {
    std::uint32_t hart_id = 0;
    ExtensionSet extensions = rv32imac;  ///< Extension::i is always there
    bool misaligned_traps = false;       ///< loads and stores; otherwise handled in memory
    bool semihosting = false;            ///< calls leave run(); otherwise ebreak traps
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
};

/// A RISC-V hart (M mode, RV32IMAC, Zicsr, Zifencei, Zicntr): an interpreter of cached blocks.
/// Registers, traps, cycles, instructions and accesses do not depend on whether the Bus offers
/// regions, nor on the horizons and limits it is run with.
class Hart {
public:
    Hart(const HartConfig& config, Bus& bus);

    /// Everything as after power-on: registers, CSRs, counters, reservation, decoded code. Not
    /// inside a Bus call.
    void reset(std::uint32_t pc);

    /// Executes until cycles() >= horizon, instret() >= max_instret, or another reason to return.
    /// Only the instruction that crosses the horizon may go beyond it. An enabled interrupt is
    /// taken before the next instruction executes.
    Exit run(std::uint64_t horizon, std::uint64_t max_instret);

    /// Level of an interrupt line: interrupt::software, timer or external.
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
    [[nodiscard]] std::uint64_t cycles() const;
    [[nodiscard]] std::uint64_t instret() const;

    /// Instructions issued per energy class since the last call (those that trapped included).
    /// Brings the counters of all Regions up to date.
    EnergyCounts take_counts();

    /// Of the current instruction inside a Bus call, else of the next one.
    [[nodiscard]] std::uint32_t pc() const { return current_ != nullptr ? current_->pc : pc_; }
    void set_pc(std::uint32_t pc);
    [[nodiscard]] std::uint32_t x(unsigned number) const { return x_[number]; }
    void set_x(unsigned number, std::uint32_t value);
    /// Nothing if there is no such CSR. Writes obey WARL rules, also a debugger's.
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

    [[nodiscard]] const HartConfig& config() const { return config_; }

private:
    friend struct Execute;

    /// A cached piece of a region. `length` 0 matches nothing.
    struct Window {
        std::uint32_t first = 0;
        std::uint32_t length = 0;
        std::uint8_t* data = nullptr;
        Region* region = nullptr;
    };
    /// mcycle or minstret: a running count plus an offset, or a held value while inhibited.
    struct Counter {
        std::uint64_t offset = 0;
        std::uint64_t held = 0;
        bool inhibited = false;
    };
    static constexpr std::size_t windows = 64;
    static constexpr std::uint32_t max_block_instructions = 64;
    static constexpr unsigned attention_leave = 1;
    static constexpr unsigned attention_wfi = 2;
    static constexpr unsigned attention_stopped = 4;
    static constexpr unsigned attention_dead = 8;
    static constexpr unsigned attention_debug = 16;
    static constexpr unsigned attention_semihosting = 32;

    static std::size_t window_index(std::uint32_t address) {
        return address / BlockCache::page_bytes % windows;
    }

    // Running (hart.cpp).
    Exit attend();
    bool locate();
    void run_block();
    void step();
    bool fetch_by_transaction();
    void execute(Cursor start);
    void resume_after(Cursor in_block);

    // Decoding (fetch.cpp).
    Block* build_block(std::uint32_t pc);
    void finish_block(Block& block, const std::vector<Decoded>& decoded);
    bool code_half(std::uint32_t address, std::uint16_t& half);
    std::optional<Decoded> decode_at(std::uint32_t address);
    void resolve_region(Block& block);
    void raise_fetch_fault(std::uint32_t address);

    // Data accesses (memory.cpp).
    Region* data_region(std::uint32_t address, bool write);
    bool read_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value);
    bool write_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t value);

    // Debugging (debug.cpp).
    void open_page_window(Window& window, std::uint32_t address, Region& region);
    bool stands_before(Cursor i, std::uint32_t address, unsigned size, bool read, bool write);
    bool stands_before_fetch(const Instruction& next);
    bool is_semihosting_call(const Instruction& ebreak);

    // Counting (counters.cpp).
    void enter(Cursor i);
    void account(Cursor until);
    void settle();
    [[nodiscard]] std::uint64_t cycles_after() const;
    [[nodiscard]] std::uint64_t instret_after() const;
    static std::uint64_t counter_value(const Counter& counter, std::uint64_t running);
    static void set_counter(Counter& counter, std::uint64_t running, std::uint64_t value);
    static void inhibit(Counter& counter, std::uint64_t running, bool inhibited);

    // Traps and CSRs (trap.cpp, csr.cpp).
    Cursor raise(Cursor i, const Trap& trap);
    Cursor raise_illegal(Cursor i);
    [[nodiscard]] bool traps_forever(const Trap& trap) const;
    [[nodiscard]] std::uint32_t exception_vector() const { return mtvec_ & ~3U; }
    void enter_trap(std::uint32_t cause, std::uint32_t tval, std::uint32_t epc);
    void take_interrupt();
    void update_interrupts();
    [[nodiscard]] std::uint32_t misa() const;
    [[nodiscard]] std::uint32_t pc_mask() const;
    [[nodiscard]] std::optional<std::uint32_t> read_machine_csr(std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> read_counter_csr(std::uint32_t number) const;
    bool write_counter_csr(std::uint32_t number, std::uint32_t value);

    // What the handlers touch comes first.
    std::array<std::uint32_t, 33> x_{};    ///< and Instruction::discard
    std::uint32_t pc_ = 0;                 ///< valid between executions
    std::uint64_t cycles_ = 0;             ///< while executing, less cycles_before of the position
    std::uint32_t target_misaligned_ = 0;  ///< bits that must be 0 in jump targets
    bool redirected_ = false;              ///< the next fetch is not sequential
    std::array<Window, windows> loads_{};
    std::array<Window, windows> stores_{};

    unsigned attention_ = 0;
    bool interrupt_ready_ = false;
    std::uint64_t instret_ = 0;
    Block* block_ = nullptr;
    Cursor cursor_ = nullptr;  ///< next instruction in block_, nullptr: look pc_ up

    Cursor current_ = nullptr;    ///< the instruction whose Bus calls are going on
    Cursor run_start_ = nullptr;  ///< where the present execution began
    Cursor accounted_ = nullptr;  ///< all before it is in counts_ and the region's fetches
    Region* run_region_ = nullptr;
    std::uint32_t wait_limit_ = 0;  ///< largest wait of the regions in use
    EnergyCounts counts_{};
    std::vector<Block*> touched_;  ///< blocks with runs != 0
    std::array<Instruction, 2> single_{};

    bool reserved_ = false;
    std::uint32_t reservation_ = 0;

    bool vector_entered_ = false;  ///< no instruction has executed since the last trap
    std::uint32_t mstatus_ = 0;    ///< MIE and MPIE
    std::uint32_t mtvec_ = 0;
    std::uint32_t mie_ = 0;
    std::uint32_t mip_ = 0;
    std::uint32_t mscratch_ = 0;
    std::uint32_t mepc_ = 0;
    std::uint32_t mcause_ = 0;
    std::uint32_t mtval_ = 0;
    Counter mcycle_;
    Counter minstret_;

    HartConfig config_;
    Bus& bus_;
    BlockCache blocks_;
    Region* code_region_ = nullptr;  ///< while a block is decoded
    DebugHook debug_;
    std::uint64_t redirect_paid_ = ~std::uint64_t{0};  ///< instret_ at the last jump
};

}  // namespace cimera::cpu
