// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/cim/array.hpp"
#include "models/cim/bit_planes.hpp"
#include "models/cim/digital_gates.hpp"
#include "models/cim/encoding.hpp"

namespace cimera::cim {

/// Digital SRAM compute-in-memory: bit cells, multipliers, adder trees, shift-and-accumulate over
/// slices of the inputs (most significant first). Exact integers, but for approximate adders.
///
/// Energy follows the data. Input lines rest at zero before and after a product; in every cycle
/// an input bit that toggles on a row toggles the cell read and the product of each stored one of
/// that row. A toggled bit of a multiplier's result toggles its share of the gates of the tree.
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
        /// Adders in multipliers of binary weights, or what applies signs; only where there are
        /// such gates.
        multiplier_extra
    };

    explicit DigitalSram(const Geometry& geometry, const DigitalConfig& config = {});

    [[nodiscard]] const std::vector<EventKind>& events() const override { return events_; }
    [[nodiscard]] std::vector<LeakageTerm> leakage() const override;
    [[nodiscard]] ArrayType type() const override { return ArrayType::digital_sram; }
    [[nodiscard]] unsigned encoding() const override {
        return static_cast<unsigned>(config_.encoding);
    }
    [[nodiscard]] bool supports(const Formats& formats) const override {
        return codec_.supports(formats.weight_signed);
    }
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

    [[nodiscard]] const DigitalConfig& config() const { return config_; }
    [[nodiscard]] const WeightCodec& codec() const { return codec_; }

private:
    /// Vectors of one product, kept so that products allocate nothing.
    struct Scratch {
        std::vector<std::uint8_t> bytes;  // a byte a row
        std::vector<std::uint64_t> inputs;
        std::vector<std::uint64_t> toggles;
        std::vector<std::uint64_t> triple_toggles;
        std::vector<std::int64_t> exact;
        std::vector<std::uint32_t> codes;
        std::vector<std::int32_t> weights;
        std::vector<std::int32_t> slice;
        std::vector<std::int32_t> sums;
        std::vector<std::int32_t> levels;
    };

    [[nodiscard]] std::size_t place(unsigned macro, unsigned bit, unsigned row,
                                    unsigned column) const {
        const std::size_t block = std::size_t{macro} * blocks_ + column / block_columns;
        return ((block * geometry().code_bits() + bit) * words_ + row / 64) * block_columns +
               column % block_columns;
    }
    [[nodiscard]] bool bit(unsigned macro, unsigned row, unsigned bit_column) const;
    void set_bit(unsigned macro, unsigned row, unsigned bit_column, bool value);
    [[nodiscard]] std::uint32_t code(unsigned macro, unsigned row, unsigned column) const;
    void set_code(unsigned macro, unsigned row, unsigned column, std::uint32_t code);
    /// Codes of a window, row by row at a stride.
    void decode(const Window& window, std::uint32_t* codes, std::size_t stride) const;

    /// Input vector as cycles see it: `bits` is a multiple of the slice.
    struct Slices {
        unsigned bits = 0;
        [[nodiscard]] std::uint32_t extend(std::int32_t input) const {
            return static_cast<std::uint32_t>(input) & ((1U << bits) - 1U);
        }
    };
    [[nodiscard]] Slices slices(const Formats& formats) const;
    /// Toggles of each row's inputs, or of three times their slices, as planes: returns the power
    /// of two that they are multiples of.
    unsigned toggle_planes(const Window& window, std::span<const std::int32_t> inputs,
                           const Slices& slices, bool triple, std::vector<std::uint64_t>& planes,
                           unsigned& plane_count);
    void fill_inputs(const Window& window, const Formats& formats,
                     std::span<const std::int32_t> inputs);
    [[nodiscard]] PlaneProduct plane_job(const Window& window, const Formats& formats) const;
    [[nodiscard]] std::uint64_t digit_toggles(const Window& window, bool both,
                                              const std::vector<std::uint64_t>& planes,
                                              unsigned plane_count) const;
    void multiply_approximate(const Window& window, const Formats& formats,
                              std::span<const std::int32_t> inputs, std::span<std::int64_t> sums);
    void decode_group(const Window& window, const Formats& formats, unsigned low, unsigned width,
                      std::size_t stride);

    DigitalConfig config_;
    WeightCodec codec_;
    std::size_t words_;   // 64-bit words of a bit column
    std::size_t blocks_;  // of a macro
    std::vector<std::uint64_t> cells_;
    std::vector<EventKind> events_;
    Scratch scratch_;
};

}  // namespace cimera::cim
