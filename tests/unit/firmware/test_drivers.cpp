// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>

#include <catch2/catch.hpp>

#include "recorder.hpp"

extern "C" {
#include "drivers/cim.h"
#include "drivers/clint.h"
#include "drivers/energy.h"
#include "drivers/mailbox.h"
#include "drivers/nvm.h"
#include "drivers/plic.h"
#include "drivers/sensor.h"
#include "drivers/socinfo.h"
#include "drivers/uart.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t tile_base = 0x40000000;
constexpr std::uintptr_t sensor_base = 0x10020000;

cim_t open_tile(Recorder& recorder) {
    recorder.answers[tile_base] = {0x314D4943};
    cim_t tile{};
    REQUIRE(cim_init(&tile, tile_base) == CIMERA_OK);
    recorder.log.clear();
    return tile;
}

sensor_t open_sensor(Recorder& recorder) {
    recorder.answers[sensor_base] = {0x534E4553};
    sensor_t sensor{};
    REQUIRE(sensor_init(&sensor, sensor_base) == CIMERA_OK);
    recorder.log.clear();
    return sensor;
}

/// An aligned address below 4 GiB: only its value matters.
const cim_job_t* descriptor(std::uintptr_t address) {
    return reinterpret_cast<const cim_job_t*>(address);
}

}  // namespace

TEST_CASE("cim driver: init drops old work before it enables interrupts", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[tile_base] = {0x314D4943};
    cim_t tile{};
    REQUIRE(cim_init(&tile, tile_base) == CIMERA_OK);
    CHECK(recorder.log ==
          Log{"r32 40000000", "w32 40000030 1", "w32 4000003c 3", "w32 40000038 3"});
}

TEST_CASE("cim driver: another device is refused untouched", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[tile_base] = {0x12345678};
    cim_t tile{};
    CHECK(cim_init(&tile, tile_base) == CIMERA_WRONG_DEVICE);
    CHECK(recorder.log == Log{"r32 40000000"});
}

TEST_CASE("cim driver: capabilities", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const cim_t tile = open_tile(recorder);
    recorder.answers[tile_base + 0x04] = {0x00080003};
    recorder.answers[tile_base + 0x08] = {512U << 16 | 64};
    recorder.answers[tile_base + 0x0C] = {0x0804};
    recorder.answers[tile_base + 0x14] = {1024};
    recorder.answers[tile_base + 0x1C] = {2048};
    const cim_capability_t has = cim_capability(&tile);
    CHECK(has.macros == 3);
    CHECK(has.queue == 8);
    CHECK(has.rows == 64);
    CHECK(has.columns == 128);
    CHECK(has.weight_bits == 4);
    CHECK(has.input_bits == 8);
    CHECK(has.l1_in_size == 1024);
    CHECK(has.l1_out_size == 2048);
}

TEST_CASE("cim driver: start orders memory before the doorbell", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    cim_t tile = open_tile(recorder);
    REQUIRE(cim_start(&tile, descriptor(0x80001000)) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 40000034", "fence", "w32 40000040 80001000"});
}

TEST_CASE("cim driver: start checks before it touches", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    cim_t tile = open_tile(recorder);
    CHECK(cim_start(&tile, descriptor(0x80001002)) == CIMERA_INVALID_ARGUMENT);
    CHECK(cim_start(&tile, nullptr) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
    recorder.answers[tile_base + 0x34] = {2};
    CHECK(cim_start(&tile, descriptor(0x80001000)) == CIMERA_QUEUE_FULL);
    CHECK(recorder.log == Log{"r32 40000034"});
}

TEST_CASE("cim driver: wait sleeps masked until the interrupt brings the end", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    cim_t tile = open_tile(recorder);
    recorder.answers[tile_base + 0x3C] = {1};
    recorder.interrupts = {[] {}, [&tile] { cim_interrupt(&tile); }};  // the first is another's
    REQUIRE(cim_wait(&tile) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "sleep", "unmask", "mask", "sleep", "unmask", "r32 4000003c",
                              "w32 4000003c 1", "mask", "unmask"});
    CHECK_FALSE(recorder.masked);
}

TEST_CASE("cim driver: an end that came before the wait is not slept through", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    cim_t tile = open_tile(recorder);
    recorder.answers[tile_base + 0x3C] = {1};
    cim_interrupt(&tile);
    recorder.log.clear();
    REQUIRE(cim_wait(&tile) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "unmask"});
    cimera_status_t again = CIMERA_OK;
    CHECK_THROWS(again = cim_wait(&tile));  // and it counts once
    CHECK(again == CIMERA_OK);
}

