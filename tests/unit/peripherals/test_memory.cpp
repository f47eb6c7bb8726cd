// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <cstring>
#include <numeric>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "models/memory/memory.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

MemoryConfig config() {
    MemoryConfig memory;
    memory.size = 4096;
    memory.width = 8;
    memory.read_cycles = 3;
    memory.write_cycles = 5;
    memory.read_step = 1;
    memory.write_step = 2;
    memory.family = "sram";
    memory.read_price = {"r"};
    memory.write_price = {"w"};
    return memory;
}

struct MemoryBench : test::Bench {
    Memory memory;
    test::BusProbe bus{memory.bus.get_base_interface()};
    explicit MemoryBench(const MemoryConfig& shape = config()) : memory("memory", shape, env) {
        memory.reset(ResetKind::cold);
    }
};

}  // namespace

TEST_CASE("memory: bytes come back, little endian", "[memory]") {
    MemoryBench b;
    CHECK(b.bus.write(0x10, 0x11223344) == tlm::TLM_OK_RESPONSE);
    CHECK(b.bus.read(0x10) == 0x11223344);
    CHECK(b.bus.read(0x11, 1) == 0x33);
    CHECK(b.bus.read(0x0f) == 0x22334400);
    b.bus.write(0x12, 0xabcd, 2);
    CHECK(b.bus.read(0x10) == 0xabcd3344);
    CHECK(b.bus.peek(0x10) == 0xabcd3344);
}

TEST_CASE("memory: a burst costs one access for each width, whatever its alignment", "[memory]") {
    const auto [bytes, accesses] = GENERATE(
        table<unsigned, std::uint64_t>({{1, 1}, {4, 1}, {8, 1}, {9, 2}, {64, 8}, {65, 9}}));
    const std::uint64_t address = GENERATE(0U, 5U, 100U);
    MemoryBench b;
    std::array<std::uint8_t, 65> data{};
    std::iota(data.begin(), data.end(), std::uint8_t{1});
    REQUIRE(b.bus.transport(tlm::TLM_WRITE_COMMAND, address, data.data(), bytes) ==
            tlm::TLM_OK_RESPONSE);
    CHECK(b.count("memory", "sram.write") == accesses);
    CHECK(b.memory.writes() == accesses);
    CHECK(b.bus.delay ==
          sc_core::sc_time(10.0 * static_cast<double>(5 + 2 * (accesses - 1)), sc_core::SC_NS));
    std::array<std::uint8_t, 65> back{};
    b.bus.delay = sc_core::SC_ZERO_TIME;
    b.bus.transport(tlm::TLM_READ_COMMAND, address, back.data(), bytes);
    CHECK(std::memcmp(back.data(), data.data(), bytes) == 0);
    CHECK(b.count("memory", "sram.read") == accesses);
    CHECK(b.bus.delay ==
          sc_core::sc_time(10.0 * static_cast<double>(3 + (accesses - 1)), sc_core::SC_NS));
}

TEST_CASE("memory: byte enables", "[memory]") {
    MemoryBench b;
    b.bus.write(0, 0xffffffff);
    b.bus.write(4, 0xffffffff);
    std::array<std::uint8_t, 8> data = {1, 2, 3, 4, 5, 6, 7, 8};
    std::array<std::uint8_t, 3> enable = {TLM_BYTE_ENABLED, TLM_BYTE_DISABLED, TLM_BYTE_DISABLED};
    tlm::tlm_generic_payload& payload =
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 0, data.data(), 8);
    payload.set_byte_enable_ptr(enable.data());
    payload.set_byte_enable_length(3);
    sc_core::sc_time delay;
    b.memory.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(b.bus.read(0) == 0x04ffff01);
    CHECK(b.bus.read(4) == 0xff07ffff);
    payload.set_byte_enable_ptr(enable.data());
    payload.set_byte_enable_length(0);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    b.memory.bus.get_base_interface().b_transport(payload, delay);
    CHECK(payload.get_response_status() == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
}

