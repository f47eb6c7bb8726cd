// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

#include <algorithm>

#include "models/cpu/execute.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

namespace {

// Blocks follow each other by tail calls. Builds without them (GCC makes them from -O2 on, and the
// sanitizers' has -O1) return to the run loop after each block instead of filling the stack.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
constexpr bool tail_calls = true;
#else
constexpr bool tail_calls = false;
#endif

}  // namespace

Hart::Hart(const HartConfig& config, Bus& bus) : config_(config), bus_(bus) {
    config_.extensions |= bit(Extension::i);
    config_.user_mode = config_.user_mode || config_.supervisor_mode;
    target_misaligned_ = ~pc_mask() & 2U;
    if (config_.jit) {
        jit_ = jit::make_engine(*this);
    }
    reset(0);
}

void Hart::reset(std::uint32_t pc) {
    settle();
    if (attribution_ != nullptr) {
        attribution_->pass(cycles_);
        attribution_->begin(pc);
        counting_for_ = attribution_->stack().node();
    }
    blocks_.drop_all();
    invalidate_regions();
    x_.fill(0);
    set_pc(pc);
    redirected_ = false;
    cycles_ = 0;
    instret_ = 0;
    counts_.fill(0);
    attention_ = attention_prepare;
    reserved_ = false;
    arrival_ = Arrival::other;
    storm_ = 0;
    reset_csrs();
}

Exit Hart::run(std::uint64_t horizon, std::uint64_t max_instret, bool early) {
    bool begun = false;
    for (;; begun = true) {
        if (attention_ != 0) {
            if ((attention_ & attention_prepare) == 0) {
                return attend();
            }
            prepare();
            continue;
        }
        if (cycles_ >= horizon) {
            return Exit::horizon;
        }
        if (instret_ >= max_instret) {
            return Exit::instruction_limit;
        }
        if (interrupt_ready_) {
            take_interrupt();
            continue;
        }
        if (cursor_ == nullptr && !locate()) {
            continue;
        }
        if (block_->admitted != fetch_stamp_ && !admit()) {
            continue;
        }
        if (!debug_.watches.empty() && stands_before(*cursor_)) {
            return Exit::debug;
        }
        if (block_->region == nullptr) {
            if (debug_.stops_at(pc_)) {
                return Exit::debug;
            }
            resolve_region(*block_);
        }
        if (block_->region == nullptr) {
            if (fetch_by_transaction()) {
                trace_ == nullptr ? run_part(cursor_ + 1) : step_traced();
            }
            continue;
        }
        const std::uint64_t entering = redirected_ ? block_->region->read_wait : 0;
        const std::uint64_t left = max_instret - instret_;
        // An instruction takes at least a cycle, so that a limit of cycles is one of instructions.
        run_limit_ = std::min(horizon, cycles_ + std::min(left, longest_chain));
        const bool fits = cycles_ + entering + block_->most <= run_limit_;
        if (early && begun && !fits) {
            return Exit::horizon;
        }
        cycles_ += entering;
        redirected_ = false;
        if (trace_ != nullptr) {
            step_traced();
        } else if (!debug_.watches.empty()) {
            run_part(cursor_ + 1);
        } else if (fits) {
            // What a chain counts by whole blocks begins with a whole one.
            native_limit_ = cursor_ == block_->first() ? run_limit_ : 0;
            chain_limit_ = tail_calls ? native_limit_ : 0;
            execute();
        } else {
            run_part(last_within(horizon > cycles_ ? horizon - cycles_ : 0, left));
        }
    }
}

Exit Hart::attend() {
    const unsigned reasons = attention_;
    attention_ &= attention_dead;
    if ((reasons & attention_stopped) != 0) {
        return Exit::stopped;
    }
    if ((reasons & attention_dead) != 0) {
        return Exit::dead;
    }
    if ((reasons & attention_debug) != 0) {
        return Exit::debug;
    }
    if ((reasons & attention_semihosting) != 0) {
        return Exit::semihosting;
    }
    if ((reasons & attention_storm) != 0) {
        return Exit::storm;
    }
    if ((reasons & attention_wfi) != 0) {
        return Exit::wfi;
    }
    return Exit::leave;
}

/// Finds or decodes the block at pc_; false after a fetch fault.
bool Hart::locate() {
    if (attribution_ != nullptr) {
        wander();
    }
    if (block_ != nullptr) {
        jumped_from_ = jump_to_here();
        block_ = block_->dropped ? nullptr : block_;
    }
    Block* found = blocks_.find(pc_);
    if (found == nullptr) {
        if (blocks_.full()) {
            settle();
            blocks_.drop_all();
            block_ = nullptr;
        }
        if (jit_ != nullptr && blocks_.any_dropped()) {
            jit_->release_dropped();
        }
        blocks_.release();
        found = build_block(pc_);
        if (found == nullptr) {
            return false;
        }
    }
    if (block_ != nullptr) {
        link(*block_, *found);
    }
    block_ = found;
    cursor_ = found->first();
    return true;
}

/// Lets `previous` go on with `following` without asking, if that is where its code leads.
void Hart::link(Block& previous, Block& following) {
    if (following.region == nullptr && !debug_.cuts(following.pc)) {
        resolve_region(following);
    }
    if (following.region == nullptr || following.region != previous.region ||
        crosses(previous, following)) {
        return;
    }
    if (following.pc == previous.pc + previous.bytes) {
        previous.sequel = &following;
    }
    if (previous.jumps && following.pc == previous.target) {
        previous.branch = &following;
    }
}

