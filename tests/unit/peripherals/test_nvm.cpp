// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <bit>
#include <memory>

#include <catch2/catch.hpp>

#include "models/memory/nvm_controller.hpp"
#include "regs/nvmctl.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

constexpr std::uint32_t endurance = 20;

MemoryConfig config() {
    MemoryConfig memory;
    memory.size = 4096;
    memory.width = 8;
    memory.read_cycles = memory.read_step = 4;
    memory.write_cycles = memory.write_step = 100;
    memory.family = "nvm";
    memory.read_price = {"r"};
    memory.write_price = {"w"};
    return memory;
}

struct NvmBench : test::Bench {
    Nvm nvm;
    NvmController controller;
    test::BusProbe bus{nvm.bus.get_base_interface()};
    test::BusProbe registers{controller.bus.get_base_interface()};

    explicit NvmBench(std::uint64_t seed = 1)
        : nvm("nvm", config(), {16, endurance}, seed, env), controller("nvmctl", env, nvm) {
        nvm.reset(ResetKind::cold);
        controller.reset(ResetKind::cold);
    }
    std::uint64_t sets() const { return count("nvm", "nvm.set"); }
    std::uint64_t resets() const { return count("nvm", "nvm.reset"); }
    /// Writes all ones and all zeros in turn to 16 bytes until the page has had these cycles.
    void wear_out(std::uint64_t address, std::uint32_t cycles) {
        while (nvm.cycles(address / 16) < cycles) {
            std::array<std::uint8_t, 8> data{};
            data.fill(nvm.cycles(address / 16) / 2 % 2 == 0 ? 0xff : 0x00);
            const std::uint64_t half = nvm.cycles(address / 16) % 2 == 0 ? 0 : 8;
            bus.transport(tlm::TLM_WRITE_COMMAND, address + half, data.data(), 8);
        }
    }
    std::array<std::uint32_t, 4> page(std::uint64_t address) {
        return {bus.peek(address), bus.peek(address + 4), bus.peek(address + 8),
                bus.peek(address + 12)};
    }
};

}  // namespace

TEST_CASE("nvm: each beat of a streaming write pulses what it changes", "[memory]") {
    NvmBench b;
    std::array<std::uint8_t, 6> data = {0x0f, 0x00, 0xf0, 0x00, 0xff, 0x01};
    tlm::tlm_generic_payload& payload =
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 32, data.data(), 6);
    payload.set_streaming_width(2);
    sc_core::sc_time delay;
    b.nvm.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(b.bus.peek(32) == 0x01ff);
    CHECK(b.sets() == 4 + 4 + 5);
    CHECK(b.resets() == 4);
    CHECK(b.nvm.cycles(2) == 3);
    CHECK(b.count("nvm", "nvm.write") == 3);
}

