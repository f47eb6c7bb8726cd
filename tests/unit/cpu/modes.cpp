// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cpu/decode.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

constexpr std::uint32_t program_words = 400;
constexpr std::uint64_t instructions = 6000;

/// How a program is run: none of it may change the outcome.
struct Mode {
    bool direct = true;
    std::uint64_t quantum = no_limit;
    TraceSink* trace = nullptr;
    bool early = false;
    std::uint32_t hot = 0;  ///< executions that make a block hot; 0: nothing is translated
};

struct Outcome {
    std::array<std::uint32_t, 32> x{};
    std::uint32_t pc = 0;
    std::vector<std::uint32_t> csrs;
    std::vector<std::uint32_t> memory;
    std::vector<std::uint32_t> traps;
    std::vector<std::uint64_t> counts;

    bool operator==(const Outcome&) const = default;
};

/// Random words from the instruction table. x10 and x11 are bases, x12 belongs to the trap handler.
class Generator {
public:
    explicit Generator(std::uint32_t seed) : random_(seed) {}

    std::uint32_t word(std::uint32_t position) {
        if (pick(8) == 0) {  // two compressed ones: c.addi, c.mv, c.add, c.li on x5..x8
            constexpr std::uint32_t halves[] = {0x0295, 0x837e, 0x9396, 0x431d, 0x0405, 0x83a2};
            return halves[pick(6)] | halves[pick(6)] << 16;
        }
        const auto table = instruction_table();
        const InstructionInfo& info = table[pick(static_cast<std::uint32_t>(table.size()))];
        return operands(info, position);
    }

private:
    std::uint32_t pick(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }

    std::uint32_t destination() {
        const std::uint32_t number = pick(20);
        return number >= 10 && number <= 12 ? 0 : number;
    }

    std::uint32_t operands(const InstructionInfo& info, std::uint32_t position) {
        const std::uint32_t rd = destination();
        const std::uint32_t base = pick(6) == 0 ? 11 : 10;
        const auto offset = static_cast<std::int32_t>(pick(10) == 0 ? pick(256) : 4 * pick(64));
        const std::uint32_t ahead = std::min(4 * (1 + pick(5)), 4 * (program_words - position));
        switch (info.format) {
            case Format::none:
                return info.mnemonic == "mret" ? op::nop() : info.match;
            case Format::fence:
                return info.match;
            case Format::load:
                return info.mnemonic == "jalr" ? op::nop() : op::i(info.mnemonic, rd, base, offset);
            case Format::store:
                return op::s(info.mnemonic, pick(20), base, offset);
            case Format::lr:
            case Format::amo:
                return op::r(info.mnemonic, rd, base, info.format == Format::lr ? 0 : pick(20));
            case Format::branch:
                return op::b(info.mnemonic, pick(20), pick(20), static_cast<std::int32_t>(ahead));
            case Format::jump:
                return op::jal(rd, static_cast<std::int32_t>(ahead));
            case Format::csr:
            case Format::csr_imm: {
                constexpr std::uint32_t numbers[] = {
                    csr::mcycle, csr::minstret, csr::mcountinhibit, csr::mscratch,
                    csr::mcause, csr::cycle,    csr::instreth,      csr::mcycleh};
                return op::csr(info.mnemonic, rd, numbers[pick(8)], pick(20));
            }
            default:
                return info.match | rd << 7 | pick(20) << 15 | (pick(1U << 12) << 20 & ~info.mask);
        }
    }

    std::mt19937 random_;
};

void build(Machine& m, std::uint32_t seed) {
    Generator generator(seed);
    for (std::uint32_t k = 0; k < program_words; ++k) {
        m.bus.poke32(code_base + 4 * k, generator.word(k));
    }
    m.bus.poke32(code_base + 4 * program_words,
                 op::jal(0, -4 * static_cast<std::int32_t>(program_words)));
    // Exceptions go on behind the instruction; the interrupt leaves its mepc and is disabled.
    m.load({op::csr("csrrs", 12, csr::mcause, 0), op::b("bge", 12, 0, 20),
            op::csr("csrrs", 12, csr::mepc, 0), op::s("sw", 12, 10, 0x300),
            op::csr("csrrw", 0, csr::mie, 0), op::bare("mret"), op::csr("csrrs", 12, csr::mepc, 0),
            op::i("addi", 12, 12, 4), op::csr("csrrw", 0, csr::mepc, 12), op::bare("mret")},
           vector_base);
}

