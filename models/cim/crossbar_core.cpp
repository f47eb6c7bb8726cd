// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/crossbar_core.hpp"

#include <algorithm>
#include <cmath>

#include "models/common/mathematics.hpp"

namespace cimera::cim {

namespace {

// Purposes of random numbers, after those of the cells.
constexpr std::uint32_t stream_read_back = 18;

constexpr std::uint32_t state_kind = 2;
/// Time steps of drift and 1/f noise: 32 to an octave of the time since the last write.
constexpr double steps_per_octave = 32;

std::array<std::uint32_t, 4> shape(const CrossbarConfig& c) {
    return {c.rows, c.columns, c.weight_bits, c.arrays()};
}

/// A part of the bits of an input that one DAC conversion takes.
struct Slice {
    unsigned shift;
    unsigned bits;
    bool is_signed;

    [[nodiscard]] double full() const {
        return is_signed ? std::max(1U << (bits - 1), 1U) : (1U << bits) - 1U;
    }
    [[nodiscard]] std::int32_t of(std::int32_t value) const {
        const std::int32_t part = value >> shift;  // arithmetic: the sign goes to the last slice
        return is_signed ? part : part & static_cast<std::int32_t>((1U << bits) - 1U);
    }
};

std::vector<Slice> slices(unsigned input_bits, bool is_signed, unsigned dac_bits) {
    std::vector<Slice> all;
    for (unsigned shift = 0; shift < input_bits; shift += dac_bits) {
        const unsigned bits = std::min(dac_bits, input_bits - shift);
        all.push_back({shift, bits, is_signed && shift + bits == input_bits});
    }
    return all;
}

}  // namespace

std::string refusal(const CrossbarConfig& c) {
    if (c.weight_bits == 0 || c.weight_bits > 8) {
        return "weights of 1 to 8 bits";
    }
    if (c.polarity == Polarity::bipolar && !c.weights_signed) {
        return "bipolar cells hold signed weights only";
    }
    if (c.largest_level() >= c.levels) {
        return "weights of " + std::to_string(c.weight_bits) + " bits need " +
               std::to_string(c.largest_level() + 1) + " levels, the cells have " +
               std::to_string(c.levels);
    }
    if (!(c.cell.g_min >= 0 && c.cell.g_max > c.cell.g_min)) {
        return "conductances with 0 <= g_min < g_max";
    }
    if (!(c.clip > 0 && c.clip <= 1) || c.dac_bits == 0 || c.dac_bits > 8 || c.adc_bits > 16) {
        return "clip in (0, 1], 1 to 8 DAC bits, at most 16 ADC bits";
    }
    return {};
}

CrossbarCore::CrossbarCore(const CrossbarConfig& config, const Random& random)
    : config_(config),
      random_(random),
      age_(config.age),
      cells_(config.cell, std::size_t{config.arrays()} * config.rows * config.columns, random) {}

// --- writing -------------------------------------------------------------------------------

void CrossbarCore::note(const AnalogCells::Written& written, CrossbarCounts& counts) {
    counts.pulses += written.pulses;
    counts.longest = std::max(counts.longest, written.pulses);
    counts.failed += written.took ? 0 : 1;
    counts.worn += written.worn ? 1 : 0;
    written_ = true;
}

void CrossbarCore::program(unsigned row, unsigned column, std::int32_t weight, double now,
                           CrossbarCounts& counts, bool verify) {
    const WriteScheme scheme = verify ? config_.write : WriteScheme{};
    last_write_ = age_ + now;
    std::array<std::int32_t, 2> levels = {std::max(weight, 0), std::max(-weight, 0)};
    if (config_.polarity == Polarity::unipolar) {
        levels[0] = weight + (config_.weights_signed ? 1 << (config_.weight_bits - 1) : 0);
    }
    for (unsigned a = 0; a < config_.arrays(); ++a) {
        const AnalogCells::Written written =
            cells_.write(cell(a, row, column), config_.cell.g_min + levels[a] * config_.step(),
                         scheme, last_write_);
        counts.verify_reads += scheme.tolerance > 0 ? written.pulses : 0;
        note(written, counts);
    }
}

void CrossbarCore::pulse(unsigned row, unsigned column, std::int32_t steps, double now,
                         CrossbarCounts& counts) {
    if (steps == 0) {
        return;
    }
    last_write_ = age_ + now;
    const bool up = steps > 0 || config_.polarity == Polarity::bipolar;
    const unsigned array = steps < 0 && config_.polarity == Polarity::bipolar ? 1 : 0;
    PulseScheme scheme = config_.update;
    if (scheme.step == 0) {
        scheme.step = config_.step();
    }
    note(cells_.pulse(cell(array, row, column), static_cast<std::uint64_t>(std::abs(steps)), up,
                      scheme, last_write_),
         counts);
}

std::int32_t CrossbarCore::read_back(unsigned row, unsigned column, double now) {
    const double at = age_ + now;
    double difference = 0;
    for (unsigned a = 0; a < config_.arrays(); ++a) {
        const std::size_t i = cell(a, row, column);
        const double mean = cells_.conductance(i, at);
        const double sigma = cells_.read_sigma(i, mean, at);
        const double noise =
            sigma > 0
                ? sigma * random_.normal(stream_read_back, static_cast<std::uint32_t>(i), reads_)
                : 0;
        difference += (a == 0 ? 1 : -1) * (mean + noise);
    }
    return nearest(difference);
}

std::int32_t CrossbarCore::stored(unsigned row, unsigned column) const {
    double difference = cells_.programmed(cell(0, row, column));
    if (config_.arrays() == 2) {
        difference -= cells_.programmed(cell(1, row, column));
    }
    return nearest(difference);
}

std::int32_t CrossbarCore::nearest(double difference) const {
    const std::int32_t half = 1 << (config_.weight_bits - 1);
    const bool unipolar = config_.polarity == Polarity::unipolar;
    const double levels = (difference - (unipolar ? config_.cell.g_min : 0)) / config_.step();
    const auto level = static_cast<std::int32_t>(std::floor(levels + 0.5));
    if (!unipolar) {
        return std::clamp(level, -half, half - 1);
    }
    return std::clamp(level, 0, 2 * half - 1) - (config_.weights_signed ? half : 0);
}

// --- products ------------------------------------------------------------------------------

void CrossbarCore::multiply(const CrossbarWindow& window, std::span<const std::int32_t> inputs,
                            unsigned input_bits, bool input_signed, std::span<std::int64_t> sums,
                            double now, CrossbarCounts& counts) {
    product(window, inputs, input_bits, input_signed, false, sums, now, counts);
}

void CrossbarCore::multiply_transposed(const CrossbarWindow& window,
                                       std::span<const std::int32_t> inputs, unsigned input_bits,
                                       bool input_signed, std::span<std::int64_t> sums, double now,
                                       CrossbarCounts& counts) {
    product(window, inputs, input_bits, input_signed, true, sums, now, counts);
}

void CrossbarCore::product(const CrossbarWindow& window, std::span<const std::int32_t> inputs,
                           unsigned bits, bool is_signed, bool transposed,
                           std::span<std::int64_t> sums, double now, CrossbarCounts& counts) {
    refresh(now);
    std::vector<double> total(sums.size(), 0);
    std::vector<float> drive(inputs.size());
    for (const Slice& slice : slices(bits, is_signed, config_.dac_bits)) {
        double input_sum = 0;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const std::int32_t code = slice.of(inputs[i]);
            const double volts = config_.read_voltage * code / slice.full();
            drive[i] = static_cast<float>(code * voltage_factor(config_.cell, volts));
            input_sum += code;
            counts.dac_conversions += code != 0 ? 1 : 0;
        }
        ++counts.reads;
        counts.cell_energy += cell_energy(window, drive, slice.full(), transposed);
        std::vector<double> values(sums.size(), 0);
        convert(window, analog_sums(window, drive, transposed, now), slice.full(), input_sum,
                slice.is_signed, transposed, values, counts);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            total[i] += values[i] * (1U << slice.shift);
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] += static_cast<std::int64_t>(std::floor(total[i] + 0.5));
    }
}

