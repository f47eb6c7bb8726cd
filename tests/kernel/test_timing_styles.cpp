// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <sysc/kernel/sc_dynamic_processes.h>
#include <vector>

#include <systemc>

#include <catch2/catch.hpp>

#include "models/common/master_port.hpp"
#include "models/interconnect/crossbar.hpp"
#include "models/memory/memory.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/own_process.hpp"

namespace cimera {
namespace {

constexpr Picoseconds period = 10'000;
constexpr unsigned width = 8;

/// How masters make their transfers.
struct Load {
    unsigned masters = 1;
    unsigned transfers = 1000;  ///< of each
    unsigned bytes = 8;         ///< of each transfer
    bool write = false;
    unsigned pause = 0;     ///< cycles from a response to the next request
    unsigned latency = 2;   ///< of the memory, cycles
    unsigned lanes = 1;     ///< of its port
    Picoseconds ahead = 0;  ///< of the kernel, at most, where loosely timed
    unsigned crossbar_width = width;
};

/// What is compared.
struct Result {
    Picoseconds finished = 0;        ///< the last response
    Picoseconds first_finished = 0;  ///< the first master's that has finished
    std::uint64_t accesses = 0;
    std::uint64_t beats = 0;
    std::uint64_t waited = 0;
    Picoseconds busy = 0;
};

/// A master that makes equal transfers one after the other.
struct Generator : sc_core::sc_module {
    MasterPort bus;
    Picoseconds finished = 0;

    Generator(const sc_core::sc_module_name& name, TimingStyle style, const Load& load,
              std::uint64_t from)
        : sc_module(name), bus("bus", style) {
        sc_core::sc_spawn([this, load, from] { run(load, from); }, "run");
    }

    void run(const Load& load, std::uint64_t from) {
        TaggedPayload transaction;
        std::vector<std::uint8_t> bytes(load.bytes);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        for (unsigned n = 0; n < load.transfers; ++n) {
            auto& payload =
                transaction.prepare(load.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                                    from + n * load.bytes % 4096, bytes.data(), load.bytes);
            bus.transport(payload, delay);
            finished = kernel_now() + delay.value();
            delay += sc_core::sc_time::from_value(load.pause * period);
            if (delay.value() > load.ahead) {
                sc_core::wait(delay);
                delay = sc_core::SC_ZERO_TIME;
            }
        }
    }
};

Result run(TimingStyle style, const Load& load) {
    return test::in_own_process<Result>([&] {
        test::Bench bench;
        const Environment env{bench.ledger, bench.complaints, bench.env.domain, bench.clock, style};
        MemoryConfig config;
        config.size = 65536;
        config.width = width;
        config.read_cycles = config.write_cycles = load.latency;
        config.family = "sram";
        config.read_price = config.write_price = {"access"};
        Memory memory("memory", config, env);
        Crossbar crossbar("crossbar", {load.crossbar_width, 1}, env);
        crossbar.add_target("memory", 0, config.size, load.lanes);
        crossbar.targets.bind(memory.bus);
        std::vector<std::unique_ptr<Generator>> masters;
        for (unsigned m = 0; m < load.masters; ++m) {
            masters.push_back(std::make_unique<Generator>(("master" + std::to_string(m)).c_str(),
                                                          style, load, m * 4096));
            masters.back()->bus.bind(crossbar.masters);
        }
        sc_core::sc_start();
        Result result;
        result.first_finished = masters[0]->finished;
        for (const auto& master : masters) {
            result.finished = std::max(result.finished, master->finished);
            result.first_finished = std::min(result.first_finished, master->finished);
        }
        result.accesses = memory.reads() + memory.writes();
        result.beats = bench.count("crossbar", "crossbar.beat");
        result.waited = crossbar.ranges()[0].traffic.waited;
        result.busy = crossbar.ranges()[0].port->busy;
        return result;
    });
}

}  // namespace

TEST_CASE("timing: one master takes the same time in both styles", "[kernel]") {
    Load load;
    load.bytes = GENERATE(4U, 8U, 64U, 256U);
    load.write = GENERATE(false, true);
    load.latency = GENERATE(0U, 1U, 9U);
    load.pause = GENERATE(0U, 3U);
    load.crossbar_width = GENERATE(4U, 8U, 32U);
    load.transfers = 50;
    INFO(load.bytes << " bytes, latency " << load.latency << ", pause " << load.pause << ", width "
                    << load.crossbar_width);
    const Result loose = run(TimingStyle::loose, load);
    const Result phased = run(TimingStyle::approximate, load);
    CHECK(loose.finished == phased.finished);
    CHECK(loose.accesses == phased.accesses);
    CHECK(loose.beats == phased.beats);
    CHECK(loose.busy == phased.busy);
    CHECK(loose.waited == 0);
    CHECK(phased.waited == 0);
    // By hand: a cycle of crossbar, the memory's accesses, its beats at least.
    const unsigned accesses = (load.bytes + width - 1) / width;
    const unsigned beats = (load.bytes + load.crossbar_width - 1) / load.crossbar_width;
    const unsigned cycles = 1 + std::max(load.latency + accesses - 1, beats - 1);
    CHECK(phased.finished == (load.transfers * (cycles + load.pause) - load.pause) * period);
}

TEST_CASE("timing: several masters get the bandwidth of the port", "[kernel]") {
    Load load;
    load.masters = GENERATE(2U, 4U, 8U);
    load.bytes = GENERATE(8U, 64U);
    load.lanes = GENERATE(1U, 2U);
    load.ahead = GENERATE(Picoseconds{0}, Picoseconds{1'000'000}, Picoseconds{4'000'000});
    INFO(load.masters << " masters, " << load.bytes << " bytes, " << load.lanes << " lanes, "
                      << load.ahead << " ps ahead");
    const Result phased = run(TimingStyle::approximate, load);
    const Result loose = run(TimingStyle::loose, load);
    CHECK(loose.accesses == phased.accesses);
    CHECK(loose.beats == phased.beats);
    CHECK(loose.busy == phased.busy);
    const Picoseconds served = phased.busy / load.lanes;
    const Picoseconds alone = load.transfers * (1 + load.latency + load.bytes / width - 1) * period;
    const Picoseconds least = std::max(served, alone);
    CHECK(phased.finished >= least);
    CHECK(static_cast<double>(phased.finished) < 1.001 * static_cast<double>(least) + 5 * period);
    // How far masters run ahead of each other bounds what else can differ.
    CHECK(static_cast<double>(loose.finished) ==
          Approx(static_cast<double>(phased.finished)).epsilon(0.1));
    // Round robin: all masters finish together.
    CHECK(static_cast<double>(phased.first_finished) > 0.99 * static_cast<double>(phased.finished));
    if (served > alone) {
        CHECK(phased.waited > 0);
        CHECK(loose.waited > 0);
    }
}

}  // namespace cimera
