// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "models/peripherals/rng.hpp"
#include "regs/plic.hpp"
#include "regs/rng.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using namespace regs::rng;
using namespace test::assemble;
using test::Code;

constexpr std::uint32_t rng_base = 0x1001'6000;
constexpr std::uint32_t plic = 0x0c00'0000;
constexpr std::uint32_t source = 7;
constexpr Picoseconds word_time = Rng::period * 10'000;

struct RngBench : test::Bench {
    Rng rng;
    test::BusProbe bus{rng.bus.get_base_interface()};
    test::Plug plug{"plug", rng.bus};
    test::IrqSpy irq;

    explicit RngBench(std::uint64_t seed = 5) : rng("rng", env, seed) {
        rng.irq.bind(irq);
        rng.reset(ResetKind::cold);
    }
    void set(std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        REQUIRE(bus.write(offset, value) == tlm::TLM_OK_RESPONSE);
    }
    std::uint32_t get(std::uint32_t offset) {
        bus.delay = sc_core::SC_ZERO_TIME;
        const std::uint32_t value = bus.read(offset);
        REQUIRE(bus.response == tlm::TLM_OK_RESPONSE);
        return value;
    }
    static void run(Picoseconds time) { sc_core::sc_start(sc_core::sc_time::from_value(time)); }
};

}  // namespace

TEST_CASE("rng: a fresh word every period, none faster", "[kernel]") {
    RngBench b;
    b.set(IRQ_ENABLE, IRQ_ENABLE_READY::mask);
    b.set(CTRL, CTRL_EN::mask);
    const Random expected(5, "rng");
    for (std::uint32_t n = 0; n < 20; ++n) {
        RngBench::run(word_time - (n == 0 ? 0 : 1));  // what happens then comes with the next run
        CHECK(b.get(STATUS) == 0);
        CHECK_FALSE(b.irq.level);
        b.bus.delay = sc_core::SC_ZERO_TIME;
        b.bus.read(DATA);
        CHECK(b.bus.response == tlm::TLM_COMMAND_ERROR_RESPONSE);
        RngBench::run(1);
        CHECK(b.get(STATUS) == STATUS_READY::mask);
        REQUIRE(b.irq.level);
        CHECK(b.irq.changes.back().second == (n + 1) * word_time);
        CHECK(b.bus.peek(DATA) == expected.bits(1, 0, n));
        CHECK(b.get(DATA) == expected.bits(1, 0, n));
        CHECK(b.get(STATUS) == 0);
        CHECK_FALSE(b.irq.level);
    }
    CHECK(b.get(TESTED) == 20);
    CHECK(b.get(FAILURES) == 0);
    CHECK(b.count("rng", "rng.word") == 20);
    // A word waits as long as nobody takes it, and the source rests.
    RngBench::run(10 * word_time);
    CHECK(b.get(TESTED) == 21);
    CHECK_FALSE(sc_core::sc_pending_activity());
    b.rng.reset(ResetKind::cold);
    b.set(CTRL, CTRL_EN::mask);
    RngBench::run(word_time + 1);
    CHECK(b.get(DATA) == expected.bits(1, 0, 0));
}

TEST_CASE("rng: the self-test fails the health test, and words come again afterwards", "[kernel]") {
    RngBench b;
    b.set(IRQ_ENABLE, IRQ_ENABLE_ERROR::mask);
    b.set(CTRL, CTRL_EN::mask | CTRL_TEST::mask);
    RngBench::run(word_time + 1);
    CHECK(b.get(STATUS) == 0);
    CHECK(b.get(TESTED) == 1);
    RngBench::run(word_time);
    CHECK(b.get(STATUS) == STATUS_ERROR::mask);
    CHECK(b.get(FAILURES) == 1);
    CHECK(b.irq.level);
    b.set(CTRL, CTRL_EN::mask);
    RngBench::run(5 * word_time);
    CHECK(b.get(STATUS) == STATUS_ERROR::mask);  // no words until it is cleared
    CHECK(b.get(TESTED) == 2);
    b.set(STATUS, STATUS_ERROR::mask);
    CHECK_FALSE(b.irq.level);
    RngBench::run(word_time);
    CHECK(b.get(STATUS) == STATUS_READY::mask);
    CHECK(b.get(DATA) == Random(5, "rng").bits(1, 0, 0));
}

TEST_CASE("rng: the same words at the same instants in every mode", "[kernel]") {
    Code code;
    code.set(plic + regs::plic::PRIORITY + 4 * source, 1);
    code.set(plic + regs::plic::ENABLE, 1U << source);
    code.csrw(cpu::csr::mie, 1U << 11);
    code.set(rng_base + IRQ_ENABLE, 1).set(rng_base + CTRL, 1);
    for (int n = 0; n < 6; ++n) {
        if (n % 2 == 0) {
            code.add(bare("wfi"));
        } else {
            code.li(5, rng_base + STATUS);
            code.add(i("lw", 28, 5, 0)).add(b("beq", 28, 0, -4));
        }
        code.csrr(28, cpu::csr::mcycle).print(28);
        code.load(28, plic + regs::plic::CLAIM).load(29, rng_base + DATA);
        code.store(28, plic + regs::plic::CLAIM);
        code.print(28).print(29);
    }
    code.pass();
    const test::Outcome first = test::run_world(code);
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 18);
    const Random expected(1, "rng");
    for (std::uint32_t n = 0; n < 6; ++n) {
        CHECK(first.words[3 * n + 1] == source);
        CHECK(first.words[3 * n + 2] == expected.bits(1, 0, n));
    }
    for (const test::Mode& mode : test::all_modes()) {
        INFO(mode.name);
        const test::Outcome other = test::run_world(code, mode);
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
}

}  // namespace cimera
