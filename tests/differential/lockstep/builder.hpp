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
inline constexpr Word sp = 2;       // points into the scratch pages, for c.lwsp and the like
inline constexpr Word compact = 9;  // the same, for c.lw and c.sw
inline constexpr Word plain_registers = 23;  // x1 to x23 may hold anything
inline constexpr Word supervisor_a = 24;     // of the trap handler of S mode
inline constexpr Word supervisor_b = 25;
inline constexpr Word count = 26;      // of a loop
inline constexpr Word temporary = 27;  // of a unit
inline constexpr Word base = 28;       // the middle of the scratch pages
inline constexpr Word resume = 29;     // where to go on after a jump to nowhere
inline constexpr Word handler_a = 30;
inline constexpr Word handler_b = 31;

inline constexpr Word handler_address = test::code_base + 0x10;
inline constexpr Word supervisor_handler = test::code_base + 0x100;
inline constexpr Word supervisor_mode = 1U << 11;  // mstatus.MPP
inline constexpr Word machine_mode = 3U << 11;
inline constexpr Word fs_dirty = 3U << 13;  // mstatus.FS

// What no other access touches is for the edges of memory protection: data, then instructions that
// jump to `resume`.
inline constexpr Word guarded_data = scratch_base;
inline constexpr Word guarded_code = scratch_base + 0x400;
inline constexpr Word guarded_end = scratch_base + 0x800;
// Entries 0 to 2 of memory protection always allow the program, and the scratch memory this far
// from the middle.
inline constexpr Word allowed_bytes = 68;
inline constexpr Word allow_all = 0x1f;  // pmpcfg: NAPOT, read, write, execute
inline constexpr Word fixed_entries = allow_all | 0x0f << 16;  // entry 1 is off, 2 is TOR

// Single precision: zeros, ones, halves, infinities, quiet and signalling NaNs, subnormals, the
// least and greatest normal, limits of integers, and neighbours for halfway cases.
inline constexpr std::array<Word, 32> singles{
    0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x3f000000, 0xbf000000, 0x7f800000, 0xff800000,
    0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff,
    0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x4effffff,
    0x33800000, 0x34000000, 0x3f800001, 0x3fc00000, 0x40200000, 0x4b000001, 0x4affffff, 0x7fc12345};

/// What every random program consists of: units one after the other, registers set up, trap
/// handlers, an end that shows memory. Draws random numbers.
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

    void set_csr(Word number, Word bits, const char* operation = "csrrw");
    /// Whatever the mode was; see the handlers.
    void enter_machine_mode() { word(op::bare("ecall")); }
    /// From machine mode to a lower one: `supervisor_mode`, or 0 for U mode.
    void leave_machine_mode(Word mode);

    /// The unit under construction holds a jump; it will lead to one of the next units.
    void forward_from_here();

    void setup(Target target);
    /// Appends the end and resolves jumps.
    Program finish(Target target);

private:
    /// A branch or jump to the beginning of a later unit.
    struct Fixup {
        std::size_t unit;
        std::size_t target;
    };

    void protection();
    void scratch_data();
    void ending(Target target);
    void link();
    [[nodiscard]] Word forward_distance(const Fixup& fixup) const;
    void resolve(const Fixup& fixup);

    std::mt19937_64 random_;
    Program program_;
    std::vector<Fixup> fixups_;
};

}  // namespace cimera::lockstep
