// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

// What only concerns the translator. Random programs in both engines are in modes.cpp, and all
// other tests of the core run with either.

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

HartConfig hot(std::uint32_t threshold) {
    return {.jit = true, .jit_threshold = threshold};
}

/// Everything that must not depend on the engine.
std::vector<std::uint64_t> seen(Machine& m) {
    std::vector<std::uint64_t> all;
    for (unsigned k = 0; k < 32; ++k) {
        all.push_back(m.hart.x(k));
        all.push_back(m.hart.f(k));
    }
    for (const std::uint64_t count : m.hart.take_counts()) {
        all.push_back(count);
    }
    all.insert(all.end(), {m.hart.pc(), m.hart.cycles(), m.hart.instret(), m.code.fetches,
                           m.code.reads, m.code.writes, m.data.reads, m.data.writes,
                           m.csr(csr::mepc), m.csr(csr::mcause), m.csr(csr::mtval)});
    return all;
}

/// Two blocks that lead to each other; the second stores to a device.
const std::initializer_list<std::uint32_t> ping_pong = {
    op::i("addi", 5, 5, 1), op::i("addi", 6, 6, 2), op::b("bne", 5, 0, 8), op::nop(),
    op::s("sw", 5, 11, 0),  op::i("addi", 7, 7, 3), op::jal(0, -24)};

}  // namespace

TEST_CASE("jit: code that its own unit's device access changes is left at once", "[cpu][jit]") {
    std::vector<std::vector<std::uint64_t>> results;
    for (const std::uint32_t threshold : {0U, 1U, 2U, 7U}) {
        Machine m(ping_pong, {.jit = threshold != 0, .jit_threshold = threshold});
        m.hart.set_x(11, 0x1000);
        m.bus.device_write = [&m](std::uint32_t, unsigned, std::uint32_t value) {
            const auto step = static_cast<std::int32_t>(value / 16);
            if (value % 32 == 0) {  // the other block
                m.bus.poke32(code_base + 4, op::i("addi", 6, 6, step));
                m.hart.invalidate_code(code_base + 4, code_base + 7);
            } else if (value % 32 == 16) {  // this one, behind the store
                m.bus.poke32(code_base + 20, op::i("addi", 7, 7, step));
                m.hart.invalidate_code(code_base + 20, code_base + 23);
            }
            return true;
        };
        m.steps(3000);
        results.push_back(seen(m));
        CHECK(results.back() == results.front());
    }
}

TEST_CASE("jit: regions and protection that go during a device access are left", "[cpu][jit]") {
    std::vector<std::vector<std::uint64_t>> results;
    for (const std::uint32_t threshold : {0U, 1U, 2U, 7U}) {
        Machine m({op::i("lw", 8, 10, 0), op::i("addi", 8, 8, 1), op::s("sw", 8, 10, 0),
                   op::s("sw", 8, 11, 0), op::i("addi", 5, 5, 1), op::jal(0, -20)},
                  {.jit = threshold != 0, .jit_threshold = threshold});
        m.hart.set_x(11, 0x1000);
        m.bus.device_write = [&m](std::uint32_t, unsigned, std::uint32_t value) {
            if (value % 32 == 0) {
                m.hart.invalidate_regions();
            } else if (value % 32 == 7) {
                m.data.read_wait = value / 32;
                m.hart.invalidate_regions();
            } else if (value % 32 == 9) {
                m.hart.take_counts();
            }
            return true;
        };
        m.steps(5000);
        auto result = seen(m);
        for (std::size_t k = 64; k < 64 + energy_classes; ++k) {
            result[k] = 0;  // some were taken before
        }
        results.push_back(result);
        CHECK(results.back() == results.front());
        CHECK(m.bus.peek32(data_base) > 800);
    }
}

TEST_CASE("jit: full memory for code is emptied", "[cpu][jit]") {
    constexpr std::uint32_t blocks = 600;
    const auto load = [](Machine& m) {
        for (std::uint32_t k = 0; k < blocks; ++k) {
            m.load({op::i("addi", 5 + k % 8, 5 + k % 5, static_cast<std::int32_t>(k)),
                    op::s("sw", 5 + k % 8, 10, static_cast<std::int32_t>(4 * (k % 64))),
                    op::b("beq", 0, 0, 8), op::nop()},
                   code_base + 16 * k);
        }
        m.load({op::jal(0, -16 * static_cast<std::int32_t>(blocks))}, code_base + 16 * blocks);
        m.steps(40000);
    };
    Machine reference;
    load(reference);
    const auto expected = seen(reference);
    for (const std::size_t bytes : {1, 5000, 50000}) {
        for (const std::uint32_t threshold : {1, 3}) {
            HartConfig config = hot(threshold);
            config.jit_bytes = bytes;
            Machine m({}, config);
            load(m);
            CHECK(seen(m) == expected);
        }
    }
}

