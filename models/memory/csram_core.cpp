// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/csram_core.hpp"

#include <array>
#include <bit>

namespace cimera {

namespace {

constexpr unsigned row_bits = 8 * csram_row_bytes;
constexpr unsigned most_lanes = csram_row_bytes;

std::uint32_t mask_of(unsigned bits) {
    return bits == 32 ? ~0U : (1U << bits) - 1U;
}

std::uint32_t load(std::span<const std::uint8_t> memory, std::size_t at, unsigned bits) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bits / 8; ++i) {
        value |= static_cast<std::uint32_t>(memory[at + i]) << 8 * i;
    }
    return value;
}

void store(std::span<std::uint8_t> memory, std::size_t at, unsigned bits, std::uint32_t value) {
    for (unsigned i = 0; i < bits / 8; ++i) {
        memory[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
    }
}

std::uint64_t ones(std::uint32_t value) {
    return static_cast<std::uint64_t>(std::popcount(value));
}

bool operand_exists(const CsramOperand& operand, const CsramCommand& c, std::uint64_t rows) {
    const unsigned lanes = row_bits / c.lane_bits;
    switch (operand.mode) {
        case CsramOperand::Mode::row:
            return operand.row + c.steps <= rows;
        case CsramOperand::Mode::element:
            return operand.row < rows && operand.index + c.steps <= c.group;
        case CsramOperand::Mode::group:
            return operand.row < rows && operand.index + c.steps <= lanes / c.group;
    }
    return false;
}

/// One command at work. Lanes hold their bits, zero-extended.
class Run {
public:
    using Lanes = std::array<std::uint32_t, most_lanes>;

    Run(const CsramCommand& command, std::span<std::uint8_t> memory)
        : c_(command),
          memory_(memory),
          lanes_(row_bits / command.lane_bits),
          result_bits_(command.lane_bits << command.widen) {}

    CsramWork all() {
        for (unsigned s = 0; s < c_.steps; ++s) {
            step(s);
        }
        return work_;
    }

private:
    void step(unsigned s) {
        const Lanes a = operand(c_.a, s);
        const Lanes b = c_.has_b() ? operand(c_.b, s) : Lanes{};
        const bool accumulates = c_.operation == CsramOperation::multiply_accumulate;
        const std::size_t to =
            std::size_t{c_.destination + (accumulates ? 0 : s * c_.result_rows())} *
            csram_row_bytes;
        const bool from_zero = c_.clear && s == 0;
        for (unsigned lane = 0; lane < lanes_; ++lane) {
            const std::size_t at = to + lane * result_bits_ / 8;
            const std::uint32_t before =
                accumulates && !from_zero ? load(memory_, at, result_bits_) : 0;
            store(memory_, at, result_bits_, result(a[lane], b[lane], before));
        }
        if (accumulates && !from_zero) {
            work_.bits_read += std::uint64_t{row_bits} * c_.result_rows();
        }
        work_.bits_written += std::uint64_t{row_bits} * c_.result_rows();
        work_.cycles += (c_.multiplies() ? 2 : 1) + c_.result_rows() - 1;
    }

    Lanes operand(const CsramOperand& from, unsigned s) {
        Lanes values{};
        const bool whole = from.mode == CsramOperand::Mode::row;
        const std::size_t row = std::size_t{from.row + (whole ? s : 0)} * csram_row_bytes;
        for (unsigned lane = 0; lane < lanes_; ++lane) {
            unsigned source = lane;
            if (from.mode == CsramOperand::Mode::element) {
                source = lane / c_.group * c_.group + from.index + s;
            } else if (from.mode == CsramOperand::Mode::group) {
                source = (from.index + s) * c_.group + lane % c_.group;
            }
            values[lane] = load(memory_, row + source * c_.lane_bits / 8, c_.lane_bits);
        }
        work_.bits_read += row_bits;
        return values;
    }

    [[nodiscard]] std::uint32_t wide(std::uint32_t value) const {
        const bool negative = c_.is_signed && (value >> (c_.lane_bits - 1) & 1U) != 0;
        return negative ? value | ~mask_of(c_.lane_bits) : value;
    }

    std::uint32_t result(std::uint32_t a, std::uint32_t b, std::uint32_t before) {
        const std::uint32_t x = wide(a);
        const std::uint32_t y = wide(b);
        switch (c_.operation) {
            case CsramOperation::copy:
                return logic(x);
            case CsramOperation::invert:
                return logic(~x);
            case CsramOperation::bit_and:
                return logic(x & y);
            case CsramOperation::bit_or:
                return logic(x | y);
            case CsramOperation::bit_xor:
                return logic(x ^ y);
            case CsramOperation::add:
                work_.added_bits += ones(a) + ones(b);
                return x + y;
            case CsramOperation::subtract:
                work_.added_bits += ones(a) + ones(b);
                return x - y;
            case CsramOperation::multiply:
            case CsramOperation::multiply_accumulate:
                work_.products += ones(a) * ones(b);
                work_.added_bits += ones(before);
                return before + x * y;
        }
        return 0;
    }

    std::uint32_t logic(std::uint32_t value) {
        work_.logic_bits += result_bits_;
        return value;
    }

    const CsramCommand& c_;
    std::span<std::uint8_t> memory_;
    unsigned lanes_;
    unsigned result_bits_;
    CsramWork work_;
};

}  // namespace

const char* describe(CsramError error) {
    switch (error) {
        case CsramError::none:
            return "no error";
        case CsramError::operation:
            return "unknown operation or mode, or no steps";
        case CsramError::lanes:
            return "lanes of a width, widening or group that rows do not have";
        case CsramError::place:
            return "a row, element or group that does not exist";
        case CsramError::busy:
            return "the command before it still runs";
    }
    return "";
}

CsramError check(const CsramCommand& c, std::uint64_t rows) {
    if (c.operation > CsramOperation::multiply_accumulate || c.steps == 0 ||
        c.a.mode > CsramOperand::Mode::group || c.b.mode > CsramOperand::Mode::group) {
        return CsramError::operation;
    }
    if ((c.lane_bits != 8 && c.lane_bits != 16 && c.lane_bits != 32) || c.widen > 2 ||
        c.lane_bits << c.widen > 32 || !std::has_single_bit(c.group) ||
        c.group > row_bits / c.lane_bits) {
        return CsramError::lanes;
    }
    const bool accumulates = c.operation == CsramOperation::multiply_accumulate;
    const std::uint64_t results =
        std::uint64_t{accumulates ? 1 : c.steps} * c.result_rows() + c.destination;
    const bool exists = operand_exists(c.a, c, rows) &&
                        (!c.has_b() || operand_exists(c.b, c, rows)) && results <= rows;
    return exists ? CsramError::none : CsramError::place;
}

CsramWork run(const CsramCommand& command, std::span<std::uint8_t> memory) {
    return Run(command, memory).all();
}

}  // namespace cimera
