// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/cim/crossbar_core.hpp"
#include "models/cim/device_state.hpp"
#include "models/common/random.hpp"

namespace cimera::cim {

/// A cell of two resistances and its imperfections, each of which a zero switches off.
struct SeriesCell {
    std::string_view name;
    double low = 10e3;            ///< Ω, median
    double high = 1e6;            ///< Ω, median; holds a one
    double sigma_low = 0;         ///< of ln R, from device to device
    double sigma_high = 0;        ///< of ln R, from device to device
    double sigma_cycle = 0;       ///< of ln R, from write to write
    double read_noise = 0;        ///< of R, from read to read
    bool read_disturb = false;    ///< conductance decays after long stress
    double temperature = 300;     ///< K, for read disturb
    double stuck_low = 0;         ///< fraction of cells
    double stuck_high = 0;        ///< fraction of cells
    std::uint64_t endurance = 0;  ///< writes; 0: no limit
};

enum class SeriesCellKind : std::uint8_t { rram, pcm, stt_mram, fefet };
/// Preset with every effect on; docs/cim-analog.md says where its numbers come from.
[[nodiscard]] SeriesCell series_cell(SeriesCellKind kind);

struct C3cimConfig {
    unsigned rows = 64;
    unsigned columns = 512;          ///< of cells, one bit each
    unsigned series = 64;            ///< cells of a column in series; longer ones are in segments
    double current = 10e-9;          ///< A
    double supply = 1.1;             ///< V
    double saturation = 0.1;         ///< V that the current source needs
    double transistor = 10e3;        ///< Ω in series with each cell, selected or not
    double capacitance = 24.79e-15;  ///< F of a column, charged over the whole supply
    unsigned adc_bits = 7;
    double age = 0;  ///< s, offset of simulated time
    Fidelity fidelity = Fidelity::fast;
    SeriesCell cell;

    /// Seconds until a column has settled.
    [[nodiscard]] double read_time() const { return capacitance * supply / current; }
    /// Joules of one column read, whatever it selects.
    [[nodiscard]] double read_energy() const { return current * supply * read_time(); }
    /// Mean resistances over devices and writes.
    [[nodiscard]] double mean_low() const;
    [[nodiscard]] double mean_high() const;
    /// Voltage of a column with all cells selected and high.
    [[nodiscard]] double largest_voltage() const;
};

/// Why the configuration is refused (headroom, shape); empty if it is not.
[[nodiscard]] std::string refusal(const C3cimConfig& config);

/// Sum over ±1 values from the count k of rows where both are one: x and w ones of the n rows
/// taking part.
[[nodiscard]] constexpr std::int64_t xnor_sum(std::int64_t k, std::int64_t x, std::int64_t w,
                                              std::int64_t n) {
    return 4 * k - 2 * x - 2 * w + n;
}

/// Columns of resistive cells in series, read by a constant current, plain C++. A selected cell
/// adds its resistance, every row adds that of a transistor.
class C3cimCore {
public:
    C3cimCore(const C3cimConfig& config, const Random& random);

    [[nodiscard]] const C3cimConfig& config() const { return config_; }
    [[nodiscard]] unsigned segments() const {
        return (config_.rows + config_.series - 1) / config_.series;
    }

    enum class Write : std::uint8_t { nothing, set, reset, stuck, worn };
    /// Writes a cell if it holds something else: `set` to low, `reset` to high. `stuck` and `worn`
    /// cells took a pulse in vain.
    Write write(unsigned row, unsigned column, bool one);
    /// What a cell really holds.
    [[nodiscard]] bool holds(unsigned row, unsigned column) const {
        return state_[cell(row, column)] != 0;
    }
    [[nodiscard]] double resistance(unsigned row, unsigned column) const;
    [[nodiscard]] std::uint32_t writes(unsigned row, unsigned column) const {
        return writes_[cell(row, column)];
    }

    /// A new read: `selected[r]` is 0 or 1 for every row. Reads of columns that follow see it.
    void select(std::span<const std::uint8_t> selected);
    /// Voltage of a segment of a column.
    [[nodiscard]] double voltage(unsigned segment, unsigned column) const;
    /// Selected ones of a segment of a column, as the converter has it; adds to `saturations` where
    /// its range cuts them.
    [[nodiscard]] unsigned count(unsigned segment, unsigned column,
                                 std::uint64_t& saturations) const;
    /// Whether a segment's column holds at least `threshold` selected ones, by a comparator alone.
    [[nodiscard]] bool compare(unsigned segment, unsigned column, unsigned threshold) const;
    /// Selected rows of a segment.
    [[nodiscard]] unsigned selected(unsigned segment) const { return ones_[segment]; }

    [[nodiscard]] std::vector<std::uint8_t> save(double now) const;
    /// Why the bytes were refused; empty if they were taken. Refused, nothing changes.
    [[nodiscard]] std::string load(std::span<const std::uint8_t> state, double now);

private:
    [[nodiscard]] std::size_t cell(unsigned row, unsigned column) const {
        return std::size_t{column} * config_.rows + row;
    }
    void place(std::size_t cell, bool one);
    void refresh(std::size_t cell);
    [[nodiscard]] double column_noise(unsigned segment, unsigned column) const;
    [[nodiscard]] double transition_time(std::size_t cell) const;
    /// Sums over the selected cells of a column, device by device: where each draws its own noise
    /// or may have been disturbed.
    [[nodiscard]] double slow_ohms(unsigned segment, unsigned column) const;
    [[nodiscard]] double disturbed(std::size_t cell, double stress) const;
    [[nodiscard]] double counts_of(double volts, unsigned segment) const;

    C3cimConfig config_;
    Random random_;
    double age_;
    double mean_low_;
    double mean_high_;
    std::uint64_t reads_ = 0;  // event number of read noise
    std::vector<std::uint8_t> selected_;
    std::vector<unsigned> ones_;  // selected rows of each segment
    std::vector<double> stress_;  // s that each row was read
    // Sums over the selected cells, for each segment and column: Σ R and Σ (noise · R)².
    std::vector<float> ohms_;
    std::vector<float> variances_;
    bool slow_ = false;        // the sums are not valid
    double first_transition_;  // s of stress after which some cell may be disturbed
    // Panels as in a crossbar: what `ohms_` and `variances_` are summed from.
    std::vector<float> panels_;
    std::vector<Half> panel_variances_;
    // Column after column, row after row.
    std::vector<std::uint8_t> state_;  // 1: high
    std::vector<float> resistance_;
    std::vector<std::uint32_t> writes_;
    std::vector<double> stress_at_write_;
    std::vector<std::uint8_t> stuck_;
};

}  // namespace cimera::cim
