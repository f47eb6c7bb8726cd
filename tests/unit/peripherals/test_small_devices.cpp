// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "models/peripherals/energy_counters.hpp"
#include "models/peripherals/finisher.hpp"
#include "models/peripherals/mailbox.hpp"
#include "models/peripherals/soc_info.hpp"
#include "regs/energy.hpp"
#include "regs/finisher.hpp"
#include "regs/mailbox.hpp"
#include "regs/socinfo.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

struct ControlSpy final : RunControl {
    void finish(std::uint32_t code) override { codes.push_back(code); }
    void request_reset(const std::string& /*reason*/) override { ++resets; }
    void mark_phase(std::uint32_t index, bool end, Picoseconds at) override {
        marks.emplace_back(index, end, at);
    }
    std::vector<std::uint32_t> codes;
    int resets = 0;
    std::vector<std::tuple<std::uint32_t, bool, Picoseconds>> marks;
};

struct MailboxBench : test::Bench {
    Mailbox mailbox{"mailbox", env};
    test::BusProbe bus{mailbox.bus.get_base_interface()};

    MailboxBench() { mailbox.reset(ResetKind::cold); }
    tlm::tlm_response_status report(const std::string& name, std::int64_t value, int exponent) {
        using namespace regs::mailbox;
        for (std::uint32_t i = 0; i < 8; ++i) {
            bus.write(NAME + 4 * i, pack_name(name, i));
        }
        bus.write(VALUE_LO, static_cast<std::uint32_t>(value));
        bus.write(VALUE_HI, static_cast<std::uint32_t>(static_cast<std::uint64_t>(value) >> 32));
        return bus.write(COMMIT, static_cast<std::uint8_t>(exponent));
    }
};

}  // namespace