/// Registers at x11, every other word: what they answer depends on all that can be asked inside a
/// Bus call, and some calls ask for the counters, which puts blocks into parts.
void attach_device(Machine& m, EnergyCounts& taken) {
    const auto look = [&m, &taken](std::uint32_t address) {
        auto seen = static_cast<std::uint32_t>(m.hart.cycles() * 31 + m.hart.instret());
        if ((address & 8U) != 0) {
            const EnergyCounts counts = m.hart.take_counts();
            for (std::size_t k = 0; k < counts.size(); ++k) {
                taken[k] += counts[k];
                seen = seen * 31 + static_cast<std::uint32_t>(taken[k]);
            }
            for (const std::uint64_t count :
                 {m.code.fetches, m.code.reads, m.data.reads, m.data.writes}) {
                seen = seen * 31 + static_cast<std::uint32_t>(count);
            }
        }
        return seen * 31 + m.hart.pc();
    };
    m.bus.device_read = [look](std::uint32_t address, unsigned size, std::uint32_t& value) {
        value = address % 8 == 0 && size == 4 ? look(address) : 0;
        return address % 8 == 0;
    };
    m.bus.device_write = [look, &m](std::uint32_t address, unsigned, std::uint32_t value) {
        m.bus.poke32(data_base + 0x3fc, look(address) ^ value);
        return address % 8 == 0;
    };
}

Outcome outcome(Machine& m, const EnergyCounts& taken) {
    Outcome result;
    for (unsigned k = 0; k < 32; ++k) {
        result.x[k] = m.hart.x(k);
    }
    result.pc = m.hart.pc();
    for (const std::uint32_t number : {csr::mstatus, csr::mepc, csr::mcause, csr::mtval,
                                       csr::mscratch, csr::mcycle, csr::minstret, csr::mip}) {
        result.csrs.push_back(m.csr(number));
    }
    for (std::uint32_t at = 0; at < 0x400; at += 4) {
        result.memory.push_back(m.bus.peek32(data_base + at));
    }
    for (const Trap& trap : m.bus.traps) {
        result.traps.insert(result.traps.end(), {trap.cause, trap.tval, trap.pc, trap.address});
    }
    EnergyCounts counts = m.hart.take_counts();
    std::transform(counts.begin(), counts.end(), taken.begin(), counts.begin(), std::plus<>());
    result.counts.assign(counts.begin(), counts.end());
    result.counts.insert(result.counts.end(), {m.hart.cycles(), m.hart.instret(), m.code.fetches,
                                               m.code.reads, m.data.reads, m.data.writes});
    return result;
}

/// Runs the program of `seed`; the timer interrupt is raised at cycle `raise_at`.
Outcome run_random(std::uint32_t seed, const Mode& mode, std::uint64_t raise_at = no_limit) {
    const HartConfig config{.jit = mode.hot != 0, .jit_threshold = mode.hot};
    Machine m({}, config, {2, 0}, {seed % 3, seed % 4});
    m.bus.direct = mode.direct;
    m.hart.set_trace(mode.trace);
    std::vector<std::uint64_t> trap_cycles;
    m.bus.stop_at = [&](const Trap&) {
        trap_cycles.push_back(m.hart.cycles());
        return false;
    };
    build(m, seed);
    EnergyCounts taken{};
    attach_device(m, taken);
    m.start();
    m.hart.set_x(11, 0x1000);
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    for (;;) {
        const std::uint64_t now = m.hart.cycles();
        std::uint64_t horizon = mode.quantum == no_limit ? no_limit : now + mode.quantum;
        if (now >= raise_at) {
            m.hart.set_interrupt(interrupt::timer, true);
        } else {
            horizon = std::min(horizon, raise_at);
        }
        const Exit exit = m.hart.run(horizon, instructions,
                                     mode.early && (now >= raise_at || horizon < raise_at));
        if (exit == Exit::instruction_limit) {
            Outcome result = outcome(m, taken);
            result.counts.insert(result.counts.end(), trap_cycles.begin(), trap_cycles.end());
            return result;
        }
        REQUIRE((exit == Exit::horizon || exit == Exit::wfi));
    }
}

}  // namespace

