// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "regs/dma.hpp"
#include "regs/energy.hpp"
#include "regs/sensor.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using test::Code;
using test::Mode;
using namespace test::assemble;

constexpr std::uint32_t camera = 0x1002'0000;
constexpr std::uint32_t dma = 0x1001'7000;
constexpr std::uint32_t energy = 0x1001'1000;
constexpr std::uint32_t plic = 0x0c00'0000;
constexpr std::uint32_t camera_irq = 16;
constexpr std::uint32_t descriptor = 0x8010'0000;
constexpr std::uint32_t buffer = 0x8011'0000;
constexpr std::uint32_t frame_bytes = 64;
constexpr std::uint32_t record_bytes = frame_bytes + 16;

/// The camera's interrupt wakes the core, which takes none.
void listen(Code& code, std::uint32_t events) {
    code.set(plic + 4 * camera_irq, 1).set(plic + 0x2000, 1U << camera_irq);
    code.csrw(cpu::csr::mie, 1U << 11U);
    code.set(camera + regs::sensor::IRQ_ENABLE, events);
}

void print_registers(Code& code, std::initializer_list<std::uint32_t> addresses) {
    for (const std::uint32_t address : addresses) {
        code.load(28, address).print(28);
    }
}

void print_energy(Code& code) {
    using namespace regs::energy;
    code.set(energy + CTRL, 1).set(energy + SELECT, SELECT_PART::of(0));
    print_registers(code, {energy + VALUE_LO});
}

/// All frames into memory, each with its tag, while the core sleeps.
Code by_dma(std::uint32_t frames) {
    using namespace regs::sensor;
    Code code;
    const std::uint32_t device_to_memory = 2U | 2U << 4U | 1U << 12U;  // words, paced, line 0
    const std::array<std::uint32_t, 8> words = {
        device_to_memory, camera + DATA, buffer, frames * record_bytes, 1, 0, 0, 0};
    for (std::uint32_t i = 0; i < words.size(); ++i) {
        code.set(descriptor + 4 * i, words[i]);
    }
    code.set(dma + regs::dma::START, descriptor);
    listen(code, IRQ_ENABLE_END::mask);
    code.set(camera + REQUEST, frame_bytes);
    code.set(camera + CTRL, CTRL_RUN::mask | CTRL_STREAM::mask | CTRL_TAG::mask);
    code.add(bare("wfi")).nops(4000);
    print_registers(code, {camera + OVERFLOWS, camera + DELIVERED, camera + STATUS,
                           dma + regs::dma::BYTES, dma + regs::dma::ERROR});
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t record = buffer + i * record_bytes;
        print_registers(code, {record, record + 4, record + 8, record + 16, record + 76});
    }
    code.csrr(28, cpu::csr::mcycle).print(28);
    print_energy(code);
    return code.pass();
}

/// Sleeps until four events wait, prints them, until the window ends.
Code by_core() {
    using namespace regs::sensor;
    Code code;
    listen(code, IRQ_ENABLE_FRAME::mask);
    code.set(camera + WATERMARK, 4);
    code.set(camera + CTRL, CTRL_RUN::mask | CTRL_STREAM::mask);
    for (int group = 0; group < 2; ++group) {
        code.add(bare("wfi"));
        code.set(camera + IRQ_STATUS, 7);
        for (int word = 0; word < 8; ++word) {
            print_registers(code, {camera + DATA});
        }
    }
    print_registers(code, {camera + STATUS, camera + OVERFLOWS});
    code.csrr(28, cpu::csr::mcycle).print(28);
    print_energy(code);
    return code.pass();
}

Mode with_frames(Mode mode, const std::string& rate) {
    mode.frames.rows = 4;
    mode.frames.cols = 16;
    for (std::uint32_t n = 0; n < 40 * frame_bytes; ++n) {
        mode.frames.samples.push_back(static_cast<std::uint8_t>(n / frame_bytes + n));
    }
    for (std::uint32_t n = 0; n < 40; ++n) {
        mode.frames.labels.push_back(100 + n);
    }
    mode.set = {"sensor.rate=" + rate};
    return mode;
}

