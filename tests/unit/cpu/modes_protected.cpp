// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Random programs that change privilege, memory protection, MPRV, FS, interrupts, counters and
// their own code, run in every way a debugger, a trace, a quantum or the Bus can make them run.

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cpu/decode.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

constexpr std::uint32_t program_words = 600;
constexpr std::uint64_t instructions = 8000;
constexpr std::uint32_t device_base = 0x1000;
constexpr std::uint32_t second_base = data_base + 0x1000;
constexpr std::uint32_t rom_base = data_base + 0x2000;

// Registers that programs read only.
constexpr std::uint32_t data_edge = 10;    // code memory | data memory
constexpr std::uint32_t device = 11;       // behind it nothing answers
constexpr std::uint32_t second_edge = 12;  // data memory | second memory
constexpr std::uint32_t rom_edge = 13;     // second memory | read-only memory
constexpr std::uint32_t program = 14;
constexpr std::uint32_t status_bits = 15;  // 15 to 18: bits of mstatus
constexpr std::uint32_t protection = 19;   // 19 to 21: values of pmpcfg and pmpaddr
constexpr std::uint32_t patch = 22;        // 22, 23: instructions
constexpr std::uint32_t all_interrupts = 24;
constexpr std::uint32_t call_clears = 25;  // of MPP: leads to user or supervisor mode
constexpr std::uint32_t handler = 30;      // 30, 31: of the trap handler

/// How a program is run: none of it may change the outcome.
struct Mode {
    bool direct = true;
    std::uint64_t quantum = no_limit;
    bool early = false;
    bool traced = false;
    bool steps = false;        ///< a debugger's
    bool watches = false;      ///< one that many accesses meet
    bool breakpoints = false;  ///< many
    bool disturbed = false;    ///< regions come and go, counts are taken at each device access
};

struct Outcome {
    std::array<std::uint32_t, 65> registers{};
    std::uint32_t pc = 0;
    Privilege privilege = Privilege::machine;
    std::vector<std::uint32_t> csrs;
    std::vector<std::uint32_t> memory;
    std::vector<std::uint64_t> traps;
    std::vector<std::uint64_t> counts;

    bool operator==(const Outcome&) const = default;
};

class Generator {
public:
    explicit Generator(std::uint32_t seed) : random_(seed) {}

    std::uint32_t pick(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }

    /// One or two words.
    std::vector<std::uint32_t> next(std::uint32_t position) {
        switch (pick(16)) {
            case 0:
                return {system(position)};
            case 1:
                return {op::csr(pick(2) == 0 ? "csrrs" : "csrrc", destination(), csr::mstatus,
                                status_bits + pick(4))};
            case 2:
                return {protect()};
            case 3:
            case 4:
                return {counter()};
            case 5:
                return change_code(position);
            case 6: {  // two compressed ones: c.addi, c.mv, c.add, c.li on x5..x8, c.lw, c.sw
                constexpr std::uint32_t halves[] = {0x0295, 0x837e, 0x9396, 0x431d,
                                                    0x0405, 0x83a2, 0x4100, 0xc100};
                return {halves[pick(8)] | halves[pick(8)] << 16};
            }
            default:
                return {from_table(position)};
        }
    }

private:
    std::uint32_t destination() { return pick(10); }
    /// The program itself is for loads only.
    std::uint32_t base(bool load) {
        constexpr std::uint32_t bases[] = {data_edge, data_edge, second_edge, second_edge,
                                           rom_edge,  device,    program};
        return bases[pick(load ? 7 : 6)];
    }
    std::int32_t offset() {
        const auto near = static_cast<std::int32_t>(pick(24)) - 8;
        const std::int32_t aligned = static_cast<std::int32_t>(pick(64)) * 4 - 64;
        return pick(3) == 0 ? near : aligned;
    }