TEST_CASE("cpu: regions and transactions give the same result, time and accesses", "[cpu]") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        INFO(seed);
        const Outcome reference = run_random(seed, {});
        CHECK(reference.counts.at(energy_classes + 1) == instructions);
        CHECK(reference.traps.size() > 100);
        CHECK(run_random(seed, {.direct = false}) == reference);
    }
}

TEST_CASE("cpu: horizons do not change results, and interrupts come at their cycle", "[cpu]") {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        const std::uint64_t raise_at = 1000 + 37 * seed;
        const Outcome reference = run_random(seed, {}, raise_at);
        CHECK_FALSE(reference == run_random(seed, {}, raise_at + 50));
        for (const std::uint64_t quantum : {1, 2, 3, 7, 64, 1000}) {
            INFO(seed << " " << quantum);
            CHECK(run_random(seed, {true, quantum}, raise_at) == reference);
            CHECK(run_random(seed, {.quantum = quantum, .early = true}, raise_at) == reference);
            CHECK(run_random(seed, {false, quantum}, raise_at) == reference);
        }
    }
}

TEST_CASE("jit: translated code gives the same result, time and accesses", "[cpu][jit]") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        const Outcome reference = run_random(seed, {});
        for (const std::uint32_t hot : {1, 2, 5}) {
            INFO(seed << " " << hot);
            CHECK(run_random(seed, {.hot = hot}) == reference);
        }
    }
}

TEST_CASE("jit: an interrupt at any cycle of a window is taken as by the interpreter",
          "[cpu][jit]") {
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
        for (std::uint64_t raise_at = 3000; raise_at < 3150; ++raise_at) {
            INFO(seed << " " << raise_at);
            const Outcome reference = run_random(seed, {}, raise_at);
            CHECK(run_random(seed, {.hot = 2}, raise_at) == reference);
            CHECK(run_random(seed, {.quantum = 64, .early = true, .hot = 1}, raise_at) ==
                  reference);
        }
    }
}

TEST_CASE("cpu: a trace changes nothing and has every instruction", "[cpu]") {
    struct Count final : TraceSink {
        std::uint64_t lines = 0;
        void retired(const Retired& what) override { lines += what.pc >= code_base ? 1 : 0; }
    };
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        INFO(seed);
        Count count;
        const Outcome reference = run_random(seed, {}, 1000);
        CHECK(run_random(seed, {.trace = &count}, 1000) == reference);
        CHECK(count.lines == instructions);
        CHECK(run_random(seed, {.direct = false, .quantum = 7, .trace = &count}, 1000) ==
              reference);
    }
}

TEST_CASE("cpu: only the instruction that crosses the horizon goes beyond it", "[cpu]") {
    Machine m({}, {}, {1, 0}, {2, 2});
    build(m, 3);
    m.start();
    m.hart.set_x(11, 0x1000);
    std::uint64_t horizon = 0;
    while (m.hart.instret() < 3000) {
        horizon = std::max(horizon + 11, m.hart.cycles() + 1);
        if (m.hart.run(horizon, no_limit) == Exit::horizon) {
            CHECK(m.hart.cycles() >= horizon);
            CHECK(m.hart.cycles() < horizon + 40);
        }
    }
}

TEST_CASE("cpu: the instruction limit is exact", "[cpu]") {
    for (const std::uint64_t step : {1, 3, 50, 1000}) {
        Machine m;
        build(m, 5);
        m.start();
        for (std::uint64_t limit = step; limit < 3000; limit += step) {
            while (m.hart.run(no_limit, limit) == Exit::wfi) {
            }
            REQUIRE(m.hart.instret() == limit);
        }
    }
}
