// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cpu/hart.hpp"

#include <cstring>

#include "tests/fuzz/fuzz.hpp"
#include "tests/support/flat_bus.hpp"

using namespace cimera;
using fuzz::require;

namespace {

constexpr std::uint32_t code_base = 0x80000000;
constexpr std::uint32_t data_base = 0x80001000;
constexpr std::uint32_t memory_bytes = 0x1000;
constexpr std::uint64_t instructions = 2000;

/// A hart with the input as its code, a data memory behind it and nothing else.
struct World {
    test::FlatBus bus;
    cpu::Hart hart;

    World(const std::uint8_t* data, std::size_t size, bool direct)
        : hart({}, (bus.add_memory(code_base, memory_bytes),
                    bus.add_memory(data_base, memory_bytes), bus)) {
        bus.direct = direct;
        bus.poke(code_base, data, static_cast<unsigned>(size));
        hart.reset(code_base);
        // Most registers point to memory, so that loads and stores reach something.
        for (unsigned i = 1; i < 32; ++i) {
            hart.set_x(i, (i % 3 == 0 ? code_base : data_base) + 64 * i);
        }
        hart.set_interrupt(7, true);
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

}  // namespace

/// Any bytes as a program: it ends, and direct memory and the length of slices make no difference.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > memory_bytes) {
        return 0;
    }
    World direct(data, size, true);
    World stepped(data, size, false);
    const cpu::Exit exit = direct.run(~std::uint64_t{0} >> 1U);
    require(exit == stepped.run(7));
    require(direct.hart.pc() == stepped.hart.pc());
    require(direct.hart.cycles() == stepped.hart.cycles());
    require(direct.hart.instret() == stepped.hart.instret());
    require(direct.bus.traps.size() == stepped.bus.traps.size());
    require(direct.hart.take_counts() == stepped.hart.take_counts());
    for (unsigned i = 0; i < 32; ++i) {
        require(direct.hart.x(i) == stepped.hart.x(i));
    }
    for (std::uint32_t at = code_base; at < data_base + memory_bytes; at += 4) {
        require(direct.bus.peek32(at) == stepped.bus.peek32(at));
    }
    return 0;
}
