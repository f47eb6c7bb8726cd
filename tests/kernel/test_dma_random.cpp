// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/support/dma_world.hpp"

namespace cimera {
namespace {

using namespace regs::dma;
using namespace test;
using World = test::DmaWorld;
using dma::Error;

}  // namespace

TEST_CASE("dma: 10000 random descriptors against memmove", "[kernel][dma]") {
    World w;
    constexpr std::uint32_t table = ram + ram_bytes - 0x100;
    Reference reference(w.space);
    RandomOrders orders(2, w.space, 7);
    std::array<unsigned, 11> errors{};
    int done = 0;
    while (done < 10'000) {
        // A list of up to three; what follows a failure must not run.
        const std::uint32_t count = 1 + orders.below(3);
        std::vector<Order> list;
        for (std::uint32_t i = 0; i < count; ++i) {
            list.push_back(orders.next());
            const std::uint32_t address = table + 0x20 * i;
            w.put(address, list.back(), i + 1 < count ? address + 0x20 : 0);
        }
        const std::uint32_t channel = orders.below(4);
        const std::size_t complaints = w.complaints.errors.size();
        w.set(IRQ_ENABLE, channel, 7);
        w.set(START, channel, table);
        Expected expected;
        std::uint32_t completed = 0;
        std::uint32_t events = 0;
        bool spoilt = false;  // a transfer has overwritten the list itself
        for (std::uint32_t i = 0; i < count && expected.error == Error::none; ++i) {
            const auto words = list[i].words(i + 1 < count ? table + 0x20 * (i + 1) : 0);
            spoilt = std::memcmp(w.space.at(table + 0x20 * i, false), words.data(), 32) != 0;
            if (spoilt) {
                break;
            }
            expected = reference.run(list[i]);
            completed = i;
            events |= expected.half ? IRQ_STATUS_HALF::mask : 0;
            if (expected.error == Error::none) {
                events |= list[i].interrupt ? IRQ_STATUS_DONE::mask : 0;
                ++completed;
            }
        }
        w.run_to_end(channel);
        if (spoilt) {
            // What the spoilt descriptor does is not the reference's business.
            for (auto& region : w.space.regions) {
                region.bytes = w.contents(region);
            }
            w.set(IRQ_STATUS, channel, 7);
            w.complaints.errors.clear();
            continue;
        }
        INFO("after " << done << " descriptors, " << count << " in the list");
        w.compare();
        const bool failed = expected.error != Error::none;
        events |= failed ? IRQ_STATUS_ERROR::mask : 0;
        const std::uint32_t last = failed ? completed : completed - 1;
        REQUIRE(w.reg(IRQ_STATUS, channel) == events);
        REQUIRE(w.irq.level == (events != 0));
        REQUIRE(w.reg(PENDING, 0) == (events != 0 ? 1U << channel : 0));
        REQUIRE(w.reg(COMPLETED, channel) == completed);
        REQUIRE(w.reg(DESCRIPTOR, channel) == table + 0x20 * last);
        REQUIRE(w.reg(BYTES, channel) == expected.bytes);
        REQUIRE(w.reg(ERROR, channel) ==
                (ERROR_CODE::of(static_cast<std::uint32_t>(expected.error)) |
                 ERROR_WRITE::of(expected.write ? 1 : 0)));
        if (failed) {
            const std::uint32_t address = w.reg(ERROR_ADDRESS, channel);
            REQUIRE(address <= expected.address);
            REQUIRE(expected.address - address < (expected.descending ? 64U : 1U));
            // One line of the DMA; a read-only memory has one of its own.
            REQUIRE(w.complaints.errors.size() > complaints);
            const FirmwareError& error = w.complaints.errors.back();
            REQUIRE(error.device == "dma");
            REQUIRE(error.pc == pc);
        } else {
            REQUIRE(w.complaints.errors.size() == complaints);
        }
        w.set(IRQ_STATUS, channel, 7);
        REQUIRE_FALSE(w.irq.level);
        done += static_cast<int>(last + 1);
        ++errors[static_cast<std::size_t>(expected.error)];
    }
    for (const Error error : {Error::none, Error::wrap, Error::bus_read, Error::bus_write}) {
        CHECK(errors[static_cast<std::size_t>(error)] > 50);
    }
}

TEST_CASE("dma: channels at the same time do not disturb each other", "[kernel][dma]") {
    World w;
    constexpr std::uint32_t share = 0x2000;
    Reference reference(w.space);
    RandomOrders random(5, w.space, 7);
    for (int round = 0; round < 100; ++round) {
        for (std::uint32_t c = 0; c < 4; ++c) {
            const std::uint32_t area = ram + c * share;
            const Order order{.burst_code = random.below(8),
                              .source = area + random.below(share / 2),
                              .destination = area + random.below(share / 2),
                              .length = 1 + random.below(0xe00)};
            w.put(area + share - 0x20, order);
            w.set(CTRL, c, CTRL_PRIORITY::of(random.below(4)));
            w.set(START, c, area + share - 0x20);
            reference.run(order);
        }
        for (std::uint32_t c = 0; c < 4; ++c) {
            w.run_to_end(c);
        }
        w.compare();
    }
}

}  // namespace cimera
