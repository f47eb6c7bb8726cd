// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include "models/memory/dram.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

constexpr Picoseconds cycle = 625;
constexpr std::uint64_t row = 2048;            // of a bank
constexpr std::uint64_t next_row = 8 * row;    // in the same bank
constexpr std::uint64_t refresh_cycle = 6246;  // tREFI

struct Step {
    std::uint64_t at;  // cycles
    std::uint64_t offset;
    unsigned bytes;
    bool write;
    std::uint64_t takes;  // cycles, by hand from the table of the part
    std::uint64_t activates;
};

struct Pattern {
    const char* name;
    std::vector<Step> steps;
};

}  // namespace

// RL 28, tDQSCK 3, WL 14, tDQSS 1, BL/2 8, tRCD 29, tRPpb 29, tRPab 34, tRAS 68, tRRD 16, tCCD 8,
// tRTP 12, tWR 29, tWTR 16, tWPRE 2, tREFI 6246, tRFCab 448.
TEST_CASE("dram: patterns of accesses take what the data sheet says", "[dram]") {
    const auto pattern = GENERATE(values<Pattern>({
        {"closed bank: tRCD + RL + tDQSCK + BL/2", {{0, 0, 4, false, 29 + 28 + 3 + 8, 1}}},
        {"row hit", {{0, 0, 4, false, 68, 1}, {1000, 4, 4, false, 39, 0}}},
        {"row miss: tRPpb more", {{0, 0, 4, false, 68, 1}, {1000, next_row, 4, false, 97, 1}}},
        // Precharge at tRAS = 68, activate at 97, read at 126, data until 165.
        {"row miss within tRAS", {{0, 0, 4, false, 68, 1}, {40, next_row, 4, false, 125, 1}}},
        // The read at 100 lets the row close at 112: activate 141, read 170, until 209.
        {"row miss within tRTP",
         {{0, 0, 4, false, 68, 1}, {100, 0, 4, false, 39, 0}, {101, next_row, 4, false, 108, 1}}},
        // Activates at 0 and 16, the second read at 45.
        {"banks in parallel: tRRD", {{0, 0, 4, false, 68, 1}, {1, row, 4, false, 83, 1}}},
        {"a burst follows after tCCD", {{0, 0, 64, false, 68 + 8, 1}}},
        {"two bursts for four bytes across them", {{0, 30, 4, false, 68 + 8, 1}}},
        // Read at 29, activate of the next bank at 29, read at 58, data until 97.
        {"across a row", {{0, row - 32, 64, false, 97, 2}}},
        {"write: tRCD + WL + tDQSS + BL/2", {{0, 0, 4, true, 29 + 14 + 1 + 8, 1}}},
        // Data end at 52, read at 68, until 107.
        {"write, then read: tWTR", {{0, 0, 4, true, 52, 1}, {53, 0, 4, false, 54, 0}}},
        // Read at 29, write at 29 + 28 + 3 + 8 + 2 - 14 = 56, data until 79.
        {"read, then write", {{0, 0, 4, false, 68, 1}, {40, 0, 4, true, 39, 0}}},
        // Data end at 52, precharge at 81, activate at 110, read at 139, until 178.
        {"write, then row miss: tWR", {{0, 0, 4, true, 52, 1}, {53, next_row, 4, false, 125, 1}}},
        // Precharge all at 6246, refresh 6280 to 6728, read at 6757, until 6796.
        {"refresh in between",
         {{0, 0, 4, false, 68, 1}, {refresh_cycle, 0, 4, false, 34 + 448 + 68, 1}}},
        {"after a refresh the row is closed",
         {{0, 0, 4, false, 68, 1}, {refresh_cycle + 1000, 0, 4, false, 68, 1}}},
        // The row opened at 6240 may close at 6308: refresh 6342 to 6790.
        {"a refresh waits for tRAS",
         {{refresh_cycle - 6, 0, 4, false, 68, 1},
          {refresh_cycle + 1, 0, 4, false, 6790 - 6247 + 68, 1}}},
        {"the last of many refreshes counts",
         {{0, 0, 4, false, 68, 1}, {20 * refresh_cycle + 10, 0, 4, false, 448 - 10 + 68, 1}}},
        // Served behind what came before in time of the caller's.
        {"a late caller waits", {{1000, 0, 4, false, 68, 1}, {900, 0, 4, false, 137 + 39, 0}}},
    }));
    INFO(pattern.name);
    DramTiming timing(lpddr4_3200);
    const Picoseconds zero = GENERATE(0U, 777'000U);
    timing.reset(zero);
    for (const Step& step : pattern.steps) {
        DramTiming::Work work;
        const Picoseconds took =
            timing.transfer(zero + step.at * cycle, step.offset, step.bytes, step.write, work);
        CHECK(took == step.takes * cycle);
        CHECK(work.activates == step.activates);
    }
}

TEST_CASE("dram: a window holds four activates", "[dram]") {
    DramPart part = lpddr4_3200;
    part.faw = 100;
    DramTiming timing(part);
    DramTiming::Work work;
    // Activates at 0, 16, 32, 48, then 100.
    for (const std::uint64_t takes : {68, 84, 100, 116, 168}) {
        CHECK(timing.transfer(0, work.activates * row, 4, false, work) == takes * cycle);
    }
}

TEST_CASE("dram: commands begin at clock edges", "[dram]") {
    DramTiming timing(lpddr4_3200);
    DramTiming::Work work;
    CHECK(timing.transfer(1, 0, 4, false, work) == 69 * cycle - 1);
}

TEST_CASE("dram: bursts, activates and refreshes are charged", "[dram]") {
    test::Bench bench;
    Dram dram("dram", 1 << 20, lpddr4_3200, bench.env);
    dram.reset(ResetKind::cold);
    test::BusProbe bus(dram.bus.get_base_interface());
    CHECK(bus.write(0x10, 0x11223344) == tlm::TLM_OK_RESPONSE);
    CHECK(bus.read(0x10) == 0x11223344);
    CHECK(bus.read(next_row) == 0);
    CHECK(bench.count("dram", "dram.write") == 1);
    CHECK(bench.count("dram", "dram.read") == 2);
    CHECK(bench.count("dram", "dram.activate") == 2);
    static_cast<void>(bench.ledger.report(10 * refresh_cycle * cycle));
    CHECK(bench.count("dram", "clock") == 10);
    static_cast<void>(bench.ledger.report(10 * refresh_cycle * cycle + 1));
    CHECK(bench.count("dram", "clock") == 10);
}

TEST_CASE("dram: each beat of a streaming transfer is a burst", "[dram]") {
    test::Bench bench;
    Dram dram("dram", 1U << 20U, lpddr4_3200, bench.env);
    dram.reset(ResetKind::cold);
    std::array<std::uint8_t, 12> data{};
    TaggedPayload transaction;
    tlm::tlm_generic_payload& payload =
        transaction.prepare(tlm::TLM_READ_COMMAND, 0, data.data(), 12);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    dram.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(dram.reads() == 3);
    CHECK(bench.count("dram", "dram.activate") == 1);
    CHECK(delay.value() == (68 + 39 + 39) * cycle);  // a miss and two hits
}

}  // namespace cimera
