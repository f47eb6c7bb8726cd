// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "recorder.hpp"

extern "C" {
#include "drivers/timer.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t timer_base = 0x10013000;

timer_device_t open_timer(Recorder& recorder) {
    recorder.answers[timer_base] = {0x524D4954};
    recorder.answers[timer_base + 4] = {2};
    timer_device_t timer{};
    REQUIRE(timer_init(&timer, timer_base) == CIMERA_OK);
    recorder.log.clear();
    return timer;
}

}  // namespace

TEST_CASE("timer driver: init stops all channels of the device", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[timer_base] = {0x524D4954};
    recorder.answers[timer_base + 4] = {2};
    timer_device_t timer{};
    REQUIRE(timer_init(&timer, timer_base) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10013000", "r32 10013004", "w32 10013008 0", "w32 10013010 0",
                              "w32 10013014 0", "w32 1001300c f"});
    recorder.answers[timer_base] = {0};
    CHECK(timer_init(&timer, timer_base) == CIMERA_WRONG_DEVICE);
}

TEST_CASE("timer driver: start sets everything before it enables", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    timer_device_t timer = open_timer(recorder);
    recorder.answers[timer_base + 8] = {1};
    REQUIRE(timer_start(&timer, 1, TIMER_ONE_SHOT, 100, 5000) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 10013014 0", "w32 1001300c 2", "mask", "r32 10013008",
                              "w32 10013008 3", "unmask", "w32 10013024 63", "w32 10013034 1388",
                              "w32 10013044 0", "w32 10013014 5"});
    recorder.log.clear();
    REQUIRE(timer_stop(&timer, 1) == CIMERA_OK);
    recorder.answers[timer_base + 0x44] = {77};
    CHECK(timer_count(&timer, 1) == 77);
    CHECK(recorder.log == Log{"w32 10013014 0", "r32 10013044"});
}

TEST_CASE("timer driver: arguments are checked before any access", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    timer_device_t timer = open_timer(recorder);
    CHECK(timer_start(&timer, 2, TIMER_FREE, 1, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(timer_start(&timer, 0, TIMER_FREE, 0, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(timer_start(&timer, 0, TIMER_FREE, 65537, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(timer_start(&timer, 0, static_cast<timer_mode_t>(3), 1, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(timer_stop(&timer, 2) == CIMERA_INVALID_ARGUMENT);
    CHECK(timer_wait(&timer, 2) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
}

TEST_CASE("timer driver: wait sleeps until its own channel has matched", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    timer_device_t timer = open_timer(recorder);
    recorder.answers[timer_base + 0xC] = {1, 2};
    recorder.interrupts = {[&timer] { CHECK(timer_interrupt(&timer) == 1); },
                           [&timer] { CHECK(timer_interrupt(&timer) == 2); }};
    REQUIRE(timer_wait(&timer, 1) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "sleep", "unmask", "r32 1001300c", "w32 1001300c 1", "mask",
                              "sleep", "unmask", "r32 1001300c", "w32 1001300c 2", "mask",
                              "unmask"});
    recorder.log.clear();
    REQUIRE(timer_wait(&timer, 0) == CIMERA_OK);  // it had matched meanwhile
    CHECK(recorder.log == Log{"mask", "unmask"});
}
