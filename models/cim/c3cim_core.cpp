// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/c3cim_core.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/common/mathematics.hpp"

namespace cimera::cim {

namespace {

// Purposes of random numbers.
constexpr std::uint32_t stream_stuck = 0;
constexpr std::uint32_t stream_device = 1;
constexpr std::uint32_t stream_cycle = 2;
constexpr std::uint32_t stream_read_cell = 3;
constexpr std::uint32_t stream_read_column = 4;

constexpr std::uint32_t state_kind = 1;
constexpr double thermal_volts = 8.617333e-5;  // V/K

enum Stuck : std::uint8_t { free_cell, stuck_low, stuck_high };

std::array<std::uint32_t, 4> shape(const C3cimConfig& c) {
    return {c.rows, c.columns, c.series, 1};
}

std::uint32_t index(std::size_t cell) {
    return static_cast<std::uint32_t>(cell);
}

std::size_t padded(unsigned columns) {
    return (columns + panel_columns - 1) / panel_columns * panel_columns;
}

/// Mean of a lognormal distribution over its median.
double lognormal_mean(double sigma, double sigma_cycle) {
    return math::exp((sigma * sigma + sigma_cycle * sigma_cycle) / 2);
}

}  // namespace

SeriesCell series_cell(SeriesCellKind kind) {
    switch (kind) {
        case SeriesCellKind::rram:
            return {"rram", 10e3, 1e6, 0.05, 0.1, 0.03, 0.005, true, 300, 1e-3, 1e-3, 1'000'000};
        case SeriesCellKind::pcm:
            return {"pcm", 40e3, 1e6, 0.05, 0.15, 0.05, 0.01, false, 300, 1e-3, 1e-3, 100'000'000};
        case SeriesCellKind::stt_mram:
            return {"stt-mram", 4e3,   10e3, 0.03, 0.03, 0,
                    0.003,      false, 300,  1e-5, 1e-5, 1'000'000'000'000};
        case SeriesCellKind::fefet:
            return {"fefet", 50e3, 1e6, 0.1, 0.1, 0.05, 0.01, false, 300, 1e-3, 1e-3, 100'000};
    }
    return {};
}

double C3cimConfig::mean_low() const {
    return cell.low * lognormal_mean(cell.sigma_low, cell.sigma_cycle);
}

double C3cimConfig::mean_high() const {
    return cell.high * lognormal_mean(cell.sigma_high, cell.sigma_cycle);
}

double C3cimConfig::largest_voltage() const {
    return series * current * (cell.high + transistor);
}

std::string refusal(const C3cimConfig& c) {
    if (c.series == 0 || c.series > 256 || c.rows == 0 || c.columns == 0) {
        return "1 to 256 cells in series";
    }
    if (!(c.current > 0 && c.cell.low > 0 && c.cell.high > c.cell.low)) {
        return "a current above zero and resistances with 0 < low < high";
    }
    const double headroom = c.supply - c.saturation;
    if (!(c.largest_voltage() <= headroom)) {
        const auto whole = [](double value) {
            return std::to_string(static_cast<long>(std::floor(value + 0.5)));
        };
        const double most = std::max(headroom / (c.series * c.current) - c.transistor, 0.0);
        return "headroom: " + std::to_string(c.series) + " cells in series need " +
               whole(c.largest_voltage() * 1000) + " mV of " + whole(headroom * 1000) +
               " mV; at this current a cell may have " +
               std::to_string(static_cast<long>(most / 1000)) + " kOhm";
    }
    return {};
}

C3cimCore::C3cimCore(const C3cimConfig& config, const Random& random)
    : config_(config),
      random_(random),
      age_(config.age),
      mean_low_(config.mean_low()),
      mean_high_(config.mean_high()),
      selected_(config.rows, 0),
      ones_(segments(), 0),
      stress_(config.rows, 0),
      first_transition_(std::numeric_limits<double>::infinity()),
      panels_(padded(config.columns) * config.rows, 0),
      panel_variances_(config.cell.read_noise > 0 ? panels_.size() : 0, 0),
      state_(std::size_t{config.rows} * config.columns, 0),
      resistance_(state_.size(), 0),
      writes_(state_.size(), 0),
      stress_at_write_(state_.size(), 0),
      stuck_(state_.size(), free_cell) {
    const SeriesCell& model = config_.cell;
    for (std::size_t i = 0; i < state_.size(); ++i) {
        if (model.stuck_low + model.stuck_high > 0) {
            const double u = random_.uniform(stream_stuck, index(i), 0);
            stuck_[i] = u < model.stuck_low                      ? stuck_low
                        : u < model.stuck_low + model.stuck_high ? stuck_high
                                                                 : free_cell;
        }
        place(i, stuck_[i] == stuck_high);
    }
}

void C3cimCore::place(std::size_t i, bool one) {
    const SeriesCell& model = config_.cell;
    state_[i] = one ? 1 : 0;
    const double sigma = one ? model.sigma_high : model.sigma_low;
    double logarithm = 0;
    if (sigma > 0) {
        logarithm += sigma * random_.normal(stream_device, index(i), one ? 1 : 0);
    }
    if (model.sigma_cycle > 0) {
        logarithm += model.sigma_cycle * random_.normal(stream_cycle, index(i), writes_[i]);
    }
    resistance_[i] = static_cast<float>((one ? model.high : model.low) * math::exp(logarithm));
    refresh(i);
}

void C3cimCore::refresh(std::size_t i) {
    const std::size_t row = i % config_.rows;
    const std::size_t column = i / config_.rows;
    const std::size_t at =
        (column / panel_columns * config_.rows + row) * panel_columns + column % panel_columns;
    panels_[at] = resistance_[i];
    if (!panel_variances_.empty()) {
        const double sigma = config_.cell.read_noise * resistance_[i];
        panel_variances_[at] = to_half(static_cast<float>(sigma * sigma));
    }
    if (config_.cell.read_disturb) {
        first_transition_ = std::min(first_transition_, transition_time(i));
    }
}

C3cimCore::Write C3cimCore::write(unsigned row, unsigned column, bool one) {
    const std::size_t i = cell(row, column);
    if ((state_[i] != 0) == one) {
        return Write::nothing;
    }
    if (config_.cell.endurance != 0 && writes_[i] >= config_.cell.endurance) {
        return Write::worn;
    }
    ++writes_[i];
    if (stuck_[i] != free_cell) {
        return Write::stuck;
    }
    place(i, one);
    stress_at_write_[i] = stress_[row];
    return one ? Write::reset : Write::set;
}

namespace {

/// Exponent of read disturb at the voltage of a cell.
double disturb_exponent(const C3cimConfig& c, double ohms) {
    return 0.0068 * math::exp(0.11 * c.current * ohms / (thermal_volts * c.cell.temperature));
}

}  // namespace

double C3cimCore::transition_time(std::size_t i) const {
    const double cycles = writes_[i] == 0 ? 0 : 0.003 * math::pow(writes_[i], 0.41);
    if (cycles >= 1) {
        return std::numeric_limits<double>::infinity();
    }
    return 1.55e-8 * math::exp((math::log(1.43339) + math::log(1 - cycles)) /
                               disturb_exponent(config_, resistance_[i]));
}

double C3cimCore::disturbed(std::size_t i, double stress) const {
    // G = G0 · (stress / t)^−p from the transition time t on (analog-cim-sim; RRAM under reads).
    const double transition = transition_time(i);
    return stress <= transition
               ? double{resistance_[i]}
               : resistance_[i] *
                     math::pow(stress / transition, disturb_exponent(config_, resistance_[i]));
}

double C3cimCore::resistance(unsigned row, unsigned column) const {
    const std::size_t i = cell(row, column);
    const double stress = stress_[row] - stress_at_write_[i];
    return stress > first_transition_ ? disturbed(i, stress) : double{resistance_[i]};
}

void C3cimCore::select(std::span<const std::uint8_t> selected) {
    ++reads_;
    std::fill(ones_.begin(), ones_.end(), 0);
    const double time = config_.read_time();
    bool disturbed = false;
    for (unsigned r = 0; r < config_.rows; ++r) {
        selected_[r] = selected[r];
        ones_[r / config_.series] += selected[r];
        stress_[r] += selected[r] != 0 ? time : 0;
        disturbed = disturbed || (selected[r] != 0 && stress_[r] > first_transition_);
    }
    slow_ = disturbed || (config_.fidelity == Fidelity::exact && config_.cell.read_noise > 0);
    if (slow_) {
        return;
    }
    const std::size_t stride = padded(config_.columns);
    ohms_.assign(stride * segments(), 0);
    variances_.assign(ohms_.size(), 0);
    const std::vector<float> x(selected.begin(), selected.end());
    for (unsigned s = 0; s < segments(); ++s) {
        unsigned from = s * config_.series;
        unsigned to = std::min(from + config_.series, config_.rows);
        while (from < to && selected_[from] == 0) {
            ++from;
        }
        while (from < to && selected_[to - 1] == 0) {
            --to;
        }
        for (std::size_t c = 0; from < to && c < stride; c += panel_columns) {
            const std::size_t at = c * config_.rows + from * panel_columns;
            panel_product(&panels_[at], panel_variances_.empty() ? nullptr : &panel_variances_[at],
                          &x[from], to - from, &ohms_[s * stride + c], &variances_[s * stride + c]);
        }
    }
}

double C3cimCore::slow_ohms(unsigned segment, unsigned column) const {
    const unsigned first = segment * config_.series;
    const unsigned last = std::min(first + config_.series, config_.rows);
    const double noise = config_.cell.read_noise;
    const bool exact = config_.fidelity == Fidelity::exact && noise > 0;
    double ohms = 0;
    double squares = 0;
    for (unsigned r = first; r < last; ++r) {
        if (selected_[r] == 0) {
            continue;
        }
        const double cell_ohms = resistance(r, column);
        ohms += cell_ohms;
        squares += cell_ohms * cell_ohms;
        if (exact) {
            ohms += cell_ohms * noise *
                    random_.normal(stream_read_cell, index(cell(r, column)), reads_);
        }
    }
    return exact || squares == 0
               ? ohms
               : ohms + noise * std::sqrt(squares) * column_noise(segment, column);
}

double C3cimCore::column_noise(unsigned segment, unsigned column) const {
    return random_.normal(stream_read_column, segment * config_.columns + column, reads_);
}

double C3cimCore::voltage(unsigned segment, unsigned column) const {
    double ohms = 0;
    if (slow_) {
        ohms = slow_ohms(segment, column);
    } else if (!ohms_.empty()) {
        const std::size_t at = segment * padded(config_.columns) + column;
        ohms = ohms_[at];
        if (variances_[at] > 0) {
            ohms += std::sqrt(double{variances_[at]}) * column_noise(segment, column);
        }
    }
    return config_.current * (config_.series * config_.transistor + ohms);
}

double C3cimCore::counts_of(double volts, unsigned segment) const {
    return (volts / config_.current - config_.series * config_.transistor -
            mean_low_ * ones_[segment]) /
           (mean_high_ - mean_low_);
}

unsigned C3cimCore::count(unsigned segment, unsigned column, std::uint64_t& saturations) const {
    const double counts = std::floor(counts_of(voltage(segment, column), segment) + 0.5);
    const double largest = (1U << config_.adc_bits) - 1U;
    saturations += counts > largest ? 1 : 0;
    return static_cast<unsigned>(std::clamp(counts, 0.0, largest));
}

bool C3cimCore::compare(unsigned segment, unsigned column, unsigned threshold) const {
    return counts_of(voltage(segment, column), segment) >= threshold - 0.5;
}

std::vector<std::uint8_t> C3cimCore::save(double now) const {
    StateWriter state(state_kind, shape(config_));
    state.add(age_ + now);
    state.add(reads_);
    state.add(stress_);
    state.add(state_);
    state.add(resistance_);
    state.add(writes_);
    state.add(stress_at_write_);
    return state.finish();
}

std::string C3cimCore::load(std::span<const std::uint8_t> bytes, double now) {
    StateReader state(bytes, state_kind, shape(config_));
    C3cimCore other = *this;
    other.age_ = state.take<double>() - now;
    other.reads_ = state.take<std::uint64_t>();
    state.take(other.stress_);
    state.take(other.state_);
    state.take(other.resistance_);
    state.take(other.writes_);
    state.take(other.stress_at_write_);
    for (std::size_t i = 0; i < state_.size() && state.good(); ++i) {
        const double most = 100 * config_.cell.high;
        const double stress = other.stress_[i % config_.rows];
        if (other.state_[i] > 1 || !(other.resistance_[i] > 0 && other.resistance_[i] < most) ||
            !(other.stress_at_write_[i] >= 0 && other.stress_at_write_[i] <= stress) ||
            !(stress < 1e12) || !(std::abs(other.age_) < 1e12)) {
            state.refuse("holds an impossible cell");
        }
    }
    if (!state.error().empty()) {
        return state.error();
    }
    other.first_transition_ = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < state_.size(); ++i) {
        other.refresh(i);
    }
    *this = other;
    return {};
}

}  // namespace cimera::cim
