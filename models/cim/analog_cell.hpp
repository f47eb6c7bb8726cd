// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

namespace cimera::cim {

/// How far a programmed conductance lies from its target: standard deviation in µS as a function
/// of the conductance G in µS, or of g = G / g_max. docs/cim-analog.md has the sources.
enum class ProgrammingNoise : std::uint8_t {
    none,
    relative,   ///< programming_sigma · g_max, whatever the level
    pcm,        ///< 0.26348 + 1.9650 g − 1.1731 g²
    pcm_joshi,  ///< 0.286 + 0.0759 G − 0.00179 G²
    rram_milo,  ///< 4.782 − 0.0091 G, G in 50…225 µS
    rram_wan    ///< 1.053 + 0.2374 G − 0.01167 G² + 1.536e-4 G³, G up to 39 µS
};

/// A resistive cell of several levels: its range and every effect, each with its switch.
struct AnalogCell {
    double g_min = 0;   ///< µS
    double g_max = 25;  ///< µS
    ProgrammingNoise programming = ProgrammingNoise::none;
    double programming_sigma = 0.03;  ///< of g_max, for `relative`
    bool drift = false;               ///< of phase-change cells
    bool flicker = false;             ///< 1/f read noise of phase-change cells
    double read_noise = 0;            ///< white, standard deviation relative to the conductance
    double stuck_low = 0;             ///< fraction of cells that stay at g_min
    double stuck_high = 0;            ///< fraction of cells that stay at g_max
    double temperature = 300;         ///< K
    double activation = 0;            ///< eV: conduction goes with exp(−activation / kT); 0 off
    double quadratic = 0;             ///< I = G·V·(1 + quadratic·|V| + cubic·V²), 1/V
    double cubic = 0;                 ///< 1/V²
    std::uint64_t endurance = 0;      ///< pulses; 0: no limit
};

[[nodiscard]] double programming_sigma(const AnalogCell& cell, double conductance);

/// Distribution of the drift exponent over cells at relative conductance g.
struct DriftExponent {
    double mean;
    double sigma;
};
[[nodiscard]] DriftExponent drift_exponent(double g);
/// (age / 20 s)^−exponent; 1 before 20 s.
[[nodiscard]] double drift_factor(double exponent, double age);

/// Standard deviation of 1/f noise relative to the conductance, g = G / g_max, `age` in seconds.
[[nodiscard]] double flicker_sigma(double g, double age);

/// Conductance at the cell's temperature relative to that at 300 K.
[[nodiscard]] double temperature_factor(const AnalogCell& cell);

/// I / (G·V) at `volts`.
[[nodiscard]] double voltage_factor(const AnalogCell& cell, double volts);

}  // namespace cimera::cim