TEST_CASE("finisher: acts by the low half of a word", "[finisher]") {
    test::Bench bench;
    ControlSpy control;
    Finisher finisher("finisher", bench.env, control);
    test::BusProbe bus(finisher.bus.get_base_interface());
    bus.write(0, 0x5555);
    bus.write(0, 0xabcd'5555);
    bus.write(0, 0x002a'3333);
    bus.write(0, 0xffff'3333);
    CHECK(control.codes == std::vector<std::uint32_t>{0, 0, 42, 65535});
    bus.write(0, 0x7777);
    CHECK(control.resets == 1);
    bus.delay = sc_core::sc_time(30, sc_core::SC_NS);
    bus.write(0, 0x0005'0001);
    bus.delay = sc_core::sc_time(40, sc_core::SC_NS);
    bus.write(0, 0x8005'0001);
    REQUIRE(control.marks.size() == 2);
    CHECK(control.marks[0] == std::tuple(5U, false, Picoseconds{30'000}));
    CHECK(control.marks[1] == std::tuple(5U, true, Picoseconds{40'000}));
    bus.write(0, 0x1234);
    bus.write(0, 0);
    CHECK(control.codes.size() == 4);
    CHECK(control.resets == 1);
    CHECK(bus.read(0) == 0);
    CHECK(bus.response == tlm::TLM_OK_RESPONSE);
    bus.write(0, 0x3333, 2);
    CHECK(control.codes.back() == 0);
}

TEST_CASE("mailbox: keeps named numbers in the order of their first commit", "[mailbox]") {
    MailboxBench b;
    CHECK(b.report("accuracy", 9625, -4) == tlm::TLM_OK_RESPONSE);
    CHECK(b.report("spikes_per_image", -3, 0) == tlm::TLM_OK_RESPONSE);
    CHECK(b.report("accuracy", INT64_MIN, -18) == tlm::TLM_OK_RESPONSE);
    const auto& results = b.mailbox.results();
    REQUIRE(results.size() == 2);
    CHECK(results[0].name == "accuracy");
    CHECK(results[0].mantissa == INT64_MIN);
    CHECK(results[0].exponent == -18);
    CHECK(results[1].name == "spikes_per_image");
    CHECK(results[1].mantissa == -3);
    b.mailbox.reset(ResetKind::warm);
    CHECK(b.mailbox.results().empty());
}

TEST_CASE("mailbox: names of 32 characters need no end", "[mailbox]") {
    MailboxBench b;
    const std::string name = "abcdefghijklmnopqrstuvwxyz_.0123";
    REQUIRE(name.size() == 32);
    CHECK(b.report(name, 1, 0) == tlm::TLM_OK_RESPONSE);
    CHECK(b.mailbox.results().at(0).name == name);
}

TEST_CASE("mailbox: refuses what no report could show", "[mailbox]") {
    MailboxBench b;
    for (const char* name : {"", "Accuracy", "a b", "a\"b", "\xff"}) {
        CHECK(b.report(name, 1, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
    CHECK(b.report("x", 1, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.report("x", 1, -19) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.mailbox.results().empty());
    CHECK(b.complaints.errors.size() == 7);
}

TEST_CASE("mailbox: is bounded", "[mailbox]") {
    MailboxBench b;
    for (int i = 0; i < 4096; ++i) {
        REQUIRE(b.report("n" + std::to_string(i), i, 0) == tlm::TLM_OK_RESPONSE);
    }
    CHECK(b.report("one_more", 1, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.report("n17", 1, 0) == tlm::TLM_OK_RESPONSE);
    CHECK(b.mailbox.results().size() == 4096);
}

TEST_CASE("information: shows what it is given, read-only", "[info]") {
    using namespace regs::socinfo;
    test::Bench bench;
    SocInfo info("info", bench.env, {{TILE_COUNT, 3}, {L2_SIZE, 0x400000}});
    info.reset(ResetKind::cold);
    test::BusProbe bus(info.bus.get_base_interface());
    CHECK(bus.read(ID) == 0x414D4943);
    CHECK(bus.read(TILE_COUNT) == 3);
    CHECK(bus.read(L2_SIZE) == 0x400000);
    CHECK(bus.read(TILE_COUNT, 1) == 3);
    CHECK(bus.write(TILE_COUNT, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(bus.read(TILE_COUNT) == 3);
}

TEST_CASE("energy counters: latched values by chip, domain and component", "[energy]") {
    using namespace regs::energy;
    test::Bench bench;
    const DomainId other = bench.ledger.add_domain("other");
    Meter meter(bench.ledger, "meter", other,
                {{"work", {{"x"}}}, {"clock", {{"x", 3}}, CountKind::clock}}, {{"x", 5e12}});
    EnergyCounters counters("energy", bench.env);
    meter.add(0, 0, 1000);
    counters.reset(ResetKind::cold);  // what was spent before does not show
    test::BusProbe bus(counters.bus.get_base_interface());
    const auto value = [&bus](std::uint32_t index, std::uint32_t kind, std::uint32_t part) {
        bus.write(SELECT, SELECT_INDEX::of(index) | SELECT_KIND::of(kind) | SELECT_PART::of(part));
        const std::uint64_t low = bus.read(VALUE_LO);
        return std::uint64_t{bus.read(VALUE_HI)} << 32 | low;
    };
    CHECK(bus.read(COUNTS) == (2U << 16 | 2U));
    CHECK_FALSE(counters.used());
    meter.add(0, 0, 70);
    meter.add(0, 1, 5);
    CHECK(value(0, 0, 0) == 0);  // nothing is latched yet
    bus.delay = sc_core::sc_time(2, sc_core::SC_MS);
    bus.write(CTRL, 1);
    CHECK(counters.used());
    meter.add(0, 0, 1'000'000);
    CHECK(value(0, 2, 1) == 70);
    CHECK(value(0, 2, 2) == 15);
    CHECK(value(0, 2, 3) == 10'000'000'000U);
    CHECK(value(0, 2, 0) == 10'000'000'085U);
    CHECK(value(1, 1, 0) == 10'000'000'085U);
    const std::uint64_t own = value(1, 2, 0);  // accesses to the counters themselves
    CHECK(own > 0);
    CHECK(value(0, 1, 0) == own);
    CHECK(value(0, 0, 0) == 10'000'000'085U + own);
    CHECK(value(7, 2, 0) == 0);
    CHECK(value(7, 1, 0) == 0);
    const std::uint64_t ticks = bus.read(TIME_LO);
    CHECK(ticks == 20'000);
    CHECK(bus.read(TIME_HI) == 0);
}

TEST_CASE("energy counters: names of what is selected", "[energy]") {
    using namespace regs::energy;
    test::Bench bench;
    Meter meter(bench.ledger, "a_meter_with_a_name_of_33_letters", bench.env.domain, {}, {});
    EnergyCounters counters("energy", bench.env);
    counters.reset(ResetKind::cold);
    test::BusProbe bus(counters.bus.get_base_interface());
    const auto name = [&bus](std::uint32_t select) {
        bus.write(SELECT, select);
        std::string text;
        for (std::uint32_t i = 0; i < 32; ++i) {
            text.push_back(static_cast<char>(bus.read(NAME + i, 1)));
        }
        return std::string(text.c_str());
    };
    CHECK(name(0) == "chip");
    CHECK(name(SELECT_KIND::of(1)) == "all");
    CHECK(name(SELECT_KIND::of(2) | SELECT_INDEX::of(1)) == "energy");
    CHECK(name(SELECT_KIND::of(2)) == "a_meter_with_a_name_of_33_letter");
    CHECK(name(SELECT_KIND::of(2) | SELECT_INDEX::of(9)).empty());
    CHECK(name(SELECT_KIND::of(3)).empty());
}

}  // namespace cimera
