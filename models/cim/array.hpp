// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"

namespace cimera::cim {

/// Shape of the cell arrays of a tile.
struct Geometry {
    unsigned macros = 1;
    unsigned rows = 64;        ///< inputs of a macro
    unsigned cols = 512;       ///< bits of a row
    unsigned weight_bits = 4;  ///< 1, 2, 4, 8 or 16
    unsigned sign_bits = 0;    ///< 1: a cell for the sign above the bits of each weight

    /// Cells of a weight, and bits of its code.
    [[nodiscard]] unsigned code_bits() const { return weight_bits + sign_bits; }
    /// Weight columns of a macro.
    [[nodiscard]] unsigned columns() const { return cols / code_bits(); }
    /// Bytes of all cells.
    [[nodiscard]] std::uint64_t bytes() const { return std::uint64_t{macros} * rows * cols / 8; }
};

/// The part of one macro that an operation works on.
struct Window {
    unsigned macro = 0;
    unsigned first_row = 0;
    unsigned row_count = 0;
    unsigned first_column = 0;
    unsigned column_count = 0;
};

/// Number formats of one operation.
struct Formats {
    unsigned input_bits = 8;  ///< 1 to 8
    bool input_signed = false;
    bool weight_signed = false;
};

/// What an operation took, and counts of the array's own events.
struct Cost {
    std::uint64_t cycles = 0;           ///< of the tile's clock
    Picoseconds time = 0;               ///< beside the cycles: what no clock paces
    std::uint64_t saturations = 0;      ///< conversions and stored weights that were cut
    std::vector<std::uint64_t> counts;  ///< one per kind in `Array::events()`
};

/// Technologies, as CAPABILITY2.ARRAY numbers them.
enum class ArrayType : std::uint8_t { digital_sram = 0, c3cim = 1, crossbar = 2 };

/// How writing to cells ended.
enum class CellStatus : std::uint8_t {
    ok,
    mismatch,      ///< a cell did not take its value
    worn_out,      ///< cells beyond their endurance
    no_such_code,  ///< a code that the encoding does not have; nothing was written
};

/// A technology of compute-in-memory cells with its periphery. Weights pass as codes (the stored
/// bits, zero-extended); operations are exact integers or what the technology makes of them.
/// Windows and vectors are valid: the tile has checked them.
class Array {
public:
    explicit Array(const Geometry& geometry) : geometry_(geometry) {}
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    virtual ~Array() = default;

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    /// Kinds of event that `Cost::counts` is about.
    [[nodiscard]] virtual const std::vector<EventKind>& events() const = 0;
    /// Parts of cells and periphery of all macros: they leak and take area.
    [[nodiscard]] virtual std::vector<LeakageTerm> leakage() const = 0;
    [[nodiscard]] virtual ArrayType type() const = 0;
    /// How a weight's bits count, as CAPABILITY2.ENCODING numbers it.
    [[nodiscard]] virtual unsigned encoding() const { return 0; }
    /// Whether products and updates in these formats are possible. Input bits are 1 to 8.
    [[nodiscard]] virtual bool supports(const Formats& /*formats*/) const { return true; }
    /// Simulated time of the operations that follow, for cells that age.
    virtual void set_time(Picoseconds /*now*/) {}
    /// Power was off: contents of volatile cells are lost.
    virtual void power_off() = 0;
    /// Whether cells keep their contents without supply.
    [[nodiscard]] virtual bool non_volatile() const { return false; }

    /// Writes codes, row-major over the window; with `verify` they are read again.
    [[nodiscard]] virtual CellStatus program(const Window& window,
                                             std::span<const std::uint32_t> codes, bool verify,
                                             Cost& cost) = 0;
    /// Reads codes, row-major over the window.
    virtual void read_back(const Window& window, std::span<std::uint32_t> codes, Cost& cost) = 0;
    /// sums[c] += Σ_r inputs[r] · weight[r][c] over the window.
    virtual void multiply(const Window& window, const Formats& formats,
                          std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                          Cost& cost) = 0;
    /// sums[r] += Σ_c inputs[c] · weight[r][c] over the window.
    virtual void multiply_transposed(const Window& window, const Formats& formats,
                                     std::span<const std::int32_t> inputs,
                                     std::span<std::int64_t> sums, Cost& cost) = 0;
    /// weight[r][c] ← sat(weight[r][c] + round(x[r] · delta[c] / 2^shift)), ties upwards.
    [[nodiscard]] virtual CellStatus update(const Window& window, const Formats& formats,
                                            std::span<const std::int32_t> x,
                                            std::span<const std::int32_t> delta, unsigned shift,
                                            Cost& cost) = 0;

    /// The bytes of the array window: macro after macro, row after row.
    [[nodiscard]] virtual std::uint8_t peek(std::uint64_t offset) const = 0;
    virtual void poke(std::uint64_t offset, std::uint8_t byte) = 0;
    /// Costs of bus accesses to `bytes` of the array window.
    virtual void charge_access(bool write, std::uint64_t bytes, Cost& cost) const = 0;

    /// What a power-off leaves of non-volatile cells: contents, wear, age. Other arrays: nothing.
    [[nodiscard]] virtual std::vector<std::uint8_t> save_state() const { return {}; }
    /// Takes over what `save_state` of an array of the same configuration gave; false for others.
    [[nodiscard]] virtual bool load_state(std::span<const std::uint8_t> state) {
        return state.empty();
    }

protected:
    void prepare(Cost& cost) const { cost.counts.resize(events().size(), 0); }

private:
    Geometry geometry_;
};

/// Value of a weight's code.
[[nodiscard]] constexpr std::int32_t weight_value(std::uint32_t code, unsigned bits,
                                                  bool is_signed) {
    const bool negative = is_signed && (code >> (bits - 1) & 1U) != 0;
    return static_cast<std::int32_t>(code) - (negative ? std::int32_t{1} << bits : 0);
}

}  // namespace cimera::cim
