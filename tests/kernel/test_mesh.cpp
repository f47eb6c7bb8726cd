// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <memory>
#include <string>
#include <sysc/kernel/sc_dynamic_processes.h>
#include <vector>

#include <systemc>

#include <catch2/catch.hpp>

#include "models/common/master_port.hpp"
#include "models/interconnect/mesh.hpp"
#include "models/memory/memory.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/own_process.hpp"

namespace cimera {
namespace {

constexpr Picoseconds period = 10'000;

MemoryConfig memory_config() {
    MemoryConfig config;
    config.size = 4096;
    config.width = 8;
    config.read_cycles = 2;
    config.write_cycles = 2;
    config.family = "sram";
    config.read_price = config.write_price = {"access"};
    return config;
}

MeshConfig mesh_config() {
    MeshConfig config;
    config.size = {4, 3, 2};
    config.hop_latency = 3;
    config.tsv_latency = 2;
    config.places = {{"a", {0, 0, 0}},
                     {"b", {1, 0, 0}},
                     {"near", {0, 0, 0}},
                     {"far", {3, 2, 1}},
                     {"row", {3, 0, 0}}};
    return config;
}

/// A master that makes equal transfers and keeps the time of the last response.
struct Master : sc_core::sc_module {
    MasterPort bus;
    Picoseconds finished = 0;

    Master(const sc_core::sc_module_name& name, TimingStyle style, std::uint64_t address,
           unsigned bytes, bool write, unsigned transfers)
        : sc_module(name), bus("bus", style) {
        sc_core::sc_spawn(
            [this, address, bytes, write, transfers] {
                TaggedPayload transaction;
                std::vector<std::uint8_t> data(bytes);
                for (unsigned n = 0; n < transfers; ++n) {
                    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
                    auto& payload =
                        transaction.prepare(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                                            address, data.data(), bytes);
                    bus.transport(payload, delay);
                    if (delay != sc_core::SC_ZERO_TIME) {
                        sc_core::wait(delay);
                    }
                    finished = kernel_now();
                }
            },
            "run");
    }
};

struct Transfers {
    std::uint64_t address = 0;
    unsigned bytes = 8;
    bool write = false;
    unsigned count = 1;
};

struct Result {
    Picoseconds a = 0;
    Picoseconds b = 0;
    std::uint64_t hops = 0;
    std::uint64_t vias = 0;
    Picoseconds waited = 0;
    std::size_t channels = 0;
};

constexpr std::uint64_t near = 0x0000;
constexpr std::uint64_t far = 0x1000;
constexpr std::uint64_t row = 0x2000;

/// Masters a and b, of which b may have nothing to do; three memories.
Result run(TimingStyle style, const Transfers& a, const Transfers& b = {0, 8, false, 0}) {
    return test::in_own_process<Result>([&] {
        test::Bench bench;
        const Environment env{bench.ledger, bench.complaints, bench.env.domain, bench.clock, style};
        Mesh mesh("mesh", mesh_config(), env);
        std::vector<std::unique_ptr<Memory>> memories;
        std::uint64_t base = 0;
        for (const char* name : {"near", "far", "row"}) {
            memories.push_back(std::make_unique<Memory>(name, memory_config(), env));
            mesh.add_target(name, base, 4096, 1);
            mesh.targets.bind(memories.back()->bus);
            base += 4096;
        }
        Master first("a", style, a.address, a.bytes, a.write, a.count);
        Master second("b", style, b.address, b.bytes, b.write, b.count);
        mesh.add_master("a");
        first.bus.bind(mesh.masters);
        mesh.add_master("b");
        second.bus.bind(mesh.masters);
        sc_core::sc_start();
        Result result;
        result.a = first.finished;
        result.b = second.finished;
        result.hops = bench.count("mesh", "mesh.hop");
        result.vias = bench.count("mesh", "mesh.tsv");
        for (const Link* link : mesh.channels()) {
            result.waited += link->waited;
        }
        result.channels = mesh.channels().size();
        return result;
    });
}

}  // namespace

TEST_CASE("mesh: time and energy of a transfer, by hand, in both styles", "[kernel]") {
    const TimingStyle style = GENERATE(TimingStyle::loose, TimingStyle::approximate);
    const bool write = GENERATE(false, true);
    const unsigned bytes = GENERATE(4U, 8U, 32U);
    const std::uint64_t beats = (bytes + 7) / 8;
    const std::uint64_t served = 2 + beats - 1;
    INFO((write ? "write of " : "read of ") << bytes << " bytes");

    const Result here = run(style, {near, bytes, write, 1});
    CHECK(here.a == served * period);
    CHECK(here.hops == 0);
    CHECK(here.channels == 0);

    // 3 + 2 hops of three cycles and one via of two, there and back.
    const Result there = run(style, {far, bytes, write, 1});
    CHECK(there.a == (2 * (5 * 3 + 2) + served) * period);
    // The data one way, a flit without the other.
    CHECK(there.hops == 5 * (beats + 1));
    CHECK(there.vias == beats + 1);
    CHECK(there.channels == 12);
    CHECK(there.waited == 0);
}

TEST_CASE("mesh: masters that share channels share their bandwidth", "[kernel]") {
    const TimingStyle style = GENERATE(TimingStyle::loose, TimingStyle::approximate);
    // Both go along the first row; their data meet between columns 1 and 3.
    const Transfers long_way{row, 1024, true, 20};
    const Result alone = run(style, long_way);
    const Result both = run(style, long_way, {row, 1024, true, 20});
    const Picoseconds flits = 2 * 20 * 128 * period;
    CHECK(alone.waited == 0);
    CHECK(std::max(both.a, both.b) >= flits);
    CHECK(static_cast<double>(std::max(both.a, both.b)) <
          1.1 * static_cast<double>(flits) + 40.0 * period);
    CHECK(both.waited > 0);
}

TEST_CASE("mesh: direct accesses cost what transactions cost", "[mesh]") {
    test::Bench bench;
    Mesh mesh("mesh", mesh_config(), bench.env);
    Memory memory("far", memory_config(), bench.env);
    mesh.add_target("far", 0x1000, 4096, 1);
    mesh.targets.bind(memory.bus);
    Master master("a", TimingStyle::loose, far, 4, false, 0);
    MasterPort& port = master.bus;
    mesh.add_master("a");
    port.bind(mesh.masters);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    TaggedPayload transaction;
    transaction.tag.recording = true;
    std::uint32_t word = 0;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    port.transport(transaction.prepare(tlm::TLM_READ_COMMAND, 0x1010,
                                       reinterpret_cast<std::uint8_t*>(&word), 4),
                   delay);
    DmiTag tag;
    tlm::tlm_generic_payload request;
    request.set_extension(&tag);
    request.set_read();
    request.set_address(0x1010);
    tlm::tlm_dmi dmi;
    REQUIRE(port->get_direct_mem_ptr(request, dmi));
    request.clear_extension(&tag);
    CHECK(dmi.get_read_latency() == delay);
    REQUIRE(transaction.tag.stages.size() == tag.stages.size());
    for (const TransactionTag::Stage& stage : transaction.tag.stages) {
        CHECK(std::any_of(
            tag.stages.begin(), tag.stages.end(), [&stage](const DmiTag::Stage& direct) {
                return direct.meter == stage.meter && direct.read_event == stage.event &&
                       direct.count == stage.count;
            }));
    }
}

}  // namespace cimera
