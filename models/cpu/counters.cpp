// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

std::uint64_t Hart::cycles() const {
    return current_ != nullptr ? cycles_ + current_->cycles_before : cycles_;
}

std::uint64_t Hart::instret() const {
    return current_ != nullptr ? instret_ + static_cast<std::uint64_t>(current_ - run_start_)
                               : instret_;
}

/// cycles() once the current instruction has completed.
std::uint64_t Hart::cycles_after() const {
    return current_ != nullptr ? cycles_ + current_[1].cycles_before : cycles_;
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

/// Before a Bus call of instruction `i`: makes the queries and counters exact.
void Hart::enter(Cursor i) {
    account(i + 1);
    current_ = i;
}

void Hart::account(Cursor until) {
    for (Cursor i = accounted_; i != until; ++i) {
        ++counts_[static_cast<std::size_t>(i->energy)];
    }
    if (run_region_ != nullptr) {
        run_region_->fetches += static_cast<std::uint64_t>(until - accounted_);
    }
    accounted_ = until;
}

/// Moves the whole executions of blocks into the counters.
void Hart::settle() {
    for (Block* block : touched_) {
        for (std::size_t k = 0; k < energy_classes; ++k) {
            counts_[k] += block->runs * block->classes[k];
        }
        block->region->fetches += block->runs * block->count;
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
