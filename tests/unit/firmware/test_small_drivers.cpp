// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "recorder.hpp"

extern "C" {
#include "drivers/gpio.h"
#include "drivers/rng.h"
#include "drivers/timer.h"
#include "drivers/watchdog.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t timer_base = 0x10013000;
constexpr std::uintptr_t watchdog_base = 0x10014000;
constexpr std::uintptr_t gpio_base = 0x10015000;
constexpr std::uintptr_t rng_base = 0x10016000;

timer_device_t open_timer(Recorder& recorder) {
    recorder.answers[timer_base] = {0x524D4954};
    recorder.answers[timer_base + 4] = {2};
    timer_device_t timer{};
    REQUIRE(timer_init(&timer, timer_base) == CIMERA_OK);
    recorder.log.clear();
    return timer;
}

watchdog_t open_watchdog(Recorder& recorder) {
    recorder.answers[watchdog_base] = {0x474F4457};
    watchdog_t watchdog{};
    REQUIRE(watchdog_init(&watchdog, watchdog_base) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10014000"});  // it may be running
    recorder.log.clear();
    return watchdog;
}

gpio_t open_gpio(Recorder& recorder) {
    recorder.answers[gpio_base] = {0x4F495047};
    gpio_t gpio{};
    REQUIRE(gpio_init(&gpio, gpio_base) == CIMERA_OK);
    recorder.log.clear();
    return gpio;
}

rng_t open_rng(Recorder& recorder) {
    recorder.answers[rng_base] = {0x474E5254};
    rng_t rng{};
    REQUIRE(rng_init(&rng, rng_base) == CIMERA_OK);
    CHECK(recorder.log ==
          Log{"r32 10016000", "w32 10016010 0", "w32 10016008 2", "w32 10016004 1"});
    recorder.log.clear();
    return rng;
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

TEST_CASE("watchdog driver: unlocks, stops, sets, starts, locks", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const watchdog_t watchdog = open_watchdog(recorder);
    const watchdog_config_t config{1000, 20, 100, true};
    REQUIRE(watchdog_start(&watchdog, &config) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 10014004 51f15e", "r32 10014008", "w32 1001400c 0",
                              "w32 10014010 3e8", "w32 10014014 14", "w32 10014018 64",
                              "w32 1001400c 3", "w32 10014004 0"});
    recorder.log.clear();
    REQUIRE(watchdog_stop(&watchdog) == CIMERA_OK);
    CHECK(recorder.log ==
          Log{"w32 10014004 51f15e", "r32 10014008", "w32 1001400c 0", "w32 10014004 0"});
}

TEST_CASE("watchdog driver: a fixed one says so", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const watchdog_t watchdog = open_watchdog(recorder);
    recorder.answers[watchdog_base + 8] = {1};
    const watchdog_config_t config{1000, 20, 0, false};
    CHECK(watchdog_start(&watchdog, &config) == CIMERA_LOCKED);
    CHECK(watchdog_stop(&watchdog) == CIMERA_LOCKED);
    CHECK(recorder.log ==
          Log{"w32 10014004 51f15e", "r32 10014008", "w32 10014004 51f15e", "r32 10014008"});
}

TEST_CASE("watchdog driver: arguments are checked before any access", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const watchdog_t watchdog = open_watchdog(recorder);
    const watchdog_config_t none{0, 20, 0, false};
    const watchdog_config_t never{100, 20, 100, false};
    CHECK(watchdog_start(&watchdog, &none) == CIMERA_INVALID_ARGUMENT);
    CHECK(watchdog_start(&watchdog, &never) == CIMERA_INVALID_ARGUMENT);
    std::uint32_t word = 0;
    CHECK(watchdog_note(&watchdog, 4, &word) == CIMERA_INVALID_ARGUMENT);
    CHECK(watchdog_set_note(&watchdog, 4, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
}

TEST_CASE("watchdog driver: feeds, acknowledges, keeps notes, tells the cause", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const watchdog_t watchdog = open_watchdog(recorder);
    recorder.answers[watchdog_base + 0x20] = {55};
    recorder.answers[watchdog_base + 0x28] = {7U << 16 | 3};
    recorder.answers[watchdog_base + 0x3C] = {99};
    watchdog_feed(&watchdog);
    watchdog_acknowledge(&watchdog);
    CHECK(watchdog_count(&watchdog) == 55);
    CHECK(watchdog_cause(&watchdog) == WATCHDOG_FED_TOO_EARLY);
    CHECK(watchdog_bites(&watchdog) == 7);
    REQUIRE(watchdog_set_note(&watchdog, 1, 42) == CIMERA_OK);
    std::uint32_t word = 0;
    REQUIRE(watchdog_note(&watchdog, 3, &word) == CIMERA_OK);
    CHECK(word == 99);
    CHECK(recorder.log == Log{"w32 1001401c d09f00d", "w32 10014024 1", "r32 10014020",
                              "r32 10014028", "r32 10014028", "w32 10014034 2a", "r32 1001403c"});
}

TEST_CASE("gpio driver: init makes quiet inputs of a GPIO only", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[gpio_base] = {0x4F495047};
    gpio_t gpio{};
    REQUIRE(gpio_init(&gpio, gpio_base) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10015000", "w32 10015008 0", "w32 10015020 0", "w32 10015024 0",
                              "w32 10015028 0", "w32 1001502c 0", "w32 10015030 ffffffff"});
    recorder.answers[gpio_base] = {0};
    recorder.log.clear();
    CHECK(gpio_init(&gpio, gpio_base) == CIMERA_WRONG_DEVICE);
    CHECK(recorder.log == Log{"r32 10015000"});
}

TEST_CASE("gpio driver: outputs have their level before they drive", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const gpio_t gpio = open_gpio(recorder);
    recorder.answers[gpio_base + 8] = {0x100};
    recorder.answers[gpio_base + 0x1C] = {0xabc};
    gpio_make_outputs(&gpio, 0xf, 0x5);
    CHECK(recorder.log == Log{"w32 10015010 5", "w32 10015014 a", "mask", "r32 10015008",
                              "w32 10015008 10f", "unmask"});
    recorder.log.clear();
    gpio_make_inputs(&gpio, 0x101);
    gpio_set(&gpio, 1);
    gpio_clear(&gpio, 2);
    gpio_toggle(&gpio, 4);
    CHECK(gpio_read(&gpio) == 0xabc);
    CHECK(recorder.log == Log{"mask", "r32 10015008", "w32 10015008 0", "unmask", "w32 10015010 1",
                              "w32 10015014 2", "w32 10015018 4", "r32 1001501c"});
}

TEST_CASE("gpio driver: waits for the pins that were asked for", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    gpio_t gpio = open_gpio(recorder);
    recorder.answers[gpio_base + 0x20] = {0x8};
    recorder.answers[gpio_base + 0x24] = {0xf};
    REQUIRE(gpio_notify(&gpio, 3, GPIO_RISING) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "mask", "r32 10015020", "w32 10015020 b", "unmask", "mask",
                              "r32 10015024", "w32 10015024 c", "unmask", "w32 10015030 3",
                              "unmask"});
    CHECK(gpio_notify(&gpio, 3, static_cast<gpio_edge_t>(4)) == CIMERA_INVALID_ARGUMENT);
    recorder.log.clear();
    recorder.answers[gpio_base + 0x30] = {4, 6};
    recorder.interrupts = {[&gpio] { CHECK(gpio_interrupt(&gpio) == 4); },
                           [&gpio] { CHECK(gpio_interrupt(&gpio) == 6); }};
    CHECK(gpio_wait(&gpio, 3) == 2);
    CHECK(recorder.log == Log{"mask", "sleep", "unmask", "r32 10015030", "w32 10015030 4", "mask",
                              "sleep", "unmask", "r32 10015030", "w32 10015030 6", "mask",
                              "unmask"});
    CHECK(gpio_wait(&gpio, 4) == 4);
}

TEST_CASE("rng driver: sleeps until a word is ready", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const rng_t rng = open_rng(recorder);
    recorder.answers[rng_base + 8] = {0, 1};
    recorder.answers[rng_base + 0xC] = {0x1234};
    recorder.interrupts = {[&rng] { rng_interrupt(&rng); }};
    std::uint32_t word = 0;
    REQUIRE(rng_word(&rng, &word) == CIMERA_OK);
    CHECK(word == 0x1234);
    CHECK(recorder.log == Log{"mask", "r32 10016008", "w32 10016010 3", "sleep", "unmask",
                              "w32 10016010 0", "mask", "r32 10016008", "unmask", "r32 1001600c"});
}

TEST_CASE("rng driver: a failed health test is told and cleared", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const rng_t rng = open_rng(recorder);
    recorder.answers[rng_base + 8] = {2};
    std::uint32_t word = 7;
    CHECK(rng_word(&rng, &word) == CIMERA_NO_ENTROPY);
    CHECK(word == 7);
    CHECK(recorder.log == Log{"mask", "r32 10016008", "unmask", "w32 10016008 2"});
    recorder.log.clear();
    CHECK(rng_self_test(&rng) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 10016004 3", "mask", "r32 10016008", "unmask", "w32 10016008 2",
                              "w32 10016004 1"});
    recorder.answers[rng_base + 8] = {1};
    CHECK(rng_self_test(&rng) == CIMERA_NO_ENTROPY);
}
