// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cimera::console {

/// The terminal of standard input without line editing and echo while this lives. Whatever ends the
/// program, its settings come back.
class Terminal {
public:
    /// Only in the foreground: changing the terminal would stop a program in the background.
    [[nodiscard]] static bool usable();

    Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() { restore(); }

    /// Safe in signal handlers, and where no Terminal lives.
    static void restore();

    /// Takes the commands out of what was typed: Ctrl-A x ends the run as Ctrl-C does, Ctrl-A c is
    /// a Ctrl-C for the firmware, Ctrl-A Ctrl-A is a Ctrl-A. Returns the bytes that are left.
    std::size_t filter(std::span<std::uint8_t> typed);

private:
    bool command_ = false;
};

}  // namespace cimera::console
