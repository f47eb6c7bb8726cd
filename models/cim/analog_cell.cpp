// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/analog_cell.hpp"

#include <algorithm>
#include <cmath>

#include "models/common/mathematics.hpp"

namespace cimera::cim {

namespace {

constexpr double boltzmann = 8.617333e-5;     // eV/K
constexpr double room = 300;                  // K
constexpr double drift_start = 20;            // s after programming, when G was measured first
constexpr double flicker_read_time = 250e-9;  // s

}  // namespace

double programming_sigma(const AnalogCell& cell, double conductance) {
    const double g = conductance / cell.g_max;
    const double low = std::min(conductance, 39.0);  // Wan's fit ends there
    switch (cell.programming) {
        case ProgrammingNoise::none:
            return 0;
        case ProgrammingNoise::relative:
            return cell.programming_sigma * cell.g_max;
        case ProgrammingNoise::pcm:
            return 0.26348 + 1.9650 * g - 1.1731 * g * g;
        case ProgrammingNoise::pcm_joshi:
            return 0.286 + 0.0759 * conductance - 0.00179 * conductance * conductance;
        case ProgrammingNoise::rram_milo:
            return 4.782 - 0.0091 * std::clamp(conductance, 50.0, 225.0);
        case ProgrammingNoise::rram_wan:
            return 1.053 + 0.2374 * low - 1.167e-2 * low * low + 1.536e-4 * low * low * low;
    }
    return 0;
}

DriftExponent drift_exponent(double g) {
    const double logarithm = math::log(std::max(g, 1e-6));
    return {std::clamp(-0.0155 * logarithm + 0.0244, 0.049, 0.1),
            std::clamp(-0.0125 * logarithm - 0.0059, 0.008, 0.045)};
}

double drift_factor(double exponent, double age) {
    return age <= drift_start ? 1 : math::exp(-exponent * math::log(age / drift_start));
}

double flicker_sigma(double g, double age) {
    if (g <= 0) {
        return 0;
    }
    const double q = std::min(0.0088 * math::exp(-0.65 * math::log(g)), 0.2);
    const double t = std::max(age, flicker_read_time);
    return q * std::sqrt(math::log((t + flicker_read_time) / (2 * flicker_read_time)));
}

double temperature_factor(const AnalogCell& cell) {
    if (cell.activation == 0 || cell.temperature == room) {
        return 1;
    }
    return math::exp(-cell.activation / boltzmann * (1 / cell.temperature - 1 / room));
}

double voltage_factor(const AnalogCell& cell, double volts) {
    const double magnitude = std::abs(volts);
    return 1 + cell.quadratic * magnitude + cell.cubic * magnitude * magnitude;
}

}  // namespace cimera::cim
