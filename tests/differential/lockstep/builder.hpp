// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/differential/lockstep/program.hpp"
#include "tests/unit/cpu/machine.hpp"

namespace cimera::lockstep {

namespace op = test::assemble;
using Word = std::uint32_t;

// Registers with a purpose; random instructions read but do not write them.
inline constexpr Word sp = 2;          // points into the scratch pages, for c.lwsp and the like
inline constexpr Word compact = 9;     // the same, for c.lw and c.sw
inline constexpr Word count = 26;      // of a loop
inline constexpr Word temporary = 27;  // of a unit
inline constexpr Word base = 28;       // the middle of the scratch pages
inline constexpr Word resume = 29;     // where to go on after a jump to nowhere
inline constexpr Word handler_a = 30;
inline constexpr Word handler_b = 31;

inline constexpr Word handler_address = test::code_base + 0x10;
inline constexpr Word machine_mode = 3U << 11;  // mstatus.MPP
inline constexpr Word fs_dirty = 3U << 13;      // mstatus.FS

// Single precision: zeros, ones, halves, infinities, quiet and signalling NaNs, subnormals, the
// least and greatest normal, limits of integers, and neighbours for halfway cases.
inline constexpr std::array<Word, 32> singles{
    0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x3f000000, 0xbf000000, 0x7f800000, 0xff800000,
    0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff,
    0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x4effffff,
    0x33800000, 0x34000000, 0x3f800001, 0x3fc00000, 0x40200000, 0x4b000001, 0x4affffff, 0x7fc12345};

/// What every random program consists of: units one after the other, registers set up, a trap
/// handler, an end that shows memory. Draws random numbers.
class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed) { program_.seed = seed; }

    Word below(Word bound) { return static_cast<Word>(((random() >> 32) * bound) >> 32); }
    bool chance(Word percent) { return below(100) < percent; }
    template <typename Choices>
    auto pick(const Choices& choices) {
        return choices[below(static_cast<Word>(choices.size()))];
    }

    std::uint64_t random() { return random_(); }
    std::mt19937_64& engine() { return random_; }
    /// Often one at a corner of the integer or floating-point operations.
    Word value();

    /// Starts a unit.
    void begin(bool removable = true);
    void word(Word bits);
    void half(Word bits) { unit().code.push_back(static_cast<std::uint16_t>(bits)); }
    /// The one under construction.
    Unit& unit() { return program_.units.back(); }
    void load_immediate(Word rd, Word bits);
    /// Makes `sp` or `compact` point into the scratch pages again.
    void restore_pointer(Word rd);

    /// The unit under construction holds a jump; it will lead to one of the next units.
    void forward_from_here();

    void setup();
    /// Appends the end and resolves jumps.
    Program finish();

private:
    /// A branch or jump to the beginning of a later unit.
    struct Fixup {
        std::size_t unit;
        std::size_t target;
    };

    void handler();
    void ending();
    void link();
    void resolve(const Fixup& fixup);

    std::mt19937_64 random_;
    Program program_;
    std::vector<Fixup> fixups_;
};

}  // namespace cimera::lockstep
