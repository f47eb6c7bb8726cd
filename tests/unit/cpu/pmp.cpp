// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/pmp.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

/// The specification's words, one byte at a time: priv. spec, 3.7.1.
struct Reference {
    std::array<std::uint8_t, 16> config{};
    std::array<std::uint32_t, 16> address{};

    [[nodiscard]] bool matches(unsigned n, std::uint64_t byte) const {
        const std::uint64_t word = byte / 4;
        switch (config[n] >> 3 & 3) {
            case 1:
                return word >= (n == 0 ? 0 : address[n - 1]) && word < address[n];
            case 2:
                return word == address[n];
            case 3: {
                unsigned ones = 0;
                while (ones < 32 && (address[n] >> ones & 1U) != 0) {
                    ++ones;
                }
                return word >> (ones + 1) == std::uint64_t{address[n]} >> (ones + 1);
            }
            default:
                return false;
        }
    }

    [[nodiscard]] bool allows(std::uint64_t first, unsigned size, unsigned bit,
                              bool machine) const {
        for (unsigned n = 0; n < 16; ++n) {
            unsigned matched = 0;
            for (unsigned k = 0; k < size; ++k) {
                matched += matches(n, first + k) ? 1 : 0;
            }
            if (matched != 0) {
                const bool unlocked = machine && config[n] >> 7 == 0;
                return matched == size && (unlocked || (config[n] & bit) != 0);
            }
        }
        return machine;
    }
};

constexpr std::uint32_t base_word = 0x80000000U / 4;

}  // namespace

TEST_CASE("pmp: every access as the specification's words say", "[cpu][pmp]") {
    std::mt19937 engine(7);
    const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
    unsigned allowed = 0;
    unsigned refused = 0;
    for (unsigned round = 0; round < 400; ++round) {
        Pmp pmp;
        Reference reference;
        const unsigned used = 1 + random() % 16;
        for (unsigned n = 0; n < used; ++n) {
            const std::uint32_t near = base_word + random() % 40;
            const std::uint32_t far = random() % 8 == 0 ? 0xffffffff : random();
            reference.address[n] = random() % 10 == 0 ? far : near;
            pmp.set_address(n, reference.address[n]);
        }
        for (unsigned word = 0; word < 4; ++word) {
            std::uint32_t value = 0;
            for (unsigned k = 0; k < 4; ++k) {
                auto config = static_cast<std::uint8_t>(4 * word + k < used ? random() & 0x9f : 0);
                if ((config & 3) == 2) {
                    config |= 1;
                }
                reference.config[4 * word + k] = config;
                value |= std::uint32_t{config} << 8 * k;
            }
            pmp.set_config(word, value);
            REQUIRE(pmp.config(word) == value);
        }
        bool right = true;
        for (unsigned access = 0; access < 400; ++access) {
            const std::uint32_t address = 0x80000000 - 8 + random() % 180;
            const unsigned size = 1U << random() % 3;
            const auto permission = static_cast<Permission>(1U << random() % 3);
            const auto bit = static_cast<unsigned>(permission);
            const bool machine = random() % 2 == 0;
            const bool expected = reference.allows(address, size, bit, machine);
            ++(expected ? allowed : refused);
            right = right && pmp.allows(address, size, permission, machine) == expected;
            const Pmp::Span span = pmp.span(address, permission, machine);
            right = right && span.first <= address && address <= span.last;
            const std::uint32_t before = std::max(span.first, address / 4 * 4 - 4);
            for (const std::uint32_t at : {span.first, span.last - 3, before}) {
                right = right && reference.allows(at, 4, bit, machine) == span.allowed;
            }
        }
        REQUIRE(right);
    }
    CHECK(allowed > 20000);
    CHECK(refused > 20000);
}