void CrossbarCore::convert(const CrossbarWindow& window, std::span<const double> analog,
                           double full_input, double input_sum, bool input_signed, bool transposed,
                           std::span<double> values, CrossbarCounts& counts) const {
    const bool differential = config_.arrays() == 2 && config_.planes() == 1;
    const bool is_signed = differential || input_signed;
    const double codes = config_.adc_bits == 0 ? 0
                         : is_signed           ? static_cast<double>(1U << (config_.adc_bits - 1))
                                               : static_cast<double>((1U << config_.adc_bits) - 1);
    const double low = is_signed ? -codes : 0;
    const double high = is_signed ? codes - 1 : codes;
    const std::size_t first = transposed ? window.first_row : window.first_column;
    const std::size_t count = transposed ? window.row_count : window.column_count;
    const double offset = config_.polarity == Polarity::unipolar && config_.weights_signed
                              ? static_cast<double>(1U << (config_.weight_bits - 1))
                              : 0;
    const double shared = (transposed ? config_.columns : config_.rows) * config_.cell.g_max;
    for (unsigned p = 0; p < config_.planes(); ++p) {
        const std::span<const double> ranges =
            std::span<const double>(transposed ? row_range_[p] : column_range_[p])
                .subspan(first, count);
        const double layer = *std::max_element(ranges.begin(), ranges.end());
        for (std::size_t i = 0; i < count; ++i) {
            double value = analog[p * count + i];
            if (config_.adc_bits != 0) {
                const double range = config_.ranges == Ranges::filter  ? ranges[i]
                                     : config_.ranges == Ranges::layer ? layer
                                                                       : shared;
                const double unit =
                    std::max(range * config_.clip, config_.step()) * full_input / codes;
                const double code = std::floor(value / unit + 0.5);
                counts.saturations += code < low || code > high ? 1 : 0;
                value = std::clamp(code, low, high) * unit;
            }
            // The part of g_min is the same for all weights and known digitally.
            value -= differential ? 0 : config_.cell.g_min * input_sum;
            values[i] += (p == 0 ? value : -value) / config_.step();
            values[i] -= p == 0 ? offset * input_sum : 0;
        }
    }
    counts.adc_conversions += config_.planes() * count;
}

