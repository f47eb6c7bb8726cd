// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/event.hpp"

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

/// Instructions of a class issued since reset, up to the last accounted one.
std::uint64_t Hart::issued(Energy energy) const {
    const auto index = static_cast<std::size_t>(energy);
    std::uint64_t total = taken_[index] + counts_[index];
    for (const Block* block : touched_) {
        total += block->runs * block->classes[index];
    }
    if (attribution_ != nullptr) {
        for (const Attribution::Aside& aside : attribution_->aside()) {
            total += aside.runs * aside.block->classes[index];
        }
    }
    if (jit_ != nullptr) {
        jit_->for_each_run([&total, index](Block& block, std::uint64_t runs, std::uint64_t) {
            total += runs * block.classes[index];
        });
    }
    return total;
}

std::uint64_t Hart::data_wait() const {
    std::uint64_t total = tally_[static_cast<std::size_t>(Event::data_wait)];
    for (const KnownRegion& known : known_regions_) {
        total += known.waits();
    }
    for (const Block* block : touched_) {
        total += block->runs * data_wait(*block);
    }
    if (attribution_ != nullptr) {
        for (const Attribution::Aside& aside : attribution_->aside()) {
            total += aside.runs * data_wait(*aside.block);
        }
    }
    if (jit_ != nullptr) {
        jit_->for_each_run([this, &total](Block& block, std::uint64_t runs, std::uint64_t) {
            total += runs * data_wait(block);
        });
    }
    return total;
}

/// What an execution of a whole block counts for it.
std::uint64_t Hart::data_wait(const Block& block) const {
    return std::uint64_t{block.end()->loads_before} * home_read_wait_ +
           std::uint64_t{block.end()->stores_before} * home_write_wait_;
}

std::uint64_t Hart::event_total(Event event) const {
    switch (event) {
        case Event::load:
            return issued(Energy::load);
        case Event::store:
            return issued(Energy::store);
        case Event::atomic:
            return issued(Energy::atomic);
        case Event::branch:
            return issued(Energy::branch);
        case Event::jump:
            return issued(Energy::jump);
        case Event::multiplication:
            return issued(Energy::mul);
        case Event::division:
            return issued(Energy::div);
        case Event::data_wait:
            return data_wait();
        case Event::branch_taken: {
            std::uint64_t total = tally_[static_cast<std::size_t>(event)];
            if (jit_ != nullptr) {
                jit_->for_each_run(
                    [&total](Block&, std::uint64_t, std::uint64_t taken) { total += taken; });
            }
            return total;
        }
        case Event::none:
        case Event::misaligned:
        case Event::exception:
        case Event::interrupt:
        case Event::wfi:
            return tally_[static_cast<std::size_t>(event)];
    }
    return 0;
}

}  // namespace cimera::cpu
