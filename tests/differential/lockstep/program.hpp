// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cimera::lockstep {

inline constexpr std::uint32_t code_base = 0x80000000;
/// Two pages that loads and stores use; registers point to their middle, the page boundary.
inline constexpr std::uint32_t scratch_base = 0x80080000;
inline constexpr std::uint32_t scratch_bytes = 0x2000;
inline constexpr std::uint32_t scratch_middle = scratch_base + scratch_bytes / 2;

/// Where a program runs: alone on a core with memory, to be compared; or on a whole platform, where
/// it sends its registers and a checksum of its memory to the UART and ends through the finisher.
enum class Target : std::uint8_t { core, platform };

/// What is kept or dropped as a whole: instructions that only make sense together.
struct Unit {
    std::uint32_t address = 0;
    std::vector<std::uint16_t> code;  ///< halfwords
    bool removable = true;            ///< false: trap handlers, the loop at the end

    [[nodiscard]] std::uint32_t bytes() const {
        return static_cast<std::uint32_t>(2 * code.size());
    }
};

/// A program that begins at code_base and ends when it reaches `end`. Units follow each other.
struct Program {
    std::uint64_t seed = 0;
    std::uint32_t end = 0;
    std::vector<Unit> units;
    std::vector<std::uint32_t> data;  ///< words from scratch_base on

    /// The memory from code_base to the end of the scratch pages.
    [[nodiscard]] std::vector<std::uint8_t> image() const;
    /// An ELF file of it.
    [[nodiscard]] std::string elf() const;
    /// Instructions in removable units that are not nops.
    [[nodiscard]] unsigned size() const;
};

/// The same program without the work of `unit`: nops in its place, so that no address changes.
void erase(Unit& unit);
[[nodiscard]] bool erased(const Unit& unit);

/// The instructions of the units that may be removed, disassembled.
void list_program(std::ostream& out, const Program& program);
/// Text with one line a unit: address, halfwords, disassembly. Erased units are left out.
void write_program(std::ostream& out, const Program& program);
/// Throws std::runtime_error with the line that cannot be read.
Program read_program(std::istream& in);

}  // namespace cimera::lockstep