TEST_CASE("jit: a fault in the middle of a block is precise", "[cpu][jit]") {
    const std::uint32_t denied = data_base + 0x800;
    for (const std::uint32_t address : {0x2000U, data_base + 2, denied}) {
        std::vector<std::vector<std::uint64_t>> results;
        for (const std::uint32_t threshold : {0U, 1U, 3U}) {
            Machine m(
                {op::i("addi", 5, 5, 1), op::i("lw", 6, 12, 0), op::s("sw", 5, 13, 0),
                 op::i("addi", 7, 7, 1), op::jal(0, -16)},
                {.misaligned_traps = true, .jit = threshold != 0, .jit_threshold = threshold});
            m.load({op::csr("csrrs", 20, csr::mepc, 0), op::i("addi", 20, 20, 4),
                    op::csr("csrrw", 0, csr::mepc, 20), op::i("addi", 21, 21, 1), op::bare("mret")},
                   vector_base);
            // A locked entry binds machine mode, too.
            m.hart.write_csr(csr::pmpaddr0, denied >> 2);
            m.hart.write_csr(csr::pmpcfg0, 0x90);
            m.hart.set_x(12, data_base);
            m.hart.set_x(13, data_base);
            m.steps(40);
            m.hart.set_x(12, address);
            m.steps(40);
            m.hart.set_x(13, address);
            m.steps(100);
            CHECK(m.hart.x(21) > 10);
            results.push_back(seen(m));
            CHECK(results.back() == results.front());
        }
    }
}

TEST_CASE("jit: a unit does not lead where the present mode may not fetch", "[cpu][jit]") {
    constexpr std::uint32_t hidden = 0x800;
    std::vector<std::vector<std::uint64_t>> results;
    for (const std::uint32_t threshold : {0U, 1U, 2U, 9U}) {
        Machine m({op::i("addi", 5, 5, 1), op::jal(0, hidden - 4)},
                  {.jit = threshold != 0, .jit_threshold = threshold});
        m.load({op::i("addi", 6, 6, 1), op::jal(0, -static_cast<std::int32_t>(hidden) - 4)},
               code_base + hidden);
        m.load({op::bare("mret")}, code_base + 0x1000);
        m.steps(100);
        // U mode may fetch the first block, and nothing else.
        m.hart.write_csr(csr::pmpaddr0, (code_base + hidden) >> 2);
        m.hart.write_csr(csr::pmpcfg0, 0x0f);
        m.hart.write_csr(csr::mepc, code_base);
        m.hart.write_csr(csr::mstatus, 0);
        m.hart.set_pc(code_base + 0x1000);
        m.bus.stop_at = [](const Trap&) { return true; };
        CHECK(m.hart.run(no_limit, 1000) == Exit::stopped);
        CHECK(m.hart.privilege() == Privilege::user);
        CHECK(m.hart.pc() == code_base + hidden);
        CHECK(m.hart.x(6) == 25);
        results.push_back(seen(m));
        CHECK(results.back() == results.front());
    }
}

TEST_CASE("jit: what a device throws comes out of the hart", "[cpu][jit]") {
    Machine m(ping_pong, hot(1));
    m.hart.set_x(11, 0x1000);
    m.bus.device_write = [](std::uint32_t, unsigned, std::uint32_t value) -> bool {
        if (value == 100) {
            throw std::runtime_error("a device");
        }
        return true;
    };
    CHECK_THROWS_WITH(m.steps(3000), "a device");
    CHECK(m.hart.x(5) == 100);
}

TEST_CASE("jit: single steps, breakpoints and watchpoints stop in hot code", "[cpu][jit]") {
    Machine m(
        {op::i("addi", 5, 5, 1), op::s("sw", 5, 10, 0), op::i("addi", 6, 6, 1), op::jal(0, -12)},
        hot(1));
    m.steps(100);
    m.hart.insert_breakpoint(code_base + 8);
    CHECK(m.hart.run(no_limit, no_limit) == Exit::debug);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.hart.x(5) == 26);
    CHECK(m.hart.run_step(no_limit, no_limit) == Exit::debug);
    CHECK(m.hart.pc() == code_base + 12);
    m.hart.remove_breakpoint(code_base + 8);
    m.steps(101);
    const Watch watch{data_base, data_base + 3, false, true};
    m.hart.insert_watch(watch);
    CHECK(m.hart.run(no_limit, no_limit) == Exit::debug);
    CHECK(m.hart.pc() == code_base + 4);
    CHECK(m.hart.x(5) == m.bus.peek32(data_base) + 1);
    m.hart.remove_watch(watch);
    CHECK(m.steps(50) == Exit::instruction_limit);
    CHECK(m.hart.x(5) == m.bus.peek32(data_base));
}

TEST_CASE("jit: no memory is writable and executable", "[cpu][jit]") {
    Machine m(ping_pong, hot(1));
    m.hart.set_x(11, data_base);
    m.steps(1000);
    std::ifstream maps("/proc/self/maps");
    std::string line;
    bool executable = false;
    while (std::getline(maps, line)) {
        INFO(line);
        const std::string rights = line.substr(line.find(' ') + 1, 4);
        executable = executable || rights == "r-xs";
        CHECK(!(rights[1] == 'w' && rights[2] == 'x'));
    }
    CHECK(executable == m.hart.translates());
}
