// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cpu/hart.hpp"

#include <array>
#include <cstring>
#include <vector>

#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera;
using fuzz::require;

namespace {

constexpr std::uint32_t code_base = test::code_base;
constexpr std::uint32_t data_base = code_base + 0x1000;
constexpr std::uint32_t vector_base = code_base + 0x2000;  // read only
constexpr std::uint32_t supervisor_vector = vector_base + 0x100;
constexpr std::uint32_t entry = vector_base + 0x200;
constexpr std::uint32_t device = 0x10000000;
constexpr std::uint32_t memory_bytes = 0x1000;
constexpr std::uint64_t instructions = 2000;
constexpr std::uint64_t everything = ~std::uint64_t{0} >> 1U;

/// The first bytes of the input: what the core is and where its program begins.
struct Setup {
    std::uint8_t features;  // bits: U, S, misaligned, semihosting, vectored, all memory granted
    std::uint8_t lines;
    std::uint16_t interrupts;
    std::uint16_t interrupts_delegated;
    std::uint16_t exceptions_delegated;
    std::uint32_t mstatus;
    std::array<std::uint8_t, 4> protection;
    std::array<std::uint16_t, 4> bounds;  // words from code_base on
    std::uint8_t breakpoint;              // halfwords from code_base on
    std::uint8_t watch;                   // words from data_base on
    std::uint16_t left_out;               // extensions
};
static_assert(sizeof(Setup) == 28);
using Bytes = std::array<std::uint8_t, 2 * memory_bytes>;

/// One handler: behind the first word those of vectored interrupts, after which nothing is enabled.
void append_handler(std::vector<std::uint32_t>& words, std::uint32_t epc, std::uint32_t enables,
                    const char* leave) {
    using namespace test::assemble;
    const std::uint32_t skip[] = {csr("csrrs", 31, epc, 0),    i("addi", 31, 31, 4),
                                  csr("csrrw", 0, epc, 31),    bare(leave),
                                  csr("csrrw", 0, enables, 0), bare(leave)};
    words.push_back(jal(0, 0x40));
    for (int at = 4; at < 0x40; at += 4) {
        words.push_back(jal(0, 0x50 - at));
    }
    words.insert(words.end(), std::begin(skip), std::end(skip));
    words.resize((words.size() + 63) / 64 * 64);
}

/// All of vector_base's memory.
std::vector<std::uint32_t> handlers() {
    std::vector<std::uint32_t> words;
    append_handler(words, cpu::csr::mepc, cpu::csr::mie, "mret");
    append_handler(words, cpu::csr::sepc, cpu::csr::sie, "sret");
    words.push_back(test::assemble::bare("mret"));
    return words;
}

std::uint32_t shadow_index(const cpu::Retired& what) {
    return what.rd + (what.file == cpu::Retired::File::f ? 32U : 0U);
}

/// The input as the program of a hart with two memories, trap handlers that go on behind the
/// instruction, and a device whose every access tells.
struct World {
    test::FlatBus bus;
    std::array<const cpu::Region*, 3> regions;
    cpu::Hart hart;
    std::uint32_t device_state = 0;

    World(const Setup& setup, const std::uint8_t* code, std::size_t size, bool direct)
        : regions{&bus.add_memory(code_base, memory_bytes),
                  &bus.add_memory(data_base, memory_bytes, {1, 2}),
                  &bus.add_memory(vector_base, memory_bytes, {}, false)},
          hart(config(setup), bus) {
        bus.direct = direct;
        bus.device_read = [this](std::uint32_t address, unsigned bytes, std::uint32_t& value) {
            value = device_state = device_state * 5 + bytes + address;
            return address >> 28 == device >> 28;
        };
        bus.device_write = [this](std::uint32_t address, unsigned bytes, std::uint32_t value) {
            device_state = device_state * 7 + bytes + value + address;
            return address >> 28 == device >> 28;
        };
        bus.poke(code_base, code, static_cast<unsigned>(size));
        write_handlers();
        hart.reset(entry);
        begin(setup);
    }