TEST_CASE("cim driver: the tile's error codes have names", "[firmware]") {
    const auto code = GENERATE(range(0U, 14U));
    Recorder& recorder = Recorder::fresh();
    cim_t tile = open_tile(recorder);
    recorder.answers[tile_base + 0x3C] = {3};
    recorder.answers[tile_base + 0x48] = {code};
    recorder.interrupts = {[&tile] { cim_interrupt(&tile); }};
    const int expected = code >= 1 && code <= 8 ? CIMERA_JOB_OPERATION + static_cast<int>(code) - 1
                         : code == 9            ? CIMERA_JOB_WORN_OUT
                         : code == 10           ? CIMERA_JOB_NO_SUCH_CODE
                         : code == 11           ? CIMERA_JOB_POWER
                                                : CIMERA_JOB_FAILED;
    const cimera_status_t status = cim_wait(&tile);
    CHECK(status == expected);
    CHECK(std::string(cimera_status_text(status)).rfind("tile: ", 0) == 0);
}

TEST_CASE("sensor driver: start", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x10] = {1797};
    const sensor_window_t window{1000, 797, true, true, false, false, 0, 0};
    REQUIRE(sensor_start(&sensor, &window) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10020010", "w32 10020018 8", "w32 1002001c 3e8",
                              "w32 10020020 31d", "w32 10020054 1", "w32 10020058 4",
                              "w32 1002002c 7", "w32 10020028 3", "w32 10020018 7"});
}

TEST_CASE("sensor driver: a window for a DMA, or of events", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x10] = {100};
    const sensor_window_t window{0, 100, false, false, true, true, 16, 64};
    REQUIRE(sensor_start(&sensor, &window) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10020010", "w32 10020018 8", "w32 1002001c 0", "w32 10020020 64",
                              "w32 10020054 10", "w32 10020058 40", "w32 1002002c 7",
                              "w32 10020028 3", "w32 10020018 31"});
    CHECK(sensor_data(&sensor) == sensor_base + 0x30);
    recorder.answers[sensor_base + 0x30] = {0x80050003, 1234};
    const sensor_event_t event = sensor_read_event(&sensor);
    CHECK(sensor_event_x(&event) == 3);
    CHECK(sensor_event_y(&event) == 5);
    CHECK(sensor_event_brighter(&event));
    CHECK(event.time == 1234);
}

TEST_CASE("sensor driver: slow rates and kinds of source", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x04] = {0x405};
    recorder.answers[sensor_base + 0x14] = {0x2f4c3000};
    recorder.answers[sensor_base + 0x50] = {0x346};
    const sensor_source_t source = sensor_source(&sensor);
    CHECK(source.events);
    CHECK(source.period_ns == 0x3462f4c3000);
}

TEST_CASE("sensor driver: a window outside the source is refused", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x10] = {1797};
    const auto window = GENERATE(sensor_window_t{0, 0, false, false, false, false, 0, 0},
                                 sensor_window_t{1797, 1, false, false, false, false, 0, 0},
                                 sensor_window_t{1000, 798, false, false, false, false, 0, 0},
                                 sensor_window_t{1, 0xFFFFFFFF, false, false, false, false, 0, 0});
    CHECK(sensor_start(&sensor, &window) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log == Log{"r32 10020010"});
}

