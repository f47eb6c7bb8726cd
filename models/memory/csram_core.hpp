// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <span>

namespace cimera {

/// Codes of STATUS.ERROR.
enum class CsramError : std::uint8_t { none = 0, operation = 1, lanes = 2, place = 3, busy = 4 };
[[nodiscard]] const char* describe(CsramError error);

/// Codes of COMMAND.OP.
enum class CsramOperation : std::uint8_t {
    copy = 0,
    invert = 1,
    bit_and = 2,
    bit_or = 3,
    bit_xor = 4,
    add = 5,
    subtract = 6,
    multiply = 7,
    multiply_accumulate = 8
};

/// An operand, and what step s takes of it.
struct CsramOperand {
    enum class Mode : std::uint8_t {
        row = 0,      ///< row + s, lane for lane
        element = 1,  ///< element index + s of each group, in all lanes of the group
        group = 2,    ///< group index + s, in all groups
    };
    unsigned row = 0;
    Mode mode = Mode::row;
    unsigned index = 0;
};

struct CsramCommand {
    CsramOperation operation = CsramOperation::copy;
    unsigned lane_bits = 8;  ///< 8, 16 or 32
    bool is_signed = false;
    unsigned widen = 0;  ///< result lanes have lane_bits << widen bits, at most 32
    unsigned group = 8;  ///< lanes; a power of two
    CsramOperand a;
    CsramOperand b;
    unsigned destination = 0;
    bool clear = false;
    unsigned steps = 1;

    [[nodiscard]] bool has_b() const { return operation >= CsramOperation::bit_and; }
    [[nodiscard]] bool multiplies() const { return operation >= CsramOperation::multiply; }
    [[nodiscard]] unsigned result_rows() const { return 1U << widen; }
};

/// What a command took.
struct CsramWork {
    std::uint64_t cycles = 0;
    std::uint64_t bits_read = 0;
    std::uint64_t bits_written = 0;
    std::uint64_t logic_bits = 0;  ///< through the gates of copies and bitwise operations
    std::uint64_t added_bits = 0;  ///< ones that enter adders
    std::uint64_t products = 0;    ///< ones of a times ones of b
};

inline constexpr unsigned csram_row_bytes = 64;

/// Whether a memory of so many rows can run a command.
[[nodiscard]] CsramError check(const CsramCommand& command, std::uint64_t rows);

/// Runs a checked command on the bytes of a memory. A step reads its operands and computes in one
/// cycle; a product takes a second one; each result row beyond the first takes one more.
[[nodiscard]] CsramWork run(const CsramCommand& command, std::span<std::uint8_t> memory);

}  // namespace cimera
