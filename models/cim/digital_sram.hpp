// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/cim/array.hpp"

namespace cimera::cim {

/// Digital SRAM compute-in-memory: bit cells, 1-bit multipliers, an adder tree per weight column,
/// shift-and-accumulate over bit-serial inputs (most significant bit first). Exact integers.
///
/// Energy follows the data. Input lines rest at zero before and after a product; in every cycle
/// an input bit that toggles on a row toggles the cell read and the multiplier of each stored one
/// of that row, and such a product bit toggles its share of the tree's full adders,
/// F / (rows · weight_bits) with F = n(p + 1) − (p + log2 n + 1) for n rows of p-bit weights.
/// The accumulator of a column switches in cycles in which any of its products is one.
class DigitalSram final : public Array {
public:
    /// Kinds of event, in the order of `events()`.
    enum Event : std::size_t {
        bitcell,
        multiplier,
        adder_tree,
        shift_accumulate,
        row_read,
        row_write,
        digital_product,
        event_count
    };

    explicit DigitalSram(const Geometry& geometry);

    [[nodiscard]] const std::vector<EventKind>& events() const override { return events_; }
    [[nodiscard]] std::vector<LeakageTerm> leakage() const override;
    [[nodiscard]] ArrayType type() const override { return ArrayType::digital_sram; }
    void power_off() override;
    [[nodiscard]] CellStatus program(const Window& window, std::span<const std::uint32_t> codes,
                                     bool verify, Cost& cost) override;
    void read_back(const Window& window, std::span<std::uint32_t> codes, Cost& cost) override;
    void multiply(const Window& window, const Formats& formats,
                  std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                  Cost& cost) override;
    void multiply_transposed(const Window& window, const Formats& formats,
                             std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                             Cost& cost) override;
    [[nodiscard]] CellStatus update(const Window& window, const Formats& formats,
                                    std::span<const std::int32_t> x,
                                    std::span<const std::int32_t> delta, unsigned shift,
                                    Cost& cost) override;
    [[nodiscard]] std::uint8_t peek(std::uint64_t offset) const override;
    void poke(std::uint64_t offset, std::uint8_t byte) override;
    void charge_access(bool write, std::uint64_t bytes, Cost& cost) const override;

    /// Full adders of one column's tree: n operands of p bits.
    [[nodiscard]] static unsigned full_adders(unsigned rows, unsigned weight_bits);

private:
    // Cells lie by bit column: the bits of all rows of one column side by side, so that a product
    // with an input bit plane is an AND and a population count.
    [[nodiscard]] const std::uint64_t* plane(unsigned macro, unsigned bit_column) const {
        return &cells_[(std::size_t{macro} * geometry().cols + bit_column) * words_];
    }
    [[nodiscard]] std::uint32_t code(unsigned macro, unsigned row, unsigned column) const;
    void set_code(unsigned macro, unsigned row, unsigned column, std::uint32_t code);
    void set_bit(unsigned macro, unsigned row, unsigned bit_column, bool value);

    std::size_t words_;  // 64-bit words of a bit column
    std::vector<std::uint64_t> cells_;
    std::vector<EventKind> events_;
};

}  // namespace cimera::cim