    static cpu::HartConfig config(const Setup& setup) {
        cpu::HartConfig config;
        config.extensions &= ~cpu::ExtensionSet{setup.left_out};
        config.user_mode = (setup.features & 1U) != 0;
        config.supervisor_mode = (setup.features & 2U) != 0;
        config.misaligned_traps = (setup.features & 4U) != 0;
        config.semihosting = (setup.features & 8U) != 0;
        return config;
    }

    void write_handlers() {
        static const std::vector<std::uint32_t> words = handlers();
        bus.poke(vector_base, words.data(), static_cast<unsigned>(4 * words.size()));
    }

    void begin(const Setup& setup) {
        using namespace cpu::csr;
        // Most registers point to memory, so that loads and stores reach something.
        const std::array<std::uint32_t, 4> places = {code_base, data_base, data_base, device};
        constexpr std::array<std::uint32_t, 4> floats = {0x3f800000, 0x7f800001, 0x00000001,
                                                         0xff7fffff};
        for (unsigned i = 1; i < 32; ++i) {
            hart.set_x(i, places[i % places.size()] + 64 * i);
            hart.set_f(i, floats[i % floats.size()] + (i << 8U));
        }
        for (unsigned i = 0; i < setup.bounds.size(); ++i) {
            hart.write_csr(pmpaddr0 + i, (code_base >> 2U) + setup.bounds[i]);
        }
        if ((setup.features & 32U) != 0) {
            hart.write_csr(pmpaddr15, ~0U);
            hart.write_csr(pmpcfg3, 0x1f00'0000);
        }
        std::uint32_t protection = 0;
        std::memcpy(&protection, setup.protection.data(), sizeof protection);
        hart.write_csr(pmpcfg0, protection);
        const std::uint32_t vectored = setup.features >> 4U & 1U;
        hart.write_csr(mtvec, vector_base | vectored);
        hart.write_csr(stvec, supervisor_vector | vectored);
        hart.write_csr(mie, setup.interrupts);
        hart.write_csr(mideleg, setup.interrupts_delegated);
        hart.write_csr(medeleg, setup.exceptions_delegated);
        hart.write_csr(mcounteren, setup.mstatus);
        hart.write_csr(scounteren, setup.mstatus >> 8U);
        hart.write_csr(mstatus, setup.mstatus);
        hart.write_csr(mepc, code_base);
        hart.set_interrupt(cpu::interrupt::software, (setup.lines & 1U) != 0);
        hart.set_interrupt(cpu::interrupt::timer, (setup.lines & 2U) != 0);
        hart.set_interrupt(cpu::interrupt::external, (setup.lines & 4U) != 0);
        hart.set_interrupt(cpu::interrupt::supervisor_external, (setup.lines & 8U) != 0);
    }

    /// Runs to the end in slices of so many cycles.
    cpu::Exit run(std::uint64_t slice) {
        for (;;) {
            const cpu::Exit exit = hart.run(hart.cycles() + slice, instructions);
            if (exit != cpu::Exit::horizon) {
                return exit;
            }
        }
    }
};

/// Runs under a debugger that lets go on wherever it stops; every third time by steps.
cpu::Exit run_debugged(World& world, const Setup& setup) {
    cpu::Hart& hart = world.hart;
    const std::uint32_t watched = data_base + 4U * setup.watch;
    hart.insert_breakpoint(code_base + 2U * setup.breakpoint);
    hart.insert_watch({watched, watched + 3, true, (setup.watch & 1U) != 0});
    for (unsigned stops = 0;; ++stops) {
        const bool stepping = stops % 3 == 2;
        const cpu::Exit exit =
            stepping ? hart.run_step(everything, instructions) : hart.run(everything, instructions);
        if (exit != cpu::Exit::debug) {
            return exit;
        }
        // As GDB does: without the points, one step, and the points again.
        if (!stepping || hart.take_watch_hit()) {
            const std::optional<cpu::Watch> hit = hart.take_watch_hit();
            const cpu::Watch watch{watched, watched + 3, true, (setup.watch & 1U) != 0};
            require(!hit || *hit == watch);
            require(hart.remove_watch(watch));
            const cpu::Exit step = hart.run_step(everything, instructions);
            hart.insert_watch(watch);
            if (step != cpu::Exit::debug) {
                return step;
            }
        }
    }
}

Bytes memory_of(World& world) {
    Bytes bytes{};
    require(world.bus.peek(code_base, bytes.data(), memory_bytes));
    require(world.bus.peek(data_base, bytes.data() + memory_bytes, memory_bytes));
    return bytes;
}

/// What the log of retired instructions says that registers and memory became.
struct Shadow final : cpu::TraceSink {
    explicit Shadow(World& observed) : world(observed), bytes(memory_of(observed)) {
        for (unsigned i = 0; i < 32; ++i) {
            registers[i] = world.hart.x(i);
            registers[32 + i] = world.hart.f(i);
        }
    }
    void retired(const cpu::Retired& what) override {
        ++count;
        if (what.file != cpu::Retired::File::none) {
            registers[shadow_index(what)] = what.value;
        }
        for (unsigned i = 0; what.stores && i < what.size; ++i) {
            const std::uint32_t at = what.address - code_base + i;
            if (at < bytes.size()) {
                bytes[at] = static_cast<std::uint8_t>(what.stored >> 8 * i);
            }
        }
    }
    void check() {
        require(count == world.hart.instret());
        for (unsigned i = 0; i < 32; ++i) {
            require(registers[i] == world.hart.x(i));
            require(registers[32 + i] == world.hart.f(i));
        }
        require(bytes == memory_of(world));
    }

