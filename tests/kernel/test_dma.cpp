// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/support/dma_world.hpp"

namespace cimera {
namespace {

using namespace regs::dma;
using namespace test;
using World = test::DmaWorld;
using dma::Kind;
namespace word = regs::dma_descriptor;

}  // namespace

TEST_CASE("dma: time and energy of a copy", "[kernel][dma]") {
    World w;
    w.put(ram, {.source = ram + 0x100, .destination = ram + 0x200, .length = 128});
    w.set(IRQ_ENABLE, 0, 7);
    const Picoseconds begin = kernel_now() + period;  // the crossbar's cycle before the write
    w.set(START, 0, ram);
    w.run_to_end(0);
    // Arbitration, crossbar, 4 accesses, decoding; twice arbitration, crossbar, 8 reads, crossbar,
    // 8 writes. A memory's first access takes 2 or 3 cycles, each more one.
    const Picoseconds cycles = (1 + 1 + 5 + 2) + 2 * (1 + (1 + 9) + (1 + 10));
    REQUIRE(w.irq.changes.size() == 1);
    CHECK(w.irq.changes[0] == std::pair{true, begin + cycles * period});
    CHECK(w.count("dma", "dma.descriptor") == 1);
    CHECK(w.count("dma", "dma.beat") == 16);
    CHECK(w.count("dma", "clock") == cycles);
    CHECK(w.count("memory0", "sram.read") == 4 + 16);
    CHECK(w.count("memory0", "sram.write") == 16);
    // Its own share and the bus transfers are the DMA's, in the phase of who started it.
    const EnergyReport report = w.ledger.report(kernel_now());
    const std::uint64_t accesses = 4 + 16 + 16;  // the crossbar's cost 8 bytes each
    CHECK(report.by_initiator.at("dma") == 1 + 16 + accesses + 8 * accesses);
    CHECK(report.by_phase.at("moving") > report.by_initiator.at("dma"));
}

TEST_CASE("dma: an abort stops it within a microsecond, and BYTES is what was written",
          "[kernel][dma]") {
    World w;
    const Order order{.source = ram + 0x1000, .destination = ram + 0x4000, .length = 0x2000};
    w.put(ram, order);
    w.set(IRQ_ENABLE, 1, 7);
    w.set(START, 1, ram);
    w.run(7 * microsecond);
    CHECK(w.reg(STATUS, 1) == STATUS_BUSY::mask);
    w.set(CTRL, 1, CTRL_ABORT::mask);
    CHECK(w.reg(STATUS, 1) == 0);
    const std::uint32_t bytes = w.reg(BYTES, 1);
    CHECK(bytes > 0);
    CHECK(bytes < 0x2000);
    w.run(100 * microsecond);
    CHECK(w.reg(BYTES, 1) == bytes);
    CHECK(w.irq.changes.empty());
    CHECK(w.complaints.errors.empty());
    std::memcpy(w.space.at(order.destination, true), w.space.at(order.source, false), bytes);
    w.compare();
    w.put(ram, {.source = ram + 0x1000, .destination = ram + 0x4000, .length = 8});
    w.set(START, 1, ram);
    w.run_to_end(1);
    CHECK(w.irq.level);
}

TEST_CASE("dma: a paused channel keeps its place", "[kernel][dma]") {
    World w;
    const Order order{.source = ram + 0x1000, .destination = ram + 0x4000, .length = 0x2000};
    w.put(ram, order);
    w.set(START, 2, ram);
    w.run(5 * microsecond);
    w.set(CTRL, 2, CTRL_PAUSE::mask);
    w.run(2 * microsecond);
    const std::uint32_t bytes = w.reg(BYTES, 2);
    w.run(50 * microsecond);
    CHECK(w.reg(BYTES, 2) == bytes);
    CHECK(w.reg(STATUS, 2) == STATUS_BUSY::mask);
    w.set(CTRL, 2, 0);
    w.run_to_end(2);
    Reference(w.space).run(order);
    w.compare();
}

TEST_CASE("dma: the higher priority is finished first", "[kernel][dma]") {
    World w;
    for (std::uint32_t c = 0; c < 3; ++c) {
        w.put(ram + 0x20 * c,
              {.source = ram + 0x1000, .destination = ram + 0x2000, .length = 0x400});
        w.set(CTRL, c, CTRL_PRIORITY::of(c == 2 ? 3 : 0));
        w.set(START, c, ram + 0x20 * c);
    }
    w.run_to_end(2);
    CHECK(w.reg(BYTES, 0) <= 0x80);
    w.run(2 * microsecond);
    // The others in turn.
    const std::uint32_t first = w.reg(BYTES, 0);
    const std::uint32_t second = w.reg(BYTES, 1);
    CHECK(first > 0x80);
    CHECK(first < 0x400);
    CHECK((first == second || first == second + 64));
}

TEST_CASE("dma: a paced transfer waits for its line, burst by burst", "[kernel][dma]") {
    World w;
    w.put(ram, {.kind = Kind::from_device,
                .burst_code = 4,
                .source = info,
                .destination = ram + 0x100,
                .length = 64,
                .extra_control = word::CONTROL_WIDTH::of(2) | word::CONTROL_PACED::mask |
                                 word::CONTROL_REQUEST::of(31)});
    w.set(START, 0, ram);
    w.run(10 * microsecond);
    CHECK(w.reg(STATUS, 0) == (STATUS_BUSY::mask | STATUS_WAITING::mask));
    CHECK(w.reg(BYTES, 0) == 0);
    IrqIf& line = w.dma.request(31);
    line.set(true, kernel_now());
    w.run(period);
    line.set(false, kernel_now());
    w.run(10 * microsecond);
    CHECK(w.reg(BYTES, 0) == 8);
    // Another channel is not held up.
    w.put(ram + 0x40, {.source = ram + 0x1000, .destination = ram + 0x2000, .length = 0x100});
    w.set(START, 1, ram + 0x40);
    w.run_to_end(1);
    CHECK(w.reg(BYTES, 0) == 8);
    line.set(true, kernel_now());
    w.run_to_end(0);
    CHECK(w.reg(BYTES, 0) == 64);
    const std::vector<std::uint8_t> bytes = w.contents(w.space.regions[0]);
    for (std::size_t i = 0; i < 64; i += 4) {
        std::uint32_t value = 0;
        std::memcpy(&value, &bytes[0x100 + i], 4);
        CHECK(value == w.probe.peek(info));
    }
}

TEST_CASE("dma: mistakes with its registers are refused", "[kernel][dma]") {
    World w;
    CHECK(w.reg(CAPABILITY, 0) == (4 | 6 << 8 | 32 << 16));
    for (const std::uint32_t offset : {START, CTRL, IRQ_ENABLE, IRQ_STATUS}) {
        CHECK(w.probe.write(dma_base + offset + 4 * 4, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
    CHECK(w.complaints.errors.back().reason == "there are 4 channels");
    CHECK(w.reg(BYTES, 7) == 0);
    w.put(ram, {.source = ram + 0x1000, .destination = ram + 0x2000, .length = 0x100});
    w.set(START, 0, ram);
    CHECK(w.probe.write(dma_base + START, ram) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(w.complaints.errors.back().reason == "the channel is busy");
    CHECK(w.complaints.errors.back().place == "START[0] (offset 0x40)");
}

TEST_CASE("dma: an error is one line that says it all", "[kernel][dma]") {
    World w;
    w.put(ram, {.source = ram + 0x1000, .destination = ram + ram_bytes - 80, .length = 100});
    w.set(START, 3, ram);
    w.run_to_end(3);
    REQUIRE(w.complaints.errors.size() == 1);
    const FirmwareError& error = w.complaints.errors[0];
    CHECK(error.device == "dma");
    CHECK(error.pc == pc);
    CHECK(error.place == "channel 3, descriptor 0x80000000");
    CHECK(error.reason == "bus error on a write at 0x80008000, 80 bytes written");
    CHECK_FALSE(w.irq.level);  // not enabled
}

TEST_CASE("dma: its own registers are within its reach", "[kernel][dma]") {
    World w;
    // A descriptor that starts channel 1.
    w.put(ram + 0x40, {.source = ram + 0x1000, .destination = ram + 0x2000, .length = 0x100});
    w.put(ram, {.kind = Kind::to_device,
                .source = ram + 0x80,
                .destination = dma_base + START + 4,
                .length = 4,
                .extra_control = word::CONTROL_WIDTH::of(2)});
    REQUIRE(w.probe.write(ram + 0x80, ram + 0x40) == tlm::TLM_OK_RESPONSE);
    w.set(START, 0, ram);
    w.run(20 * microsecond);
    CHECK(w.reg(STATUS, 1) == 0);
    CHECK(w.reg(BYTES, 1) == 0x100);
    CHECK(w.reg(COMPLETED, 0) == 1);
}

TEST_CASE("dma: a reset in the middle leaves it as new", "[kernel][dma]") {
    World w;
    w.put(ram, {.source = ram + 0x1000, .destination = ram + 0x4000, .length = 0x2000});
    const auto time_of_start = [&w] {
        w.set(IRQ_ENABLE, 0, 7);
        const Picoseconds begin = kernel_now();
        w.set(START, 0, ram);
        w.run_to_end(0);
        REQUIRE(w.irq.level);
        return w.irq.changes.back().second - begin;
    };
    const Picoseconds fresh = time_of_start();
    w.set(START, 0, ram);
    w.set(START, 1, ram);
    w.run(5 * microsecond);
    w.dma.reset(ResetKind::warm);
    CHECK_FALSE(w.irq.level);
    CHECK(w.reg(STATUS, 0) == 0);
    CHECK(w.reg(BYTES, 0) == 0);
    w.run(100 * microsecond);
    CHECK(w.irq.changes.size() == 2);
    CHECK(time_of_start() == fresh);
}

}  // namespace cimera
