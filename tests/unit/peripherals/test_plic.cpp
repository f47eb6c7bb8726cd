// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/peripherals/plic.hpp"
#include "regs/plic.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::plic;

struct PlicBench : test::Bench {
    Plic plic{"plic", env};
    test::BusProbe bus{plic.bus.get_base_interface()};
    test::IrqSpy external;
    test::IrqSpy supervisor;

    PlicBench() {
        plic.external.bind(external);
        plic.supervisor_external.bind(supervisor);
        plic.reset(ResetKind::cold);
    }
    void enable(unsigned source, std::uint32_t priority) {
        bus.write(PRIORITY + 4 * source, priority);
        const std::uint32_t word = ENABLE + source / 32 * 4;
        bus.write(word, bus.read(word) | 1U << (source % 32));
    }
    void raise(unsigned source, bool level = true) { plic.source(source).set(level, 0); }
    bool pending(unsigned source) {
        return (bus.read(PENDING + source / 32 * 4) >> (source % 32) & 1U) != 0;
    }
    std::uint32_t claim() { return bus.read(CLAIM); }
    void complete(unsigned source) { bus.write(CLAIM, source); }
};

}  // namespace

TEST_CASE("plic: an enabled source with a priority interrupts", "[plic]") {
    PlicBench b;
    b.raise(10);
    CHECK(b.pending(10));
    CHECK_FALSE(b.external.level);
    b.bus.write(PRIORITY + 40, 1);
    CHECK_FALSE(b.external.level);
    b.bus.write(ENABLE, 1U << 10);
    CHECK(b.external.level);
    CHECK(b.claim() == 10);
    CHECK_FALSE(b.external.level);
    CHECK_FALSE(b.pending(10));
    CHECK(b.claim() == 0);
}

TEST_CASE("plic: priority zero never interrupts", "[plic]") {
    PlicBench b;
    b.enable(5, 0);
    b.raise(5);
    CHECK_FALSE(b.external.level);
    CHECK(b.claim() == 0);
}

TEST_CASE("plic: the highest priority first, the lowest number among equals", "[plic]") {
    PlicBench b;
    for (const auto& [source, priority] :
         {std::pair{3U, 2U}, {64U, 7U}, {31U, 2U}, {191U, 7U}, {32U, 1U}}) {
        b.enable(source, priority);
        b.raise(source);
    }
    std::vector<std::uint32_t> order;
    while (b.external.level) {
        order.push_back(b.claim());
    }
    CHECK(order == std::vector<std::uint32_t>{64, 191, 3, 31, 32});
}

TEST_CASE("plic: the threshold masks sources at and below it", "[plic]") {
    PlicBench b;
    b.enable(3, 3);
    b.raise(3);
    for (std::uint32_t threshold = 0; threshold < 8; ++threshold) {
        b.bus.write(THRESHOLD, threshold);
        CHECK(b.external.level == (threshold < 3));
    }
    b.bus.write(THRESHOLD, 3);
    CHECK(b.claim() == 0);
    b.bus.write(THRESHOLD, 2);
    CHECK(b.claim() == 3);
}

TEST_CASE("plic: between claim and completion the gateway holds back", "[plic]") {
    PlicBench b;
    b.enable(9, 1);
    b.raise(9);
    REQUIRE(b.claim() == 9);
    b.raise(9, false);
    b.raise(9);
    CHECK_FALSE(b.pending(9));
    b.complete(9);
    CHECK(b.pending(9));
    CHECK(b.external.level);
    REQUIRE(b.claim() == 9);
    b.raise(9, false);
    b.complete(9);
    CHECK_FALSE(b.external.level);
}

TEST_CASE("plic: a level that goes away before its claim is forgotten", "[plic]") {
    PlicBench b;
    b.enable(9, 1);
    b.raise(9);
    b.raise(9, false);
    CHECK_FALSE(b.external.level);
    CHECK(b.claim() == 0);
}

TEST_CASE("plic: completions of others are ignored", "[plic]") {
    PlicBench b;
    b.enable(9, 1);
    b.enable(10, 1);
    b.raise(9);
    REQUIRE(b.claim() == 9);
    for (const unsigned other : {0U, 10U, 11U, 192U, 1000U, ~0U}) {
        b.complete(other);
        CHECK_FALSE(b.pending(9));
    }
    // Disabled while it is served: the completion does not count until it is enabled again.
    b.bus.write(ENABLE, 1U << 10);
    b.complete(9);
    CHECK_FALSE(b.pending(9));
    b.bus.write(ENABLE, 3U << 9);
    b.complete(9);
    CHECK(b.pending(9));
}