    World& world;
    std::uint64_t count = 0;
    std::array<std::uint32_t, 64> registers{};
    Bytes bytes;
};

void require_equal(World& one, World& other) {
    require(one.hart.pc() == other.hart.pc());
    require(one.hart.privilege() == other.hart.privilege());
    require(one.hart.cycles() == other.hart.cycles());
    require(one.hart.instret() == other.hart.instret());
    require(one.device_state == other.device_state);
    require(one.bus.traps.size() == other.bus.traps.size());
    for (std::size_t i = 0; i < one.bus.traps.size(); ++i) {
        const cpu::Trap& a = one.bus.traps[i];
        const cpu::Trap& b = other.bus.traps[i];
        require(a.cause == b.cause && a.tval == b.tval && a.pc == b.pc && a.from == b.from);
        require(a.address == b.address && a.size == b.size && a.access == b.access);
        require(a.denied == b.denied);
    }
    for (unsigned i = 0; i < 32; ++i) {
        require(one.hart.x(i) == other.hart.x(i));
        require(one.hart.f(i) == other.hart.f(i));
    }
    for (std::uint32_t number = 0; number < 0x1000; ++number) {
        require(one.hart.read_csr(number) == other.hart.read_csr(number));
    }
    require(memory_of(one) == memory_of(other));
    for (std::size_t i = 0; i < one.regions.size(); ++i) {
        require(one.regions[i]->fetches == other.regions[i]->fetches);
        require(one.regions[i]->reads == other.regions[i]->reads);
        require(one.regions[i]->writes == other.regions[i]->writes);
    }
}

}  // namespace

/// Any bytes as a program in any mode: it ends, and direct memory, the length of slices, a
/// debugger and a log make no difference to what it does.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Setup setup{};
    if (size <= sizeof setup || size > memory_bytes) {
        return 0;
    }
    std::memcpy(&setup, data, sizeof setup);
    const std::uint8_t* const code = data + sizeof setup;
    const std::size_t length = size - sizeof setup;
    World direct(setup, code, length, true);
    World sliced(setup, code, length, false);
    World debugged(setup, code, length, (setup.left_out & 0x8000U) == 0);
    World traced(setup, code, length, (setup.left_out & 0x4000U) == 0);
    Shadow shadow(traced);
    traced.hart.set_trace(&shadow);
    const cpu::Exit exit = direct.run(everything);
    require(exit == sliced.run(7));
    (void)run_debugged(debugged, setup);
    require(exit == traced.run(everything));
    shadow.check();
    const cpu::EnergyCounts counts = direct.hart.take_counts();
    // Without fence.i, stores to code take effect when it is decoded again: breakpoints do that.
    const Bytes memory = memory_of(direct);
    const bool same_code = std::memcmp(memory.data(), code, length) == 0;
    for (World* const other : {&sliced, &traced, &debugged}) {
        if (other != &debugged || same_code) {
            require(other->hart.take_counts() == counts);
            require_equal(direct, *other);
        }
    }
    return 0;
}
