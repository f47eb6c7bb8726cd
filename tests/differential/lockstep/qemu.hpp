// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/differential/lockstep/program.hpp"
#include "tests/differential/lockstep/state.hpp"

namespace cimera::lockstep {

/// A program on QEMU's virt board, one instruction after the other. Throws std::runtime_error where
/// QEMU cannot be run or falls silent.
class Qemu {
public:
    explicit Qemu(const Program& program);
    Qemu(const Qemu&) = delete;
    Qemu& operator=(const Qemu&) = delete;
    Qemu(Qemu&&) = delete;
    Qemu& operator=(Qemu&&) = delete;
    ~Qemu();

    /// The state before the next instruction of the program.
    State next();

    static constexpr std::string_view executable = "qemu-system-riscv32";

private:
    void start();
    State read_state();
    void note_privilege(std::string_view header);
    /// Without its end of line, valid until the next call.
    std::string_view line();
    void refill();

    std::string folder_;
    int process_ = -1;
    int log_ = -1;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint32_t privilege_ = 3;
    bool started_ = false;
};

}  // namespace cimera::lockstep
