// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/common/clock.hpp"

namespace cimera {

/// Geometry and timing of one channel of a DRAM; times in its clock cycles, named as in the JEDEC
/// standards.
struct DramPart {
    Picoseconds clock_period = 0;
    unsigned banks = 0;
    unsigned row_bytes = 0;    ///< of one bank
    unsigned burst_bytes = 0;  ///< the smallest transfer
    unsigned burst_cycles = 0;
    unsigned rl = 0;     ///< read command to data, without dqsck
    unsigned dqsck = 0;  ///< skew of the read strobe
    unsigned wl = 0;     ///< write command to strobe
    unsigned dqss = 0;   ///< write strobe to data
    unsigned rcd = 0;    ///< activate to column command
    unsigned rp = 0;     ///< precharge of a bank
    unsigned rp_all = 0;
    unsigned ras = 0;  ///< activate to precharge
    unsigned rrd = 0;  ///< activate to activate of another bank
    unsigned faw = 0;  ///< window of four activates
    unsigned ccd = 0;  ///< column command to column command
    unsigned rtp = 0;  ///< read to precharge
    unsigned wr = 0;   ///< end of written data to precharge
    unsigned wtr = 0;  ///< end of written data to read
    unsigned wpre = 0;
    unsigned refi = 0;  ///< between refreshes
    unsigned rfc = 0;   ///< of a refresh of all banks
};

/// LPDDR4-3200, one channel of 16 bits of Micron's 6 Gb part. Source of the numbers: the memory
/// specification MICRON_6Gb_LPDDR4-3200_32bit_A of DRAMSys (University of Kaiserslautern); tDQSS
/// and tWPRE, missing there, from its JEDEC_8Gb_LPDDR4-3200_16bit.
inline constexpr DramPart lpddr4_3200{.clock_period = 625,
                                      .banks = 8,
                                      .row_bytes = 2048,
                                      .burst_bytes = 32,
                                      .burst_cycles = 8,
                                      .rl = 28,
                                      .dqsck = 3,
                                      .wl = 14,
                                      .dqss = 1,
                                      .rcd = 29,
                                      .rp = 29,
                                      .rp_all = 34,
                                      .ras = 68,
                                      .rrd = 16,
                                      .faw = 64,
                                      .ccd = 8,
                                      .rtp = 12,
                                      .wr = 29,
                                      .wtr = 16,
                                      .wpre = 2,
                                      .refi = 6246,
                                      .rfc = 448};

/// Banks, row buffers and refresh of a channel, with an in-order controller that leaves rows open
/// and issues each command at the first cycle that the part allows. Rows lie across the banks one
/// after the other: consecutive rows of addresses are in consecutive banks. Commands share the
/// command bus without conflict (a transfer's next command is not earlier than its last).
class DramTiming {
public:
    /// What a transfer made the part do.
    struct Work {
        std::uint64_t activates = 0;
        std::uint64_t bursts = 0;
    };

    explicit DramTiming(const DramPart& part) : part_(part), banks_(part.banks) {}

    /// Time counts from `now`; all banks closed.
    void reset(Picoseconds now);
    /// A transfer that arrives at `at`; returns how long it takes, to the end of its last data.
    /// One that arrives before an earlier call's commands waits behind them.
    Picoseconds transfer(Picoseconds at, std::uint64_t offset, unsigned bytes, bool write,
                         Work& work);
    /// Refreshes due until `at` since reset.
    [[nodiscard]] std::uint64_t refreshes(Picoseconds at) const;

private:
    struct Bank {
        bool open = false;
        std::uint64_t row = 0;
        std::uint64_t column_from = 0;     ///< first cycle for a column command
        std::uint64_t precharge_from = 0;  ///< first cycle for a precharge
        std::uint64_t activate_from = 0;   ///< first cycle for an activate, once closed
    };

    void refresh(std::uint64_t cycle);
    void refresh_until(std::uint64_t cycle);
    std::uint64_t burst(std::uint64_t cycle, std::uint64_t offset, bool write, Work& work);
    void activate(Bank& bank, std::uint64_t cycle, std::uint64_t row);
    [[nodiscard]] std::uint64_t cycle_of(Picoseconds at) const;

    DramPart part_;
    Picoseconds zero_ = 0;
    std::vector<Bank> banks_;
    std::uint64_t refreshed_ = 0;  ///< refreshes that the banks have seen
    std::uint64_t read_from_ = 0;  ///< first cycle for a read of any bank
    std::uint64_t write_from_ = 0;
    std::array<std::uint64_t, 4> activates_{};  ///< first cycles for an activate, by tFAW
    std::size_t oldest_ = 0;
    std::uint64_t activate_from_ = 0;  ///< by tRRD
};

}  // namespace cimera