TEST_CASE("sensor driver: wait looks at the FIFO, masked, before it sleeps", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x24] = {0, 0x10001};
    recorder.answers[sensor_base + 0x2C] = {1};
    recorder.interrupts = {[&sensor] { sensor_acknowledge(&sensor); }};
    REQUIRE(sensor_wait(&sensor) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "r32 10020024", "sleep", "unmask", "r32 1002002c",
                              "w32 1002002c 1", "mask", "r32 10020024", "unmask"});
}

TEST_CASE("sensor driver: the end comes after the last frame", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x24] = {0x10003, 2};
    CHECK(sensor_wait(&sensor) == CIMERA_OK);
    CHECK(sensor_wait(&sensor) == CIMERA_END);
}

TEST_CASE("sensor driver: reads a frame, its label, and drops it", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const sensor_t sensor = open_sensor(recorder);
    recorder.answers[sensor_base + 0x30] = {0x04030201, 0x08070605};
    recorder.answers[sensor_base + 0x34] = {9};
    std::uint8_t frame[6] = {};
    std::uint32_t label = 0;
    sensor_read(&sensor, frame, sizeof frame, &label);
    sensor_next(&sensor);
    CHECK(std::vector<int>(frame, frame + 6) == std::vector<int>{1, 2, 3, 4, 5, 6});
    CHECK(label == 9);
    CHECK(recorder.log == Log{"r32 10020030", "r32 10020030", "r32 10020034", "w32 10020044 1"});
}

TEST_CASE("mailbox driver: packs the name and commits last", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    mailbox_t mailbox{};
    mailbox_init(&mailbox, 0x10012000);
    REQUIRE(mailbox_report(&mailbox, "accuracy", -5, -6) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 10012000 75636361", "w32 10012004 79636172", "w32 10012008 0",
                              "w32 1001200c 0", "w32 10012010 0", "w32 10012014 0",
                              "w32 10012018 0", "w32 1001201c 0", "w32 10012020 fffffffb",
                              "w32 10012024 ffffffff", "w32 10012028 fa"});
}

