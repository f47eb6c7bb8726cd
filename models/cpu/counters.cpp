// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

std::uint64_t Hart::instret() const {
    if (current_ == nullptr) {
        return instret_;
    }
    return instret_ + static_cast<std::uint32_t>(work_) +
           static_cast<std::uint64_t>(current_ - entry());
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

/// Makes the queries and counters exact, `i` included.
void Hart::enter(Cursor i) {
    account(i + 1);
    current_ = i;
}

/// The block is no longer one that counts as a whole. `complete`: all of it has executed.
void Hart::account(Cursor until, bool complete) {
    if constexpr (!accounting) {
        accounted_ = until;
        return;
    }
    const Cursor from = accounted_ != nullptr ? accounted_ : entry();
    if (attribution_ != nullptr) {
        attribution_->book(from, until, run_region_, home_, complete);
    }
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

/// Moves whole executions of blocks into the counters, and the present one up to a Bus call.
void Hart::settle() {
    if (current_ != nullptr) {
        account(current_ + 1);
    }
    for (Block* block : touched_) {
        count_runs(*block, block->runs);
        if (attribution_ != nullptr) {
            attribution_->book(block->counted_for, *block, block->runs, home_);
        }
        block->runs = 0;
        block->counted_for = 0;
    }
    touched_.clear();
    if (attribution_ != nullptr) {
        settle_aside();
    }
    if (jit_ != nullptr) {
        jit_->for_each_run([this](Block& block, std::uint64_t runs, std::uint64_t taken) {
            count_runs(block, runs);
            tally_[static_cast<std::size_t>(Event::branch_taken)] += taken;
        });
        jit_->clear_runs();
    }
}

/// Whole executions of a block.
void Hart::count_runs(const Block& block, std::uint64_t runs) {
    for (std::size_t k = 0; k < energy_classes; ++k) {
        counts_[k] += runs * block.classes[k];
    }
    block.region->fetches += runs * block.count;
    home_->reads += runs * block.end()->loads_before;
    home_->writes += runs * block.end()->stores_before;
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