std::uint64_t CrossbarCore::cell_energy(const CrossbarWindow& window, std::span<const float> drive,
                                        double full_input, bool transposed) const {
    const std::size_t panels = (config_.columns + panel_columns - 1) / panel_columns;
    const std::size_t from = window.first_column / panel_columns;
    const std::size_t to =
        (window.first_column + window.column_count + panel_columns - 1) / panel_columns;
    double mean_square = 0;
    for (const float v : drive) {
        mean_square += double{v} * v;
    }
    mean_square /= static_cast<double>(drive.size());
    double sum = 0;
    for (std::size_t r = 0; r < window.row_count; ++r) {
        const float* row = &row_g_[(window.first_row + r) * (panels + 1)];
        const double v = drive[r < drive.size() ? r : 0];
        sum += (transposed ? mean_square : v * v) * (row[to] - row[from]);
    }
    return static_cast<std::uint64_t>(
        std::floor(1000 * sum / (full_input * full_input * config_.cell.g_max) + 0.5));
}

// --- state ---------------------------------------------------------------------------------

std::vector<std::uint8_t> CrossbarCore::save(double now) const {
    StateWriter state(state_kind, shape(config_));
    state.add(age_ + now);
    state.add(last_write_);
    state.add(reads_);
    cells_.save(state);
    return state.finish();
}

std::string CrossbarCore::load(std::span<const std::uint8_t> bytes, double now) {
    StateReader state(bytes, state_kind, shape(config_));
    const auto age = state.take<double>();
    const auto last_write = state.take<double>();
    const auto reads = state.take<std::uint64_t>();
    if (!(std::abs(age) < 1e12) || !(std::abs(last_write) < 1e12)) {
        state.refuse("holds an impossible age");
    }
    AnalogCells cells = cells_;
    cells.load(state);
    if (!state.error().empty()) {
        return state.error();
    }
    cells_ = cells;
    age_ = age - now;
    last_write_ = last_write;
    reads_ = reads;
    written_ = true;
    return {};
}

void CrossbarCore::refresh(double now) {
    double at = last_write_;
    if (cells_.ages()) {
        // A grid that depends on the time alone: reading more or less often changes nothing.
        const double since = std::max(age_ + now - last_write_, 1e-9);
        const double octaves = math::log(since) / math::log(2.0);
        at += math::exp(std::floor(octaves * steps_per_octave) / steps_per_octave * math::log(2.0));
    }
    if (written_) {
        rebuild_ranges();
    }
    if (written_ || at != built_at_) {
        rebuild(at);
        written_ = false;
        built_at_ = at;
    }
}

}  // namespace cimera::cim
