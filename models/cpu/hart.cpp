// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

#include "models/cpu/execute.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

Hart::Hart(const HartConfig& config, Bus& bus) : config_(config), bus_(bus) {
    config_.extensions |= bit(Extension::i);
    target_misaligned_ = ~pc_mask() & 2U;
    reset(0);
}

void Hart::reset(std::uint32_t pc) {
    settle();
    blocks_.drop_all();
    invalidate_regions();
    x_.fill(0);
    set_pc(pc);
    redirected_ = false;
    cycles_ = 0;
    instret_ = 0;
    counts_.fill(0);
    attention_ = 0;
    reserved_ = false;
    vector_entered_ = false;
    mstatus_ = mtvec_ = mie_ = mip_ = mscratch_ = mepc_ = mcause_ = mtval_ = 0;
    mcycle_ = {};
    minstret_ = {};
    update_interrupts();
}

Exit Hart::run(std::uint64_t horizon, std::uint64_t max_instret) {
    for (;;) {
        if (attention_ != 0) {
            return attend();
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
        if (block_->region == nullptr) {
            if (debug_.stops_at(pc_) || stands_before_fetch(*cursor_)) {
                return Exit::debug;
            }
            resolve_region(*block_);
        }
        if (block_->region == nullptr) {
            if (fetch_by_transaction()) {
                step();
            }
            continue;
        }
        if (redirected_) {
            cycles_ += block_->region->read_wait;
            redirected_ = false;
            redirect_paid_ = instret_;
        }
        // Conservative inside a block: its rest is measured by the whole.
        const std::uint64_t most_cycles =
            block_->cycles_limit + std::uint64_t{block_->accesses} * wait_limit_;
        if (cycles_ + most_cycles <= horizon && max_instret - instret_ >= block_->count) {
            run_block();
        } else {
            step();
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
    if ((reasons & attention_wfi) != 0) {
        return Exit::wfi;
    }
    return Exit::leave;
}

/// Finds or decodes the block at pc_; false after a fetch fault.
bool Hart::locate() {
    Block* const previous = block_;
    if (previous != nullptr && previous->successor != nullptr && previous->successor->pc == pc_) {
        block_ = previous->successor;
        cursor_ = block_->first();
        return true;
    }
    if (previous != nullptr && previous->dropped) {
        block_ = nullptr;
    }
    Block* found = blocks_.find(pc_);
    if (found == nullptr) {
        if (blocks_.full()) {
            settle();
            blocks_.drop_all();
            block_ = nullptr;
        }
        blocks_.release();
        found = build_block(pc_);
        if (found == nullptr) {
            return false;
        }
    }
    if (block_ != nullptr) {
        block_->successor = found;
    }
    block_ = found;
    cursor_ = found->first();
    return true;
}

void Hart::run_block() {
    vector_entered_ = false;
    run_region_ = block_->region;
    const Cursor start = cursor_;
    run_start_ = accounted_ = start;
    cycles_ -= start->cycles_before;
    const Cursor stop = start->handler(*this, start);
    current_ = nullptr;
    cycles_ += stop->cycles_before;
    instret_ += static_cast<std::uint64_t>(stop - start);
    if (accounted_ == block_->first() && stop == block_->end()) {
        if (block_->runs++ == 0) {
            touched_.push_back(block_);
        }
    } else {
        account(stop);
    }
    resume_after(stop);
}

/// Executes one instruction: a copy of it as a block of its own.
void Hart::step() {
    vector_entered_ = false;
    run_region_ = block_->region;
    const Cursor at = cursor_;
    single_[0] = *at;
    single_[0].cycles_before = 0;
    single_[1].handler = &Execute::end_of_block;
    single_[1].pc = at->pc + at->length;
    single_[1].cycles_before = static_cast<std::uint16_t>(at[1].cycles_before - at->cycles_before);
    const Cursor start = single_.data();
    run_start_ = accounted_ = start;
    const Cursor stop = start->handler(*this, start);
    current_ = nullptr;
    if (stop == start) {  // stands before a watched access
        cursor_ = redirected_ ? nullptr : at;
        return;
    }
    cycles_ += stop->cycles_before;
    ++instret_;
    account(stop);
    resume_after(at + 1);
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
    const BusStatus status = bus_.read(address, length, Access::fetch, value, wait);
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
    const std::uint32_t line = (1U << number) & interrupt::mask;
    mip_ = level ? mip_ | line : mip_ & ~line;
    update_interrupts();
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
    loads_.fill({});
    stores_.fill({});
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
    vector_entered_ = false;
    attention_ &= ~attention_dead;
}

void Hart::set_x(unsigned number, std::uint32_t value) {
    if (number != 0) {
        x_[number] = value;
    }
}

}  // namespace cimera::cpu
