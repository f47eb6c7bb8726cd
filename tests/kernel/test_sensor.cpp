// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstring>

#include <catch2/catch.hpp>

#include "models/peripherals/clint.hpp"
#include "models/peripherals/sensor.hpp"
#include "regs/clint.hpp"
#include "regs/sensor.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::sensor;

FrameSource seven_frames() {
    FrameSource source;
    source.rows = 2;
    source.cols = 3;
    for (std::uint8_t n = 0; n < 7 * 6; ++n) {
        source.samples.push_back(static_cast<std::uint8_t>(n + 1));
    }
    source.labels = {10, 11, 12, 13, 14, 15, 16};
    return source;
}

struct SensorBench : test::Bench {
    Sensor sensor;
    test::BusProbe bus{sensor.bus.get_base_interface()};
    test::IrqSpy irq;
    test::IrqSpy line;
    test::Plug plug{"plug", sensor.bus};

    explicit SensorBench(const Degradation::Config& degradation = {},
                         FrameSource source = seven_frames(), const Period& period = {1'000'000, 1})
        : sensor("camera", env, Sensor::Config{period, 20, degradation}, std::move(source), 9) {
        sensor.irq.bind(irq);
        sensor.request.bind(line);
        sensor.reset(ResetKind::cold);
    }
    void run(double microseconds) {
        sc_core::sc_start(sc_core::sc_time(microseconds, sc_core::SC_US));
        bus.delay = sc_core::SC_ZERO_TIME;
    }
    std::uint32_t get(std::uint32_t offset) {
        bus.delay = sc_core::SC_ZERO_TIME;
        return bus.read(offset);
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(offset, value);
    }
    /// The frame at the head, dropped afterwards.
    std::vector<std::uint32_t> take() {
        const std::vector<std::uint32_t> frame = {get(INDEX), get(LABEL), get(DATA), get(DATA),
                                                  get(DATA)};
        set(NEXT, 1);
        return frame;
    }
};

}  // namespace

TEST_CASE("sensor: describes its source", "[sensor]") {
    SensorBench b;
    CHECK(b.get(ID) == 0x534E4553);
    CHECK(b.get(CAPABILITY) ==
          (CAPABILITY_CONNECTED::mask | CAPABILITY_LABELS::mask | CAPABILITY_BYTES::of(1)));
    CHECK(b.get(SHAPE) == (SHAPE_ROWS::of(2) | SHAPE_COLS::of(3)));
    CHECK(b.get(FRAME_BYTES) == 6);
    CHECK(b.get(FRAMES) == 7);
    CHECK(b.get(PERIOD) == 1000);
}

