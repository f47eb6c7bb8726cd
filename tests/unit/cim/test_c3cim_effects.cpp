// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/c3cim_core.hpp"
#include "tests/support/statistics.hpp"

// Every effect of series cells against its equation (docs/cim-analog.md), at a fixed seed. Limits
// are four standard errors.

namespace cimera::cim {
namespace {

using test::Moments;

C3cimConfig with(const SeriesCell& cell, unsigned rows, unsigned columns) {
    C3cimConfig config;
    config.rows = rows;
    config.columns = columns;
    config.cell = cell;
    return config;
}

std::vector<double> logarithms(const C3cimCore& core) {
    std::vector<double> all;
    for (unsigned r = 0; r < core.config().rows; ++r) {
        for (unsigned c = 0; c < core.config().columns; ++c) {
            all.push_back(std::log(core.resistance(r, c)));
        }
    }
    return all;
}

void write_all(C3cimCore& core, bool one) {
    for (unsigned r = 0; r < core.config().rows; ++r) {
        for (unsigned c = 0; c < core.config().columns; ++c) {
            (void)core.write(r, c, one);
        }
    }
}

TEST_CASE("c3cim effects: resistances are lognormal from device to device", "[c3cim]") {
    SeriesCell cell;
    cell.sigma_low = 0.05;
    cell.sigma_high = 0.3;
    C3cimCore core(with(cell, 64, 400), Random(1, "a"));
    const Moments low(logarithms(core));
    CHECK(low.mean == Approx(std::log(10e3)).margin(4 * low.mean_error()));
    CHECK(low.variance == Approx(0.05 * 0.05).margin(4 * low.variance_error()));
    write_all(core, true);
    const std::vector<double> once = logarithms(core);
    const Moments high(once);
    CHECK(high.mean == Approx(std::log(1e6)).margin(4 * high.mean_error()));
    CHECK(high.variance == Approx(0.3 * 0.3).margin(4 * high.variance_error()));
    // A device keeps its place in the distribution when written again.
    write_all(core, false);
    write_all(core, true);
    CHECK(logarithms(core) == once);
}

TEST_CASE("c3cim effects: cycle-to-cycle spread is drawn at each write", "[c3cim]") {
    SeriesCell cell;
    cell.sigma_high = 0.2;
    cell.sigma_cycle = 0.1;
    C3cimCore core(with(cell, 64, 400), Random(1, "a"));
    write_all(core, true);
    const std::vector<double> first = logarithms(core);
    const Moments all(first);
    CHECK(all.variance == Approx(0.2 * 0.2 + 0.1 * 0.1).margin(4 * all.variance_error()));
    write_all(core, false);
    write_all(core, true);
    std::vector<double> change = logarithms(core);
    for (std::size_t i = 0; i < change.size(); ++i) {
        change[i] -= first[i];
    }
    const Moments between(change);
    CHECK(between.mean == Approx(0).margin(4 * between.mean_error()));
    CHECK(between.variance == Approx(2 * 0.1 * 0.1).margin(4 * between.variance_error()));
}

TEST_CASE("c3cim effects: fast and exact read noise agree on 10^4 columns", "[c3cim]") {
    SeriesCell cell;
    cell.sigma_high = 0.3;
    cell.read_noise = 0.02;
    C3cimConfig config = with(cell, 64, 10000);
    std::vector<std::uint8_t> x(64);
    const Random random(5, "pattern");
    for (std::uint32_t r = 0; r < 64; ++r) {
        x[r] = static_cast<std::uint8_t>(random.below(2, 0, r, 0));
    }
    std::vector<std::vector<double>> samples;
    for (const Fidelity fidelity : {Fidelity::exact, Fidelity::fast}) {
        config.fidelity = fidelity;
        C3cimCore core(config, Random(1, "a"));
        for (unsigned r = 0; r < 64; ++r) {
            for (unsigned c = 0; c < 10000; ++c) {
                (void)core.write(r, c, random.below(2, 1, r * 10000 + c, 0) != 0);
            }
        }
        core.select(x);
        if (fidelity == Fidelity::fast) {
            core.select(x);  // another reading
        }
        std::vector<double> residuals;
        for (unsigned c = 0; c < 10000; ++c) {
            double ohms = 64 * 10e3;
            double squares = 0;
            for (unsigned r = 0; r < 64; ++r) {
                const double cell_ohms = x[r] * core.resistance(r, c);
                ohms += cell_ohms;
                squares += cell_ohms * cell_ohms;
            }
            residuals.push_back((core.voltage(0, c) - 10e-9 * ohms) /
                                (10e-9 * 0.02 * std::sqrt(squares)));
        }
        samples.push_back(residuals);
    }
    const Moments exact(samples[0]);
    const Moments fast(samples[1]);
    const double p = test::same_distribution(samples[0], samples[1]);
    std::printf(
        "c3cim fast / exact, 10000 columns: mean %.4f / %.4f, variance %.4f / %.4f, two-sample p "
        "%.3f\n",
        fast.mean, exact.mean, fast.variance, exact.variance, p);
    for (const Moments& m : {exact, fast}) {
        CHECK(m.mean == Approx(0).margin(4 * m.mean_error()));
        CHECK(m.variance == Approx(1).margin(4 * m.variance_error()));
    }
    CHECK(p > 0.001);
}

TEST_CASE("c3cim effects: stuck cells take pulses in vain", "[c3cim]") {
    SeriesCell cell;
    cell.stuck_low = 0.03;
    cell.stuck_high = 0.07;
    C3cimCore core(with(cell, 64, 400), Random(1, "a"));
    constexpr double n = 64 * 400;
    double high = 0;
    double low = 0;
    for (unsigned r = 0; r < 64; ++r) {
        for (unsigned c = 0; c < 400; ++c) {
            high += core.holds(r, c) ? 1 / n : 0;
            low += core.write(r, c, true) == C3cimCore::Write::stuck ? 1 / n : 0;
        }
    }
    CHECK(high == Approx(0.07).margin(4 * std::sqrt(0.07 * 0.93 / n)));
    CHECK(low == Approx(0.03).margin(4 * std::sqrt(0.03 * 0.97 / n)));
}

TEST_CASE("c3cim effects: a cell past its endurance keeps its state", "[c3cim]") {
    SeriesCell cell;
    cell.endurance = 5;
    C3cimCore core(with(cell, 1, 1), Random(1, "a"));
    for (int i = 0; i < 5; ++i) {
        const auto done = core.write(0, 0, i % 2 == 0);
        CHECK((done == C3cimCore::Write::set || done == C3cimCore::Write::reset));
    }
    CHECK(core.write(0, 0, false) == C3cimCore::Write::worn);
    CHECK(core.holds(0, 0));
}

TEST_CASE("c3cim effects: reads disturb after the transition time", "[c3cim]") {
    SeriesCell cell;
    cell.high = 1.5e6;
    cell.read_disturb = true;
    cell.temperature = 400;
    C3cimConfig config = with(cell, 1, 1);
    config.series = 1;
    config.current = 600e-9;    // 0.9 V across the cell: a stress test
    config.capacitance = 1e-3;  // each read takes half an hour
    C3cimCore core(config, Random(1, "a"));
    (void)core.write(0, 0, true);
    CHECK(core.resistance(0, 0) == 1.5e6F);
    const double p = 0.0068 * std::exp(0.11 * 0.9 / (8.617333e-5 * 400));
    const double transition = 1.55e-8 * std::pow(1.43339, 1 / p) * std::pow(1 - 0.003, 1 / p);
    double stress = 0;
    for (int i = 0; i < 3; ++i) {
        core.select(std::vector<std::uint8_t>{1});
        stress += config.read_time();
        REQUIRE(stress > transition);
        CHECK(core.resistance(0, 0) == Approx(1.5e6 * std::pow(stress / transition, p)));
    }
    core.select(std::vector<std::uint8_t>{0});
    CHECK(core.resistance(0, 0) == Approx(1.5e6 * std::pow(stress / transition, p)));
    (void)core.write(0, 0, false);
    (void)core.write(0, 0, true);  // writing refreshes
    CHECK(core.resistance(0, 0) == 1.5e6F);
}

TEST_CASE("c3cim effects: the RRAM preset is not disturbed by 750 million reads", "[c3cim]") {
    // Measured for the analog spiking chip: no read disturb after at least 750 M spikes.
    SeriesCell cell = series_cell(SeriesCellKind::rram);
    cell.read_noise = 0;
    C3cimConfig config = with(cell, 64, 16);
    config.capacitance *= 750e6;  // as long as that many reads
    C3cimCore core(config, Random(1, "a"));
    const std::vector<double> before = logarithms(core);
    core.select(std::vector<std::uint8_t>(64, 1));
    CHECK(logarithms(core) == before);
}

}  // namespace
}  // namespace cimera::cim