    std::uint32_t system(std::uint32_t position) {
        constexpr const char* bare[] = {"ecall", "ecall", "ecall",   "ebreak",
                                        "wfi",   "sret",  "fence.i", "sfence.vma"};
        const std::uint32_t kind = pick(10);
        if (kind == 8) {
            return op::csr("csrrw", 0, csr::mie, all_interrupts);
        }
        if (kind == 9) {
            const std::uint32_t to = std::min(position + 1 + pick(8), program_words);
            return op::i("jalr", destination(), program, static_cast<std::int32_t>(4 * to) & 0x7ff);
        }
        return op::bare(bare[kind]);
    }

    std::uint32_t protect() {
        const std::uint32_t number = pick(2) == 0 ? csr::pmpcfg0 : csr::pmpaddr0 + pick(4);
        return op::csr("csrrw", destination(), number, protection + pick(3));
    }

    std::uint32_t counter() {
        constexpr std::uint32_t numbers[] = {
            csr::mcycle,  csr::minstret, csr::mcountinhibit, csr::cycle,  csr::instret,
            csr::mcycleh, csr::fcsr,     csr::mscratch,      csr::time,   csr::hpmcounter3,
            csr::mip,     csr::mtval,    csr::mstatus,       csr::fflags, csr::mcause};
        std::uint32_t number = numbers[pick(15)];
        if (number == csr::hpmcounter3) {
            number += pick(13);
        }
        const std::uint32_t source = pick(3) == 0 ? pick(10) : 0;
        return op::csr(pick(2) == 0 ? "csrrs" : "csrrc", destination(), number, source);
    }

    /// A store to the program and fence.i, which no store replaces: they go to each eighth word.
    std::vector<std::uint32_t> change_code(std::uint32_t position) {
        if (position % 8 >= 6) {
            return {memory()};
        }
        const std::uint32_t to = std::min(position / 8 + pick(3), 60U) * 8 + 7;
        return {op::s("sw", patch + pick(2), program, static_cast<std::int32_t>(4 * to)),
                op::bare("fence.i")};
    }

    std::uint32_t from_table(std::uint32_t position) {
        const auto table = instruction_table();
        const InstructionInfo& info = table[pick(static_cast<std::uint32_t>(table.size()))];
        const std::uint32_t rd = destination();
        const std::uint32_t ahead = std::min(4 * (1 + pick(6)), 4 * (program_words - position));
        switch (info.format) {
            case Format::none:
            case Format::sfence:
            case Format::csr:
            case Format::csr_imm:
                return memory();
            case Format::fence:
                return info.match;
            case Format::load:
            case Format::f_load:
                return info.mnemonic == "jalr" ? memory()
                                               : op::i(info.mnemonic, rd, base(true), offset());
            case Format::store:
            case Format::f_store:
                return op::s(info.mnemonic, pick(10), base(false), offset());
            case Format::lr:
            case Format::amo:
                return op::r(info.mnemonic, rd, base(false),
                             info.format == Format::lr ? 0 : pick(10));
            case Format::branch:
                return op::b(info.mnemonic, pick(10), pick(10), static_cast<std::int32_t>(ahead));
            case Format::jump:
                return op::jal(rd, static_cast<std::int32_t>(ahead));
            default:
                return info.match | rd << 7 | pick(10) << 15 | (pick(1U << 12) << 20 & ~info.mask);
        }
    }

    std::uint32_t memory() {
        constexpr const char* loads[] = {"lw", "lh", "lbu", "flw"};
        constexpr const char* stores[] = {"sw", "sh", "sb", "fsw"};
        return pick(2) == 0 ? op::i(loads[pick(4)], destination(), base(true), offset())
                            : op::s(stores[pick(4)], pick(10), base(false), offset());
    }

    std::mt19937 random_;
};

