// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// Stands behind hal/mmio.h and hal/cpu.h: notes every access as text and answers reads.
struct Recorder {
    /// What happened, for instance "r32 40000034", "w32 40000040 80001000", "mask", "sleep".
    std::vector<std::string> log;
    bool keep_log = true;

    /// Answers to reads of an address, in order; the last one stays.
    std::map<std::uintptr_t, std::deque<std::uint32_t>> answers;
    /// Where set, these take the place of the answers and see the writes.
    std::function<std::uint32_t(std::uintptr_t)> on_read;
    std::function<void(std::uintptr_t, std::uint32_t)> on_write;

    /// Handlers of interrupts to come, one a sleep; each runs when the mask is lifted.
    std::deque<std::function<void()>> interrupts;
    /// Handlers of interrupts that are pending.
    std::deque<std::function<void()>> pending;
    bool masked = false;

    void note(const std::string& text);

    /// The recorder that the functions of hal/ use.
    static Recorder& current();
    /// The same, with everything forgotten.
    static Recorder& fresh();
};
