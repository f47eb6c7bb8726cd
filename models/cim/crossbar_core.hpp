// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/cim/analog_cells.hpp"
#include "models/cim/crossbar_kernel.hpp"

namespace cimera::cim {

enum class Fidelity : std::uint8_t {
    exact,  ///< each device draws its own read noise
    fast    ///< each column draws one number of the same distribution
};
/// Signed weights: difference of two devices, or one device with a digital offset.
enum class Polarity : std::uint8_t { bipolar, unipolar };
/// Where the currents of a bipolar pair are subtracted: before one conversion or after two.
enum class Subtraction : std::uint8_t { analog, digital };
/// What an ADC's full scale is derived from: the weights of its own filter (column), of the largest
/// filter of the layer (window), or the largest possible weights for the whole array.
enum class Ranges : std::uint8_t { filter, layer, shared };

struct CrossbarConfig {
    unsigned rows = 64;
    unsigned columns = 64;  ///< of weights
    unsigned weight_bits = 4;
    unsigned levels = 16;  ///< that a cell can hold apart
    bool weights_signed = true;
    Polarity polarity = Polarity::bipolar;
    Subtraction subtraction = Subtraction::analog;
    Ranges ranges = Ranges::layer;
    double clip = 0.25;         ///< full scale of an ADC over the largest sum of its range
    unsigned dac_bits = 8;      ///< inputs of more bits take several reads
    unsigned adc_bits = 8;      ///< 0: not quantised
    double read_voltage = 0.2;  ///< V at the largest input
    double wire_ohms = 0;       ///< of a wire segment; 0: no IR drop
    double age = 0;             ///< s, offset of simulated time
    WriteScheme write;
    PulseScheme update;
    Fidelity fidelity = Fidelity::fast;
    AnalogCell cell;

    /// Largest level that a weight asks of a device.
    [[nodiscard]] unsigned largest_level() const {
        return polarity == Polarity::bipolar ? 1U << (weight_bits - 1) : (1U << weight_bits) - 1;
    }
    [[nodiscard]] unsigned arrays() const { return polarity == Polarity::bipolar ? 2 : 1; }
    /// Columns with a converter's input of their own.
    [[nodiscard]] unsigned planes() const {
        return polarity == Polarity::bipolar && subtraction == Subtraction::digital ? 2 : 1;
    }
    /// µS per unit of a weight.
    [[nodiscard]] double step() const { return (cell.g_max - cell.g_min) / largest_level(); }
};

/// What is wrong with the configuration; empty if nothing is.
[[nodiscard]] std::string refusal(const CrossbarConfig& config);

/// Part of a crossbar.
struct CrossbarWindow {
    unsigned first_row = 0;
    unsigned row_count = 0;
    unsigned first_column = 0;
    unsigned column_count = 0;
};

/// What operations did; energy and time follow from it.
struct CrossbarCounts {
    std::uint64_t reads = 0;            ///< of the array, all rows at once
    std::uint64_t dac_conversions = 0;  ///< of inputs that are not zero
    std::uint64_t adc_conversions = 0;
    std::uint64_t saturations = 0;  ///< conversions outside the range
    std::uint64_t cell_energy = 0;  ///< thousandths of a read of g_max at the read voltage
    std::uint64_t pulses = 0;       ///< on cells
    std::uint64_t longest = 0;      ///< most pulses of one cell, summed over rows of cells
    std::uint64_t verify_reads = 0;
    std::uint64_t failed = 0;  ///< cells that did not take their value
    std::uint64_t worn = 0;    ///< cells past their endurance
};

/// A resistive crossbar between converters, plain C++: weights are conductances, inputs voltages,
/// sums currents. Times are seconds of simulation; the age of the array is added to them.
class CrossbarCore {
public:
    CrossbarCore(const CrossbarConfig& config, const Random& random);

    [[nodiscard]] const CrossbarConfig& config() const { return config_; }
    [[nodiscard]] const AnalogCells& cells() const { return cells_; }