/// Interrupts are switched off. Calls go to machine mode, and from there to a lower one; what else
/// traps is left out. After a fetch fault the program goes on in machine mode.
void write_handler(Machine& m) {
    constexpr std::uint32_t a = handler;
    constexpr std::uint32_t b = handler + 1;
    m.load({op::csr("csrrs", a, csr::mcause, 0), op::b("bge", a, 0, 12),
            op::csr("csrrw", 0, csr::mie, 0), op::bare("mret"),
            // b = MPP
            op::u("lui", b, 0x2000), op::i("addi", b, b, -0x800),
            // ecall from M
            op::i("addi", a, a, -11), op::b("bne", a, 0, 12),
            op::csr("csrrc", 0, csr::mstatus, call_clears), op::jal(0, 36),
            // fetch fault
            op::i("addi", a, a, 10), op::b("bne", a, 0, 12), op::csr("csrrs", 0, csr::mstatus, b),
            op::bare("mret"),
            // ecall from U or S
            op::i("addi", a, a, -7), op::i("sltiu", a, a, 2), op::b("beq", a, 0, 8),
            op::csr("csrrs", 0, csr::mstatus, b),
            // behind the instruction
            op::csr("csrrs", b, csr::mepc, 0), op::i("addi", b, b, 4),
            op::csr("csrrw", 0, csr::mepc, b), op::bare("mret")},
           vector_base);
}

class Run {
public:
    Run(std::uint32_t seed, const Mode& mode)
        : mode_(mode),
          m_({}, configuration(seed), {2, 0}, {seed % 3, seed % 4}),
          second_(m_.bus.add_memory(second_base, 0x1000, {seed % 2, 3})),
          rom_(m_.bus.add_memory(rom_base, 0x1000, {1, 0}, false)) {
        m_.bus.direct = mode.direct;
        write_program(seed);
        write_handler(m_);
        m_.bus.clock = [this] { return m_.hart.cycles() / 10; };
        m_.bus.stop_at = [this](const Trap& trap) {
            outcome_.traps.insert(outcome_.traps.end(), {trap.cause, trap.tval, trap.pc,
                                                         m_.hart.cycles(), m_.hart.instret()});
            return false;
        };
        m_.bus.device_read = [this](std::uint32_t address, unsigned, std::uint32_t& value) {
            disturb();
            value = static_cast<std::uint32_t>(m_.hart.cycles()) ^ address;
            return is_device(address);
        };
        m_.bus.device_write = [this](std::uint32_t address, unsigned, std::uint32_t value) {
            disturb();
            return is_device(address) && write_device(address, value);
        };
        start(seed);
    }

    Outcome outcome() {
        run();
        Hart& h = m_.hart;
        for (unsigned k = 0; k < 32; ++k) {
            outcome_.registers.at(k) = h.x(k);
            outcome_.registers.at(32 + k) = h.f(k);
        }
        outcome_.pc = h.pc();
        outcome_.privilege = h.privilege();
        for (const std::uint32_t number :
             {csr::mstatus, csr::mepc, csr::mcause, csr::mtval, csr::mscratch, csr::mcycle,
              csr::minstret, csr::mip, csr::mie, csr::mcountinhibit, csr::pmpcfg0, csr::pmpaddr0}) {
            outcome_.csrs.push_back(m_.csr(number));
        }
        for (unsigned k = 0; k < 13; ++k) {
            outcome_.csrs.push_back(m_.csr(csr::mhpmcounter3 + k));
        }
        for (std::uint32_t at = data_base - 256; at < rom_base; at += 4) {
            outcome_.memory.push_back(m_.bus.peek32(at));
        }
        take_counts();
        outcome_.counts.assign(spent_.begin(), spent_.end());
        outcome_.counts.insert(outcome_.counts.end(), {h.cycles(), h.instret(), h.trap_returns()});
        for (const Region* region : {&m_.code, &m_.data, &second_, &rom_}) {
            outcome_.counts.insert(outcome_.counts.end(),
                                   {region->fetches, region->reads, region->writes});
        }
        return outcome_;
    }

private:
    static HartConfig configuration(std::uint32_t seed) {
        HartConfig config;
        config.supervisor_mode = seed % 2 == 0;
        config.misaligned_traps = seed % 5 == 0;
        return config;
    }
    static bool is_device(std::uint32_t address) { return address - device_base < 0x80; }

