// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "low_memory.h"
#include "recorder.hpp"

extern "C" {
#include "drivers/dma.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t base = 0x10017000;

dma_t open_dma(Recorder& recorder) {
    recorder.answers[base] = {0x31414D44};
    recorder.answers[base + 0x04] = {0x00200602};  // two channels
    dma_t dma{};
    REQUIRE(dma_init(&dma, base) == CIMERA_OK);
    recorder.log.clear();
    return dma;
}

/// An aligned address below 4 GiB: only its value matters.
const dma_descriptor_t* descriptor(std::uintptr_t address) {
    return reinterpret_cast<const dma_descriptor_t*>(address);
}

struct Heard {
    int calls = 0;
    std::uint32_t events = 0;
};

void hear(void* context, std::uint32_t events) {
    auto* heard = static_cast<Heard*>(context);
    ++heard->calls;
    heard->events = events;
}

}  // namespace

TEST_CASE("dma driver: init stops each channel before it enables its interrupt", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[base] = {0x31414D44};
    recorder.answers[base + 0x04] = {0x00200602};
    dma_t dma{};
    REQUIRE(dma_init(&dma, base) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10017000", "r32 10017004",  //
                              "w32 10017060 2", "r32 10017080", "r32 10017100", "w32 100170c0 7",
                              "w32 100170a0 7",  //
                              "w32 10017064 2", "r32 10017084", "r32 10017104", "w32 100170c4 7",
                              "w32 100170a4 7"});
}

TEST_CASE("dma driver: another device is refused untouched", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma{};
    CHECK(dma_init(&dma, base) == CIMERA_WRONG_DEVICE);
    CHECK(recorder.log == Log{"r32 10017000"});
}

TEST_CASE("dma driver: start orders memory before the doorbell", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    REQUIRE(dma_start(&dma, 1, descriptor(0x80001000), nullptr, nullptr) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10017084", "mask", "unmask", "fence", "w32 10017044 80001000"});
}

TEST_CASE("dma driver: start checks before it touches", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    CHECK(dma_start(&dma, 2, descriptor(0x80001000), nullptr, nullptr) == CIMERA_INVALID_ARGUMENT);
    CHECK(dma_start(&dma, 0, descriptor(0x80001001), nullptr, nullptr) == CIMERA_INVALID_ARGUMENT);
    CHECK(dma_start(&dma, 0, nullptr, nullptr, nullptr) == CIMERA_INVALID_ARGUMENT);
    CHECK(dma_wait(&dma, 2) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
    recorder.answers[base + 0x80] = {1};
    CHECK(dma_start(&dma, 0, descriptor(0x80001000), nullptr, nullptr) == CIMERA_DMA_BUSY);
    CHECK(recorder.log == Log{"r32 10017080"});
}

TEST_CASE("dma driver: the interrupt serves the channels that ask, and calls back", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    Heard heard;
    REQUIRE(dma_start(&dma, 1, descriptor(0x80001000), hear, &heard) == CIMERA_OK);
    recorder.log.clear();
    recorder.answers[base + 0x08] = {2};
    recorder.answers[base + 0xC4] = {3};
    dma_interrupt(&dma);
    CHECK(recorder.log == Log{"r32 10017008", "r32 100170c4", "w32 100170c4 3"});
    CHECK(heard.calls == 1);
    CHECK(heard.events == 3);
    REQUIRE(dma_wait(&dma, 1) == CIMERA_OK);  // it has come already
    recorder.answers[base + 0x08] = {1};      // a channel without a callback
    recorder.answers[base + 0xC0] = {1};
    dma_interrupt(&dma);
    CHECK(heard.calls == 1);
}

TEST_CASE("dma driver: wait sleeps masked through the half to the end", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    recorder.answers[base + 0x08] = {1};
    recorder.answers[base + 0xC0] = {2, 1};
    recorder.interrupts = {[&dma] { dma_interrupt(&dma); }, [&dma] { dma_interrupt(&dma); }};
    REQUIRE(dma_wait(&dma, 0) == CIMERA_OK);
    const Log sleep = {"mask", "sleep", "unmask", "r32 10017008", "r32 100170c0"};
    Log expected = sleep;
    expected.emplace_back("w32 100170c0 2");
    expected.insert(expected.end(), sleep.begin(), sleep.end());
    expected.insert(expected.end(), {"w32 100170c0 1", "mask", "unmask"});
    CHECK(recorder.log == expected);
    CHECK_FALSE(recorder.masked);
}

TEST_CASE("dma driver: errors have names and places", "[firmware]") {
    const auto code = GENERATE(range(0U, 14U));
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    recorder.answers[base + 0x144] = {code | 0x100};
    recorder.answers[base + 0xE4] = {0x80001020};
    recorder.answers[base + 0x164] = {0x1000};
    recorder.answers[base + 0x104] = {12};
    const dma_error_t error = dma_error(&dma, 1);
    const int expected = code == 0    ? CIMERA_OK
                         : code <= 10 ? CIMERA_DMA_ADDRESS + static_cast<int>(code) - 1
                                      : CIMERA_DMA_FAILED;
    CHECK(error.status == expected);
    CHECK(error.descriptor == 0x80001020);
    CHECK(error.address == 0x1000);
    CHECK(error.write);
    CHECK(error.bytes == 12);
    if (code != 0) {
        CHECK(std::string(cimera_status_text(error.status)).rfind("DMA: ", 0) == 0);
        recorder.answers[base + 0x08] = {2};
        recorder.answers[base + 0xC4] = {4};
        dma_interrupt(&dma);
        CHECK(dma_wait(&dma, 1) == expected);
    }
}

TEST_CASE("dma driver: abort waits for the burst on its way", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    dma_t dma = open_dma(recorder);
    recorder.answers[base + 0x80] = {1, 1, 0};
    recorder.answers[base + 0x100] = {192};
    CHECK(dma_abort(&dma, 0) == 192);
    CHECK(recorder.log ==
          Log{"w32 10017060 2", "r32 10017080", "r32 10017080", "r32 10017080", "r32 10017100"});
    recorder.log.clear();
    dma_control(&dma, 1, true, 3);
    CHECK(recorder.log == Log{"w32 10017064 31"});
}

TEST_CASE("dma driver: copy and fill make a descriptor and wait", "[firmware]") {
    const bool fill = GENERATE(false, true);
    Recorder& recorder = Recorder::fresh();
    dma_t& dma = *static_cast<dma_t*>(low_malloc(sizeof(dma_t)));  // it holds descriptors
    dma = open_dma(recorder);
    recorder.answers[base + 0x08] = {1};
    recorder.answers[base + 0xC0] = {1};
    recorder.interrupts = {[&dma] { dma_interrupt(&dma); }};
    dma_descriptor_t seen{};
    recorder.on_write = [&seen](std::uintptr_t address, std::uint32_t value) {
        if (address == base + 0x40) {
            seen = *descriptor(value);
        }
    };
    auto* to = reinterpret_cast<void*>(std::uintptr_t{0x80002001});
    const auto* from = reinterpret_cast<const void*>(std::uintptr_t{0x80003000});
    REQUIRE((fill ? dma_fill(&dma, 0, to, 0x01020304, 77) : dma_copy(&dma, 0, to, from, 77)) ==
            CIMERA_OK);
    CHECK(seen.CONTROL == (fill ? 0x01000001 : 0x01000000));
    CHECK(seen.SOURCE == (fill ? 0x01020304 : 0x80003000));
    CHECK(seen.DESTINATION == 0x80002001);
    CHECK(seen.LENGTH == 77);
    CHECK(seen.ROWS == 1);
    CHECK(seen.LINK == 0);
}