TEST_CASE("memory: bounds", "[memory]") {
    MemoryBench b;
    std::array<std::uint8_t, 64> data{};
    for (const auto& [address, size] : {std::pair{std::uint64_t{4096}, 1U},
                                        {4093, 4},
                                        {4090, 64},
                                        {~std::uint64_t{0}, 4},
                                        {~std::uint64_t{0} - 3, 4},
                                        {0, 0}}) {
        CHECK(b.bus.transport(tlm::TLM_READ_COMMAND, address, data.data(), size) ==
              tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    CHECK(b.bus.transport(tlm::TLM_READ_COMMAND, 4092, data.data(), 4) == tlm::TLM_OK_RESPONSE);
    CHECK(b.memory.reads() == 1);
    CHECK(b.bus.peek(4093) == ~0U);
}

TEST_CASE("memory: below the length a streaming width comes back to the address", "[memory]") {
    MemoryBench b;
    std::array<std::uint8_t, 10> data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    // Every second byte: at the address 1, 5 and 9 are written, behind it 3 and 7.
    std::array<std::uint8_t, 2> enable = {TLM_BYTE_ENABLED, TLM_BYTE_DISABLED};
    const bool some = GENERATE(false, true);
    tlm::tlm_generic_payload& payload =
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 4092, data.data(), 10);
    payload.set_streaming_width(4);
    payload.set_byte_enable_ptr(some ? enable.data() : nullptr);
    payload.set_byte_enable_length(2);
    sc_core::sc_time delay;
    tlm::tlm_fw_transport_if<>& target = b.memory.bus.get_base_interface();
    target.b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    CHECK(b.bus.peek(4092) == (some ? 0x00070009 : 0x08070a09));
    CHECK(b.memory.writes() == 3);  // of one access each
    CHECK(delay == sc_core::sc_time(3 * 5 * 10, sc_core::SC_NS));
    CHECK(payload.get_data_ptr() == data.data());
    CHECK(payload.get_data_length() == 10);

    b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 4092, data.data(), 4);
    target.b_transport(payload, delay);  // 1 2 3 4 again
    data.fill(0xff);
    b.bus.payload.prepare(tlm::TLM_READ_COMMAND, 4092, data.data(), 10);
    payload.set_streaming_width(3);
    payload.set_byte_enable_ptr(some ? enable.data() : nullptr);
    target.b_transport(payload, delay);
    CHECK(data == (some ? std::array<std::uint8_t, 10>{1, 255, 3, 255, 2, 255, 1, 255, 3, 255}
                        : std::array<std::uint8_t, 10>{1, 2, 3, 1, 2, 3, 1, 2, 3, 1}));
    CHECK(b.memory.reads() == 4);

    payload.set_address(4094);  // three bytes are too many
    target.b_transport(payload, delay);
    CHECK(payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_CASE("memory: an ignored command neither reads nor writes", "[memory]") {
    MemoryBench b;
    b.bus.write(8, 0x11223344);
    std::array<std::uint8_t, 4> data = {1, 2, 3, 4};
    b.bus.delay = sc_core::SC_ZERO_TIME;
    CHECK(b.bus.transport(tlm::TLM_IGNORE_COMMAND, 8, data.data(), 4) == tlm::TLM_OK_RESPONSE);
    CHECK(b.bus.delay == sc_core::SC_ZERO_TIME);
    CHECK(data == std::array<std::uint8_t, 4>{1, 2, 3, 4});
    CHECK(b.bus.peek(8) == 0x11223344);
    CHECK(b.memory.reads() == 0);
    CHECK(b.memory.writes() == 1);
    CHECK(b.bus.transport(tlm::TLM_IGNORE_COMMAND, 4096, data.data(), 4) ==
          tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_CASE("memory: a ROM takes no writes and says where", "[memory]") {
    MemoryConfig rom = config();
    rom.writable = false;
    rom.volatile_contents = false;
    MemoryBench b(rom);
    const std::array<std::uint8_t, 4> image = {1, 2, 3, 4};
    b.memory.preload(8, image);
    b.bus.payload.tag.pc = 0x80000010;
    CHECK(b.bus.write(8, 0) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    CHECK(b.bus.read(8) == 0x04030201);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].place == "offset 0x8");
    CHECK(b.complaints.errors[0].pc == 0x80000010);
    CHECK(b.count("memory", "sram.write") == 0);
    tlm::tlm_dmi dmi;
    CHECK_FALSE(b.memory.bus.get_base_interface().get_direct_mem_ptr(
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 0, nullptr, 4), dmi));
    CHECK(b.memory.bus.get_base_interface().get_direct_mem_ptr(
        b.bus.payload.prepare(tlm::TLM_READ_COMMAND, 0, nullptr, 4), dmi));
    CHECK_FALSE(dmi.is_write_allowed());
}

TEST_CASE("memory: a cold reset restores the images, a warm one keeps the bytes", "[memory]") {
    MemoryBench b;
    const std::array<std::uint8_t, 4> image = {1, 2, 3, 4};
    b.memory.preload(16, image);
    b.bus.write(16, 0xdeadbeef);
    b.bus.write(32, 0xdeadbeef);
    b.memory.reset(ResetKind::warm);
    CHECK(b.bus.read(16) == 0xdeadbeef);
    CHECK(b.bus.read(32) == 0xdeadbeef);
    b.memory.reset(ResetKind::cold);
    CHECK(b.bus.read(16) == 0x04030201);
    CHECK(b.bus.read(32) == 0);
}

TEST_CASE("memory: a cold reset clears what went past the bus", "[memory]") {
    const auto bytes_after_reset = [](bool direct) {
        MemoryBench b;
        tlm::tlm_fw_transport_if<>& target = b.memory.bus.get_base_interface();
        std::array<std::uint8_t, 4> bytes = {1, 2, 3, 4};
        tlm::tlm_generic_payload payload;
        payload.set_write();
        payload.set_address(64);
        payload.set_data_ptr(bytes.data());
        payload.set_data_length(4);
        tlm::tlm_dmi dmi;
        if (direct) {
            REQUIRE(target.get_direct_mem_ptr(payload, dmi));
        }
        for (int round = 0; round < 2; ++round) {  // the pointer stays good after a reset
            if (direct) {
                std::memcpy(dmi.get_dmi_ptr() + 64, bytes.data(), 4);
            } else {
                REQUIRE(target.transport_dbg(payload) == 4);
            }
            CHECK(b.bus.peek(64) == 0x04030201);
            b.memory.reset(ResetKind::cold);
            CHECK(b.bus.peek(64) == 0);
        }
    };
    bytes_after_reset(true);
    bytes_after_reset(false);
}

TEST_CASE("memory: what is not volatile survives a cold reset", "[memory]") {
    MemoryConfig nvm = config();
    nvm.volatile_contents = false;
    MemoryBench b(nvm);
    b.bus.write(16, 0xdeadbeef);
    b.memory.reset(ResetKind::cold);
    CHECK(b.bus.read(16) == 0xdeadbeef);
}

TEST_CASE("memory: direct access tells what one access counts and takes", "[memory]") {
    MemoryBench b;
    DmiTag tag;
    tlm::tlm_generic_payload payload;
    payload.set_extension(&tag);
    payload.set_read();
    payload.set_address(8);
    tlm::tlm_dmi dmi;
    REQUIRE(b.memory.bus.get_base_interface().get_direct_mem_ptr(payload, dmi));
    payload.clear_extension(&tag);
    CHECK(dmi.get_start_address() == 0);
    CHECK(dmi.get_end_address() == 4095);
    CHECK(dmi.get_read_latency() == sc_core::sc_time(30, sc_core::SC_NS));
    CHECK(dmi.get_write_latency() == sc_core::sc_time(50, sc_core::SC_NS));
    REQUIRE(tag.stages.size() == 1);
    const Meter& meter = *tag.stages[0].meter;
    CHECK(meter.events()[tag.stages[0].read_event].name == "sram.read");
    CHECK(meter.events()[tag.stages[0].write_event].name == "sram.write");
    b.bus.write(8, 0x12345678);
    CHECK(std::memcmp(dmi.get_dmi_ptr() + 8, "\x78\x56\x34\x12", 4) == 0);
}

TEST_CASE("memory: watched pages have no direct access, their neighbours have", "[memory]") {
    MemoryConfig shape = config();
    shape.size = 5 * 4096;
    MemoryBench b(shape);
    b.memory.deny_direct(2 * 4096 - 4, 8);  // across two pages
    const auto window = [&b](std::uint64_t address) {
        DmiTag tag;
        tlm::tlm_generic_payload payload;
        payload.set_extension(&tag);
        payload.set_read();
        payload.set_address(address);
        tlm::tlm_dmi dmi;
        const bool granted = b.memory.bus.get_base_interface().get_direct_mem_ptr(payload, dmi);
        payload.clear_extension(&tag);
        CHECK(tag.memory == !granted);
        b.bus.read(address);
        CHECK(b.bus.dmi_hint == granted);
        return std::tuple(granted, dmi.get_start_address(), dmi.get_end_address());
    };
    CHECK(window(0) == std::tuple(true, 0, 4095));
    CHECK(window(4092) == std::tuple(true, 0, 4095));
    // Denials tell their range as well.
    CHECK(window(4096) == std::tuple(false, 4096, 2 * 4096 - 1));
    CHECK(window(3 * 4096 - 4) == std::tuple(false, 2 * 4096, 3 * 4096 - 1));
    CHECK(window(3 * 4096) == std::tuple(true, 3 * 4096, 5 * 4096 - 1));
}

TEST_CASE("memory: debug access has no side effect", "[memory]") {
    MemoryBench b;
    b.bus.write(0, 5);
    b.bus.peek(0);
    CHECK(b.memory.reads() == 0);
    CHECK(b.memory.writes() == 1);
}

TEST_CASE("memory: energy belongs to the owner of the transaction", "[memory]") {
    MemoryBench b;
    b.bus.payload.tag.owner = b.ledger.owner("host", "phase");
    b.bus.write(0, 1);
    b.bus.read(0);
    const EnergyReport report = b.ledger.report(0);
    CHECK(report.by_initiator.at("host") == 2);
    CHECK(report.by_phase.at("phase") == 2);
}

namespace {

/// A read or write of eight bytes at the same instant as all others; how long it took, in ns.
double transfer(MemoryBench& b, std::uint32_t master, std::uint64_t address, unsigned bytes = 8) {
    std::array<std::uint8_t, 64> data{};
    b.bus.payload.tag.master = master;
    b.bus.delay = sc_core::SC_ZERO_TIME;
    b.bus.transport(tlm::TLM_READ_COMMAND, address, data.data(), bytes);
    return b.bus.delay.to_seconds() * 1e9;
}

MemoryConfig banked(bool queues) {
    MemoryConfig memory = config();
    memory.read_cycles = 1;
    memory.banks = 4;
    memory.queues = queues;
    return memory;
}

}  // namespace

TEST_CASE("memory: masters meet in banks", "[memory]") {
    MemoryBench b(banked(true));
    CHECK(transfer(b, 1, 0) == Approx(10));
    CHECK(transfer(b, 2, 8) == Approx(10));
    CHECK(transfer(b, 3, 16) == Approx(10));
    CHECK(transfer(b, 4, 32) == Approx(20));  // the bank of 0
    CHECK(transfer(b, 5, 5) == Approx(30));
    CHECK(transfer(b, 6, 24) == Approx(10));
    // A burst takes one bank after the other: here 2 and 3 are taken in its first cycles, no longer
    // when it comes to them.
    CHECK(transfer(b, 7, 48, 16) == Approx(20 + 10));
    CHECK(b.memory.waited() == 10'000 + 20'000 + 10'000);
    b.memory.reset(ResetKind::warm);
    CHECK(transfer(b, 4, 32) == Approx(10));
}

TEST_CASE("memory: one master never waits for a bank", "[memory]") {
    const bool queues = GENERATE(true, false);
    MemoryBench b(banked(queues));
    for (int i = 0; i < 300; ++i) {
        REQUIRE(transfer(b, 1, 0) == Approx(10));
    }
    CHECK(b.memory.waited() == 0);
}

TEST_CASE("memory: a bank serves one access per cycle", "[memory]") {
    MemoryBench b(banked(false));
    // 100 cycles of 10 ns are the bucket of 1 us in which all this is.
    for (std::uint32_t i = 0; i < 100; ++i) {
        REQUIRE(transfer(b, 1 + i % 2, 0) == Approx(10));
    }
    CHECK(transfer(b, 2, 0) == Approx(1010));
    CHECK(transfer(b, 2, 8) == Approx(10));
}

TEST_CASE("memory: direct accesses take all banks evenly", "[memory]") {
    MemoryBench b(banked(false));
    DmiTag tag;
    tag.master = 1;
    tlm::tlm_generic_payload payload;
    payload.set_extension(&tag);
    payload.set_read();
    payload.set_address(0);
    tlm::tlm_dmi dmi;
    REQUIRE(b.memory.bus.get_base_interface().get_direct_mem_ptr(payload, dmi));
    payload.clear_extension(&tag);
    REQUIRE(tag.book);
    // 102 accesses within 1 us: 26 of 100 cycles in banks 0 and 1, 25 in the others.
    CHECK(tag.book(0, 1'000'000, 102) == 0);
    for (std::uint64_t bank = 0; bank < 4; ++bank) {
        INFO(bank);
        int free = 0;
        while (transfer(b, 2, 8 * bank) < 11) {
            ++free;
        }
        CHECK(free == (bank < 2 ? 74 : 75));
    }
}

TEST_CASE("memory: unwritten bytes", "[memory]") {
    MemoryBench b;
    const std::array<std::uint8_t, 4> image = {1, 2, 3, 4};
    b.memory.preload(16, image);
    std::vector<UnwrittenRead> reads;
    b.memory.watch_unwritten([&reads](const UnwrittenRead& read) { reads.push_back(read); });
    const auto expect = [&](std::uint64_t address, unsigned size, std::uint64_t first,
                            std::uint64_t bytes) {
        INFO(address << " " << size);
        reads.clear();
        b.bus.read(address, size);
        REQUIRE(reads.size() == (bytes != 0 ? 1 : 0));
        if (bytes != 0) {
            CHECK(reads[0].offset == first);
            CHECK(reads[0].bytes == bytes);
        }
    };
    expect(16, 4, 0, 0);
    expect(14, 4, 14, 2);
    expect(18, 4, 20, 2);
    expect(100, 1, 100, 1);
    b.bus.write(100, 0, 1);
    expect(100, 1, 0, 0);
    expect(100, 4, 101, 3);
    b.bus.payload.tag.pc = 0x80000010;
    b.bus.payload.tag.owner = b.ledger.owner("host", "none");
    expect(200, 4, 200, 4);
    CHECK(reads[0].pc == 0x80000010);
    CHECK(b.ledger.initiator(reads[0].owner) == "host");
    // Debuggers read without a word; what they write is written.
    reads.clear();
    b.bus.peek(300);
    CHECK(reads.empty());
    std::uint32_t value = 5;
    tlm::tlm_generic_payload debug;
    debug.set_write();
    debug.set_address(300);
    debug.set_data_ptr(reinterpret_cast<std::uint8_t*>(&value));
    debug.set_data_length(4);
    REQUIRE(b.memory.bus.get_base_interface().transport_dbg(debug) == 4);
    expect(300, 4, 0, 0);
    // Bytes that are not enabled are not written.
    std::array<std::uint8_t, 4> data{};
    std::array<std::uint8_t, 2> enable = {TLM_BYTE_DISABLED, TLM_BYTE_ENABLED};
    tlm::tlm_generic_payload& payload =
        b.bus.payload.prepare(tlm::TLM_WRITE_COMMAND, 400, data.data(), 4);
    payload.set_byte_enable_ptr(enable.data());
    payload.set_byte_enable_length(2);
    sc_core::sc_time delay;
    b.memory.bus.get_base_interface().b_transport(payload, delay);
    expect(400, 4, 400, 2);
    expect(401, 1, 0, 0);
    // After power-on only the images are written; after a warm reset all that was.
    b.memory.reset(ResetKind::warm);
    expect(100, 1, 0, 0);
    b.memory.reset(ResetKind::cold);
    expect(100, 1, 100, 1);
    expect(16, 4, 0, 0);
    tlm::tlm_dmi dmi;
    CHECK_FALSE(b.memory.bus.get_base_interface().get_direct_mem_ptr(
        b.bus.payload.prepare(tlm::TLM_READ_COMMAND, 0, nullptr, 4), dmi));
}

}  // namespace cimera