    /// With `verify` as the configuration's write scheme says, else by one pulse.
    void program(unsigned row, unsigned column, std::int32_t weight, double now,
                 CrossbarCounts& counts, bool verify = true);
    /// The weight nearest to what one reading of the devices gives.
    [[nodiscard]] std::int32_t read_back(unsigned row, unsigned column, double now);
    /// The weight nearest to the conductances as programmed: for observers.
    [[nodiscard]] std::int32_t stored(unsigned row, unsigned column) const;
    /// sums[c] += Σ_r inputs[r] · weight[r][c], as the analog path has it.
    void multiply(const CrossbarWindow& window, std::span<const std::int32_t> inputs,
                  unsigned input_bits, bool input_signed, std::span<std::int64_t> sums, double now,
                  CrossbarCounts& counts);
    /// sums[r] += Σ_c inputs[c] · weight[r][c], with converters on the other sides.
    void multiply_transposed(const CrossbarWindow& window, std::span<const std::int32_t> inputs,
                             unsigned input_bits, bool input_signed, std::span<std::int64_t> sums,
                             double now, CrossbarCounts& counts);
    /// Coincident pulses: the weight of (row, column) takes |steps| pulses of its sign. All cells
    /// of the array work at once.
    void pulse(unsigned row, unsigned column, std::int32_t steps, double now,
               CrossbarCounts& counts);

    /// Analog sums of a drive before any converter, in input unit · µS, column (or row) after
    /// column of the window, plane after plane.
    [[nodiscard]] std::vector<double> analog_sums(const CrossbarWindow& window,
                                                  std::span<const float> drive, bool transposed,
                                                  double now);
    /// Their variance over readings.
    [[nodiscard]] std::vector<double> analog_variances(const CrossbarWindow& window,
                                                       std::span<const float> drive,
                                                       bool transposed, double now);

    [[nodiscard]] std::vector<std::uint8_t> save(double now) const;
    /// Why the bytes were refused; empty if they were taken. Refused, nothing changes. Simulated
    /// time goes on from `now`.
    [[nodiscard]] std::string load(std::span<const std::uint8_t> state, double now);

private:
    [[nodiscard]] std::size_t cell(unsigned array, unsigned row, unsigned column) const {
        return (std::size_t{array} * config_.rows + row) * config_.columns + column;
    }
    /// Conductances and noise as they are at `now`.
    void refresh(double now);
    void rebuild(double at);
    void rebuild_ranges();
    [[nodiscard]] std::int32_t nearest(double difference) const;
    void note(const AnalogCells::Written& written, CrossbarCounts& counts);

    struct Sums {
        std::vector<float> current;
        std::vector<float> variance;
    };
    [[nodiscard]] Sums plane_sums(unsigned plane, const CrossbarWindow& window,
                                  std::span<const float> drive, bool transposed) const;
    [[nodiscard]] std::vector<double> device_sums(unsigned array, const CrossbarWindow& window,
                                                  std::span<const float> drive, bool transposed,
                                                  bool noise) const;
    [[nodiscard]] bool by_device() const {
        return config_.fidelity == Fidelity::exact || config_.wire_ohms > 0;
    }
    void product(const CrossbarWindow& window, std::span<const std::int32_t> inputs, unsigned bits,
                 bool is_signed, bool transposed, std::span<std::int64_t> sums, double now,
                 CrossbarCounts& counts);
    void convert(const CrossbarWindow& window, std::span<const double> analog, double full_input,
                 double input_sum, bool input_signed, bool transposed, std::span<double> values,
                 CrossbarCounts& counts) const;
    [[nodiscard]] std::uint64_t cell_energy(const CrossbarWindow& window,
                                            std::span<const float> drive, double full_input,
                                            bool transposed) const;

    CrossbarConfig config_;
    Random random_;
    double age_;
    AnalogCells cells_;
    std::uint64_t reads_ = 0;  // event number of read noise

    // Follows from the cells: rebuilt when they or the quantised time have changed.
    bool written_ = true;    // since the last rebuild
    double last_write_ = 0;  // s of age
    double built_at_ = -1;   // s of age
    struct Plane {
        std::vector<float> g;
        std::vector<Half> variance;
    };
    std::array<Plane, 2> planes_;
    std::array<std::vector<float>, 2> device_g_;  // by_device(): row-major
    std::array<std::vector<float>, 2> device_sigma_;
    std::vector<float> row_g_;  // conductance of row r left of panel p, all arrays
    std::array<std::vector<double>, 2> column_range_;  // Σ|g| of a plane's column
    std::array<std::vector<double>, 2> row_range_;
};

}  // namespace cimera::cim
