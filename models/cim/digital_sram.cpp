// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/digital_sram.hpp"

#include <algorithm>
#include <bit>

namespace cimera::cim {

namespace {

/// ceil(log2 n), the levels of an adder tree.
unsigned levels(unsigned n) {
    return static_cast<unsigned>(std::bit_width(n - 1));
}

// Adder and register of a column's accumulator: the widest sum of 8-bit inputs.
double accumulator_bits(const Geometry& g) {
    return g.weight_bits + levels(g.rows) + 8;
}

/// Bit planes of an input vector, most significant first, and what toggles between them.
class InputPlanes {
public:
    InputPlanes(const Window& window, const Formats& formats, std::span<const std::int32_t> inputs,
                std::size_t words)
        : words_(words),
          bits_(formats.input_bits),
          values_(bits_ * words, 0),
          toggles_((bits_ + 1) * words, 0) {
        for (unsigned i = 0; i < window.row_count; ++i) {
            const unsigned row = window.first_row + i;
            for (unsigned p = 0; p < bits_; ++p) {
                const std::uint64_t bit =
                    static_cast<std::uint32_t>(inputs[i]) >> (bits_ - 1 - p) & 1U;
                values_[p * words + row / 64] |= bit << (row % 64);
            }
        }
        for (std::size_t i = 0; i < toggles_.size(); ++i) {
            const std::uint64_t before = i >= words ? values_[i - words] : 0;
            const std::uint64_t after = i < values_.size() ? values_[i] : 0;
            toggles_[i] = before ^ after;
        }
    }
    [[nodiscard]] unsigned bits() const { return bits_; }
    [[nodiscard]] const std::uint64_t* value(unsigned p) const { return &values_[p * words_]; }
    [[nodiscard]] const std::vector<std::uint64_t>& toggles() const { return toggles_; }

private:
    std::size_t words_;
    unsigned bits_;
    std::vector<std::uint64_t> values_;
    std::vector<std::uint64_t> toggles_;  // one plane more: back to rest
};

/// ones of (mask & cells) over all words. The same integers with or without the instruction.
__attribute__((target_clones("popcnt", "default"))) std::uint64_t count_and(
    const std::uint64_t* mask, const std::uint64_t* cells, std::size_t words) {
    std::uint64_t ones = 0;
    for (std::size_t w = 0; w < words; ++w) {
        ones += static_cast<std::uint64_t>(std::popcount(mask[w] & cells[w]));
    }
    return ones;
}

/// Toggled products of one bit column over all cycles.
__attribute__((target_clones("popcnt", "default"))) std::uint64_t count_toggles(
    const std::vector<std::uint64_t>& toggles, const std::uint64_t* cells, std::size_t words) {
    std::uint64_t ones = 0;
    for (std::size_t i = 0; i < toggles.size(); i += words) {
        for (std::size_t w = 0; w < words; ++w) {
            ones += static_cast<std::uint64_t>(std::popcount(toggles[i + w] & cells[w]));
        }
    }
    return ones;
}

}  // namespace

unsigned DigitalSram::full_adders(unsigned rows, unsigned weight_bits) {
    return rows < 2 ? 0 : rows * (weight_bits + 1) - (weight_bits + levels(rows) + 1);
}

DigitalSram::DigitalSram(const Geometry& g)
    : Array(g), words_((g.rows + 63) / 64), cells_(std::size_t{g.macros} * g.cols * words_, 0) {
    const double adders_per_product =
        static_cast<double>(full_adders(g.rows, g.weight_bits)) / (g.rows * g.weight_bits);
    const double bits = accumulator_bits(g);
    events_ = {{"cim.bitcell", {{"cim.bitcell"}}},
               {"cim.multiplier", {{"logic.multiplier_1b"}}},
               {"cim.adder_tree", {{"logic.full_adder", adders_per_product}}},
               {"cim.shift_accumulate", {{"logic.full_adder", bits / 2}, {"logic.dff", bits}}},
               {"cim.row_read", {{"cim.row_read"}}},
               {"cim.row_write", {{"cim.row_write"}}},
               {"cim.digital_product", {{"logic.multiplier_1b"}, {"logic.full_adder"}}}};
}

std::vector<LeakageTerm> DigitalSram::leakage() const {
    return {{"cim.array", static_cast<double>(geometry().bytes())}};
}

void DigitalSram::power_off() {
    std::fill(cells_.begin(), cells_.end(), 0);
}

std::uint32_t DigitalSram::code(unsigned macro, unsigned row, unsigned column) const {
    const unsigned bits = geometry().weight_bits;
    std::uint32_t code = 0;
    for (unsigned b = 0; b < bits; ++b) {
        const std::uint64_t word = plane(macro, column * bits + b)[row / 64];
        code |= static_cast<std::uint32_t>(word >> (row % 64) & 1U) << b;
    }
    return code;
}

void DigitalSram::set_bit(unsigned macro, unsigned row, unsigned bit_column, bool value) {
    std::uint64_t& word =
        cells_[(std::size_t{macro} * geometry().cols + bit_column) * words_ + row / 64];
    const std::uint64_t mask = std::uint64_t{1} << (row % 64);
    word = value ? word | mask : word & ~mask;
}

void DigitalSram::set_code(unsigned macro, unsigned row, unsigned column, std::uint32_t code) {
    const unsigned bits = geometry().weight_bits;
    for (unsigned b = 0; b < bits; ++b) {
        set_bit(macro, row, column * bits + b, (code >> b & 1U) != 0);
    }
}

CellStatus DigitalSram::program(const Window& window, std::span<const std::uint32_t> codes,
                                bool verify, Cost& cost) {
    prepare(cost);
    const std::uint64_t bits =
        std::uint64_t{window.row_count} * window.column_count * geometry().weight_bits;
    std::size_t next = 0;
    for (unsigned r = 0; r < window.row_count; ++r) {
        for (unsigned c = 0; c < window.column_count; ++c) {
            set_code(window.macro, window.first_row + r, window.first_column + c, codes[next++]);
        }
    }
    cost.counts[row_write] += bits;
    cost.cycles += window.row_count;
    if (verify) {
        cost.counts[row_read] += bits;
        cost.cycles += window.row_count;
    }
    return CellStatus::ok;  // an SRAM cell takes what is written
}

void DigitalSram::read_back(const Window& window, std::span<std::uint32_t> codes, Cost& cost) {
    prepare(cost);
    std::size_t next = 0;
    for (unsigned r = 0; r < window.row_count; ++r) {
        for (unsigned c = 0; c < window.column_count; ++c) {
            codes[next++] = code(window.macro, window.first_row + r, window.first_column + c);
        }
    }
    cost.counts[row_read] +=
        std::uint64_t{window.row_count} * window.column_count * geometry().weight_bits;
    cost.cycles += window.row_count;
}

void DigitalSram::multiply(const Window& window, const Formats& formats,
                           std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                           Cost& cost) {
    prepare(cost);
    const InputPlanes planes(window, formats, inputs, words_);
    const unsigned bits = geometry().weight_bits;
    std::uint64_t toggled = 0;
    std::uint64_t accumulations = 0;
    for (unsigned c = 0; c < window.column_count; ++c) {
        const std::uint64_t* cells = plane(window.macro, (window.first_column + c) * bits);
        std::int64_t sum = 0;
        for (unsigned p = 0; p < planes.bits(); ++p) {
            std::int64_t partial = 0;
            bool switches = false;
            for (unsigned b = 0; b < bits; ++b) {
                const auto ones = static_cast<std::int64_t>(
                    count_and(planes.value(p), cells + b * words_, words_));
                switches = switches || ones != 0;
                const bool negative = formats.weight_signed && b == bits - 1;
                partial += negative ? -(ones << b) : ones << b;
            }
            accumulations += switches ? 1 : 0;
            const bool negative = formats.input_signed && p == 0;
            sum = 2 * sum + (negative ? -partial : partial);
        }
        for (unsigned b = 0; b < bits; ++b) {
            toggled += count_toggles(planes.toggles(), cells + b * words_, words_);
        }
        sums[c] += sum;
    }
    cost.counts[bitcell] += toggled;
    cost.counts[multiplier] += toggled;
    cost.counts[adder_tree] += toggled;
    cost.counts[shift_accumulate] += accumulations;
    // One input bit a cycle through a pipelined tree, one cycle to accumulate.
    cost.cycles += planes.bits() + levels(geometry().rows) + 1;
}

void DigitalSram::multiply_transposed(const Window& window, const Formats& formats,
                                      std::span<const std::int32_t> inputs,
                                      std::span<std::int64_t> sums, Cost& cost) {
    prepare(cost);
    const unsigned bits = geometry().weight_bits;
    const std::uint32_t input_mask = (1U << formats.input_bits) - 1U;
    std::uint64_t products = 0;
    for (unsigned r = 0; r < window.row_count; ++r) {
        for (unsigned c = 0; c < window.column_count; ++c) {
            const std::uint32_t stored =
                code(window.macro, window.first_row + r, window.first_column + c);
            sums[r] += std::int64_t{inputs[c]} * weight_value(stored, bits, formats.weight_signed);
            products += static_cast<std::uint64_t>(std::popcount(stored)) *
                        static_cast<std::uint64_t>(
                            std::popcount(static_cast<std::uint32_t>(inputs[c]) & input_mask));
        }
    }
    // Row read-out with digital accumulation: a row a cycle.
    cost.counts[row_read] += std::uint64_t{window.row_count} * window.column_count * bits;
    cost.counts[digital_product] += products;
    cost.cycles += window.row_count + levels(geometry().columns()) + 1;
}

CellStatus DigitalSram::update(const Window& window, const Formats& formats,
                               std::span<const std::int32_t> x, std::span<const std::int32_t> delta,
                               unsigned shift, Cost& cost) {
    prepare(cost);
    const unsigned bits = geometry().weight_bits;
    const std::int64_t low = formats.weight_signed ? -(std::int64_t{1} << (bits - 1)) : 0;
    const std::int64_t high = low + (std::int64_t{1} << bits) - 1;
    const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    const std::uint32_t input_mask = (1U << formats.input_bits) - 1U;
    for (unsigned r = 0; r < window.row_count; ++r) {
        if (x[r] == 0) {
            continue;  // the row is not touched
        }
        const auto x_ones = static_cast<std::uint64_t>(
            std::popcount(static_cast<std::uint32_t>(x[r]) & input_mask));
        for (unsigned c = 0; c < window.column_count; ++c) {
            const unsigned row = window.first_row + r;
            const unsigned column = window.first_column + c;
            const std::int64_t old =
                weight_value(code(window.macro, row, column), bits, formats.weight_signed);
            const std::int64_t step = (std::int64_t{x[r]} * delta[c] + half) >> shift;
            const std::int64_t fresh = std::clamp(old + step, low, high);
            if (fresh != old) {
                set_code(window.macro, row, column,
                         static_cast<std::uint32_t>(fresh) & ((1U << bits) - 1U));
            }
            cost.counts[digital_product] +=
                x_ones * static_cast<std::uint64_t>(
                             std::popcount(static_cast<std::uint32_t>(delta[c]) & 0xFFU));
        }
        cost.counts[row_read] += std::uint64_t{window.column_count} * bits;
        cost.counts[row_write] += std::uint64_t{window.column_count} * bits;
        cost.cycles += 2;  // read, write
    }
    cost.cycles += 1;
    return CellStatus::ok;
}

std::uint8_t DigitalSram::peek(std::uint64_t offset) const {
    const unsigned row_bytes = geometry().cols / 8;
    const auto macro = static_cast<unsigned>(offset / row_bytes / geometry().rows);
    const auto row = static_cast<unsigned>(offset / row_bytes % geometry().rows);
    const auto first = static_cast<unsigned>(offset % row_bytes * 8);
    unsigned byte = 0;
    for (unsigned b = 0; b < 8; ++b) {
        byte |= static_cast<unsigned>(plane(macro, first + b)[row / 64] >> (row % 64) & 1U) << b;
    }
    return static_cast<std::uint8_t>(byte);
}

void DigitalSram::poke(std::uint64_t offset, std::uint8_t byte) {
    const unsigned row_bytes = geometry().cols / 8;
    const auto macro = static_cast<unsigned>(offset / row_bytes / geometry().rows);
    const auto row = static_cast<unsigned>(offset / row_bytes % geometry().rows);
    for (unsigned b = 0; b < 8; ++b) {
        set_bit(macro, row, static_cast<unsigned>(offset % row_bytes * 8 + b),
                (byte >> b & 1U) != 0);
    }
}

void DigitalSram::charge_access(bool write, std::uint64_t bytes, Cost& cost) const {
    prepare(cost);
    cost.counts[write ? row_write : row_read] += 8 * bytes;
    cost.cycles += 1;
}

}  // namespace cimera::cim
