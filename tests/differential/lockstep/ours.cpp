// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/ours.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include <fmt/format.h>

namespace cimera::lockstep {

namespace {

// Wait states, so that cycles depend on what is accessed.
constexpr test::Waits waits{2, 3};

std::uint64_t hash(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t value = 0xcbf29ce484222325;
    for (std::size_t n = 0; n < size; ++n) {
        value = (value ^ bytes[n]) * 0x100000001b3;
    }
    return value;
}

}  // namespace

Ours::Ours(const Program& program, bool direct, std::uint32_t hot)
    : memory_(bus_.add_memory(code_base, scratch_base + scratch_bytes - code_base, waits)),
      hart_({.supervisor_mode = true, .jit = hot != 0, .jit_threshold = hot}, bus_) {
    bus_.direct = direct;
    const auto image = program.image();
    std::copy(image.begin(), image.end(), memory_.data);
    bus_.stop_at = [this](const cpu::Trap&) {
        hart_.request_leave();
        return false;
    };
    hart_.reset(code_base);
    hart_.set_interrupt(cpu::interrupt::timer, true);  // the board's compare register resets to 0
}

State Ours::state() {
    State state;
    state.pc = hart_.pc();
    state.privilege = static_cast<std::uint32_t>(hart_.privilege());
    for (unsigned n = 0; n < 32; ++n) {
        state.x[n] = hart_.x(n);
        state.f[n] = hart_.f(n);
    }
    for (std::size_t n = 0; n < compared_csrs.size(); ++n) {
        state.csrs[n] = hart_.read_csr(compared_csrs[n].number).value_or(0);
    }
    return state;
}

void Ours::take_registers(const State& state) {
    for (unsigned n = 1; n < 32; ++n) {
        hart_.set_x(n, state.x[n]);
    }
}

bool Ours::step() {
    const std::uint64_t retired = hart_.instret();
    bus_.traps.clear();
    // An interrupt's entry takes cycles, too: the core returns before the handler's instruction.
    while (hart_.run(hart_.cycles() + 1, std::numeric_limits<std::uint64_t>::max()) ==
               cpu::Exit::leave &&
           bus_.traps.empty() && hart_.instret() == retired) {
    }
    if (!bus_.traps.empty()) {
        return bus_.traps.front().cause != cpu::cause::fetch_fault;
    }
    return hart_.instret() != retired;
}

void Ours::run(std::uint64_t instructions, std::uint64_t horizon_seed) {
    bus_.stop_at = {};
    std::mt19937_64 random(horizon_seed);
    std::uint64_t horizon = std::numeric_limits<std::uint64_t>::max();
    for (;;) {
        if (horizon_seed != 0) {
            horizon = hart_.cycles() + 1 + random() % (random() % 8 == 0 ? 2000 : 40);
        }
        const cpu::Exit exit = hart_.run(horizon, instructions);
        if (exit == cpu::Exit::instruction_limit || exit == cpu::Exit::dead) {
            return;
        }
    }
}

std::string Ours::outcome() {
    const auto counts = hart_.take_counts();
    const State last = state();
    std::string text = fmt::format("pc {:08x} cycles {} instret {}\nx {:x}\nf {:x}\ncsrs {:x}\n",
                                   last.pc, hart_.cycles(), hart_.instret(), fmt::join(last.x, " "),
                                   fmt::join(last.f, " "), fmt::join(last.csrs, " "));
    text += fmt::format("classes {}\nfetches {} reads {} writes {}\nmemory {:x}\n",
                        fmt::join(counts, " "), memory_.fetches, memory_.reads, memory_.writes,
                        hash(memory_.data, memory_.last - memory_.first + 1));
    return text;
}

std::uint32_t Ours::instruction() {
    std::uint32_t bits = 0;
    const std::uint32_t at = hart_.pc();
    if (bus_.peek(at, &bits, 4) || bus_.peek(at, &bits, 2)) {
        return bits;
    }
    return 0;
}

}  // namespace cimera::lockstep