TEST_CASE("plic: several devices share a source", "[plic]") {
    PlicBench b;
    b.enable(64, 1);
    b.raise(64);
    b.raise(64);
    REQUIRE(b.claim() == 64);
    b.raise(64, false);
    b.complete(64);
    CHECK(b.pending(64));  // the other one still asks
    REQUIRE(b.claim() == 64);
    b.raise(64, false);
    b.complete(64);
    CHECK_FALSE(b.pending(64));
}

TEST_CASE("plic: the contexts have their own enables and thresholds, but one gateway", "[plic]") {
    PlicBench b;
    b.bus.write(PRIORITY + 40, 3);
    b.raise(10);
    b.bus.write(ENABLE_S, 1U << 10 | 1U);
    CHECK(b.bus.read(ENABLE_S) == 1U << 10);
    CHECK(b.supervisor.level);
    CHECK_FALSE(b.external.level);
    CHECK(b.claim() == 0);
    b.bus.write(THRESHOLD_S, 3);
    CHECK_FALSE(b.supervisor.level);
    b.bus.write(ENABLE, 1U << 10);
    CHECK(b.external.level);
    b.bus.write(THRESHOLD_S, 2);
    CHECK(b.bus.read(CLAIM_S) == 10);
    CHECK_FALSE(b.external.level);
    CHECK_FALSE(b.supervisor.level);
    CHECK(b.claim() == 0);
    b.bus.write(ENABLE_S, 0);
    b.bus.write(CLAIM_S, 10);  // not enabled there any more: ignored
    CHECK_FALSE(b.pending(10));
    b.complete(10);
    CHECK(b.pending(10));
    CHECK(b.external.level);
}

TEST_CASE("plic: source 0 does not exist", "[plic]") {
    PlicBench b;
    b.bus.write(PRIORITY, 7);
    b.bus.write(ENABLE, ~0U);
    CHECK(b.bus.read(PRIORITY) == 0);
    CHECK(b.bus.read(ENABLE) == 0xffff'fffe);
    b.raise(0);
    CHECK_FALSE(b.external.level);
}

TEST_CASE("plic: behind the last source and context all reads zero", "[plic]") {
    PlicBench b;
    b.bus.write(PRIORITY + 4 * 191, 0xff);
    CHECK(b.bus.read(PRIORITY + 4 * 191) == 7);
    // Drivers clear what the specification has room for: 1024 sources, many contexts.
    for (const std::uint32_t offset :
         {PRIORITY + 4 * 192, PRIORITY + 4 * 1023, PENDING + 4 * 6, ENABLE + 4 * 6, ENABLE + 4 * 31,
          ENABLE_S + 0x80, CLAIM + 4, CLAIM_S + 0xFFC}) {
        CHECK(b.bus.write(offset, ~0U) == tlm::TLM_OK_RESPONSE);
        CHECK(b.bus.read(offset) == 0);
        CHECK(b.bus.response == tlm::TLM_OK_RESPONSE);
    }
    CHECK(b.bus.write(PENDING, ~0U) == tlm::TLM_OK_RESPONSE);
    CHECK(b.bus.read(PENDING) == 0);
}

TEST_CASE("plic: a debugger's look claims nothing", "[plic]") {
    PlicBench b;
    b.enable(10, 1);
    b.raise(10);
    b.bus.peek(CLAIM);
    CHECK(b.external.level);
    CHECK(b.bus.peek(PENDING) == 1U << 10);
    CHECK(b.claim() == 10);
}

TEST_CASE("plic: 100000 claims of a line that never falls are reported once", "[plic]") {
    constexpr unsigned limit = 100000;
    PlicBench b;
    b.enable(10, 1);
    b.raise(10);
    const auto handle = [&b](unsigned times) {
        for (unsigned n = 0; n < times; ++n) {
            b.claim();
            b.complete(10);
        }
    };
    handle(limit - 1);
    CHECK(b.complaints.errors.empty());
    SECTION("it stays") {
        handle(10);
        REQUIRE(b.complaints.errors.size() == 1);
        CHECK_THAT(b.complaints.errors[0].reason, Catch::Contains("source 10"));
    }
    SECTION("it falls and rises") {
        b.raise(10, false);
        b.raise(10);
        handle(limit - 1);
        CHECK(b.complaints.errors.empty());
        handle(1);
        CHECK(b.complaints.errors.size() == 1);
    }
}

TEST_CASE("plic: after a reset a line that is still asserted is pending, but disabled", "[plic]") {
    PlicBench b;
    b.enable(10, 1);
    b.raise(10);
    REQUIRE(b.claim() == 10);
    b.plic.reset(ResetKind::warm);
    CHECK_FALSE(b.external.level);
    CHECK(b.pending(10));
    b.enable(10, 1);
    CHECK(b.claim() == 10);
}

}  // namespace cimera
