// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/digital_sram.hpp"

#include <algorithm>
#include <bit>

namespace cimera::cim {

namespace {

std::vector<EventKind> events_of(const Geometry& geometry, const DigitalConfig& config) {
    const ColumnGates gates = column_gates(geometry, config);
    // A toggled bit of a multiplier's result has this share of the column's gates. A plain gate
    // has twice the capacitance of a 1-bit multiplier, of which one input rests.
    const double leaf_bits = gates.multiplier.leaf_bits;
    const double all_bits = geometry.rows * leaf_bits;
    EventKind tree{"cim.adder_tree", {{"logic.full_adder", gates.tree.full_adders / all_bits}}};
    if (gates.tree.simple_gates != 0) {
        tree.price.push_back({"logic.multiplier_1b", 2 * gates.tree.simple_gates / all_bits});
    }
    const double bits = gates.accumulator_bits;
    std::vector<EventKind> events = {
        {"cim.bitcell", {{"cim.bitcell"}}},
        {"cim.multiplier", {{"logic.multiplier_1b"}}},
        std::move(tree),
        {"cim.shift_accumulate",
         {{"logic.full_adder", (bits + gates.combining_adders) / 2}, {"logic.dff", bits}}},
        {"cim.row_read", {{"cim.row_read"}}},
        {"cim.row_write", {{"cim.row_write"}}},
        {"cim.digital_product", {{"logic.multiplier_1b"}, {"logic.full_adder"}}}};
    if (gates.multiplier.half_adders != 0) {
        const double adders = gates.multiplier.full_adders + gates.multiplier.half_adders *
                                                                 nand2::half_adder_cap /
                                                                 nand2::full_adder_cap;
        events.push_back({"cim.multiplier_adder", {{"logic.full_adder", adders / leaf_bits}}});
    } else if (gates.sign_gates != 0) {
        events.push_back({"cim.multiplier_sign",
                          {{"logic.multiplier_1b", nand2::xor_cap / nand2::product_cap}}});
    }
    return events;
}

}  // namespace

DigitalSram::DigitalSram(const Geometry& g, const DigitalConfig& config)
    : Array(with_signs(g, config)),
      config_(config),
      codec_(config.encoding, config.sign, g.weight_bits),
      words_((g.rows + 63) / 64),
      blocks_((geometry().columns() + block_columns - 1) / block_columns),
      cells_(std::size_t{g.macros} * blocks_ * geometry().code_bits() * words_ * block_columns, 0),
      events_(events_of(geometry(), config)) {}

std::vector<LeakageTerm> DigitalSram::leakage() const {
    // The entry stands for the gates of 64 rows of 128 binary weights of 4 bits.
    const Geometry reference;
    const auto gates = [](const Geometry& g, const DigitalConfig& config) {
        return g.columns() * column_gates(g, config).area(g.rows);
    };
    return {{"cim.array", static_cast<double>(geometry().bytes())},
            {"cim.macro", geometry().macros * gates(geometry(), config_) / gates(reference, {})}};
}

std::vector<AreaTerm> DigitalSram::area() const {
    const Geometry& g = geometry();
    const double gates = column_gates(g, config_).area(g.rows);
    return {{"cim.bitcell", static_cast<double>(8 * g.bytes())},
            {"logic.nand2", g.macros * g.columns() * gates}};
}

void DigitalSram::power_off() {
    std::fill(cells_.begin(), cells_.end(), 0);
}

// --- cells -----------------------------------------------------------------------------------

bool DigitalSram::bit(unsigned macro, unsigned row, unsigned bit_column) const {
    const unsigned bits = geometry().code_bits();
    const std::size_t at = place(macro, bit_column % bits, row, bit_column / bits);
    return (cells_[at] >> (row % 64) & 1U) != 0;
}

void DigitalSram::set_bit(unsigned macro, unsigned row, unsigned bit_column, bool value) {
    const unsigned bits = geometry().code_bits();
    std::uint64_t& word = cells_[place(macro, bit_column % bits, row, bit_column / bits)];
    const std::uint64_t mask = std::uint64_t{1} << (row % 64);
    word = value ? word | mask : word & ~mask;
}

std::uint32_t DigitalSram::code(unsigned macro, unsigned row, unsigned column) const {
    std::uint32_t code = 0;
    for (unsigned b = 0; b < geometry().code_bits(); ++b) {
        const std::uint64_t word = cells_[place(macro, b, row, column)];
        code |= static_cast<std::uint32_t>(word >> (row % 64) & 1U) << b;
    }
    return code;
}

void DigitalSram::set_code(unsigned macro, unsigned row, unsigned column, std::uint32_t code) {
    const unsigned bits = geometry().code_bits();
    for (unsigned b = 0; b < bits; ++b) {
        set_bit(macro, row, column * bits + b, (code >> b & 1U) != 0);
    }
}

void DigitalSram::decode(const Window& window, std::uint32_t* codes, std::size_t stride) const {
    constexpr unsigned together = 16;  // columns: rows of codes are written in whole cache lines
    std::uint32_t of_rows[together][64];
    const unsigned end = window.first_row + window.row_count;
    for (unsigned first = window.first_row; first < end; first = (first / 64 + 1) * 64) {
        const unsigned last = std::min(end, (first / 64 + 1) * 64);
        for (unsigned begin = 0; begin < window.column_count; begin += together) {
            const unsigned count = std::min(together, window.column_count - begin);
            for (unsigned c = 0; c < count; ++c) {
                const std::size_t planes =
                    place(window.macro, 0, first, window.first_column + begin + c);
                planes_to_codes(&cells_[planes], words_ * block_columns, geometry().code_bits(),
                                of_rows[c]);
            }
            for (unsigned r = first; r < last; ++r) {
                std::uint32_t* row = codes + (r - window.first_row) * stride + begin;
                for (unsigned c = 0; c < count; ++c) {
                    row[c] = of_rows[c][r % 64];
                }
            }
        }
    }
}

CellStatus DigitalSram::program(const Window& window, std::span<const std::uint32_t> codes,
                                bool verify, Cost& cost) {
    prepare(cost);
    if (!std::all_of(codes.begin(), codes.end(), [this](auto code) { return codec_.has(code); })) {
        return CellStatus::no_such_code;
    }
    const std::uint64_t bits =
        std::uint64_t{window.row_count} * window.column_count * geometry().code_bits();
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
    decode(window, codes.data(), window.column_count);
    cost.counts[row_read] +=
        std::uint64_t{window.row_count} * window.column_count * geometry().code_bits();
    cost.cycles += window.row_count;
}

std::uint8_t DigitalSram::peek(std::uint64_t offset) const {
    const unsigned row_bytes = geometry().cols / 8;
    const auto macro = static_cast<unsigned>(offset / row_bytes / geometry().rows);
    const auto row = static_cast<unsigned>(offset / row_bytes % geometry().rows);
    const auto first = static_cast<unsigned>(offset % row_bytes * 8);
    unsigned byte = 0;
    for (unsigned b = 0; b < 8; ++b) {
        byte |= (bit(macro, row, first + b) ? 1U : 0U) << b;
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

// --- row by row --------------------------------------------------------------------------------

void DigitalSram::multiply_transposed(const Window& window, const Formats& formats,
                                      std::span<const std::int32_t> inputs,
                                      std::span<std::int64_t> sums, Cost& cost) {
    prepare(cost);
    const std::uint32_t input_mask = (1U << formats.input_bits) - 1U;
    const std::uint32_t magnitude_mask = (1U << codec_.magnitude_bits()) - 1U;
    std::uint64_t products = 0;
    scratch_.codes.resize(std::size_t{window.row_count} * window.column_count);
    decode(window, scratch_.codes.data(), window.column_count);
    std::size_t next = 0;
    for (unsigned r = 0; r < window.row_count; ++r) {
        for (unsigned c = 0; c < window.column_count; ++c) {
            const std::uint32_t stored = scratch_.codes[next++];
            sums[r] += std::int64_t{inputs[c]} * codec_.value(stored, formats.weight_signed);
            products += static_cast<std::uint64_t>(std::popcount(stored & magnitude_mask)) *
                        static_cast<std::uint64_t>(
                            std::popcount(static_cast<std::uint32_t>(inputs[c]) & input_mask));
        }
    }
    // Row read-out with digital accumulation: a row a cycle.
    cost.counts[row_read] +=
        std::uint64_t{window.row_count} * window.column_count * geometry().code_bits();
    cost.counts[digital_product] += products;
    cost.cycles += window.row_count + tree_levels(geometry().columns()) + 1;
}

CellStatus DigitalSram::update(const Window& window, const Formats& formats,
                               std::span<const std::int32_t> x, std::span<const std::int32_t> delta,
                               unsigned shift, Cost& cost) {
    prepare(cost);
    const std::uint64_t row_bits = std::uint64_t{window.column_count} * geometry().code_bits();
    const std::int64_t half = shift == 0 ? 0 : std::int64_t{1} << (shift - 1);
    const std::uint32_t input_mask = (1U << formats.input_bits) - 1U;
    for (unsigned r = 0; r < window.row_count; ++r) {
        if (x[r] == 0) {
            continue;  // the row is not touched
        }
        const auto x_ones = static_cast<std::uint64_t>(
            std::popcount(static_cast<std::uint32_t>(x[r]) & input_mask));
        const unsigned row = window.first_row + r;
        for (unsigned c = 0; c < window.column_count; ++c) {
            const unsigned column = window.first_column + c;
            const std::int64_t old =
                codec_.value(code(window.macro, row, column), formats.weight_signed);
            const std::int64_t step = (std::int64_t{x[r]} * delta[c] + half) >> shift;
            if (step != 0) {
                bool cut = false;
                set_code(window.macro, row, column,
                         codec_.nearest(old + step, formats.weight_signed, cut));
                cost.saturations += cut ? 1 : 0;
            }
            cost.counts[digital_product] +=
                x_ones * static_cast<std::uint64_t>(
                             std::popcount(static_cast<std::uint32_t>(delta[c]) & 0xFFU));
        }
        cost.counts[row_read] += row_bits;
        cost.counts[row_write] += row_bits;
        cost.cycles += 2;  // read, write
    }
    cost.cycles += 1;
    return CellStatus::ok;
}

}  // namespace cimera::cim