Mode with_events(Mode mode) {
    mode.frames.rows = 34;
    mode.frames.cols = 34;
    for (std::uint16_t n = 0; n < 8; ++n) {
        mode.frames.events.push_back(
            {n, static_cast<std::uint16_t>(33 - n), n % 3 == 0, std::uint64_t{n} * n * 7});
    }
    mode.frames.period = Period{1'000'000, 3};  // three times as fast
    return mode;
}

/// Runs the program in each mode; what it does in the first.
template <class Setup>
test::Outcome same_in_all_modes(const Code& code, Setup&& setup) {
    const test::Outcome first = test::run_world(code, setup(Mode{}));
    REQUIRE(first.report["exit_code"] == 0);
    for (const Mode& mode : test::all_modes()) {
        INFO(mode.name);
        test::Outcome other = test::run_world(code, setup(mode));
        if (mode.timing == TimingStyle::approximate) {
            // Host and DMA may wait for one another at a bank; nothing else depends on it here.
            other.report["memories"]["l2"]["waited_s"] = first.report["memories"]["l2"]["waited_s"];
        }
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
    return first;
}

}  // namespace

TEST_CASE("sensor: frames stream into memory by DMA", "[sensor]") {
    // Two in three periods are no whole picoseconds.
    const test::Outcome outcome =
        same_in_all_modes(by_dma(40), [](const Mode& mode) { return with_frames(mode, "30 kHz"); });
    REQUIRE(outcome.words.size() == 27);
    CHECK(outcome.words[0] == 0);
    CHECK(outcome.words[1] == 40);
    CHECK(outcome.words[2] == regs::sensor::STATUS_END::mask);
    CHECK(outcome.words[3] == 40 * record_bytes);
    CHECK(outcome.words[4] == 0);
    const FrameSource source = with_frames({}, "30 kHz").frames;
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t* record = &outcome.words[5 + 5 * std::size_t{i}];
        CHECK(record[0] == i);
        CHECK(record[1] == 100 + i);
        CHECK(record[2] - outcome.words[7] == Approx(1000.0 * i / 3).margin(1));  // of 100 ns
        std::array<std::uint32_t, 2> ends{};
        std::memcpy(&ends[0], &source.samples[std::size_t{i} * frame_bytes], 4);
        std::memcpy(&ends[1], &source.samples[std::size_t{i + 1} * frame_bytes - 4], 4);
        CHECK(record[3] == ends[0]);
        CHECK(record[4] == ends[1]);
    }
}

TEST_CASE("sensor: frames that a DMA is too slow for are lost and counted", "[sensor]") {
    const test::Outcome outcome =
        same_in_all_modes(by_dma(40), [](const Mode& mode) { return with_frames(mode, "20 MHz"); });
    REQUIRE(outcome.words.size() == 27);
    const std::uint32_t lost = outcome.words[0];
    CHECK(lost > 0);
    CHECK(lost < 40);
    CHECK(outcome.words[1] == 40);
    CHECK(outcome.words[3] == (40 - lost) * record_bytes);
    CHECK(outcome.report["warnings"].dump().find(std::to_string(lost) +
                                                 " of 40 frames were lost") != std::string::npos);
}

TEST_CASE("sensor: events reach the core in groups", "[sensor]") {
    const test::Outcome outcome = same_in_all_modes(by_core(), with_events);
    REQUIRE(outcome.words.size() == 20);
    const FrameSource source = with_events({}).frames;
    for (std::size_t n = 0; n < 8; ++n) {
        CHECK(outcome.words[2 * n] == source.events[n].address());
        const std::uint64_t passed = outcome.words[2 * n + 1] - outcome.words[1];
        CHECK(passed ==
              Approx(10.0 / 3 * static_cast<double>(source.events[n].microsecond)).margin(1));
    }
    CHECK(outcome.words[16] == regs::sensor::STATUS_END::mask);
    CHECK(outcome.words[17] == 0);
}

}  // namespace cimera
