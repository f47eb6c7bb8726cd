// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "recorder.hpp"

extern "C" {
#include "drivers/csram.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t base = 0x1001b000;

csram_t open_csram(Recorder& recorder) {
    recorder.answers[base] = {0x31525343};
    recorder.answers[base + 4] = {0x38000000};
    recorder.answers[base + 8] = {512U << 16U | 64U};
    csram_t csram{};
    REQUIRE(csram_init(&csram, base) == CIMERA_OK);
    recorder.log.clear();
    return csram;
}

constexpr csram_command_t product = {
    .op = CSRAM_MAC,
    .lane_bits = 8,
    .is_signed = true,
    .widen = 2,
    .group = 8,
    .a = {1, CSRAM_ELEMENT, 0},
    .b = {2, CSRAM_GROUP, 3},
    .destination = 4,
    .clear = true,
    .steps = 5,
};

}  // namespace

TEST_CASE("csram driver: init learns the memory from the registers", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const csram_t csram = open_csram(recorder);
    CHECK(csram.rows == 64);
    CHECK(csram.row_bytes == 64);
    CHECK(reinterpret_cast<std::uintptr_t>(csram_row(&csram, 3)) == 0x380000c0);
    recorder.answers[base] = {0};
    csram_t other{};
    CHECK(csram_init(&other, base) == CIMERA_WRONG_DEVICE);
}

TEST_CASE("csram driver: a command is written last, its error read back", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const csram_t csram = open_csram(recorder);
    recorder.answers[base + 0x20] = {1};
    CHECK(csram_start(&csram, &product) == CIMERA_OK);
    Log sequence;
    for (const std::string& line : recorder.log) {
        if (line.starts_with("r32") || line.starts_with("w32")) {
            sequence.push_back(line);
        }
    }
    CHECK(sequence == Log{"w32 1001b00c 82108", "w32 1001b010 10001", "w32 1001b014 3020002",
                          "w32 1001b018 4", "w32 1001b01c 50108", "r32 1001b020"});
    recorder.answers[base + 0x20] = {3U << 8U};
    CHECK(csram_start(&csram, &product) == CIMERA_CSRAM_PLACE);
    recorder.answers[base + 0x20] = {1, 1, 0};
    recorder.log.clear();
    csram_wait(&csram);
    CHECK(recorder.log == Log{"r32 1001b020", "r32 1001b020", "r32 1001b020"});
}

TEST_CASE("csram driver: arguments are checked before any access", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const csram_t csram = open_csram(recorder);
    csram_command_t wrong = product;
    wrong.steps = 256;
    CHECK(csram_start(&csram, &wrong) == CIMERA_INVALID_ARGUMENT);
    wrong = product;
    wrong.a.row = 0x10000;
    CHECK(csram_start(&csram, &wrong) == CIMERA_INVALID_ARGUMENT);
    wrong = product;
    wrong.lane_bits = 264;
    CHECK(csram_start(&csram, &wrong) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
}