TEST_CASE("nvm: only cells that change are pulsed", "[memory]") {
    NvmBench b;
    b.bus.write(0, 0x0000'00ff);
    CHECK(b.sets() == 8);
    CHECK(b.resets() == 0);
    b.bus.write(0, 0x0000'ff0f);
    CHECK(b.sets() == 16);
    CHECK(b.resets() == 4);
    b.bus.write(0, 0x0000'ff0f);
    CHECK(b.sets() == 16);
    CHECK(b.resets() == 4);
    CHECK(b.count("nvm", "nvm.write") == 3);
    CHECK(b.nvm.cycles(0) == 2);
    CHECK(b.nvm.most_cycles() == 2);
    CHECK(b.bus.read(0) == 0x0000'ff0f);
    CHECK(b.nvm.cycles(0) == 2);
}

TEST_CASE("nvm: bytes that are not enabled stay as they are", "[memory]") {
    NvmBench b;
    std::array<std::uint8_t, 4> data = {0xff, 0xff, 0xff, 0xff};
    std::array<std::uint8_t, 2> enable = {TLM_BYTE_ENABLED, TLM_BYTE_DISABLED};
    tlm::tlm_generic_payload& payload =
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 32, data.data(), 4);
    payload.set_byte_enable_ptr(enable.data());
    payload.set_byte_enable_length(2);
    sc_core::sc_time delay;
    b.nvm.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(b.bus.read(32) == 0x00ff'00ff);
    CHECK(b.sets() == 16);
    b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 32, data.data(), 4);
    payload.set_byte_enable_ptr(enable.data());
    payload.set_byte_enable_length(0);
    b.nvm.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.get_response_status() == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    CHECK(b.nvm.cycles(2) == 1);
}

TEST_CASE("nvm: a burst counts a cycle for each access and page that it changes", "[memory]") {
    NvmBench b;
    std::array<std::uint8_t, 40> data{};
    data.fill(0x55);
    data[30] = 0;
    // Accesses from 4 on of 8 bytes: 4, 12 (over a page's end), 20, 28 (over one), 36.
    b.bus.transport(tlm::TLM_WRITE_COMMAND, 4, data.data(), 40);
    CHECK(b.nvm.cycles(0) == 2);
    CHECK(b.nvm.cycles(1) == 3);
    CHECK(b.nvm.cycles(2) == 2);
    CHECK(b.nvm.cycles(3) == 0);
    CHECK(b.count("nvm", "nvm.write") == 5);
    CHECK(b.bus.delay == sc_core::sc_time(5 * 100 * 10.0, sc_core::SC_NS));
}

TEST_CASE("nvm: cells fail between one and two times the endurance", "[memory]") {
    NvmBench b;
    b.wear_out(64, endurance);
    CHECK(b.nvm.failed_writes() == 0);
    CHECK(b.nvm.worn_pages() == 0);
    CHECK(b.complaints.errors.empty());
    b.wear_out(64, endurance + 10);
    CHECK(b.nvm.worn_pages() == 1);
    CHECK(b.nvm.failed_writes() > 0);
    const std::size_t early = b.nvm.failed_writes();
    CHECK(b.complaints.errors.size() == early);
    CHECK(b.complaints.errors[0].place == "page 4 (offset 0x40)");
    b.wear_out(64, 2 * endurance + 4);
    const auto stuck = b.page(64);
    b.bus.write(64, ~stuck[0]);
    b.bus.write(72, ~stuck[2]);
    CHECK(b.page(64) == stuck);
    CHECK(b.bus.response == tlm::TLM_OK_RESPONSE);
    // Their neighbours in the next page are as new.
    b.bus.write(80, 0x12345678);
    CHECK(b.bus.read(80) == 0x12345678);
    // Of 128 cells about half are stuck at one.
    unsigned ones = 0;
    for (const std::uint32_t word : stuck) {
        ones += static_cast<unsigned>(std::popcount(word));
    }
    CHECK(ones > 40);
    CHECK(ones < 88);
}

TEST_CASE("nvm: cells fail one by one, by the seed", "[memory]") {
    const auto stuck_after = [](std::uint64_t seed, std::uint32_t cycles) {
        NvmBench b(seed);
        b.wear_out(0, cycles);
        const auto before = b.page(0);
        std::array<std::uint32_t, 4> wanted{};
        for (std::size_t i = 0; i < 4; ++i) {
            wanted[i] = ~before[i];
        }
        b.bus.transport(tlm::TLM_WRITE_COMMAND, 0, reinterpret_cast<std::uint8_t*>(wanted.data()),
                        16);
        unsigned stuck = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            stuck += static_cast<unsigned>(std::popcount(b.page(0)[i] ^ wanted[i]));
        }
        return std::pair(stuck, b.page(0));
    };
    CHECK(stuck_after(1, endurance - 4).first == 0);
    const auto half = stuck_after(1, endurance * 3 / 2);
    CHECK(half.first > 32);
    CHECK(half.first < 96);
    CHECK(stuck_after(1, 2 * endurance + 4).first == 128);
    CHECK(half == stuck_after(1, endurance * 3 / 2));
    CHECK(half != stuck_after(2, endurance * 3 / 2));
}

TEST_CASE("nvm: there is no direct access", "[memory]") {
    NvmBench b;
    for (const tlm::tlm_command command : {tlm::TLM_READ_COMMAND, tlm::TLM_WRITE_COMMAND}) {
        DmiTag tag;
        tlm::tlm_generic_payload payload;
        payload.set_extension(&tag);
        payload.set_command(command);
        payload.set_address(0);
        tlm::tlm_dmi dmi;
        CHECK_FALSE(b.nvm.bus.get_base_interface().get_direct_mem_ptr(payload, dmi));
        CHECK(tag.memory);
        payload.clear_extension(&tag);
    }
}

TEST_CASE("nvm: a write holds the array against other masters", "[memory]") {
    NvmBench b;
    const auto time_of = [&b](std::uint32_t master, bool write) {
        b.bus.payload.tag.master = master;
        b.bus.delay = sc_core::SC_ZERO_TIME;
        if (write) {
            b.bus.write(8 * master, 1);
        } else {
            b.bus.read(8 * master);
        }
        return b.bus.delay.to_seconds() * 1e9;
    };
    CHECK(time_of(1, true) == Approx(1000));
    CHECK(time_of(2, true) == Approx(2000));
    CHECK(time_of(3, false) == Approx(2040));
    CHECK(b.nvm.waited() == 3'000'000);
    b.nvm.reset(ResetKind::cold);
    // A lone master never waits, whatever it does at a time.
    for (int i = 0; i < 5; ++i) {
        CHECK(time_of(1, true) == Approx(1000));
    }
    CHECK(b.nvm.waited() == 3'000'000);
}

TEST_CASE("nvm: contents and wear survive power-off", "[memory]") {
    auto first = std::make_unique<NvmBench>(7);
    first->wear_out(16, endurance + 5);
    first->bus.write(100, 0xcafe);
    first->nvm.reset(ResetKind::cold);
    CHECK(first->bus.read(100) == 0xcafe);
    CHECK(first->nvm.cycles(1) == endurance + 5);
    const NvmState state = first->nvm.state();
    const auto worn = first->page(16);
    first->wear_out(16, endurance * 3 / 2);
    const auto worse = first->page(16);
    first.reset();

    NvmBench other(99);
    other.nvm.restore(state);
    CHECK(other.nvm.state() == state);
    CHECK(other.bus.read(100) == 0xcafe);
    CHECK(other.page(16) == worn);
    CHECK(other.nvm.worn_pages() == 1);
    CHECK(other.nvm.most_cycles() == endurance + 5);
    // It is the same chip: its cells go on failing as they would have.
    other.wear_out(16, endurance * 3 / 2);
    CHECK(other.page(16) == worse);
}

TEST_CASE("nvm controller: failed writes and wear", "[memory]") {
    using namespace regs::nvmctl;
    NvmBench b;
    CHECK(b.registers.read(PAGE_BYTES) == 16);
    CHECK(b.registers.read(PAGE_COUNT) == 256);
    CHECK(b.registers.read(ENDURANCE) == endurance);
    b.wear_out(32, endurance);
    b.registers.write(PAGE, 2);
    CHECK(b.registers.read(CYCLES) == endurance);
    CHECK(b.registers.read(STATUS) == 0);
    CHECK(b.registers.read(WORN_PAGES) == 0);
    b.wear_out(32, 2 * endurance);
    CHECK(b.registers.read(STATUS) == 1);
    CHECK(b.registers.read(FAIL_OFFSET) / 16 == 2);
    CHECK(b.registers.read(WORN_PAGES) == 1);
    CHECK(b.registers.read(MAX_CYCLES) == 2 * endurance);
    b.registers.write(STATUS, 0);
    CHECK(b.registers.read(STATUS) == 1);
    b.registers.write(STATUS, 1);
    CHECK(b.registers.read(STATUS) == 0);
    CHECK(b.registers.read(FAIL_OFFSET) == 0);
    CHECK(b.registers.write(PAGE, 256) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.registers.read(PAGE) == 2);
    b.bus.write(40, ~b.bus.read(40));
    CHECK(b.registers.read(STATUS) == 1);
    CHECK(b.registers.read(FAIL_OFFSET) == 40);
    b.controller.reset(ResetKind::warm);
    CHECK(b.registers.read(STATUS) == 0);
}

}  // namespace cimera
