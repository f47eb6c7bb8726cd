// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "models/dma/dma.hpp"
#include "models/interconnect/crossbar.hpp"
#include "models/memory/memory.hpp"
#include "models/peripherals/soc_info.hpp"
#include "regs/dma.hpp"
#include "tests/support/bus_probe.hpp"
#include "tests/support/dma_reference.hpp"

namespace cimera::test {

inline constexpr std::uint32_t ram = 0x8000'0000;
inline constexpr std::uint32_t ram_bytes = 0x8000;
inline constexpr std::uint32_t info = 0x1001'9000;
inline constexpr std::uint32_t dma_base = 0x1001'7000;
inline constexpr std::uint32_t pc = 0x8000'1234;
inline constexpr Picoseconds period = 10'000;
inline constexpr Picoseconds microsecond = 1'000'000;

inline MemoryConfig dma_memory(std::uint64_t bytes, bool writable = true) {
    return {.size = bytes,
            .width = 8,
            .read_cycles = 2,
            .write_cycles = 3,
            .writable = writable,
            .family = "sram",
            .read_price = {"r"},
            .write_price = {"w"},
            .leakage = {}};
}

/// The same bytes for the model and for the reference.
inline Space dma_space() {
    Space space;
    space.regions = {{ram, std::vector<std::uint8_t>(ram_bytes)},
                     {0x1000, std::vector<std::uint8_t>(0x400), false},
                     {0xffff'f000, std::vector<std::uint8_t>(0x1000)}};
    std::mt19937 random(3);
    for (auto& region : space.regions) {
        for (std::uint8_t& byte : region.bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
    }
    return space;
}

/// A DMA of four channels on a crossbar with memories, one of them read-only, and a device.
struct DmaModules : Bench {
    Space space = dma_space();
    std::vector<std::unique_ptr<Memory>> memories;
    SocInfo device{"device", env, {}};
    dma::Dma dma{"dma", env, {4, 64}};
    Crossbar crossbar{"crossbar", CrossbarConfig{8, 1}, env};
    Plug host{"host", crossbar.masters};
    IrqSpy irq;

    DmaModules() {
        dma.master.bind(crossbar.masters);
        dma.irq.bind(irq);
        unsigned number = 0;
        for (const Space::Region& region : space.regions) {
            const std::string name = "memory" + std::to_string(number++);
            memories.push_back(std::make_unique<Memory>(
                name.c_str(), dma_memory(region.bytes.size(), region.writable), env));
            memories.back()->preload(0, region.bytes);
            crossbar.add_target(name, region.base, region.bytes.size(), 1);
            crossbar.targets.bind(memories.back()->bus);
        }
        crossbar.add_target("device", info, 0x1000, 1);
        crossbar.targets.bind(device.bus);
        crossbar.add_target("dma", dma_base, 0x1000, 1);
        crossbar.targets.bind(dma.bus);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
};

struct DmaWorld : DmaModules {
    BusProbe probe{*host.bus.operator->()};

    DmaWorld() {
        probe.payload.tag.owner = ledger.owner("host", "moving");
        probe.payload.tag.pc = pc;
    }

    std::uint32_t reg(std::uint32_t offset, std::uint32_t channel) {
        probe.delay = sc_core::SC_ZERO_TIME;
        return probe.read(dma_base + offset + 4 * channel);
    }
    void set(std::uint32_t offset, std::uint32_t channel, std::uint32_t value) {
        probe.delay = sc_core::SC_ZERO_TIME;
        REQUIRE(probe.write(dma_base + offset + 4 * channel, value) == tlm::TLM_OK_RESPONSE);
    }
    /// Puts a descriptor where both the model and the reference have it.
    void put(std::uint32_t address, const Order& order, std::uint32_t link = 0) {
        auto words = order.words(link);
        std::memcpy(space.at(address, true), words.data(), sizeof words);
        tlm::tlm_generic_payload payload;
        payload.set_write();
        payload.set_address(address);
        payload.set_data_ptr(reinterpret_cast<std::uint8_t*>(words.data()));
        payload.set_data_length(sizeof words);
        REQUIRE(host.bus->transport_dbg(payload) == sizeof words);
    }
    void run(Picoseconds time) { sc_core::sc_start(sc_core::sc_time::from_value(time)); }
    void run_to_end(std::uint32_t channel) {
        while (regs::dma::STATUS_BUSY::get(reg(regs::dma::STATUS, channel)) != 0) {
            run(microsecond / 4);
        }
    }
    /// What the model's memories hold.
    std::vector<std::uint8_t> contents(const Space::Region& region) {
        std::vector<std::uint8_t> bytes(region.bytes.size());
        tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_address(region.base);
        payload.set_data_ptr(bytes.data());
        payload.set_data_length(static_cast<unsigned>(bytes.size()));
        REQUIRE(host.bus->transport_dbg(payload) == bytes.size());
        return bytes;
    }
    void compare() {
        for (const Space::Region& region : space.regions) {
            REQUIRE(contents(region) == region.bytes);
        }
    }
};

}  // namespace cimera::test
