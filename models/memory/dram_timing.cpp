// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/dram_timing.hpp"

#include <algorithm>

namespace cimera {

void DramTiming::reset(Picoseconds now) {
    zero_ = now;
    std::fill(banks_.begin(), banks_.end(), Bank{});
    refreshed_ = read_from_ = write_from_ = activate_from_ = 0;
    activates_.fill(0);
    oldest_ = 0;
}

/// First clock edge at or after `at`.
std::uint64_t DramTiming::cycle_of(Picoseconds at) const {
    return at <= zero_ ? 0 : (at - zero_ + part_.clock_period - 1) / part_.clock_period;
}

std::uint64_t DramTiming::refreshes(Picoseconds at) const {
    return at <= zero_ ? 0 : (at - zero_) / part_.clock_period / part_.refi;
}

/// JESD209-4, refresh: all banks precharged, then busy for tRFCab. One that a transfer delays
/// comes as soon as the open banks can be precharged.
void DramTiming::refresh(std::uint64_t cycle) {
    std::uint64_t start = cycle;
    for (const Bank& bank : banks_) {
        start = std::max(start, bank.open ? std::max(cycle, bank.precharge_from) + part_.rp_all
                                          : bank.activate_from);
    }
    for (Bank& bank : banks_) {
        bank.open = false;
        bank.activate_from = start + part_.rfc;
    }
}

void DramTiming::refresh_until(std::uint64_t cycle) {
    const std::uint64_t due = cycle / part_.refi;
    while (refreshed_ < due) {
        refresh((refreshed_ + 1) * part_.refi);
        // All banks are closed now: of the others only the last leaves something behind.
        refreshed_ = std::max(refreshed_ + 1, due - 1);
    }
}

void DramTiming::activate(Bank& bank, std::uint64_t cycle, std::uint64_t row) {
    if (bank.open) {
        const std::uint64_t precharge = std::max(cycle, bank.precharge_from);
        bank.activate_from = std::max(bank.activate_from, precharge + part_.rp);
    }
    const std::uint64_t at =
        std::max({cycle, bank.activate_from, activate_from_, activates_[oldest_]});
    activate_from_ = at + part_.rrd;
    activates_[oldest_] = at + part_.faw;
    oldest_ = (oldest_ + 1) % activates_.size();
    bank.open = true;
    bank.row = row;
    bank.column_from = at + part_.rcd;
    bank.precharge_from = at + part_.ras;
}

/// Returns the cycle of its column command; `work` counts what it took.
std::uint64_t DramTiming::burst(std::uint64_t cycle, std::uint64_t offset, bool write, Work& work) {
    refresh_until(cycle);
    const std::uint64_t page = offset / part_.row_bytes;
    Bank& bank = banks_[page % part_.banks];
    const std::uint64_t row = page / part_.banks;
    if (!bank.open || bank.row != row) {
        activate(bank, cycle, row);
        ++work.activates;
    }
    const std::uint64_t at = std::max({cycle, bank.column_from, write ? write_from_ : read_from_});
    ++work.bursts;
    // JESD209-4, timing constraints between commands.
    if (write) {
        const std::uint64_t end = at + part_.wl + part_.dqss + part_.burst_cycles;
        write_from_ = at + part_.ccd;
        read_from_ = std::max(read_from_, end + part_.wtr);
        bank.precharge_from = std::max(bank.precharge_from, end + part_.wr);
    } else {
        read_from_ = at + part_.ccd;
        write_from_ = std::max(
            write_from_, at + part_.rl + part_.dqsck + part_.burst_cycles + part_.wpre - part_.wl);
        bank.precharge_from = std::max(bank.precharge_from, at + part_.rtp);
    }
    return at;
}

Picoseconds DramTiming::transfer(Picoseconds at, std::uint64_t offset, unsigned bytes, bool write,
                                 Work& work) {
    std::uint64_t cycle = cycle_of(at);
    const std::uint64_t last = (offset + bytes - 1) / part_.burst_bytes;
    for (std::uint64_t block = offset / part_.burst_bytes; block <= last; ++block) {
        cycle = burst(cycle, block * part_.burst_bytes, write, work);
    }
    const unsigned latency = write ? part_.wl + part_.dqss : part_.rl + part_.dqsck;
    const Picoseconds end = zero_ + (cycle + latency + part_.burst_cycles) * part_.clock_period;
    return end - at;
}

}  // namespace cimera
