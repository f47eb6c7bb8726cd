// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/c3cim_core.hpp"
#include "tests/support/statistics.hpp"

// Published figures of constant-current compute-in-memory (C3CIM) against the model: energy and
// time of a column read, its independence of the data, and what counting in series costs in
// accuracy. docs/cim-analog.md discusses them.

namespace cimera::cim {
namespace {

constexpr unsigned series = 64;
constexpr unsigned columns = 4000;
const Random random_source(1, "paper");

TEST_CASE("paper: a 64-cell column read takes 30 fJ", "[paper]") {
    // The column's capacitance is fitted to 30 fJ at 1.1 V: 30 fJ / (1.1 V)² = 24.79 fF. The times
    // are then predictions.
    struct Row {
        double current;
        double microseconds;  // from I · V_DD · t = 30 fJ
    };
    for (const Row row : {Row{10e-9, 2.7}, Row{100e-9, 0.27}}) {
        C3cimConfig config;
        config.current = row.current;
        const double femtojoules = config.read_energy() * 1e15;
        const double microseconds = config.read_time() * 1e6;
        std::printf(
            "column read at %.0f nA: model %.2f fJ, published 30 fJ, ratio %.4f (fitted, "
            "tolerance 0.1 %%)\n",
            row.current * 1e9, femtojoules, femtojoules / 30);
        CHECK(femtojoules / 30 == Approx(1).margin(1e-3));
        std::printf("  read time: model %.3f us, derived %.2f us, ratio %.3f (tolerance 2 %%)\n",
                    microseconds, row.microseconds, microseconds / row.microseconds);
        CHECK(microseconds / row.microseconds == Approx(1).margin(0.02));
        const double each = femtojoules / config.series;
        std::printf(
            "  one-bit operation: model %.3f fJ, published 0.47 fJ, ratio %.3f (tolerance "
            "1 %%)\n",
            each, each / 0.47);
        CHECK(each / 0.47 == Approx(1).margin(0.01));
    }
}

TEST_CASE("paper: read energy does not depend on the number of selected rows", "[paper]") {
    C3cimConfig config;
    config.columns = 1;
    C3cimCore core(config, random_source);
    constexpr double read_voltage = 0.2;
    double first = 0;
    std::printf("rows  column voltage  energy    conventional column: current  (all cells low)\n");
    for (const unsigned rows : {1U, 8U, 16U, 32U, 64U}) {
        std::vector<std::uint8_t> selected(series, 0);
        std::fill(selected.begin(), selected.begin() + rows, std::uint8_t{1});
        core.select(selected);
        // The source delivers its current whatever the voltage; the supply pays for both.
        const double energy = config.read_energy() * 1e15;
        const double conventional = rows * read_voltage / config.cell.low * 1e6;
        std::printf("%4u  %11.2f mV  %6.2f fJ  %24.1f uA\n", rows, core.voltage(0, 0) * 1e3, energy,
                    conventional);
        first = first == 0 ? energy : first;
        CHECK(energy == first);
        CHECK(conventional == Approx(rows * 20.0));
        CHECK(config.current * 1e6 == Approx(0.01));
    }
}

struct Spread {
    double rms;
    double wrong;
};

/// Counts of random data, half of the rows selected and half of the cells high, before rounding.
Spread in_series(double sigma_high) {
    C3cimConfig config;
    config.columns = columns;
    config.cell.sigma_low = 0.05;
    config.cell.sigma_high = sigma_high;
    C3cimCore core(config, random_source);
    std::vector<std::uint8_t> x(series);
    for (std::uint32_t r = 0; r < series; ++r) {
        x[r] = static_cast<std::uint8_t>(r % 2);
    }
    for (unsigned r = 0; r < series; ++r) {
        for (unsigned c = 0; c < columns; ++c) {
            (void)core.write(r, c, random_source.below(2, 0, r * columns + c, 0) != 0);
        }
    }
    core.select(x);
    double squares = 0;
    double wrong = 0;
    std::uint64_t saturations = 0;
    for (unsigned c = 0; c < columns; ++c) {
        unsigned k = 0;
        for (unsigned r = 0; r < series; ++r) {
            k += x[r] != 0 && core.holds(r, c) ? 1 : 0;
        }
        const double counts = (core.voltage(0, c) / config.current - series * config.transistor -
                               config.mean_low() * core.selected(0)) /
                              (config.mean_high() - config.mean_low());
        squares += (counts - k) * (counts - k) / columns;
        wrong += core.count(0, c, saturations) != k ? 1.0 / columns : 0;
    }
    return {std::sqrt(squares), wrong};
}

/// The same cells in parallel: the current counts the selected low ones.
Spread in_parallel(double sigma_high) {
    const SeriesCell cell;
    double squares = 0;
    double wrong = 0;
    const double mean_low = 1 / cell.low * std::exp(0.05 * 0.05 / 2);
    const double mean_high = 1 / cell.high * std::exp(sigma_high * sigma_high / 2);
    for (std::uint32_t c = 0; c < columns; ++c) {
        double current = 0;
        unsigned low = 0;
        for (std::uint32_t r = 1; r < series; r += 2) {
            const std::uint32_t i = r * columns + c;
            const bool high = random_source.below(2, 0, i, 0) != 0;
            const double z = random_source.normal(1, i, high ? 1 : 0);
            current +=
                high ? std::exp(-sigma_high * z) / cell.high : std::exp(-0.05 * z) / cell.low;
            low += high ? 0 : 1;
        }
        const double counts = (current - 32 * mean_high) / (mean_low - mean_high);
        squares += (counts - low) * (counts - low) / columns;
        wrong += std::floor(counts + 0.5) != low ? 1.0 / columns : 0;
    }
    return {std::sqrt(squares), wrong};
}

TEST_CASE("paper: counting in series adds up the spread of high resistances", "[paper]") {
    // Reference: closed estimate for 16 selected high cells of 64 (predicted, nothing fitted).
    struct Row {
        double sigma;
        double rms;
        double wrong;
        double parallel_rms;
    };
    std::printf(
        "sigma  series: rms, wrong codes   reference      parallel: rms, wrong   reference\n");
    for (const Row row : {Row{0.1, 0.4, 0.24, 0.21}, Row{0.3, 1.3, 0.69, 0.22}}) {
        const Spread s = in_series(row.sigma);
        const Spread p = in_parallel(row.sigma);
        std::printf("%5.2f  %11.2f  %10.1f %%   %.1f  %.0f %% %15.3f  %8.1f %%  %12.2f\n",
                    row.sigma, s.rms, 100 * s.wrong, row.rms, 100 * row.wrong, p.rms, 100 * p.wrong,
                    row.parallel_rms);
        CHECK(s.rms / row.rms == Approx(1).margin(0.1));
        CHECK(s.wrong == Approx(row.wrong).margin(0.04));
        CHECK(p.rms / row.parallel_rms == Approx(1).margin(0.1));
        CHECK(p.wrong < 0.04);
    }
    for (const double sigma : {0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5}) {
        const Spread s = in_series(sigma);
        std::printf("  sigma %.2f: series %.1f %% wrong codes (rms %.2f), parallel %.1f %%\n",
                    sigma, 100 * s.wrong, s.rms, 100 * in_parallel(sigma).wrong);
    }
}

}  // namespace
}  // namespace cimera::cim