    void write_program(std::uint32_t seed) {
        Generator generator(seed);
        for (std::uint32_t k = 0; k < program_words;) {
            for (const std::uint32_t word : generator.next(k)) {
                m_.bus.poke32(code_base + 4 * k++, word);
            }
        }
        const std::uint32_t end = code_base + 4 * program_words;
        m_.bus.poke32(end, op::jal(0, -4 * static_cast<std::int32_t>(program_words)));
        m_.bus.poke32(end + 4, op::jal(0, -4 * static_cast<std::int32_t>(program_words) - 4));
    }

    void start(std::uint32_t seed) {
        m_.start();
        Hart& h = m_.hart;
        const std::array<std::pair<std::uint32_t, std::uint32_t>, 16> values{
            {{data_edge, data_base},
             {device, device_base},
             {second_edge, second_base},
             {rom_edge, rom_base},
             {program, code_base},
             {status_bits, mstatus::mprv},
             {status_bits + 1, mstatus::mpp},
             {status_bits + 2, mstatus::fs},
             {status_bits + 3, mstatus::mie | mstatus::mpie},
             // Entries 0 to 3: address ranges and what they allow.
             {protection, 0x0919'0b1bU ^ (seed * 0x0104'0201U & 0x0707'0707U)},
             {protection + 1, (data_base >> 2) + seed % 32},
             {protection + 2, (code_base >> 2) + 37 * seed % 300},
             {call_clears, seed % 2 == 0 ? 2 * mstatus::mpp_unit : mstatus::mpp},
             {patch, op::i("addi", 5, 5, 1)},
             {patch + 1, op::i("lw", 6, data_edge, 4)},
             {all_interrupts, 1U << interrupt::timer | 1U << interrupt::software}}};
        for (const auto& [number, value] : values) {
            h.set_x(number, value);
        }
        // The last range: the others have all rights. Before it one that is locked, at times.
        h.write_csr(csr::pmpaddr0 + 7, ~0U);
        h.write_csr(csr::pmpaddr0 + 6, (second_base >> 2) + 1);
        h.write_csr(csr::pmpcfg0 + 1, 0x1f00'0000U | (seed % 4 == 0 ? 0x0091'0000U : 0));
        h.write_csr(csr::mcounteren, ~0U);
        for (unsigned k = 0; k < 13; ++k) {
            h.write_csr(csr::mhpmevent3 + k, k + 1);
        }
        h.write_csr(csr::mie, 1U << interrupt::timer | 1U << interrupt::software);
        if (mode_.watches) {
            h.insert_watch(watch_);
        }
        for (std::uint32_t at = 0; mode_.breakpoints && at < 4 * program_words; at += 22) {
            h.insert_breakpoint(code_base + at);
        }
        h.set_trace(mode_.traced ? &sink_ : nullptr);
    }

    bool write_device(std::uint32_t address, std::uint32_t value) {
        Hart& h = m_.hart;
        switch (address >> 2 & 7U) {
            case 0:
                h.set_interrupt(interrupt::software, true);
                break;
            case 1:
                h.set_interrupt(interrupt::software, false);
                break;
            case 2:
                h.clear_reservation(data_base, data_base + 255);
                break;
            case 3: {
                const std::uint32_t at = code_base + 4 * (value % (program_words / 8) * 8 + 7);
                m_.bus.poke32(at, op::i("addi", 7, 7, 3));
                h.invalidate_code(at, at + 3);
                break;
            }
            case 4:
                h.request_leave();
                break;
            default:
                break;
        }
        return true;
    }

    void disturb() {
        if (!mode_.disturbed) {
            return;
        }
        switch (++disturbances_ % 5) {
            case 0:
                m_.hart.invalidate_regions();
                break;
            case 1:
                take_counts();
                break;
            case 2:
                m_.hart.invalidate_code(code_base, code_base + 0x1000);
                break;
            case 3:
                m_.hart.request_leave();
                break;
            default:
                break;
        }
    }

    void take_counts() {
        const EnergyCounts counts = m_.hart.take_counts();
        for (std::size_t k = 0; k < counts.size(); ++k) {
            spent_[k] += counts[k];
        }
    }