TEST_CASE("pmp: locked entries and the address below a locked range cannot be changed",
          "[cpu][pmp]") {
    Pmp pmp;
    pmp.set_address(0, 0x100);
    pmp.set_address(1, 0x200);
    pmp.set_address(2, 0x300);
    pmp.set_config(0, 0x00'0b'89'1b);  // entry 1: locked TOR with R
    pmp.set_config(0, 0xffffffff);
    CHECK(pmp.config(0) == 0x9f9f899f);
    pmp.set_config(0, 0);
    CHECK(pmp.config(0) == 0x9f9f899f);
    for (unsigned n = 0; n < 4; ++n) {
        pmp.set_address(n, 0x1234);
    }
    CHECK(pmp.address(0) == 0x100);
    CHECK(pmp.address(1) == 0x200);
    CHECK(pmp.address(2) == 0x300);
    CHECK(pmp.address(3) == 0);

    Pmp other;
    other.set_config(1, 0x89);  // entry 4 guards pmpaddr3, though entry 3 is not locked
    other.set_address(3, 5);
    CHECK(other.address(3) == 0);
    CHECK(other.config(0) == 0);
}

TEST_CASE("pmp: reserved bits read zero, and W without R is not set", "[cpu][pmp]") {
    Pmp pmp;
    pmp.set_config(2, 0x62'02'06'07);
    CHECK(pmp.config(2) == 0x00'00'04'07);
}

namespace {

/// A Machine in U mode at code_base whose entries are given; entry 15 allows all code and vectors.
struct UserMachine : Machine {
    UserMachine(std::initializer_list<std::uint32_t> program, bool direct_) {
        bus.direct = direct_;
        bus.stop_at = [](const Trap&) { return true; };
        load(program);
        hart.write_csr(csr::pmpaddr15, (code_base >> 2) | 0x1fff);
        hart.write_csr(csr::pmpcfg3, 0x1d000000);  // NAPOT, 64 KiB, R and X
    }
    void allow(unsigned entry, std::uint32_t pmpaddr, std::uint32_t config) {
        hart.write_csr(csr::pmpaddr0 + entry, pmpaddr);
        const std::uint32_t word = csr::pmpcfg0 + entry / 4;
        const std::uint32_t old = csr(word) & ~(0xffU << 8 * (entry % 4));
        hart.write_csr(word, old | config << 8 * (entry % 4));
    }
    /// Runs `count` instructions in U mode from `pc`.
    Exit user(std::uint32_t pc, std::uint64_t count) {
        bus.poke32(code_base + 0xf000, op::bare("mret"));
        hart.write_csr(csr::mepc, pc);
        hart.write_csr(csr::mstatus, csr(csr::mstatus) & ~mstatus::mpp);
        hart.set_pc(code_base + 0xf000);
        return steps(count + 1);
    }
};

}  // namespace

TEST_CASE("pmp: U mode reaches what an entry grants, also after a change of the entry",
          "[cpu][pmp]") {
    UserMachine m({op::i("lw", 1, 10, 0), op::s("sw", 1, 10, 4), op::jal(0, -8)},
                  GENERATE(true, false));
    CHECK(m.user(code_base, 1) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::load_fault);
    CHECK(m.bus.traps.back().denied);
    CHECK(m.bus.traps.back().tval == data_base);
    m.hart.set_pc(code_base + 0xf000);
    // The hart stopped in U mode: a new start gives machine mode, which clears the entries.
    m.start();
    m.hart.write_csr(csr::pmpaddr15, (code_base >> 2) | 0x1fff);
    m.hart.write_csr(csr::pmpcfg3, 0x1d000000);
    m.allow(0, (data_base >> 2) | 0x1ff, 0x1b);  // NAPOT, 4 KiB, R and W
    CHECK(m.user(code_base, 30) == Exit::instruction_limit);
    CHECK(m.hart.privilege() == Privilege::user);
    // What the debugger or an M-mode handler takes away holds at once.
    m.allow(0, (data_base >> 2) | 0x1ff, 0x19);
    CHECK(m.steps(3) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::store_fault);
    m.allow(15, (code_base >> 2) | 0x1fff, 0x19);
    m.hart.set_pc(code_base);
    CHECK(m.steps(1) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::fetch_fault);
}

TEST_CASE("pmp: an entry that ends within a block ends what runs", "[cpu][pmp]") {
    UserMachine m({op::nop(), op::nop(), op::nop(), op::nop(), op::nop(), op::nop()},
                  GENERATE(true, false));
    m.steps(4);  // decoded as one block in machine mode
    m.allow(0, code_base >> 2, 0);
    m.allow(1, (code_base + 12) >> 2, 0x0c);  // TOR: three words may be fetched
    m.allow(2, (code_base + 24) >> 2, 0x09);  // the next three not
    CHECK(m.user(code_base, 10) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::fetch_fault);
    CHECK(m.bus.traps.back().tval == code_base + 12);
    CHECK(m.bus.traps.back().pc == code_base + 12);
    CHECK(m.hart.instret() == 4 + 1 + 3);
}

TEST_CASE("pmp: a 32-bit instruction needs both of its parcels", "[cpu][pmp]") {
    UserMachine m({}, GENERATE(true, false));
    m.bus.poke16(code_base, 0x0001);  // c.nop
    const std::uint32_t nop = op::nop();
    m.bus.poke(code_base + 2, &nop, 4);
    m.allow(0, code_base >> 2, 0x14);  // NA4, X
    m.allow(1, (code_base + 4) >> 2, 0x10);
    CHECK(m.user(code_base, 3) == Exit::stopped);
    CHECK(m.bus.traps.back().pc == code_base + 2);
    CHECK(m.bus.traps.back().tval == code_base + 4);
}

TEST_CASE("pmp: an access across two entries fails in any mode", "[cpu][pmp]") {
    UserMachine m({op::i("lw", 1, 10, 2)}, GENERATE(true, false));
    m.allow(0, data_base >> 2, 0x17);
    m.allow(1, (data_base + 4) >> 2, 0x17);
    SECTION("user") {
        CHECK(m.user(code_base, 1) == Exit::stopped);
    }
    SECTION("machine") {
        CHECK(m.steps(1) == Exit::stopped);
    }
    CHECK(m.bus.traps.back().cause == cause::load_fault);
    CHECK(m.bus.traps.back().tval == data_base + 2);
}

TEST_CASE("pmp: locked entries bind machine mode", "[cpu][pmp]") {
    UserMachine m({op::s("sw", 1, 10, 0), op::s("sw", 1, 10, 0)}, GENERATE(true, false));
    CHECK(m.steps(1) == Exit::instruction_limit);
    m.allow(3, data_base >> 2, 0x91);  // NA4, R, locked
    CHECK(m.steps(1) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::store_fault);
}

TEST_CASE("pmp: MPRV lends loads and stores the rights of MPP", "[cpu][pmp]") {
    UserMachine m(
        {op::i("lw", 1, 10, 0), op::csr("csrrw", 0, csr::mstatus, 5), op::i("lw", 1, 10, 0)},
        GENERATE(true, false));
    m.hart.set_x(5, mstatus::mprv);  // MPP = U
    CHECK(m.steps(2) == Exit::instruction_limit);
    CHECK(m.steps(1) == Exit::stopped);
    CHECK(m.bus.traps.back().cause == cause::load_fault);
    m.hart.write_csr(csr::mstatus, mstatus::mprv | mstatus::mpp);
    CHECK(m.steps(1) == Exit::instruction_limit);
}
