// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/crossbar_core.hpp"
#include "models/cim/wires.hpp"
#include "tests/support/statistics.hpp"

// Every effect of the crossbar's cells against its equation (docs/cim-analog.md), at a fixed seed.
// Limits are four standard errors.

namespace cimera::cim {
namespace {

using test::Moments;

constexpr std::size_t population = 20000;

std::vector<double> written(const AnalogCell& model, double target,
                            const WriteScheme& scheme = {}) {
    AnalogCells cells(model, population, Random(11, "cells"));
    std::vector<double> all;
    for (std::size_t i = 0; i < population; ++i) {
        (void)cells.write(i, target, scheme, 0);
        all.push_back(cells.programmed(i));
    }
    return all;
}

TEST_CASE("crossbar effects: programming noise has the published spread", "[crossbar]") {
    struct Row {
        ProgrammingNoise noise;
        double g_max;
        double target;
        double sigma;  // by hand from the equations
    };
    const Row row = GENERATE(Row{ProgrammingNoise::pcm, 25, 12.5, 0.26348 + 0.9825 - 0.293275},
                             Row{ProgrammingNoise::pcm, 25, 25, 1.05538},
                             Row{ProgrammingNoise::pcm_joshi, 25, 20, 0.286 + 1.518 - 0.716},
                             Row{ProgrammingNoise::rram_milo, 225, 100, 3.872},
                             Row{ProgrammingNoise::rram_milo, 225, 225, 2.7345},
                             Row{ProgrammingNoise::rram_wan, 40, 20, 2.3618},
                             Row{ProgrammingNoise::relative, 25, 10, 0.75});
    AnalogCell model;
    model.programming = row.noise;
    model.g_max = row.g_max;
    CHECK(programming_sigma(model, row.target) == Approx(row.sigma).epsilon(1e-9));
    const Moments m(written(model, row.target));
    CHECK(m.mean == Approx(row.target).margin(4 * m.mean_error()));
    CHECK(m.variance == Approx(row.sigma * row.sigma).margin(4 * m.variance_error()));
}

TEST_CASE("crossbar effects: without programming noise conductances are targets", "[crossbar]") {
    for (const double g : written({}, 13)) {
        REQUIRE(g == 13.0F);
    }
}

TEST_CASE("crossbar effects: write-verify converges geometrically to a truncated normal",
          "[crossbar]") {
    AnalogCell model;
    model.programming = ProgrammingNoise::relative;
    model.programming_sigma = 0.04;  // 1 µS
    const WriteScheme scheme{0.02, 100};
    AnalogCells cells(model, population, Random(12, "cells"));
    std::vector<double> pulses;
    std::vector<double> values;
    for (std::size_t i = 0; i < population; ++i) {
        const AnalogCells::Written w = cells.write(i, 12, scheme, 0);
        REQUIRE(w.took);
        pulses.push_back(static_cast<double>(w.pulses));
        values.push_back(cells.programmed(i));
        CHECK(std::abs(values.back() - 12) <= 0.5 + 1e-6);
    }
    const double p = std::erf(0.5 / std::sqrt(2.0));  // a pulse lands within half a sigma
    const Moments tries(pulses);
    CHECK(tries.mean == Approx(1 / p).margin(4 * tries.mean_error()));
    for (unsigned n = 1; n <= 8; ++n) {  // cells that still fail after n pulses
        double fail = 0;
        for (const double count : pulses) {
            fail += count > n ? 1.0 / population : 0;
        }
        const double expected = std::pow(1 - p, n);
        CHECK(fail ==
              Approx(expected).margin(4 * std::sqrt(expected * (1 - expected) / population)));
    }
    // Normal density cut at ±a: variance 1 − 2 a φ(a) / p.
    const double density = std::exp(-0.125) / std::sqrt(2 * std::acos(-1.0));
    const Moments m(values);
    CHECK(m.mean == Approx(12).margin(4 * m.mean_error()));
    CHECK(m.variance == Approx(1 - density / p).margin(4 * m.variance_error()));
}

TEST_CASE("crossbar effects: write-verify gives up and says so", "[crossbar]") {
    AnalogCell model;
    model.programming = ProgrammingNoise::relative;
    model.stuck_low = 0.05;
    model.stuck_high = 0.1;
    AnalogCells cells(model, population, Random(13, "cells"));
    double failed = 0;
    double low = 0;
    double high = 0;
    for (std::size_t i = 0; i < population; ++i) {
        const AnalogCells::Written w = cells.write(i, 12, {0.1, 5}, 0);
        failed += w.took ? 0 : 1.0 / population;
        low += cells.programmed(i) == model.g_min ? 1.0 / population : 0;
        high += cells.programmed(i) == model.g_max ? 1.0 / population : 0;
    }
    const auto margin = [](double p) { return 4 * std::sqrt(p * (1 - p) / population); };
    CHECK(low == Approx(0.05).margin(margin(0.05)));
    CHECK(high == Approx(0.1).margin(margin(0.1)));
    CHECK(failed == Approx(0.15).margin(margin(0.15)));
}

TEST_CASE("crossbar effects: cells wear out", "[crossbar]") {
    AnalogCell model;
    model.endurance = 3;
    AnalogCells cells(model, 1, Random(1, "cells"));
    for (const double target : {5.0, 10.0, 15.0}) {
        CHECK_FALSE(cells.write(0, target, {}, 0).worn);
        CHECK(cells.programmed(0) == target);
    }
    CHECK(cells.write(0, 20, {}, 0).worn);
    CHECK(cells.programmed(0) == 15);
    CHECK(cells.pulse(0, 2, true, {1, 0, 0}, 0).worn);
    CHECK(cells.pulses(0) == 3);
}

TEST_CASE("crossbar effects: drift follows a power law with the published exponents",
          "[crossbar]") {
    AnalogCell model;
    model.drift = true;
    const double g = GENERATE(2.5, 12.5, 25.0);
    // Exponents by hand: −0.0155 ln g + 0.0244 in 0.049…0.1, −0.0125 ln g − 0.0059 in 0.008…0.045.
    const double logarithm = std::log(g / 25);
    const double mean = std::min(std::max(-0.0155 * logarithm + 0.0244, 0.049), 0.1);
    const double sigma = std::min(std::max(-0.0125 * logarithm - 0.0059, 0.008), 0.045);
    AnalogCells cells(model, population, Random(14, "cells"));
    std::vector<double> slopes;
    const double written_at = 3;
    for (std::size_t i = 0; i < population; ++i) {
        (void)cells.write(i, g, {}, written_at);
        CHECK(cells.conductance(i, written_at + 20) == Approx(g).epsilon(1e-6));
        const double hour = cells.conductance(i, written_at + 3600);
        const double month = cells.conductance(i, written_at + 30 * 86400.0);
        const double slope = std::log(month / hour) / std::log(30 * 24.0);
        slopes.push_back(-slope);
        CHECK(hour / g == Approx(std::pow(180.0, slope)).epsilon(1e-6));
    }
    const Moments m(slopes);
    CHECK(m.mean == Approx(mean).margin(4 * m.mean_error()));
    CHECK(m.variance == Approx(sigma * sigma).margin(4 * m.variance_error()));
}

TEST_CASE("crossbar effects: the age offset counts like simulated time", "[crossbar]") {
    CrossbarConfig config;
    config.adc_bits = 0;
    config.cell.drift = true;
    CrossbarCore young(config, Random(1, "x"));
    CrossbarCounts counts;
    for (unsigned r = 0; r < 64; ++r) {
        young.program(r, 0, 7, 0, counts);
    }
    const CrossbarWindow column{0, 64, 0, 1};
    const std::vector<float> ones(64, 1);
    const double month = 30 * 86400.0;
    const double fresh = young.analog_sums(column, ones, false, 0)[0];
    CrossbarCore other = young;
    const double drifted = young.analog_sums(column, ones, false, month)[0];
    // Saved, aged by the offset in the file, loaded: the same at time 0.
    REQUIRE(other.load(young.save(month), 0).empty());
    CHECK(other.analog_sums(column, ones, false, 0)[0] == drifted);
    CHECK(drifted / fresh == Approx(std::pow(month / 20, -0.049)).epsilon(0.03));
}

TEST_CASE("crossbar effects: 1/f noise grows with the logarithm of time", "[crossbar]") {
    AnalogCell model;
    model.flicker = true;
    AnalogCells cells(model, 1, Random(1, "cells"));
    for (const double g : {0.25, 5.0, 25.0}) {
        (void)cells.write(0, g, {}, 0);
        const double q = std::min(0.0088 / std::pow(g / 25, 0.65), 0.2);
        for (const double t : {1e-6, 1e-3, 1.0, 1e6}) {
            const double expected = g * q * std::sqrt(std::log((t + 250e-9) / 500e-9));
            CHECK(cells.read_sigma(0, g, t) == Approx(expected).epsilon(1e-6));
        }
    }
}

TEST_CASE("crossbar effects: temperature and nonlinear conduction", "[crossbar]") {
    AnalogCell model;
    model.activation = 0.2;
    model.temperature = 350;
    CHECK(temperature_factor(model) ==
          Approx(std::exp(-0.2 / 8.617333e-5 * (1 / 350.0 - 1 / 300.0))));
    AnalogCells cells(model, 1, Random(1, "cells"));
    (void)cells.write(0, 10, {}, 0);
    CHECK(cells.conductance(0, 0) == Approx(10 * temperature_factor(model)));

    CrossbarConfig config;
    config.adc_bits = 0;
    config.cell.quadratic = 0.3;
    config.cell.cubic = 0.5;
    CrossbarCore core(config, Random(1, "x"));
    CrossbarCounts counts;
    core.program(0, 0, 4, 0, counts);
    std::vector<std::int64_t> sums(1, 0);
    for (const std::int32_t x : {-128, -30, 50, 127}) {
        sums[0] = 0;
        core.multiply({0, 1, 0, 1}, std::vector<std::int32_t>{x}, 8, true, sums, 0, counts);
        const double volts = 0.2 * std::abs(x) / 128;
        CHECK(static_cast<double>(sums[0]) ==
              Approx(4 * x * (1 + 0.3 * volts + 0.5 * volts * volts)).margin(0.51));
    }
}

TEST_CASE("crossbar effects: pulses shrink towards the bound and scatter", "[crossbar]") {
    AnalogCell model;
    AnalogCells cells(model, population, Random(15, "cells"));
    const PulseScheme scheme{0.5, 0.8, 0.3};
    std::vector<double> first;
    std::vector<double> tenth;
    for (std::size_t i = 0; i < population; ++i) {
        (void)cells.pulse(i, 1, true, scheme, 0);
        first.push_back(cells.programmed(i));
        (void)cells.pulse(i, 9, true, scheme, 0);
        tenth.push_back(cells.programmed(i));
    }
    const Moments one(first);
    CHECK(one.mean == Approx(0.5).margin(4 * one.mean_error()));
    CHECK(one.variance == Approx(0.15 * 0.15).margin(4 * one.variance_error()));
    // u ← u + s (1 − β u): u_n = (1 − (1 − β s)^n) / β in units of the span.
    const double s = 0.5 / 25;
    const Moments ten(tenth);
    CHECK(ten.mean ==
          Approx(25 * (1 - std::pow(1 - 0.8 * s, 10)) / 0.8).margin(4 * ten.mean_error()));
}

struct Noisy {
    explicit Noisy(const CrossbarConfig& c) : core(c, Random(21, "noisy")) {
        CrossbarCounts counts;
        const Random random(22, "weights");
        for (unsigned r = 0; r < c.rows; ++r) {
            for (unsigned k = 0; k < c.columns; ++k) {
                core.program(
                    r, k, static_cast<std::int32_t>(random.below(15, 0, r * c.columns + k, 0)) - 7,
                    0, counts);
            }
        }
        for (unsigned r = 0; r < c.rows; ++r) {
            drive.push_back(static_cast<float>(random.below(256, 1, r, 0)) - 128);
        }
    }
    CrossbarCore core;
    std::vector<float> drive;
};

CrossbarConfig noisy_config(unsigned rows, unsigned columns) {
    CrossbarConfig config;
    config.rows = rows;
    config.columns = columns;
    config.cell.read_noise = 0.05;
    config.cell.flicker = true;
    config.cell.g_min = 0.1;
    config.cell.programming = ProgrammingNoise::pcm;
    return config;
}

TEST_CASE("crossbar effects: fast and exact noise agree on 10^4 columns", "[crossbar]") {
    CrossbarConfig config = noisy_config(64, 10000);
    config.subtraction = GENERATE(Subtraction::analog, Subtraction::digital);
    config.fidelity = Fidelity::exact;
    Noisy exact(config);
    config.fidelity = Fidelity::fast;
    Noisy fast(config);
    config.cell.read_noise = 0;
    config.cell.flicker = false;
    Noisy silent(config);
    const CrossbarWindow all{0, 64, 0, 10000};
    const std::vector<double> mean = silent.core.analog_sums(all, silent.drive, false, 1);
    const std::vector<double> a = exact.core.analog_sums(all, exact.drive, false, 1);
    // Another reading than that of `exact`, so that the two samples are independent.
    (void)fast.core.analog_sums(all, fast.drive, false, 1);
    const std::vector<double> b = fast.core.analog_sums(all, fast.drive, false, 1);
    const std::vector<double> variance = fast.core.analog_variances(all, fast.drive, false, 1);
    std::vector<double> from_exact;
    std::vector<double> from_fast;
    for (std::size_t i = 0; i < mean.size(); ++i) {
        REQUIRE(variance[i] > 0);
        from_exact.push_back((a[i] - mean[i]) / std::sqrt(variance[i]));
        from_fast.push_back((b[i] - mean[i]) / std::sqrt(variance[i]));
    }
    const Moments me(from_exact);
    const Moments mf(from_fast);
    const double p = test::same_distribution(from_exact, from_fast);
    std::printf(
        "fast / exact, %zu columns: mean %.4f / %.4f, variance %.4f / %.4f, two-sample p %.3f\n",
        mean.size(), mf.mean, me.mean, mf.variance, me.variance, p);
    for (const Moments& m : {me, mf}) {
        CHECK(m.mean == Approx(0).margin(4 * m.mean_error()));
        CHECK(m.variance == Approx(1).margin(4 * m.variance_error()));
    }
    CHECK(p > 0.001);
}

TEST_CASE("crossbar effects: noise of a column is the sum over its cells", "[crossbar]") {
    Noisy noisy(noisy_config(48, 40));
    const CrossbarWindow window{5, 20, 3, 30};
    const bool transposed = GENERATE(false, true);
    std::vector<float> drive(noisy.drive.begin(), noisy.drive.begin() + (transposed ? 30 : 20));
    const std::vector<double> variance = noisy.core.analog_variances(window, drive, transposed, 1);
    const double read_at = 1;
    for (unsigned i = 0; i < variance.size(); ++i) {
        double expected = 0;
        for (unsigned k = 0; k < drive.size(); ++k) {
            const unsigned r = window.first_row + (transposed ? i : k);
            const unsigned c = window.first_column + (transposed ? k : i);
            for (unsigned a = 0; a < 2; ++a) {
                const std::size_t cell = (a * 48U + r) * 40U + c;
                const double g = noisy.core.cells().conductance(cell, read_at);
                const double sigma = noisy.core.cells().read_sigma(cell, g, read_at);
                expected += drive[k] * drive[k] * sigma * sigma;
            }
        }
        // Halves keep 8 bits; the time grid is a 32nd of an octave.
        CHECK(variance[i] == Approx(expected).epsilon(5e-3));
    }
}

TEST_CASE("crossbar effects: randomness is independent of the order of calls", "[crossbar]") {
    const CrossbarConfig config = noisy_config(8, 8);
    CrossbarCore forwards(config, Random(31, "x"));
    CrossbarCore backwards(config, Random(31, "x"));
    CrossbarCounts counts;
    for (unsigned i = 0; i < 64; ++i) {
        forwards.program(i / 8, i % 8, 5, 0, counts);
        backwards.program((63 - i) / 8, (63 - i) % 8, 5, 0, counts);
    }
    const std::vector<float> ones(8, 1);
    const CrossbarWindow all{0, 8, 0, 8};
    const std::vector<double> first = forwards.analog_sums(all, ones, false, 0);
    CHECK(first == backwards.analog_sums(all, ones, false, 0));
    CHECK(first != forwards.analog_sums(all, ones, false, 0));  // another reading
    CrossbarCore other(config, Random(31, "y"));
    for (unsigned i = 0; i < 64; ++i) {
        other.program(i / 8, i % 8, 5, 0, counts);
    }
    CHECK(first != other.analog_sums(all, ones, false, 0));
}

TEST_CASE("crossbar effects: wires take part of the current, to first order", "[crossbar]") {
    // Two cells in a row, by hand: 1 S each at 1 V, 1 mΩ segments.
    const std::vector<float> g = {1e6F, 1e6F};
    const std::vector<float> v = {1};
    const std::vector<double> i = first_order_currents(1, 2, g, v, 1e-3);
    // Row: 2 A in the first segment, 1 A in the second. Column: 1 A in its last segment.
    CHECK(i[0] * 1e-6 == Approx(1 - 0.002 - 0.001));
    CHECK(i[1] * 1e-6 == Approx(1 - 0.002 - 0.001 - 0.001));
    CrossbarConfig config;
    config.adc_bits = 0;
    config.fidelity = GENERATE(Fidelity::fast, Fidelity::exact);
    CrossbarCore ideal(config, Random(1, "x"));
    config.wire_ohms = 2;
    CrossbarCore real(config, Random(1, "x"));
    CrossbarCounts counts;
    for (unsigned n = 0; n < 64 * 64; ++n) {
        ideal.program(n / 64, n % 64, 8 - static_cast<int>(n % 2), 0, counts);
        real.program(n / 64, n % 64, 8 - static_cast<int>(n % 2), 0, counts);
    }
    const std::vector<float> ones(64, 1);
    for (const bool transposed : {false, true}) {
        const std::vector<double> a = ideal.analog_sums({0, 64, 0, 64}, ones, transposed, 0);
        const std::vector<double> b = real.analog_sums({0, 64, 0, 64}, ones, transposed, 0);
        // The line nearest to the drivers loses least.
        const std::size_t near = transposed ? 63 : 0;
        const std::size_t far = transposed ? 0 : 62;
        CHECK(b[near] < a[near]);
        CHECK(b[far] / a[far] < b[near] / a[near]);
        CHECK(b[far] / a[far] > 0.5);
    }
}

}  // namespace
}  // namespace cimera::cim