    /// The timer's line changes its level every so many cycles.
    void run() {
        constexpr std::uint64_t half_period = 700;
        for (;;) {
            const std::uint64_t now = m_.hart.cycles();
            m_.hart.set_interrupt(interrupt::timer, now / half_period % 2 == 1);
            const std::uint64_t edge = (now / half_period + 1) * half_period;
            const std::uint64_t horizon =
                mode_.quantum == no_limit ? edge : std::min(edge, now + mode_.quantum);
            Exit exit = mode_.steps
                            ? m_.hart.run_step(horizon, instructions)
                            : m_.hart.run(horizon, instructions, mode_.early && horizon < edge);
            if (exit == Exit::debug && !mode_.steps) {
                exit = step_over(horizon);
            }
            if (exit == Exit::instruction_limit || exit == Exit::dead) {
                return;  // dead: a locked entry may well cover the handler
            }
            REQUIRE((exit == Exit::horizon || exit == Exit::wfi || exit == Exit::leave ||
                     exit == Exit::debug));
        }
    }

    /// As GDB does it.
    Exit step_over(std::uint64_t horizon) {
        const bool watched = m_.hart.take_watch_hit().has_value();
        if (watched) {
            m_.hart.remove_watch(watch_);
        }
        const Exit exit = m_.hart.run_step(horizon, instructions);
        if (watched) {
            m_.hart.insert_watch(watch_);
        }
        return exit;
    }

    struct Ignore final : TraceSink {
        void retired(const Retired&) override {}
    };

    Mode mode_;
    Machine m_;
    Region& second_;
    Region& rom_;
    Ignore sink_;
    Outcome outcome_;
    EnergyCounts spent_{};
    std::uint32_t disturbances_ = 0;
    const Watch watch_{data_base + 8, data_base + 23, true, true};
};

Outcome run_random(std::uint32_t seed, const Mode& mode) {
    return Run(seed, mode).outcome();
}

void compare(const Outcome& reference, const Outcome& other) {
    CHECK(other.pc == reference.pc);
    CHECK(other.csrs == reference.csrs);
    CHECK(other.counts == reference.counts);
    const auto [a, b] = std::mismatch(reference.traps.begin(), reference.traps.end(),
                                      other.traps.begin(), other.traps.end());
    CHECK(a - reference.traps.begin() == static_cast<std::ptrdiff_t>(reference.traps.size()));
    CHECK(b - other.traps.begin() == static_cast<std::ptrdiff_t>(other.traps.size()));
    CHECK((other == reference));
}

}  // namespace

TEST_CASE("cpu: no way to run changes a program with modes and protection", "[cpu][modes]") {
    std::array<std::uint64_t, 16> causes{};
    for (std::uint32_t seed = 1; seed <= 24; ++seed) {
        const Outcome reference = run_random(seed, {});
        for (std::size_t k = 0; k < reference.traps.size(); k += 5) {
            ++causes.at(reference.traps[k]);
        }
        const std::array<Mode, 10> modes{{{.direct = false},
                                          {.quantum = 3},
                                          {.quantum = 97, .early = true},
                                          {.traced = true},
                                          {.steps = true},
                                          {.watches = true},
                                          {.breakpoints = true},
                                          {.disturbed = true},
                                          {.direct = false, .quantum = 50, .breakpoints = true},
                                          {.quantum = 60, .watches = true, .disturbed = true}}};
        for (std::size_t k = 0; k < modes.size(); ++k) {
            INFO("seed " << seed << ", mode " << k);
            compare(reference, run_random(seed, modes.at(k)));
        }
    }
    for (const std::uint32_t each :
         {cause::fetch_fault, cause::illegal, cause::breakpoint, cause::load_fault,
          cause::store_fault, cause::load_misaligned, cause::store_misaligned, cause::ecall_from_u,
          cause::ecall_from_s, cause::ecall_from_m}) {
        INFO("cause " << each);
        CHECK(causes.at(each) > 5);
    }
}
