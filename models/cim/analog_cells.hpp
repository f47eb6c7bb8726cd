// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/cim/analog_cell.hpp"
#include "models/cim/device_state.hpp"
#include "models/common/random.hpp"

namespace cimera::cim {

/// How conductances are written.
struct WriteScheme {
    double tolerance = 0;     ///< of g_max; 0: one pulse without a look at the result
    unsigned max_pulses = 1;  ///< tries of write-verify
};

/// What a pulse of an in-place update does.
struct PulseScheme {
    double step = 0;          ///< µS of the first pulse from g_min
    double nonlinearity = 0;  ///< 0: equal steps; 1: the step shrinks to zero towards the bound
    double variation = 0;     ///< of each step, standard deviation relative to it
};

/// Conductances with their history: what write-verify made of each cell, how often it was written
/// and when. Randomness is keyed by the cell and the number of its pulses.
class AnalogCells {
public:
    AnalogCells(const AnalogCell& model, std::size_t count, const Random& random);

    struct Written {
        std::uint64_t pulses = 0;
        bool took = true;   ///< within tolerance
        bool worn = false;  ///< the cell's endurance is used up: it keeps what it had
    };
    /// Programs a cell to `target` µS at time `now` (seconds).
    Written write(std::size_t cell, double target, const WriteScheme& scheme, double now);
    /// `count` pulses that raise (or lower) the conductance.
    Written pulse(std::size_t cell, std::uint64_t count, bool up, const PulseScheme& scheme,
                  double now);

    /// As programmed, in µS.
    [[nodiscard]] double programmed(std::size_t cell) const { return g_[cell]; }
    /// Mean conductance in µS at `now`: drift and temperature, no read noise.
    [[nodiscard]] double conductance(std::size_t cell, double now) const;
    /// Standard deviation in µS of one reading of a cell whose conductance is `mean`.
    [[nodiscard]] double read_sigma(std::size_t cell, double mean, double now) const;
    [[nodiscard]] std::uint32_t pulses(std::size_t cell) const { return pulses_[cell]; }
    [[nodiscard]] std::size_t size() const { return g_.size(); }
    [[nodiscard]] const AnalogCell& model() const { return model_; }
    /// Whether conductances or noise change with time.
    [[nodiscard]] bool ages() const { return model_.drift || model_.flicker; }

    void save(StateWriter& state) const;
    void load(StateReader& state);

private:
    enum Stuck : std::uint8_t { free, low, high };
    void set(std::size_t cell, double conductance, double now);
    [[nodiscard]] float exponent(std::size_t cell) const;

    AnalogCell model_;
    Random random_;
    double temperature_;
    std::vector<float> g_;      // as programmed, µS
    std::vector<float> drift_;  // exponent; follows from the rest
    std::vector<double> time_;  // of the last pulse, s
    std::vector<std::uint32_t> pulses_;
    std::vector<std::uint8_t> stuck_;
};

}  // namespace cimera::cim
