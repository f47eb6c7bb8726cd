// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <memory>

#include "models/cpu/hart.hpp"
#include "tests/differential/lockstep/program.hpp"
#include "tests/differential/lockstep/state.hpp"
#include "tests/support/flat_bus.hpp"

namespace cimera::lockstep {

/// A program on our core, set up like QEMU's virt board after its boot code.
class Ours {
public:
    /// `hot`: executions that make a block hot; 0: nothing is translated.
    explicit Ours(const Program& program, bool direct = true, std::uint32_t hot = 0);

    [[nodiscard]] State state();
    /// What the board's boot code left in the registers.
    void take_registers(const State& state);
    /// Takes a pending interrupt, or lets an instruction begin: false if none began because an
    /// interrupt or a fetch fault was taken instead. QEMU does not log the state in that case.
    bool step();
    /// Until `instructions` have retired. For less than that the core must have stopped.
    void run(std::uint64_t instructions, std::uint64_t horizon_seed);

    [[nodiscard]] cpu::Hart& hart() { return hart_; }
    /// Everything that must be equal in all modes, as text.
    [[nodiscard]] std::string outcome();
    /// The bits at the program counter; 0 where there is no memory.
    [[nodiscard]] std::uint32_t instruction();

private:
    test::FlatBus bus_;
    cpu::Region& memory_;
    cpu::Hart hart_;
};

}  // namespace cimera::lockstep