TEST_CASE("sensor: frame n comes at n periods, however odd", "[sensor]") {
    // 30 MHz: a third of a picosecond over 33,333 ps.
    SensorBench b({}, seven_frames(), {100'000, 3});
    b.set(IRQ_ENABLE, 1);
    b.set(CTRL, CTRL_RUN::mask);
    for (const Picoseconds instant : {33'333U, 66'667U, 100'000U, 133'333U}) {
        sc_core::sc_start(sc_core::sc_time::from_value(instant) - sc_core::sc_time_stamp());
        CHECK_FALSE(b.irq.level);
        sc_core::sc_start(sc_core::sc_time::from_value(1));
        CHECK(b.irq.level);
        b.set(IRQ_STATUS, 7);
        b.set(NEXT, 1);
    }
    CHECK(b.get(PERIOD) == 33);
}

TEST_CASE("sensor: an hour is a period", "[sensor]") {
    constexpr Picoseconds hour = 3'600'000'000'000'000;
    SensorBench b({}, seven_frames(), {hour, 1});
    CHECK((std::uint64_t{b.get(PERIOD_HI)} << 32U | b.get(PERIOD)) == hour / 1000);
    b.set(COUNT, 2);
    b.set(CTRL, CTRL_RUN::mask);
    sc_core::sc_start(sc_core::sc_time::from_value(2 * hour));
    CHECK(b.get(DELIVERED) == 1);
    sc_core::sc_start(sc_core::sc_time::from_value(1));
    CHECK(b.get(DELIVERED) == 2);
    b.set(NEXT, 1);
    CHECK((std::uint64_t{b.get(TIME_HI)} << 32U | b.get(TIME_LO)) == 2 * hour / 100'000);
}

TEST_CASE("sensor: events come at their own times", "[sensor]") {
    FrameSource source;
    source.rows = 30;
    source.cols = 40;
    source.events = {{1, 2, true, 0}, {39, 29, false, 3}, {4, 5, true, 3}, {6, 7, false, 10}};
    SensorBench b({}, source, {500'000, 1});  // twice as fast
    CHECK(b.get(CAPABILITY) ==
          (CAPABILITY_CONNECTED::mask | CAPABILITY_EVENTS::mask | CAPABILITY_BYTES::of(4)));
    CHECK(b.get(FRAME_BYTES) == 8);
    CHECK(b.get(FRAMES) == 4);
    CHECK(b.get(SHAPE) == (SHAPE_ROWS::of(30) | SHAPE_COLS::of(40)));
    CHECK(b.get(PERIOD) == 500);
    CHECK(b.bus.write(CTRL, CTRL_RUN::mask | CTRL_SHUFFLE::mask) ==
          tlm::TLM_COMMAND_ERROR_RESPONSE);
    b.set(WATERMARK, 2);
    b.set(IRQ_ENABLE, 1);
    b.set(FIRST, 1);
    b.set(CTRL, CTRL_RUN::mask | CTRL_STREAM::mask | CTRL_LOOP::mask);
    b.run(0.49);
    CHECK(b.get(DELIVERED) == 0);
    b.run(0.02);
    CHECK(b.irq.level);  // two at the same instant
    const std::vector<std::uint32_t> words = {b.get(DATA), b.get(DATA), b.get(DATA), b.get(DATA)};
    CHECK(words == std::vector<std::uint32_t>{29U << 16U | 39U, 5, 1U << 31U | 5U << 16U | 4U, 5});
    CHECK(b.get(STATUS) == 0);
    b.run(3.5);  // the fourth, 7 us of the recording after the second
    CHECK(b.get(INDEX) == 3);
    CHECK(b.get(TIME_LO) == 40);
    CHECK(b.count("camera", "sensor.sample") == 3);
    b.run(4);  // the next pass: three more, of which one finds no room beside the fourth
    CHECK(b.get(DELIVERED) == 6);
    CHECK(b.get(OVERFLOWS) == 2);
}

TEST_CASE("sensor: DATA streams from frame to frame, with their tags", "[sensor]") {
    FrameSource source = seven_frames();
    source.cols = 1;  // two bytes a frame
    source.labels.assign(21, 3);
    SensorBench b({}, source);
    b.set(FIRST, 5);
    b.set(COUNT, 2);
    b.set(CTRL, CTRL_RUN::mask | CTRL_STREAM::mask | CTRL_TAG::mask);
    b.run(1.5);
    const std::vector<std::uint32_t> expected = {5, 3, 10, 0, 0x0c0b};
    for (const std::uint32_t word : expected) {
        CHECK(b.get(DATA) == word);
    }
    CHECK(b.get(STATUS) == 0);
    b.run(1);
    CHECK(b.get(DATA) == 6);
    b.set(CTRL, CTRL_FLUSH::mask | CTRL_STREAM::mask);
    b.bus.read(DATA);
    CHECK(b.bus.response == tlm::TLM_COMMAND_ERROR_RESPONSE);
}

TEST_CASE("sensor: a tag takes room in the FIFO", "[sensor]") {
    SensorBench b;  // frames of six bytes, 20 bytes of FIFO
    CHECK(b.bus.write(CTRL, CTRL_RUN::mask | CTRL_TAG::mask) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason == "a frame with its tag does not fit the FIFO");
}

TEST_CASE("sensor: the request line follows the FIFO", "[sensor]") {
    SensorBench b;
    CHECK(b.bus.write(REQUEST, 21) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    b.set(REQUEST, 12);
    b.set(COUNT, 3);
    b.set(CTRL, CTRL_RUN::mask | CTRL_STREAM::mask);
    b.run(1.5);  // eight bytes, in whole words
    CHECK_FALSE(b.line.level);
    b.run(1);  // sixteen
    CHECK(b.line.level);
    b.get(DATA);
    CHECK(b.line.level);
    b.get(DATA);
    CHECK_FALSE(b.line.level);
    b.run(1);  // the end of the window: what is left can be read
    for (int word = 0; word < 4; ++word) {
        CHECK(b.line.level);
        b.get(DATA);
    }
    CHECK_FALSE(b.line.level);
    // Without STREAM: while the frame at the head has bytes.
    b.set(CTRL, CTRL_RUN::mask);
    b.run(1.5);
    CHECK(b.line.level);
    b.get(DATA);
    CHECK(b.line.level);
    b.get(DATA);
    CHECK_FALSE(b.line.level);
    b.run(1);
    b.set(NEXT, 1);
    CHECK(b.line.level);
    b.set(CTRL, CTRL_FLUSH::mask);
    CHECK_FALSE(b.line.level);
}

TEST_CASE("sensor: a reader ahead of the kernel makes room when it gets there", "[sensor]") {
    SensorBench b;
    b.set(CTRL, CTRL_RUN::mask);
    b.run(3.5);  // three frames of six bytes in 20
    b.bus.delay = sc_core::sc_time(0.6, sc_core::SC_US);
    b.bus.write(NEXT, 1);
    b.run(0.55);  // it is still there when the fourth comes
    CHECK(b.get(OVERFLOWS) == 1);
    b.run(1);
    CHECK(b.get(OVERFLOWS) == 1);
}

TEST_CASE("sensor: a window is delivered at the rate and ends", "[sensor]") {
    SensorBench b;
    b.run(0.25);
    b.set(IRQ_ENABLE, 7);
    b.set(FIRST, 2);
    b.set(COUNT, 2);
    b.set(CTRL, CTRL_RUN::mask);
    b.run(0.999);
    CHECK(b.get(STATUS) == 0);
    CHECK_FALSE(b.irq.level);
    b.run(0.002);
    CHECK(b.get(STATUS) == (STATUS_READY::mask | STATUS_LEVEL::of(1)));
    REQUIRE(b.irq.changes.size() == 1);
    CHECK(b.irq.changes[0] == std::pair{true, Picoseconds{1'250'000}});
    CHECK(b.get(TIME_LO) == 12);
    CHECK(b.take() == std::vector<std::uint32_t>{2, 12, 0x100f0e0d, 0x1211, 0});
    CHECK(b.get(STATUS) == 0);
    b.set(IRQ_STATUS, 7);
    CHECK_FALSE(b.irq.level);
    b.run(1);
    CHECK(b.get(IRQ_STATUS) == (IRQ_STATUS_FRAME::mask | IRQ_STATUS_END::mask));
    CHECK(b.get(STATUS) == (STATUS_READY::mask | STATUS_END::mask | STATUS_LEVEL::of(1)));
    CHECK((b.get(CTRL) & CTRL_RUN::mask) == 0);
    b.run(10);
    CHECK(b.get(DELIVERED) == 2);
    CHECK(b.take()[0] == 3);
    CHECK(b.count("camera", "sensor.sample") == 12);
}

TEST_CASE("sensor: a full FIFO loses frames and counts them", "[sensor]") {
    SensorBench b;
    b.set(IRQ_ENABLE, IRQ_ENABLE_OVERFLOW::mask);
    b.set(CTRL, CTRL_RUN::mask);
    b.run(3.5);
    CHECK_FALSE(b.irq.level);
    CHECK(b.get(OVERFLOWS) == 0);
    b.run(2);  // 20 bytes hold three frames of six
    CHECK(b.irq.level);
    CHECK(b.get(OVERFLOWS) == 2);
    CHECK(b.get(DELIVERED) == 5);
    CHECK(b.sensor.overflows() == 2);
    for (const std::uint32_t index : {0U, 1U, 2U}) {
        CHECK(b.take()[0] == index);
    }
    b.run(1);
    CHECK(b.take()[0] == 5);
}

TEST_CASE("sensor: stop keeps the FIFO, flush empties it", "[sensor]") {
    SensorBench b;
    b.set(CTRL, CTRL_RUN::mask);
    b.run(2.5);
    b.set(CTRL, 0);
    b.run(5);
    CHECK(STATUS_LEVEL::get(b.get(STATUS)) == 2);
    b.get(DATA);
    b.set(CTRL, CTRL_FLUSH::mask);
    CHECK(b.get(STATUS) == 0);
    CHECK(b.get(LABEL) == 0xffff'ffff);
    // The window starts again at its first frame, and DATA at the first word.
    b.set(CTRL, CTRL_RUN::mask);
    b.run(1.5);
    CHECK(b.take() == std::vector<std::uint32_t>{0, 10, 0x04030201, 0x0605, 0});
}

TEST_CASE("sensor: looks at an empty FIFO and impossible windows are refused", "[sensor]") {
    SensorBench b;
    b.bus.read(DATA);
    CHECK(b.bus.response == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.bus.write(NEXT, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    for (const auto& [first, count] : {std::pair{7U, 0U}, {0U, 8U}, {6U, 2U}, {~0U, 2U}}) {
        b.set(FIRST, first);
        b.set(COUNT, count);
        CHECK(b.bus.write(CTRL, CTRL_RUN::mask) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        CHECK(b.get(CTRL) == 0);
    }
    CHECK(b.complaints.errors.size() == 6);
    b.set(FIRST, 6);
    b.set(COUNT, 1);
    CHECK(b.bus.write(CTRL, CTRL_RUN::mask) == tlm::TLM_OK_RESPONSE);
}

TEST_CASE("sensor: without a source nothing starts", "[sensor]") {
    SensorBench b({}, {});
    CHECK(b.get(CAPABILITY) == CAPABILITY_BYTES::of(1));
    CHECK(b.get(FRAMES) == 0);
    CHECK(b.bus.write(CTRL, CTRL_RUN::mask) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason == "no source of frames is connected");
}

TEST_CASE("sensor: shuffled passes follow the random order", "[sensor]") {
    SensorBench b;
    const Random random(9, "camera");
    b.set(FIRST, 1);
    b.set(COUNT, 5);
    b.set(CTRL, CTRL_RUN::mask | CTRL_SHUFFLE::mask | CTRL_LOOP::mask);
    b.run(0.5);
    for (std::uint64_t pass = 0; pass < 3; ++pass) {
        for (const std::uint32_t position : shuffled_order(5, pass, random)) {
            b.run(1);
            const std::vector<std::uint32_t> frame = b.take();
            CHECK(frame[0] == 1 + position);
            CHECK(frame[1] == 11 + position);
        }
    }
    // After a reset the passes are counted from the first again.
    b.sensor.reset(ResetKind::warm);
    b.set(FIRST, 1);
    b.set(COUNT, 5);
    b.set(CTRL, CTRL_RUN::mask | CTRL_SHUFFLE::mask);
    b.run(1.5);
    CHECK(b.get(INDEX) == 1 + shuffled_order(5, 0, random)[0]);
}

TEST_CASE("sensor: degrades from a frame on, lost frames included", "[sensor]") {
    const Degradation::Config aged{.from_frame = 2, .dead_columns = 1, .gain_error_q8 = 100};
    SensorBench b(aged);
    const Random random(9, "camera");
    const FrameSource source = seven_frames();
    const Degradation degradation(aged, 3, random);
    b.set(CTRL, CTRL_RUN::mask);
    b.run(0.5);
    for (std::uint32_t n = 0; n < 7; ++n) {
        b.run(1);
        std::vector<std::uint8_t> frame(source.samples.begin() + 6 * n,
                                        source.samples.begin() + 6 * (n + 1));
        if (n >= 2) {
            degradation.apply(source, frame);
        }
        const std::vector<std::uint32_t> seen = b.take();
        frame.resize(8);
        for (std::size_t word = 0; word < 2; ++word) {
            std::uint32_t expected = 0;
            std::memcpy(&expected, &frame[4 * word], 4);
            CHECK(seen[2 + word] == expected);
        }
    }
}

TEST_CASE("clint: the timer rings at its instant", "[clint]") {
    test::Bench bench;
    Clint clint("clint", bench.env);
    test::Plug plug("plug", clint.bus);
    test::IrqSpy software;
    test::IrqSpy timer;
    clint.software.bind(software);
    clint.timer.bind(timer);
    clint.reset(ResetKind::cold);
    test::BusProbe bus(clint.bus.get_base_interface());
    const auto run = [&bus](double microseconds) {
        sc_core::sc_start(sc_core::sc_time(microseconds, sc_core::SC_US));
        bus.delay = sc_core::SC_ZERO_TIME;
    };
    const auto compare = [&bus](std::uint32_t value) {
        bus.write(regs::clint::MTIMECMP_HI, 0);
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(regs::clint::MTIMECMP_LO, value);
        bus.delay = sc_core::SC_ZERO_TIME;
    };
    run(0.05);
    compare(20);
    run(1);
    compare(30);  // later, before it rings
    run(1.94);
    CHECK_FALSE(timer.level);
    run(0.02);
    CHECK(timer.level);
    compare(40);
    CHECK_FALSE(timer.level);
    // A caller that runs ahead of the kernel arms it at its own time.
    bus.delay = sc_core::sc_time(500, sc_core::SC_NS);
    bus.write(regs::clint::MTIME_LO, 39);
    run(0.4);
    CHECK_FALSE(timer.level);
    run(0.7);
    CHECK(timer.level);
    timer.changes.clear();
    clint.reset(ResetKind::cold);
    CHECK_FALSE(timer.level);
    compare(10);
    run(2);
    REQUIRE(timer.changes.size() == 2);
    CHECK(timer.changes[1].first);
    // Ten ticks after the reset, whose instant is none of the ticks before it.
    CHECK(timer.changes[1].second == timer.changes[0].second + 1'000'000);
}

}  // namespace cimera
