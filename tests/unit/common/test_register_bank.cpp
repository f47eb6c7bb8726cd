// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>

#include <catch2/catch.hpp>

#include "models/common/register_bank.hpp"

namespace cimera {
namespace {

constexpr std::uint32_t CTRL = 0x00;
constexpr std::uint32_t STATUS = 0x04;
constexpr std::uint32_t DATA = 0x08;
constexpr std::uint32_t COMMAND = 0x0C;
constexpr std::uint32_t SLOT = 0x20;

// Columns: name, offset, count, stride, reset, write, woclr and pulse masks, readable, writable,
// read effect.
constexpr std::array registers = {
    RegisterInfo{"CTRL", CTRL, 1, 4, 0x108, 0xff01, 0, 0x2, true, true, false, "", {}},
    RegisterInfo{"STATUS", STATUS, 1, 4, 0x3f0, 0, 0xff0, 0, true, true, false, "", {}},
    RegisterInfo{"DATA", DATA, 1, 4, 0x80, 0, 0, 0, true, false, true, "", {}},
    RegisterInfo{"COMMAND", COMMAND, 1, 4, 0, ~0U, 0, 0, false, true, false, "", {}},
    RegisterInfo{"SLOT", SLOT, 3, 8, 7, ~0U, 0, 0, true, true, false, "", {}},
};
constexpr BlockInfo word_block{"device", 0x40, 4, "", registers, "", ""};

constexpr std::array byte_registers = {
    RegisterInfo{"LOW", 0, 1, 1, 0x12, 0xff, 0, 0, true, true, false, "", {}},
    RegisterInfo{"HIGH", 1, 1, 1, 0x34, 0x0f, 0, 0, true, true, false, "", {}},
};
constexpr BlockInfo byte_block{"bytes", 4, 1, "", byte_registers, "", ""};

struct Bank : RegisterBank {
    explicit Bank(const BlockInfo& info = word_block) : RegisterBank(info) {}
    std::uint32_t get(std::uint32_t offset, unsigned size = 4) {
        std::uint32_t value = 0;
        REQUIRE(read(offset, size, value) == Access::ok);
        return value;
    }
    Access try_read(std::uint32_t offset, unsigned size) {
        std::uint32_t value = 0;
        return read(offset, size, value);
    }
};

}  // namespace

TEST_CASE("register bank: quiet accesses are those without effect", "[register_bank]") {
    Bank bank;
    bank.on_read(STATUS, [] { return 0U; });
    bank.on_read(DATA, [] { return 0U; });
    bank.on_write(CTRL, [](std::uint32_t) {});
    bank.get(SLOT);
    CHECK(bank.quiet());
    bank.get(STATUS);
    CHECK(bank.quiet());
    bank.get(DATA);
    CHECK_FALSE(bank.quiet());
    CHECK(bank.write(SLOT, 4, 1) == Access::ok);
    CHECK(bank.quiet());
    CHECK(bank.write(CTRL, 4, 1) == Access::ok);
    CHECK_FALSE(bank.quiet());
    CHECK(bank.try_read(COMMAND, 4) == Access::write_only);
    CHECK_FALSE(bank.quiet());
}

TEST_CASE("register bank: reset values come back with a reset", "[register_bank]") {
    Bank bank;
    CHECK(bank.get(CTRL) == 0x108);
    CHECK(bank.get(SLOT + 16) == 7);
    REQUIRE(bank.write(CTRL, 4, 0) == Access::ok);
    REQUIRE(bank.write(SLOT + 16, 4, 1) == Access::ok);
    bank.reset();
    CHECK(bank.get(CTRL) == 0x108);
    CHECK(bank.get(SLOT + 16) == 7);
}

TEST_CASE("register bank: only bits of the write mask keep what is written", "[register_bank]") {
    Bank bank;
    REQUIRE(bank.write(CTRL, 4, ~0U) == Access::ok);
    CHECK(bank.get(CTRL) == 0xff09);
    REQUIRE(bank.write(CTRL, 4, 0) == Access::ok);
    CHECK(bank.get(CTRL) == 0x8);
}

TEST_CASE("register bank: a one clears, a zero keeps", "[register_bank]") {
    Bank bank;
    REQUIRE(bank.write(STATUS, 4, 0x50) == Access::ok);
    CHECK(bank.get(STATUS) == 0x3a0);
    REQUIRE(bank.write(STATUS, 4, 0) == Access::ok);
    CHECK(bank.get(STATUS) == 0x3a0);
    REQUIRE(bank.write(STATUS, 4, ~0U) == Access::ok);
    CHECK(bank.get(STATUS) == 0);
}

TEST_CASE("register bank: byte lanes", "[register_bank]") {
    Bank bank;
    REQUIRE(bank.write(SLOT, 4, 0x11223344) == Access::ok);
    CHECK(bank.get(SLOT, 1) == 0x44);
    CHECK(bank.get(SLOT + 3, 1) == 0x11);
    CHECK(bank.get(SLOT + 2, 2) == 0x1122);
    REQUIRE(bank.write(SLOT + 1, 1, 0xffffffaa) == Access::ok);
    CHECK(bank.get(SLOT) == 0x1122aa44);
    REQUIRE(bank.write(SLOT + 2, 2, 0xbbcc) == Access::ok);
    CHECK(bank.get(SLOT) == 0xbbccaa44);
    // Lanes that are not written clear nothing either.
    REQUIRE(bank.write(STATUS + 1, 1, 0xff) == Access::ok);
    CHECK(bank.get(STATUS) == 0x0f0);
}

TEST_CASE("register bank: a write hook sees stored bits and pulses, never lanes",
          "[register_bank]") {
    Bank bank;
    std::vector<std::uint32_t> seen;
    bank.on_write(CTRL, [&seen](std::uint32_t value) { seen.push_back(value); });
    REQUIRE(bank.write(CTRL, 4, 0x4203) == Access::ok);
    REQUIRE(bank.write(CTRL + 1, 1, 0x17) == Access::ok);
    CHECK(seen == std::vector<std::uint32_t>{0x420b, 0x1709});
    CHECK(bank.get(CTRL) == 0x1709);  // pulses read as zero
}

TEST_CASE("register bank: what is refused by kind and place", "[register_bank]") {
    Bank bank;
    CHECK(bank.write(DATA, 4, 1) == Access::read_only);
    CHECK(bank.try_read(COMMAND, 4) == Access::write_only);
    CHECK(bank.try_read(0x10, 4) == Access::unmapped);
    CHECK(bank.try_read(SLOT + 4, 4) == Access::unmapped);   // between two elements
    CHECK(bank.try_read(SLOT + 24, 4) == Access::unmapped);  // behind the last
    CHECK(bank.try_read(CTRL + 2, 4) == Access::misaligned);
    CHECK(bank.try_read(CTRL + 1, 2) == Access::misaligned);
    Bank bytes(byte_block);
    CHECK(bytes.try_read(1, 2) == Access::misaligned);
    CHECK(bytes.try_read(2, 1) == Access::unmapped);
    for (const Access access : {Access::unmapped, Access::misaligned, Access::read_only,
                                Access::write_only, Access::refused}) {
        CHECK_FALSE(describe(access).empty());
    }
}

TEST_CASE("register bank: a wide access reaches the byte register at its address",
          "[register_bank]") {
    Bank bytes(byte_block);
    CHECK(bytes.get(0, 4) == 0x12);
    CHECK(bytes.get(0, 2) == 0x12);
    REQUIRE(bytes.write(0, 4, 0x1122'3344) == Access::ok);
    CHECK(bytes.get(0, 1) == 0x44);
    CHECK(bytes.get(1, 1) == 0x34);
}

TEST_CASE("register bank: reserved offsets read zero where the block says so", "[register_bank]") {
    constexpr BlockInfo info{"device", 0x40, 4, "", registers, "", "", true};
    Bank bank(info);
    CHECK(bank.get(0x10) == 0);
    REQUIRE(bank.write(0x10, 4, ~0U) == Access::ok);
    CHECK(bank.get(0x10) == 0);
    CHECK(bank.get(CTRL) == 0x108);
    CHECK(bank.try_read(0x12, 4) == Access::misaligned);
    CHECK(bank.write(DATA, 4, 1) == Access::read_only);
    CHECK(bank.try_read(COMMAND, 4) == Access::write_only);
}

TEST_CASE("register bank: registers of one byte", "[register_bank]") {
    Bank bank(byte_block);
    CHECK(bank.get(0, 1) == 0x12);
    REQUIRE(bank.write(1, 1, 0xff) == Access::ok);
    CHECK(bank.get(1, 1) == 0x3f);
    CHECK(bank.get(0, 1) == 0x12);
    CHECK(bank.peek(1) == 0x3f);
}

TEST_CASE("register bank: hooks of an array get the index", "[register_bank]") {
    Bank bank;
    std::uint32_t written = 99;
    bank.on_read(SLOT, [](std::uint32_t index) { return 100 + index; });
    bank.on_write(SLOT, [&written](std::uint32_t, std::uint32_t index) { written = index; });
    CHECK(bank.get(SLOT + 8) == 101);
    REQUIRE(bank.write(SLOT + 16, 4, 5) == Access::ok);
    CHECK(written == 2);
    CHECK(bank[SLOT + 16] == 5);
    CHECK(bank.name_at(SLOT + 9) == "SLOT[1]");
    CHECK(bank.name_at(CTRL + 3) == "CTRL");
    CHECK(bank.name_at(0x10).empty());
}

TEST_CASE("register bank: a hook may refuse, and nothing changes", "[register_bank]") {
    Bank bank;
    bool busy = true;
    bank.on_write(CTRL, [&](std::uint32_t) {
        if (busy) {
            bank.refuse("busy");
        }
    });
    bank.on_read(DATA, [&]() -> std::uint32_t {
        if (busy) {
            bank.refuse("empty");
        }
        return 3;
    });
    CHECK(bank.write(CTRL, 4, 0xff01) == Access::refused);
    CHECK(bank.refusal() == "busy");
    CHECK(bank.get(CTRL) == 0x108);
    CHECK(bank.try_read(DATA, 4) == Access::refused);
    CHECK(bank.refusal() == "empty");
    busy = false;
    CHECK(bank.write(CTRL, 4, 0xff01) == Access::ok);
    CHECK(bank.get(DATA) == 3);
}

TEST_CASE("register bank: a peek has no side effect", "[register_bank]") {
    Bank bank;
    int pops = 0;
    bank.on_read(DATA, [&pops] { return static_cast<std::uint32_t>(++pops); });
    bank.on_read(STATUS, [] { return 0xabcdU; });
    CHECK(bank.peek(DATA) == 0x80);
    CHECK(pops == 0);
    CHECK(bank.peek(STATUS) == 0xcd);
    CHECK(bank.peek(STATUS + 1) == 0xab);
    CHECK(bank.peek(COMMAND) == 0);
    CHECK(bank.peek(0x10) == 0);
    CHECK(bank.get(DATA) == 1);
}

}  // namespace cimera
