// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include "models/cim/array.hpp"
#include "models/cim/c3cim_core.hpp"

namespace cimera::cim {

/// What turns a column's voltage into a count.
enum class Sense : std::uint8_t {
    adc,
    comparator  ///< successive comparisons, one for each bit of the count
};

/// How transposed products are read: series columns cannot do it themselves.
enum class Transposed : std::uint8_t {
    one_hot,      ///< one read per row, columns in parallel, sums in logic
    second_array  ///< a second array that holds the transpose
};

struct C3cimArrayConfig {
    C3cimConfig core;  ///< rows and columns come from the geometry
    SeriesCellKind cell = SeriesCellKind::rram;
    Sense sense = Sense::adc;
    Transposed transposed = Transposed::one_hot;
    unsigned columns_per_sense = 8;  ///< that share a converter, one after the other
    unsigned write_time = 50'000;    ///< ps of a write pulse
};

/// Constant-current columns as an array of a tile: one bit a cell, weights over columns, inputs
/// bit by bit, rows beyond the series length in segments. Writes go row by row through a path of
/// their own, because no write current flows through a chain.
class C3cimArray final : public Array {
public:
    /// Kinds of event, in the order of `events()`.
    enum Event : std::size_t { column_read, sense, set, reset, shift_add, event_count };

    C3cimArray(const Geometry& geometry, const C3cimArrayConfig& config, std::uint64_t seed,
               const std::string& name);

    /// What the configuration of a geometry asks of the cores.
    [[nodiscard]] static C3cimConfig core_config(const Geometry& geometry,
                                                 const C3cimArrayConfig& config);

    [[nodiscard]] const std::vector<EventKind>& events() const override { return events_; }
    [[nodiscard]] std::vector<LeakageTerm> leakage() const override;
    [[nodiscard]] ArrayType type() const override { return ArrayType::c3cim; }
    void power_off() override {}  // cells hold without supply
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
    void set_time(Picoseconds now) override { now_ = static_cast<double>(now) * 1e-12; }
    [[nodiscard]] std::vector<std::uint8_t> save_state() const override;
    [[nodiscard]] bool load_state(std::span<const std::uint8_t> state) override;

private:
    /// Counts of writes to the cells of a window.
    struct Written {
        bool pulsed = false;
        bool failed = false;
        bool worn = false;
    };
    void write(unsigned macro, unsigned row, unsigned column, std::uint32_t code, Written& written,
               Cost& cost);
    /// The code of a weight of the row that `read_row` has selected.
    [[nodiscard]] std::uint32_t sensed(unsigned macro, unsigned row, unsigned column) const;
    /// Selects one row and charges for what the columns of the window then show.
    void read_row(const Window& window, unsigned row, Cost& cost);
    void charge_read(std::uint64_t bit_columns, std::uint64_t segments, Cost& cost) const;
    /// A product of bit-serial inputs along the series columns of a core.
    void product(C3cimCore& core, unsigned first_line, unsigned first_output,
                 const Formats& formats, std::span<const std::int32_t> inputs,
                 std::span<std::int64_t> sums, Cost& cost);

    C3cimArrayConfig config_;
    std::vector<EventKind> events_;
    std::vector<C3cimCore> cores_;
    std::vector<C3cimCore> transposes_;  // second arrays
    double now_ = 0;                     // s
};

}  // namespace cimera::cim