TEST_CASE("mailbox driver: refuses what the mailbox would refuse", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    mailbox_t mailbox{};
    mailbox_init(&mailbox, 0x10012000);
    CHECK(mailbox_report(&mailbox, "", 1, 0) == CIMERA_INVALID_ARGUMENT);
    CHECK(mailbox_report(&mailbox, "Upper", 1, 0) == CIMERA_INVALID_ARGUMENT);
    CHECK(mailbox_report(&mailbox, "a2345678901234567890123456789012", 1, 0) ==
          CIMERA_INVALID_ARGUMENT);
    CHECK(mailbox_report(&mailbox, "x", 1, 1) == CIMERA_INVALID_ARGUMENT);
    CHECK(mailbox_report(&mailbox, "x", 1, -19) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
}

TEST_CASE("clint driver: time is read again when the low half has wrapped", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    clint_t clint{};
    clint_init(&clint, 0x02000000);
    recorder.answers[0x0200BFFC] = {1, 2, 2};
    recorder.answers[0x0200BFF8] = {0xFFFFFFFF, 5};
    CHECK(clint_time(&clint) == 0x200000005);
}

TEST_CASE("clint driver: the alarm never passes through an earlier time", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    clint_t clint{};
    clint_init(&clint, 0x02000000);
    clint_set_alarm(&clint, 0x100000002);
    CHECK(recorder.log == Log{"w32 2004000 ffffffff", "w32 2004004 1", "w32 2004000 2"});
}

TEST_CASE("clint driver: software interrupt", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    clint_t clint{};
    clint_init(&clint, 0x02000000);
    clint_set_software(&clint, true);
    clint_set_software(&clint, false);
    CHECK(recorder.log == Log{"w32 2000000 1", "w32 2000000 0"});
}

TEST_CASE("plic driver: threshold and pending bits", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    plic_t plic{};
    plic_init(&plic, 0x0C000000);
    recorder.log.clear();
    plic_set_threshold(&plic, 3);
    recorder.answers[0x0C001008] = {4, ~4U};
    CHECK(plic_pending(&plic, 66));
    CHECK_FALSE(plic_pending(&plic, 66));
    CHECK(recorder.log == Log{"w32 c200000 3", "r32 c001008", "r32 c001008"});
}

TEST_CASE("plic driver: enables a source and keeps the others", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    plic_t plic{};
    plic_init(&plic, 0x0C000000);
    recorder.log.clear();
    recorder.answers[0x0C002008] = {0x80};
    REQUIRE(plic_enable(&plic, 66, 3) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 c000108 3", "r32 c002008", "w32 c002008 84"});
    recorder.log.clear();
    CHECK(plic_enable(&plic, 0, 3) == CIMERA_INVALID_ARGUMENT);
    CHECK(plic_enable(&plic, 192, 3) == CIMERA_INVALID_ARGUMENT);
    CHECK(plic_enable(&plic, 5, 8) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
}

TEST_CASE("uart driver: sends no more than the FIFO takes", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    uart_t uart{};
    uart_init(&uart, 0x10000000);
    CHECK(recorder.log == Log{"w8 10000001 0", "w8 10000003 3", "w8 10000002 7"});
    recorder.answers[0x10000005] = {0x20};
    CHECK(uart_send(&uart, "0123456789abcdefgh", 18) == 16);
    recorder.answers[0x10000005] = {0};
    CHECK(uart_send(&uart, "x", 1) == 0);
}

TEST_CASE("energy driver: selects, latches, reads", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    energy_t energy{};
    energy_init(&energy, 0x10011000);
    recorder.answers[0x1001100C] = {7};
    recorder.answers[0x10011010] = {1};
    CHECK(energy_chip(&energy, ENERGY_CLOCK) == 0x100000007);
    CHECK(recorder.log ==
          Log{"w32 10011008 200000", "w32 10011000 1", "r32 1001100c", "r32 10011010"});
}

TEST_CASE("socinfo driver: addresses of devices", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    socinfo_t info{};
    CHECK(socinfo_read(&info, 0x10019000) == CIMERA_WRONG_DEVICE);
    recorder.answers[0x10019000] = {0x414D4943};
    recorder.answers[0x10019010] = {4};
    recorder.answers[0x10019014] = {0x40000000};
    recorder.answers[0x10019018] = {0x100000};
    REQUIRE(socinfo_read(&info, 0x10019000) == CIMERA_OK);
    std::uintptr_t address = 0;
    CHECK(socinfo_address(&info.tiles, 3, &address) == CIMERA_OK);
    CHECK(address == 0x40300000);
    CHECK(socinfo_address(&info.tiles, 4, &address) == CIMERA_NO_DEVICE);
}

TEST_CASE("nvm driver: the status of a write", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    nvm_t nvm{};
    nvm_init(&nvm, 0x1001a000);
    auto* to = reinterpret_cast<volatile std::uint32_t*>(std::uintptr_t{0x20000040});
    const std::array<std::uint32_t, 2> words = {7, 8};
    CHECK(nvm_write(&nvm, to, words.data(), words.size()) == CIMERA_OK);
    CHECK(recorder.log ==
          Log{"w32 1001a000 1", "w32 20000040 7", "w32 20000044 8", "r32 1001a000"});
    recorder.answers[0x1001a000] = {1};
    CHECK(nvm_write(&nvm, to, words.data(), words.size()) == CIMERA_NVM_FAILED);
}

TEST_CASE("nvm driver: cycles of a page", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    nvm_t nvm{};
    nvm_init(&nvm, 0x1001a000);
    recorder.answers[0x1001a00c] = {256};
    recorder.answers[0x1001a018] = {42};
    std::uint32_t cycles = 0;
    REQUIRE(nvm_page_cycles(&nvm, 255, &cycles) == CIMERA_OK);
    CHECK(cycles == 42);
    CHECK(recorder.log == Log{"r32 1001a00c", "w32 1001a014 ff", "r32 1001a018"});
    recorder.log.clear();
    CHECK(nvm_page_cycles(&nvm, 256, &cycles) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log == Log{"r32 1001a00c"});
}
