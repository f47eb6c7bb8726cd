// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/analog_cells.hpp"

#include <algorithm>
#include <cmath>

namespace cimera::cim {

namespace {

// Purposes of random numbers.
constexpr std::uint32_t stream_stuck = 0;
constexpr std::uint32_t stream_programming = 1;
constexpr std::uint32_t stream_drift = 2;
constexpr std::uint32_t stream_pulse = 3;

std::uint32_t index(std::size_t cell) {
    return static_cast<std::uint32_t>(cell);
}

}  // namespace

AnalogCells::AnalogCells(const AnalogCell& model, std::size_t count, const Random& random)
    : model_(model),
      random_(random),
      temperature_(temperature_factor(model)),
      g_(count, static_cast<float>(model.g_min)),
      drift_(model.drift ? count : 0, 0),
      time_(count, 0),
      pulses_(count, 0),
      stuck_(count, free) {
    for (std::size_t cell = 0; cell < count; ++cell) {
        if (model.stuck_low + model.stuck_high > 0) {
            const double u = random_.uniform(stream_stuck, index(cell), 0);
            stuck_[cell] = u < model.stuck_low                      ? low
                           : u < model.stuck_low + model.stuck_high ? high
                                                                    : free;
        }
        set(cell, model.g_min, 0);
    }
}

void AnalogCells::set(std::size_t cell, double conductance, double now) {
    if (stuck_[cell] != free) {
        conductance = stuck_[cell] == low ? model_.g_min : model_.g_max;
    }
    g_[cell] = static_cast<float>(std::max(conductance, 0.0));
    time_[cell] = now;
    if (model_.drift) {
        drift_[cell] = exponent(cell);
    }
}

float AnalogCells::exponent(std::size_t cell) const {
    const DriftExponent over_cells = drift_exponent(g_[cell] / model_.g_max);
    return static_cast<float>(over_cells.mean + over_cells.sigma * random_.normal(stream_drift,
                                                                                  index(cell),
                                                                                  pulses_[cell]));
}

AnalogCells::Written AnalogCells::write(std::size_t cell, double target, const WriteScheme& scheme,
                                        double now) {
    const double sigma = programming_sigma(model_, target);
    const bool verify = scheme.tolerance > 0;
    Written written;
    for (unsigned i = 0; i < std::max(scheme.max_pulses, 1U); ++i) {
        if (model_.endurance != 0 && pulses_[cell] >= model_.endurance) {
            written.worn = true;
            break;
        }
        ++pulses_[cell];
        ++written.pulses;
        const double error =
            sigma > 0 ? sigma * random_.normal(stream_programming, index(cell), pulses_[cell]) : 0;
        set(cell, target + error, now);
        if (!verify || std::abs(g_[cell] - target) <= scheme.tolerance * model_.g_max) {
            break;
        }
    }
    // Without verification a stuck cell goes unnoticed, as in hardware.
    written.took = !verify || std::abs(g_[cell] - target) <= scheme.tolerance * model_.g_max;
    return written;
}

AnalogCells::Written AnalogCells::pulse(std::size_t cell, std::uint64_t count, bool up,
                                        const PulseScheme& scheme, double now) {
    Written written;
    double g = g_[cell];
    const double span = model_.g_max - model_.g_min;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (model_.endurance != 0 && pulses_[cell] >= model_.endurance) {
            written.worn = true;
            break;
        }
        ++pulses_[cell];
        ++written.pulses;
        const double travelled = (up ? g - model_.g_min : model_.g_max - g) / span;
        double step = scheme.step * (1 - scheme.nonlinearity * travelled);
        if (scheme.variation > 0) {
            step *= 1 + scheme.variation * random_.normal(stream_pulse, index(cell), pulses_[cell]);
        }
        g = std::clamp(up ? g + step : g - step, model_.g_min, model_.g_max);
    }
    if (written.pulses > 0) {
        set(cell, g, now);
    }
    return written;
}

double AnalogCells::conductance(std::size_t cell, double now) const {
    const double drift =
        model_.drift && stuck_[cell] == free ? drift_factor(drift_[cell], now - time_[cell]) : 1;
    return g_[cell] * drift * temperature_;
}

double AnalogCells::read_sigma(std::size_t cell, double mean, double now) const {
    const double flicker =
        model_.flicker ? flicker_sigma(g_[cell] / model_.g_max, now - time_[cell]) : 0;
    return mean * std::sqrt(model_.read_noise * model_.read_noise + flicker * flicker);
}

void AnalogCells::save(StateWriter& state) const {
    state.add(g_);
    state.add(time_);
    state.add(pulses_);
}

void AnalogCells::load(StateReader& state) {
    state.take(g_);
    state.take(time_);
    state.take(pulses_);
    for (std::size_t cell = 0; cell < size() && state.good(); ++cell) {
        if (!(g_[cell] >= 0 && g_[cell] <= 10 * model_.g_max) || !(std::abs(time_[cell]) < 1e12)) {
            state.refuse("holds an impossible conductance or time");
        }
    }
    for (std::size_t cell = 0; cell < size() && model_.drift && state.good(); ++cell) {
        drift_[cell] = exponent(cell);
    }
}

}  // namespace cimera::cim
