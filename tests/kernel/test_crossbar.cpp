// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <cstring>
#include <memory>
#include <tuple>

#include <tlm_utils/simple_initiator_socket.h>

#include <catch2/catch.hpp>

#include "models/interconnect/crossbar.hpp"
#include "models/memory/memory.hpp"
#include "models/peripherals/soc_info.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

/// A bus master of a test.
struct Master : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<Master> bus{"bus"};
    unsigned invalidations = 0;
    sc_dt::uint64 first = 0;
    sc_dt::uint64 last = 0;

    explicit Master(const sc_core::sc_module_name& name) : sc_module(name) {
        bus.register_invalidate_direct_mem_ptr(this, &Master::invalidate);
    }
    void invalidate(sc_dt::uint64 from, sc_dt::uint64 to) {
        ++invalidations;
        first = from;
        last = to;
    }
};

struct Writes final : WriteObserver {
    struct Entry {
        bool own;
        std::uint64_t first;
        std::uint64_t last;
        bool operator==(const Entry&) const = default;
    };
    void written(bool own, std::uint64_t first, std::uint64_t last) override {
        seen.push_back({own, first, last});
    }
    std::vector<Entry> seen;
};

MemoryConfig memory_config(std::uint64_t bytes) {
    MemoryConfig config;
    config.size = bytes;
    config.width = 8;
    config.read_cycles = 2;
    config.write_cycles = 3;
    config.family = "sram";
    config.read_price = {"r"};
    config.write_price = {"w"};
    return config;
}

/// Two masters; memories at 0x1000 and 0x2000 with a hole between, registers at 0x4000.
struct Modules : test::Bench {
    Memory low{"low", memory_config(0x800), env};
    Memory high{"high", memory_config(0x1000), env};
    SocInfo info{"info", env, {}};
    Crossbar crossbar{"crossbar", CrossbarConfig{8, 1}, env};
    Master first{"first"};
    Master second{"second"};
    Writes writes;

    Modules() {
        first.bus.bind(crossbar.masters);
        second.bus.bind(crossbar.masters);
        crossbar.observe_writes(writes, 0);
        crossbar.add_target("high", 0x2000, 0x1000, 1);
        crossbar.targets.bind(high.bus);
        crossbar.add_target("low", 0x1000, 0x800, 1);
        crossbar.targets.bind(low.bus);
        crossbar.add_target("info", 0x4000, 0x1000, 1);
        crossbar.targets.bind(info.bus);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
};

struct Fabric : Modules {
    test::BusProbe a{*first.bus.operator->()};
    test::BusProbe b{*second.bus.operator->()};
};

constexpr Picoseconds period = 10'000;

}  // namespace

TEST_CASE("crossbar: each address has its target", "[crossbar]") {
    Fabric f;
    f.a.write(0x1000, 0x11111111);
    f.a.write(0x2000, 0x22222222);
    f.a.write(0x17fc, 0x33333333);
    CHECK(f.b.read(0x1000) == 0x11111111);
    CHECK(f.b.read(0x2000) == 0x22222222);
    CHECK(f.low.writes() == 2);
    CHECK(f.high.writes() == 1);
    CHECK(f.a.peek(0x17fc) == 0x33333333);
    // The payload's address is the master's own again.
    std::uint32_t word = 0;
    tlm::tlm_generic_payload& payload = f.a.payload.prepare(
        tlm::TLM_READ_COMMAND, 0x2000, reinterpret_cast<std::uint8_t*>(&word), 4);
    sc_core::sc_time delay;
    f.first.bus->b_transport(payload, delay);
    CHECK(payload.get_address() == 0x2000);
}