/// Regions came or went: what blocks know of them is found anew.
void Hart::prepare() {
    settle();
    blocks_.forget_regions();
    attention_ &= ~attention_prepare;
    home_ = next_home_ != nullptr ? next_home_ : &no_home_;
    // Windows onto the new home are opened with its next accesses.
    for (WindowTable& table : tables_) {
        table.clear();
    }
    home_loads_ = home_stores_ = {};
    home_read_wait_ = home_->read_wait;
    home_write_wait_ = home_->write_wait;
}

/// From cursor_ to `stop`, which is not beyond the end of the block.
void Hart::run_part(Cursor stop) {
    chain_limit_ = native_limit_ = 0;
    if (stop == block_->end()) {
        execute();
        return;
    }
    // Block and region may go while it executes; the instruction stays until the next decoding.
    Instruction& marker = block_->code[static_cast<std::size_t>(stop - block_->first())];
    const Handler handler = marker.handler;
    marker.handler = &Execute::end_of_block;
    execute();
    marker.handler = handler;
}

/// The farthest position that the block reaches in so many cycles and instructions, whatever its
/// operands are; at least one instruction on.
Cursor Hart::last_within(std::uint64_t cycles, std::uint64_t instructions) const {
    const Cursor from = cursor_;
    Cursor to = from + 1;
    const Cursor end = block_->end();
    while (to != end && static_cast<std::uint64_t>(to - from) < instructions) {
        const Cursor next = to + 1;
        if (most_cycles(from, next) > cycles) {
            break;
        }
        to = next;
    }
    return to;
}

/// Most cycles that the instructions of a block in [from, to) take, but for transactions.
std::uint64_t Hart::most_cycles(Cursor from, Cursor to) const {
    const auto accesses = static_cast<std::uint64_t>(to->accesses_before - from->accesses_before);
    const auto cycles = static_cast<std::uint64_t>(to->limit_before - from->limit_before);
    return cycles + timing::trap_entry + accesses * wait_limit_;
}

void Hart::execute() {
    arrival_ = Arrival::other;
    run_region_ = block_->region;
    const Cursor start = cursor_;
    entry_ = start == block_->first() ? nullptr : start;
    accounted_ = nullptr;
    work_ = 0;
    cycles_ -= cycles_until(start);
    const Cursor stop = start->handler(*this, start);
    current_ = nullptr;
    cycles_ += cycles_until(stop);
    const Cursor from = entry();
    const auto instructions =
        static_cast<std::uint32_t>(work_) + static_cast<std::uint64_t>(stop - from);
    instret_ += instructions;
    if (run_region_ != nullptr) {
        run_region_->accesses += instructions;
    }
    home_->accesses += (work_ >> 32) + (stop->loads_before - from->loads_before) +
                       (stop->stores_before - from->stores_before);
    if (accounted_ == nullptr && entry_ == nullptr && stop == block_->end() &&
        run_region_ != nullptr) {
        count_run(*block_);
    } else {
        account(stop, accounted_ == nullptr);
    }
    resume_after(stop);
    if (attribution_ != nullptr) {
        follow();
    }
}

/// Continues in the same block where possible, so that how code was cut into blocks depends on the
/// program alone, not on horizons or on which accesses were transactions.
void Hart::resume_after(Cursor in_block) {
    const bool leaves = redirected_ || block_->dropped || in_block == block_->end() ||
                        (attention_ & (attention_stopped | attention_dead)) != 0;
    cursor_ = leaves ? nullptr : in_block;
}

bool Hart::fetch_by_transaction() {
    std::uint32_t value = 0;
    std::uint32_t wait = 0;
    const std::uint32_t address = cursor_->pc;
    const unsigned length = cursor_->length;
    // The Bus may drop the block while it answers; its memory stays until the next decoding.
    const Cursor at = cursor_;
    const Access kind = redirected_ ? Access::fetch : Access::fetch_ahead;
    const BusStatus status = bus_.read(address, length, kind, value, wait);
    if (status == BusStatus::fault) {
        raise_fetch_fault(address);
        return false;
    }
    if (redirected_) {
        cycles_ += wait;
        redirected_ = false;
    }
    cursor_ = at;
    return true;
}

void Hart::set_interrupt(unsigned number, bool level) {
    const std::uint32_t external =
        config_.supervisor_mode ? 1U << interrupt::supervisor_external : 0;
    const std::uint32_t line = (1U << number) & (interrupt::mask | external);
    mip_lines_ = level ? mip_lines_ | line : mip_lines_ & ~line;
    set_pending(mip_software_);
}

void Hart::invalidate_code(std::uint32_t first, std::uint32_t last) {
    if (!blocks_.overlaps(first, last)) {
        return;
    }
    settle();
    blocks_.drop(first, last);
    if (block_ != nullptr && block_->dropped) {
        cursor_ = nullptr;
    }
}

void Hart::invalidate_regions() {
    settle();
    blocks_.forget_regions();
    for (WindowTable& table : tables_) {
        table.clear();
    }
    tally_[static_cast<std::size_t>(Event::data_wait)] = data_wait();
    known_regions_.clear();
    home_loads_ = home_stores_ = {};
    refused_page_ = {no_page, no_page};
    next_home_ = nullptr;
    attention_ |= attention_prepare;
    code_region_ = nullptr;
    wait_limit_ = 0;
}

void Hart::clear_reservation(std::uint32_t first, std::uint32_t last) {
    if (reserved_ && reservation_ <= last && reservation_ + 3 >= first) {
        reserved_ = false;
    }
}

void Hart::set_pc(std::uint32_t pc) {
    pc_ = pc & pc_mask();
    cursor_ = nullptr;
    block_ = nullptr;
    jumped_from_ = 0;
    arrival_ = Arrival::other;
    attention_ &= ~attention_dead;
}

void Hart::set_x(unsigned number, std::uint32_t value) {
    if (number != 0) {
        x_[number] = value;
    }
}

}  // namespace cimera::cpu
