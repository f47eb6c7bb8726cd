// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

std::uint64_t Hart::cycles() const {
    if (current_ == nullptr) {
        return cycles_;
    }
    // A load or store that calls the Bus has left its home: cycles_ is less by that wait state.
    const Cursor next = current_ + 1;
    return cycles_ + cycles_until(next) - (next->cycles_before - current_->cycles_before);
}

std::uint64_t Hart::instret() const {
    if (current_ == nullptr) {
        return instret_;
    }
    return instret_ + static_cast<std::uint32_t>(work_) +
           static_cast<std::uint64_t>(current_ - entry());
}

/// Cycles that the instructions of the block before `i` take, but for what depends on their
/// operands.
std::uint64_t Hart::cycles_until(Cursor i) const {
    return i->cycles_before + std::uint64_t{i->loads_before} * home_read_wait_ +
           std::uint64_t{i->stores_before} * home_write_wait_;
}

/// cycles() once the current instruction has completed.
std::uint64_t Hart::cycles_after() const {
    return current_ != nullptr ? cycles_ + cycles_until(current_ + 1) : cycles_;
}

std::uint64_t Hart::instret_after() const {
    return current_ != nullptr ? instret() + 1 : instret_;
}

EnergyCounts Hart::take_counts() {
    settle();
    const EnergyCounts taken = counts_;
    for (std::size_t k = 0; k < energy_classes; ++k) {
        taken_[k] += taken[k];
    }
    counts_.fill(0);
    return taken;
}

/// Before a Bus call of instruction `i`: makes the queries and counters exact. The block is no
/// longer one that counts as a whole.
void Hart::enter(Cursor i) {
    account(i + 1);
    current_ = i;
    chain_limit_ = 0;
}

void Hart::account(Cursor until) {
    const Cursor from = accounted_ != nullptr ? accounted_ : entry();
    for (Cursor i = from; i != until; ++i) {
        ++counts_[static_cast<std::size_t>(i->energy)];
    }
    if (run_region_ != nullptr) {
        run_region_->fetches += static_cast<std::uint64_t>(until - from);
    }
    home_->reads += until->loads_before - from->loads_before;
    home_->writes += until->stores_before - from->stores_before;
    accounted_ = until;
}

/// Moves the whole executions of blocks into the counters.
void Hart::settle() {
    for (Block* block : touched_) {
        for (std::size_t k = 0; k < energy_classes; ++k) {
            counts_[k] += block->runs * block->classes[k];
        }
        block->region->fetches += block->runs * block->count;
        home_->reads += block->runs * block->end()->loads_before;
        home_->writes += block->runs * block->end()->stores_before;
        block->runs = 0;
    }
    touched_.clear();
}

std::uint64_t Hart::counter_value(const Counter& counter, std::uint64_t running) {
    return counter.inhibited ? counter.held : running + counter.offset;
}

void Hart::set_counter(Counter& counter, std::uint64_t running, std::uint64_t value) {
    counter.held = value;
    counter.offset = value - running;
}

void Hart::inhibit(Counter& counter, std::uint64_t running, bool inhibited) {
    set_counter(counter, running, counter_value(counter, running));
    counter.inhibited = inhibited;
}

}  // namespace cimera::cpu
