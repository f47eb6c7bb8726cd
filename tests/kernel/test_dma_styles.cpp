// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/support/dma_world.hpp"

namespace cimera {
namespace {

using namespace regs::dma;
using namespace test;
using dma::Kind;

/// A DMA alone with a memory, in one of the coding styles.
struct Alone {
    Environment env;
    Memory memory;
    dma::Dma dma;
    Plug host;
    IrqSpy irq;

    Alone(Bench& bench, const std::string& style, TimingStyle timing)
        : env{bench.ledger, bench.complaints, bench.env.domain, bench.clock, timing},
          memory((style + "_memory").c_str(), dma_memory(0x4000), env),
          dma((style + "_dma").c_str(), env, {4, 64}),
          host((style + "_host").c_str(), dma.bus) {
        dma.master.bind(memory.bus);
        dma.irq.bind(irq);
        std::vector<std::uint8_t> bytes(0x4000);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
        }
        memory.preload(0, bytes);
    }

    void put(std::uint32_t address, const Order& order, std::uint32_t link = 0) {
        const auto words = order.words(link);
        memory.preload(address, {reinterpret_cast<const std::uint8_t*>(words.data()), 32});
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        BusProbe probe(*host.bus.operator->());
        REQUIRE(probe.write(offset, value) == tlm::TLM_OK_RESPONSE);
    }
    std::uint32_t get(std::uint32_t offset) {
        return BusProbe(*host.bus.operator->()).read(offset);
    }
    std::vector<std::uint8_t> contents() {
        std::vector<std::uint8_t> bytes(0x4000);
        tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_data_ptr(bytes.data());
        payload.set_data_length(0x4000);
        REQUIRE(dma.master->transport_dbg(payload) == 0x4000);
        return bytes;
    }
};

}  // namespace

TEST_CASE("dma: loosely and approximately timed, time and energy are the same", "[kernel][dma]") {
    Bench bench;
    Alone loose(bench, "loose", TimingStyle::loose);
    Alone approximate(bench, "approximate", TimingStyle::approximate);
    const auto both = {&loose, &approximate};
    for (Alone* alone : both) {
        alone->put(0, {.source = 0x203, .destination = 0x1001, .length = 777, .half = true}, 0x20);
        alone->put(0x20,
                   {.kind = Kind::fill,
                    .source = 0x12345678,
                    .destination = 0x2001,
                    .length = 99,
                    .rows = 7,
                    .destination_stride = 200},
                   0x40);
        alone->put(0x40, {.source = 0x1000, .destination = 0x3fc0, .length = 100});
        alone->put(0x60, {.burst_code = 3, .source = 0x300, .destination = 0x310, .length = 300});
    }
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    for (Alone* alone : both) {
        alone->set(IRQ_ENABLE, 7);
        alone->set(IRQ_ENABLE + 4, 7);
        alone->set(START, 0);
        alone->set(START + 4, 0x60);
    }
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    CHECK(loose.get(STATUS) == 0);
    CHECK(loose.get(ERROR_ADDRESS) == 0x4000);
    CHECK(approximate.get(ERROR_ADDRESS) == 0x4000);
    CHECK(loose.get(IRQ_STATUS) == 7);
    CHECK(loose.get(BYTES + 4) == 300);
    REQUIRE(loose.irq.changes.size() == 1);
    CHECK(approximate.irq.changes == loose.irq.changes);
    CHECK(approximate.contents() == loose.contents());
    for (const char* event : {"dma.descriptor", "dma.beat", "clock"}) {
        INFO(event);
        CHECK(bench.count("loose_dma", event) > 0);
        CHECK(bench.count("approximate_dma", event) == bench.count("loose_dma", event));
    }
}

TEST_CASE("dma: aborts and resets while a transfer is on the bus", "[kernel][dma]") {
    Bench bench;
    Alone alone(bench, "approximate", TimingStyle::approximate);
    alone.put(0, {.source = 0x200, .destination = 0x1000, .length = 0x200});
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    const std::vector<std::uint8_t> before = alone.contents();
    for (unsigned cycles = 0; cycles < 60; ++cycles) {
        const bool reset = cycles % 2 == 0;
        INFO(cycles << " cycles, " << (reset ? "reset" : "abort"));
        alone.memory.reset(ResetKind::cold);
        alone.set(START, 0);
        sc_core::sc_start(sc_core::sc_time::from_value(cycles * period));
        if (reset) {
            alone.dma.reset(ResetKind::warm);
        } else {
            alone.set(CTRL, CTRL_ABORT::mask);
        }
        sc_core::sc_start(sc_core::sc_time(10, sc_core::SC_US));
        REQUIRE(alone.get(STATUS) == 0);
        REQUIRE(alone.get(COMPLETED) == 0);
        std::vector<std::uint8_t> expected = before;
        const std::uint32_t bytes = alone.get(BYTES);
        if (!reset) {
            std::copy_n(before.begin() + 0x200, bytes, expected.begin() + 0x1000);
            REQUIRE(alone.contents() == expected);
        }
        // Nothing of it lasts: the next transfer is whole.
        alone.set(START, 0);
        sc_core::sc_start(sc_core::sc_time(10, sc_core::SC_US));
        REQUIRE(alone.get(COMPLETED) == 1);
        REQUIRE(alone.get(BYTES) == 0x200);
    }
}

}  // namespace cimera
