// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <functional>

#include <catch2/catch.hpp>

#include "tests/support/dma_reference.hpp"

namespace cimera {
namespace {

using namespace regs::dma_descriptor;
using dma::Error;
using dma::Kind;
using test::Order;

constexpr std::uint32_t table = 0x8000'0000;  // where descriptors lie
constexpr std::uint32_t device = 0x1000'0000;

test::Space make_space() {
    test::Space space;
    space.regions = {{table, std::vector<std::uint8_t>(0x2000)},
                     {0x1000, std::vector<std::uint8_t>(0x400), false},
                     {0xffff'f000, std::vector<std::uint8_t>(0x1000)},
                     {0, std::vector<std::uint8_t>(0x400)}};
    std::mt19937 random(7);
    for (auto& region : space.regions) {
        for (std::uint8_t& byte : region.bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
    }
    return space;
}

/// A bus of bytes that remembers what passes.
struct FlatBus final : dma::Bus {
    struct Access {
        char what;
        std::uint32_t address;
        unsigned length;
        bool operator==(const Access&) const = default;
    };
    explicit FlatBus(test::Space& of) : space(of) {}

    bool read(std::uint32_t address, std::uint8_t* bytes, unsigned length) override {
        accesses.push_back({'r', address, length});
        before(address);
        if (address == device) {
            std::memcpy(bytes, &fifo, length);
            fifo += 0x0101'0101;
            return device_answers-- > 0;
        }
        return move(address, length, false, [&](std::uint8_t& byte) { *bytes++ = byte; });
    }
    bool write(std::uint32_t address, const std::uint8_t* bytes, unsigned length) override {
        accesses.push_back({'w', address, length});
        before(address);
        if (address == device) {
            std::uint32_t value = 0;
            std::memcpy(&value, bytes, length);
            sent.push_back(value);
            return device_answers-- > 0;
        }
        return move(address, length, true, [&](std::uint8_t& byte) { byte = *bytes++; });
    }
    bool move(std::uint32_t address, unsigned length, bool write,
              const std::function<void(std::uint8_t&)>& one) {
        for (unsigned i = 0; i < length; ++i) {
            if (space.at(std::uint64_t{address} + i, write) == nullptr) {
                return false;  // as a whole
            }
        }
        for (unsigned i = 0; i < length; ++i) {
            one(*space.at(address + i, write));
        }
        return true;
    }

    test::Space& space;
    std::vector<Access> accesses;
    std::uint32_t fifo = 0x0302'0100;
    std::vector<std::uint32_t> sent;
    int device_answers = 1000;
    std::function<void(std::uint32_t)> before = [](std::uint32_t) {};
};

struct Fixture {
    test::Space space = make_space();
    FlatBus bus{space};
    dma::Channel channel{64};

    void put(std::uint32_t address, const std::array<std::uint32_t, 8>& words) {
        std::memcpy(space.at(address, true), words.data(), sizeof words);
    }
    /// Runs a list to its end; all steps added up.
    dma::Step run(std::uint32_t first) {
        channel.start(first);
        return go_on();
    }
    dma::Step go_on() {
        dma::Step sum;
        while (channel.busy()) {
            const dma::Step step = channel.step(bus);
            sum.moved += step.moved;
            sum.half |= step.half;
            sum.done |= step.done;
            sum.failed |= step.failed;
        }
        return sum;
    }
    dma::Step run(const Order& order, std::uint32_t link = 0) {
        put(table, order.words(link));
        return run(table);
    }
};

}  // namespace

TEST_CASE("dma: random descriptors against memmove", "[dma]") {
    test::Space expected_space = make_space();
    test::Reference reference(expected_space);
    Fixture f;
    constexpr std::uint32_t descriptor = table + 0x1f00;
    test::RandomOrders orders(1, expected_space, 7);
    std::array<unsigned, 11> errors{};
    for (int n = 0; n < 20'000; ++n) {
        const Order order = orders.next();
        f.put(descriptor, order.words(0));
        std::memcpy(expected_space.at(descriptor, true), f.space.at(descriptor, true), 32);
        const test::Expected expected = reference.run(order);
        const dma::Step sum = f.run(descriptor);
        INFO("descriptor " << n << ": kind " << int(order.kind) << ", " << std::hex << order.source
                           << " to " << order.destination << ", " << std::dec << order.length
                           << " x " << order.rows);
        const dma::Failure& failure = f.channel.failure();
        REQUIRE(failure.error == expected.error);
        REQUIRE(f.channel.bytes() == expected.bytes);
        REQUIRE(sum.moved == expected.bytes);
        REQUIRE(sum.half == expected.half);
        REQUIRE(sum.failed == (expected.error != Error::none));
        REQUIRE(sum.done == (order.interrupt && expected.error == Error::none));
        if (expected.error != Error::none) {
            REQUIRE(failure.write == expected.write);
            REQUIRE(failure.address <= expected.address);
            REQUIRE(expected.address - failure.address < (expected.descending ? 64U : 1U));
        }
        for (std::size_t r = 0; r < f.space.regions.size(); ++r) {
            REQUIRE(f.space.regions[r].bytes == expected_space.regions[r].bytes);
        }
        ++errors[static_cast<std::size_t>(expected.error)];
    }
    for (const Error error : {Error::none, Error::wrap, Error::bus_read, Error::bus_write}) {
        CHECK(errors[static_cast<std::size_t>(error)] > 100);
    }
}

TEST_CASE("dma: bursts do not cross multiples of their length", "[dma]") {
    Fixture f;
    f.run({.source = table + 0x108, .destination = table + 0x400, .length = 100});
    const std::vector<FlatBus::Access> expected = {
        {'r', table, 32},        {'r', table + 0x108, 56}, {'w', table + 0x400, 56},
        {'r', table + 0x140, 8}, {'w', table + 0x438, 8},  {'r', table + 0x148, 36},
        {'w', table + 0x440, 36}};
    CHECK(f.bus.accesses == expected);
}

TEST_CASE("dma: a list goes on through its links", "[dma]") {
    Fixture f;
    f.put(table + 0x40,
          Order{.kind = Kind::fill, .source = 0x44332211, .destination = table + 0x801, .length = 6}
              .words(0));
    f.run({.source = table + 0x100, .destination = table + 0x900, .length = 8}, table + 0x40);
    CHECK(f.channel.completed() == 2);
    CHECK(f.channel.descriptor() == table + 0x40);
    CHECK(f.channel.bytes() == 6);
    const std::array<std::uint8_t, 6> pattern = {0x11, 0x22, 0x33, 0x44, 0x11, 0x22};
    CHECK(std::memcmp(f.space.at(table + 0x801, false), pattern.data(), 6) == 0);
}

TEST_CASE("dma: an error names its descriptor and drops the rest", "[dma]") {
    Fixture f;
    f.put(table + 0x40, Order{.length = 0}.words(table + 0x80));
    f.put(table + 0x80, Order{.source = table, .destination = table + 0x900, .length = 8}.words(0));
    const dma::Step sum =
        f.run({.source = table, .destination = table + 0xa00, .length = 8}, table + 0x40);
    CHECK(sum.failed);
    CHECK(f.channel.completed() == 1);
    CHECK(f.channel.descriptor() == table + 0x40);
    CHECK(f.channel.failure().error == Error::length);
    CHECK(f.channel.failure().address == table + 0x40 + LENGTH);
    CHECK(f.channel.bytes() == 0);
}

TEST_CASE("dma: descriptors that cannot be read", "[dma]") {
    Fixture f;
    f.run(table + 2);
    CHECK(f.channel.failure().error == Error::address);
    CHECK(f.bus.accesses.empty());
    f.run(0x1234'0000);
    CHECK(f.channel.failure().error == Error::bus_descriptor);
    CHECK(f.channel.failure().address == 0x1234'0000);
    CHECK(f.channel.descriptor() == 0x1234'0000);
    f.run({.source = table, .destination = table + 0x900});
    CHECK(f.channel.failure().error == Error::none);
}

TEST_CASE("dma: a loop of links can be aborted", "[dma]") {
    Fixture f;
    f.put(table, Order{.source = table, .destination = table + 0x900, .length = 8}.words(table));
    f.channel.start(table);
    for (int i = 0; i < 101; ++i) {
        REQUIRE(f.channel.busy());
        f.channel.step(f.bus);
    }
    CHECK(f.channel.completed() == 50);
    f.channel.abort();
    CHECK_FALSE(f.channel.busy());
    CHECK(f.channel.failure().error == Error::none);
}

TEST_CASE("dma: from a device, elements of 1, 2 and 4 bytes", "[dma]") {
    const auto width = GENERATE(0U, 1U, 2U);
    Fixture f;
    f.run({.kind = Kind::from_device,
           .burst_code = 4,
           .source = device,
           .destination = table + 0x904,
           .length = 12,
           .extra_control = CONTROL_WIDTH::of(width)});
    CHECK(f.channel.failure().error == Error::none);
    std::vector<std::uint8_t> expected;
    for (std::uint32_t n = 0, word = 0x0302'0100; expected.size() < 12; ++n, word += 0x0101'0101) {
        for (unsigned b = 0; b < 1U << width; ++b) {
            expected.push_back(static_cast<std::uint8_t>(word >> 8 * b));
        }
    }
    CHECK(std::memcmp(f.space.at(table + 0x904, false), expected.data(), 12) == 0);
    // Gathered: up to the multiple of the burst, then a whole one.
    CHECK(std::count_if(f.bus.accesses.begin(), f.bus.accesses.end(),
                        [](const auto& access) { return access.what == 'w'; }) == 2);
}

TEST_CASE("dma: to a device", "[dma]") {
    Fixture f;
    const std::array<std::uint16_t, 6> values = {1, 2, 3, 4, 5, 6};
    std::memcpy(f.space.at(table + 0x900, true), values.data(), 6);
    std::memcpy(f.space.at(table + 0x980, true), &values[3], 6);
    f.run({.kind = Kind::to_device,
           .source = table + 0x900,
           .destination = device,
           .length = 6,
           .rows = 2,
           .source_stride = 0x80,
           .extra_control = CONTROL_WIDTH::of(1)});
    CHECK(f.bus.sent == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("dma: what came from a device before its error is written", "[dma]") {
    Fixture f;
    f.bus.device_answers = 3;
    const dma::Step sum = f.run({.kind = Kind::from_device,
                                 .source = device,
                                 .destination = table + 0x900,
                                 .length = 16,
                                 .extra_control = CONTROL_WIDTH::of(1)});
    CHECK(sum.failed);
    CHECK(f.channel.bytes() == 6);
    CHECK(f.channel.failure().error == Error::bus_read);
    CHECK_FALSE(f.channel.failure().write);
    CHECK(f.channel.failure().address == device);
    CHECK(*f.space.at(table + 0x905, false) == 3);

    f.bus.device_answers = 2;
    f.run({.kind = Kind::to_device,
           .source = table + 0x900,
           .destination = device,
           .length = 16,
           .extra_control = CONTROL_WIDTH::of(2)});
    CHECK(f.channel.bytes() == 8);
    CHECK(f.channel.failure().error == Error::bus_write);
    CHECK(f.channel.failure().write);
}

TEST_CASE("dma: the request line is wanted for paced bursts only", "[dma]") {
    Fixture f;
    f.put(table, Order{.kind = Kind::from_device,
                       .source = device,
                       .destination = table + 0x900,
                       .length = 4,
                       .extra_control =
                           CONTROL_WIDTH::of(2) | CONTROL_PACED::mask | CONTROL_REQUEST::of(9)}
                     .words(0));
    f.channel.start(table);
    CHECK_FALSE(f.channel.request().has_value());  // the descriptor is in memory
    f.channel.step(f.bus);
    CHECK(f.channel.request() == 9U);
    f.channel.step(f.bus);
    CHECK_FALSE(f.channel.request().has_value());
}

TEST_CASE("dma: an abort lets the burst on its way end", "[dma]") {
    Fixture f;
    f.put(table,
          Order{.source = table + 0x100, .destination = table + 0x900, .length = 128}.words(0));
    f.channel.start(table);
    f.channel.step(f.bus);
    f.bus.before = [&f](std::uint32_t) { f.channel.abort(); };
    const dma::Step step = f.channel.step(f.bus);
    CHECK(step.moved == 64);
    CHECK_FALSE(step.done);
    CHECK_FALSE(f.channel.busy());
    CHECK(f.channel.bytes() == 64);
    f.bus.before = [](std::uint32_t) {};
    CHECK(f.run({.source = table + 0x100, .destination = table + 0x900, .length = 128}).moved ==
          128);
}

TEST_CASE("dma: a step that outlasts a reset changes nothing more", "[dma]") {
    const bool at_read = GENERATE(false, true);
    Fixture f;
    f.put(table,
          Order{.source = table + 0x100, .destination = table + 0x900, .length = 128}.words(0));
    f.channel.start(table);
    f.channel.step(f.bus);
    f.bus.accesses.clear();
    f.bus.before = [&](std::uint32_t address) {
        if ((address < table + 0x900) == at_read) {
            f.channel.reset();
            f.channel.start(table + 2);
        }
    };
    const dma::Step step = f.channel.step(f.bus);
    CHECK(step.moved == 0);
    CHECK(f.bus.accesses.size() == (at_read ? 1 : 2));
    CHECK(f.channel.busy());
    CHECK(f.channel.descriptor() == table + 2);
    CHECK(f.channel.bytes() == 0);
    CHECK(f.go_on().failed);
}

}  // namespace cimera