TEST_CASE("crossbar: holes answer an address error and cost nothing", "[crossbar]") {
    Fabric f;
    std::array<std::uint8_t, 64> data{};
    for (const auto& [address, size] : {std::pair{std::uint64_t{0}, 4U},
                                        {0xffc, 4},
                                        {0x1800, 4},
                                        {0x1ffc, 4},
                                        {0x3000, 4},
                                        {~std::uint64_t{0}, 1}}) {
        INFO(address);
        CHECK(f.a.transport(tlm::TLM_READ_COMMAND, address, data.data(), size) ==
              tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    CHECK(f.a.delay == sc_core::SC_ZERO_TIME);
    CHECK(f.count("crossbar", "crossbar.beat") == 0);
    CHECK(f.a.peek(0x1800) == ~0U);
}

TEST_CASE("crossbar: a burst over the end of a range is refused as a whole", "[crossbar]") {
    Fabric f;
    std::array<std::uint8_t, 64> data{};
    data.fill(0xff);
    CHECK(f.a.transport(tlm::TLM_WRITE_COMMAND, 0x17e0, data.data(), 64) ==
          tlm::TLM_ADDRESS_ERROR_RESPONSE);
    CHECK(f.a.transport(tlm::TLM_WRITE_COMMAND, 0xfe0, data.data(), 64) ==
          tlm::TLM_ADDRESS_ERROR_RESPONSE);
    CHECK(f.a.transport(tlm::TLM_WRITE_COMMAND, 0x1000, data.data(), 0) ==
          tlm::TLM_ADDRESS_ERROR_RESPONSE);
    CHECK(f.a.peek(0x17fc) == 0);
    CHECK(f.a.transport(tlm::TLM_WRITE_COMMAND, 0x17c0, data.data(), 64) == tlm::TLM_OK_RESPONSE);
    CHECK(f.low.writes() == 8);
    CHECK(f.writes.seen == std::vector<Writes::Entry>{{true, 0x17c0, 0x17ff}});
}

TEST_CASE("crossbar: of a streaming transfer only the window lies in a range", "[crossbar]") {
    Fabric f;
    std::array<std::uint8_t, 64> data{};
    tlm::tlm_generic_payload& payload =
        f.a.payload.prepare(tlm::TLM_WRITE_COMMAND, 0x17f8, data.data(), 64);
    payload.set_streaming_width(8);
    sc_core::sc_time delay;
    f.first.bus->b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(f.low.writes() == 8);
    CHECK(f.count("crossbar", "crossbar.beat") == 8);  // all data move
    CHECK(f.writes.seen == std::vector<Writes::Entry>{{true, 0x17f8, 0x17ff}});
    payload.set_streaming_width(9);
    f.first.bus->b_transport(payload, delay);
    CHECK(payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_CASE("crossbar: latency, beats and energy of a transfer", "[crossbar]") {
    Fabric f;
    std::array<std::uint8_t, 64> data{};
    f.a.payload.tag.owner = f.ledger.owner("first", "none");
    std::uint64_t all = 0;
    for (const auto& [bytes, beats] : {std::pair{1U, std::uint64_t{1}}, {8, 1}, {9, 2}, {64, 8}}) {
        f.a.delay = sc_core::SC_ZERO_TIME;
        REQUIRE(f.a.transport(tlm::TLM_READ_COMMAND, 0x2000, data.data(), bytes) ==
                tlm::TLM_OK_RESPONSE);
        all += beats;
        // One cycle of the crossbar, two of the memory, one more for each further access.
        CHECK(f.a.delay.value() == (1 + 2 + (beats - 1)) * period);
        CHECK(f.count("crossbar", "crossbar.beat") == all);
        CHECK(f.high.reads() == all);
    }
    const EnergyReport report = f.ledger.report(0);
    CHECK(report.by_initiator.at("first") == report.dynamic);
    // UnitPrices: a beat is eight bytes, an access is one.
    CHECK(report.dynamic == 9 * all);
}

namespace {

void compare_direct_access(bool write) {
    Fabric f;
    f.a.payload.tag.recording = true;
    std::uint32_t word = 0;
    REQUIRE(f.a.transport(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, 0x2010,
                          reinterpret_cast<std::uint8_t*>(&word), 4) == tlm::TLM_OK_RESPONSE);

    DmiTag tag;
    tlm::tlm_generic_payload request;
    request.set_extension(&tag);
    request.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    request.set_address(0x2010);
    tlm::tlm_dmi dmi;
    REQUIRE(f.first.bus->get_direct_mem_ptr(request, dmi));
    request.clear_extension(&tag);
    CHECK(request.get_address() == 0x2010);
    CHECK(dmi.get_start_address() == 0x2000);
    CHECK(dmi.get_end_address() == 0x2fff);
    CHECK((write ? dmi.get_write_latency() : dmi.get_read_latency()) == f.a.delay);

    using Cost = std::pair<const Meter*, std::size_t>;
    std::vector<Cost> transaction;
    for (const TransactionTag::Stage& stage : f.a.payload.tag.stages) {
        CHECK(stage.count == 1);
        transaction.emplace_back(stage.meter, stage.event);
    }
    std::vector<Cost> direct;
    for (const DmiTag::Stage& stage : tag.stages) {
        direct.emplace_back(stage.meter, write ? stage.write_event : stage.read_event);
    }
    std::sort(transaction.begin(), transaction.end());
    std::sort(direct.begin(), direct.end());
    CHECK(direct == transaction);
    CHECK(direct.size() == 2);
    REQUIRE(tag.book);
    CHECK(tag.book(0, 10 * period, 100) == 0);
}

}  // namespace

TEST_CASE("crossbar: direct reads cost what a transaction costs", "[crossbar]") {
    compare_direct_access(false);
}

TEST_CASE("crossbar: direct writes cost what a transaction costs", "[crossbar]") {
    compare_direct_access(true);
}

TEST_CASE("crossbar: no direct access to registers and holes", "[crossbar]") {
    Fabric f;
    tlm::tlm_dmi dmi;
    for (const std::uint64_t address : {0x4000U, 0x1800U, 0x9000U}) {
        tlm::tlm_generic_payload request;
        request.set_read();
        request.set_address(address);
        CHECK_FALSE(f.first.bus->get_direct_mem_ptr(request, dmi));
    }
}

TEST_CASE("crossbar: a denied hole is told from end to end", "[crossbar]") {
    Fabric f;
    using Hole = std::array<std::uint64_t, 3>;
    for (const auto& [address, first, last] :
         {Hole{0x123, 0, 0xfff}, Hole{0x1800, 0x1800, 0x1fff}, Hole{0x3fff, 0x3000, 0x3fff},
          Hole{0x9000, 0x5000, ~std::uint64_t{0}}}) {
        tlm::tlm_generic_payload request;
        request.set_read();
        request.set_address(address);
        tlm::tlm_dmi dmi;
        CHECK_FALSE(f.first.bus->get_direct_mem_ptr(request, dmi));
        CHECK(dmi.get_start_address() == first);
        CHECK(dmi.get_end_address() == last);
    }
}

TEST_CASE("crossbar: a call to a register does what its transaction does", "[crossbar]") {
    Fabric f;
    DmiTag tag;
    tlm::tlm_generic_payload request;
    request.set_extension(&tag);
    request.set_read();
    request.set_address(0x4008);
    tlm::tlm_dmi dmi;
    CHECK_FALSE(f.first.bus->get_direct_mem_ptr(request, dmi));
    request.clear_extension(&tag);
    REQUIRE(tag.registers != nullptr);
    CHECK(dmi.get_start_address() == 0x4000);
    CHECK(dmi.get_end_address() == 0x4fff);
    const OwnerId owner = f.ledger.owner("first", "none");
    f.a.payload.tag.owner = owner;
    f.a.payload.tag.pc = 0x8000'0000;
    std::vector<RegisterAccess> heard;
    f.info.on_access([&heard](const RegisterAccess& access) { heard.push_back(access); });

    // Read, refused write, no register, too large; late enough that others' bookings do not matter.
    const Picoseconds start = 5'000'000;
    for (const auto& [address, size, write] : {std::tuple{0x4000U, 4U, false},
                                               {0x4002, 2, false},
                                               {0x4000, 4, true},
                                               {0x4ffc, 4, false},
                                               {0x4001, 4, false}}) {
        CAPTURE(address, size, write);
        f.a.delay = sc_core::sc_time::from_value(start);
        std::uint32_t word = 0;
        const Attojoules before = f.ledger.report(0).by_initiator["first"];
        const auto status = f.a.transport(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                                          address, reinterpret_cast<std::uint8_t*>(&word), size);
        const Attojoules between = f.ledger.report(0).by_initiator["first"];
        RegisterCall call{address, size, write, 0, owner, 0x8000'0000, start};
        tag.registers->access(call);
        CHECK((call.answer == Access::ok) == (status == tlm::TLM_OK_RESPONSE));
        CHECK(call.value == word);
        CHECK(call.at == f.a.delay.value());
        CHECK((f.ledger.report(0).by_initiator["first"] == between + (between - before)));
        REQUIRE(heard.size() == 2);
        CHECK(heard[0].at == heard[1].at);
        CHECK(heard[0].pc == heard[1].pc);
        CHECK(heard[0].offset == heard[1].offset);
        CHECK(heard[0].answer == heard[1].answer);
        heard.clear();
        const auto& errors = f.complaints.errors;
        CHECK(errors.size() % 2 == 0);
        if (!errors.empty()) {
            CHECK(errors[errors.size() - 1].reason == errors[errors.size() - 2].reason);
            CHECK(errors[errors.size() - 1].at == errors[errors.size() - 2].at);
        }
    }
    CHECK(f.complaints.errors.size() == 6);
}

TEST_CASE("crossbar: two masters at one target wait for each other, at two they do not",
          "[crossbar]") {
    Fabric f;
    std::array<std::uint8_t, 64> data{};
    // 100 beats fill one microsecond of the target.
    const auto fill = [&](auto& probe, std::uint64_t address, Picoseconds at) {
        Picoseconds waited = 0;
        for (int n = 0; n < 10; ++n) {
            probe.delay = sc_core::sc_time::from_value(at);
            REQUIRE(probe.transport(tlm::TLM_READ_COMMAND, address, data.data(), 64) ==
                    tlm::TLM_OK_RESPONSE);
            waited += probe.delay.value() - at - (1 + 2 + 7) * period;
        }
        return waited;
    };
    CHECK(fill(f.a, 0x2000, 0) == 0);
    CHECK(fill(f.b, 0x1000, 0) == 0);
    const Picoseconds waited = fill(f.b, 0x2000, 0);
    CHECK(waited > 0);
    CHECK(fill(f.a, 0x2000, 5'000'000) == 0);
    // Waiting costs time, not energy: 30 + 10 transfers of 8 beats.
    CHECK(f.count("crossbar", "crossbar.beat") == 320);
    CHECK(f.crossbar.ranges()[1].target == "high");
    CHECK(f.crossbar.ranges()[1].port->busy == 240 * period);
    CHECK(f.crossbar.ranges()[1].traffic.transfers() == 30);
}

TEST_CASE("crossbar: observers hear of successful writes and who made them", "[crossbar]") {
    Fabric f;
    f.a.write(0x1000, 1);
    f.b.write(0x2ffe, 1, 2);
    f.a.read(0x1000);
    f.b.write(0x4000, 1);  // read-only
    f.b.write(0x1800, 1);  // nothing there
    CHECK(f.writes.seen ==
          std::vector<Writes::Entry>{{true, 0x1000, 0x1003}, {false, 0x2ffe, 0x2fff}});
}

TEST_CASE("crossbar: an invalidation reaches every master at its own addresses", "[crossbar]") {
    Fabric f;
    f.high.bus->invalidate_direct_mem_ptr(0x10, 0x1f);
    for (const Master* master : {&f.first, &f.second}) {
        CHECK(master->invalidations == 1);
        CHECK(master->first == 0x2010);
        CHECK(master->last == 0x201f);
    }
}

}  // namespace cimera
