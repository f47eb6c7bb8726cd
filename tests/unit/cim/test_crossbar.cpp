// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/crossbar_core.hpp"

// The crossbar as arithmetic: ideal cells, mappings, converters, windows.

namespace cimera::cim {
namespace {

const Random seed(7, "crossbar");

struct Problem {
    Problem(const CrossbarConfig& config, unsigned input_bits, bool input_signed)
        : core(config, seed), bits(input_bits), is_signed(input_signed) {
        const unsigned range = 1U << config.weight_bits;
        weights.resize(std::size_t{config.rows} * config.columns);
        for (std::uint32_t i = 0; i < weights.size(); ++i) {
            weights[i] = static_cast<std::int32_t>(seed.below(range, 100, i, 0)) -
                         (config.weights_signed ? static_cast<std::int32_t>(range / 2) : 0);
            core.program(i / config.columns, i % config.columns, weights[i], 0, counts);
        }
        counts = {};
    }
    std::vector<std::int32_t> inputs(std::size_t n) const {
        std::vector<std::int32_t> all(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            all[i] = static_cast<std::int32_t>(seed.below(1U << bits, 101, i, 0)) -
                     (is_signed ? 1 << (bits - 1) : 0);
        }
        return all;
    }
    std::int64_t expected(const CrossbarWindow& w, const std::vector<std::int32_t>& x, unsigned i,
                          bool transposed) const {
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < x.size(); ++k) {
            const std::size_t r = w.first_row + (transposed ? i : k);
            const std::size_t c = w.first_column + (transposed ? k : i);
            sum += std::int64_t{x[k]} * weights[r * core.config().columns + c];
        }
        return sum;
    }
    CrossbarCore core;
    std::vector<std::int32_t> weights;
    CrossbarCounts counts;
    unsigned bits;
    bool is_signed;
};

CrossbarConfig ideal(unsigned rows, unsigned columns) {
    CrossbarConfig config;
    config.rows = rows;
    config.columns = columns;
    config.adc_bits = 0;
    return config;
}

void check_exact(Problem& p, const CrossbarWindow& w) {
    for (const bool transposed : {false, true}) {
        const std::vector<std::int32_t> x = p.inputs(transposed ? w.column_count : w.row_count);
        std::vector<std::int64_t> sums(transposed ? w.row_count : w.column_count, 1000);
        if (transposed) {
            p.core.multiply_transposed(w, x, p.bits, p.is_signed, sums, 0, p.counts);
        } else {
            p.core.multiply(w, x, p.bits, p.is_signed, sums, 0, p.counts);
        }
        for (unsigned i = 0; i < sums.size(); ++i) {
            CHECK(sums[i] == 1000 + p.expected(w, x, i, transposed));
        }
    }
}

TEST_CASE("crossbar: ideal cells and converters give exact integers", "[crossbar]") {
    CrossbarConfig config = ideal(70, 45);
    const int mapping = GENERATE(0, 1, 2, 3);
    config.polarity = mapping < 2 ? Polarity::bipolar : Polarity::unipolar;
    config.subtraction = mapping == 1 ? Subtraction::digital : Subtraction::analog;
    config.weights_signed = mapping != 3;
    config.dac_bits = GENERATE(8U, 3U, 1U);
    config.fidelity = GENERATE(Fidelity::fast, Fidelity::exact);
    config.cell.g_min = GENERATE(0.0, 0.5);
    const bool input_signed = GENERATE(false, true);
    INFO("mapping " << mapping << ", DAC " << config.dac_bits);
    Problem p(config, 8, input_signed);
    check_exact(p, {0, 70, 0, 45});
    check_exact(p, {3, 31, 5, 33});
    check_exact(p, {69, 1, 44, 1});
}

TEST_CASE("crossbar: an ADC rounds to its step and saturates at its range", "[crossbar]") {
    CrossbarConfig config = ideal(64, 32);
    config.adc_bits = GENERATE(4U, 6U, 8U, 10U);
    config.ranges = GENERATE(Ranges::filter, Ranges::layer, Ranges::shared);
    config.clip = GENERATE(1.0, 0.1);
    Problem p(config, 8, true);
    const CrossbarWindow all{0, 64, 0, 32};
    const std::vector<std::int32_t> x = p.inputs(64);
    std::vector<std::int64_t> sums(32, 0);
    p.core.multiply(all, x, 8, true, sums, 0, p.counts);
    double layer = 0;
    std::vector<double> filters(32, 0);
    for (unsigned c = 0; c < 32; ++c) {
        for (unsigned r = 0; r < 64; ++r) {
            filters[c] += std::abs(p.weights[r * 32 + c]);
        }
        layer = std::max(layer, filters[c]);
    }
    std::uint64_t saturated = 0;
    for (unsigned c = 0; c < 32; ++c) {
        const double range = config.ranges == Ranges::filter  ? filters[c]
                             : config.ranges == Ranges::layer ? layer
                                                              : 64.0 * 8;
        const double half = 1U << (config.adc_bits - 1);
        const double unit = range * config.clip * 128 / half;
        const double exact = static_cast<double>(p.expected(all, x, c, false));
        const bool outside = exact > (half - 0.5) * unit || exact < -(half + 0.5) * unit;
        saturated += outside ? 1 : 0;
        if (outside) {
            CHECK(static_cast<double>(sums[c]) ==
                  Approx(exact > 0 ? (half - 1) * unit : -half * unit).margin(0.51));
        } else {
            CHECK(std::abs(static_cast<double>(sums[c]) - exact) <= unit / 2 + 0.51);
        }
    }
    CHECK(p.counts.saturations == saturated);
    CHECK(p.counts.adc_conversions == 32);
    CHECK(p.counts.reads == 1);
}

TEST_CASE("crossbar: conversions, reads and energy follow from mapping and data", "[crossbar]") {
    CrossbarConfig config = ideal(64, 32);
    config.adc_bits = 8;
    const std::vector<std::int32_t> x = {5, 0, -3, 127};
    std::vector<std::int64_t> sums(32, 0);
    for (const Subtraction subtraction : {Subtraction::analog, Subtraction::digital}) {
        config.subtraction = subtraction;
        config.dac_bits = 4;
        CrossbarCore core(config, seed);
        CrossbarCounts counts;
        core.program(0, 0, 7, 0, counts);
        core.program(3, 31, -8, 0, counts);
        CHECK(counts.pulses == 4);
        counts = {};
        core.multiply({0, 4, 0, 32}, x, 8, true, sums, 0, counts);
        CHECK(counts.reads == 2);
        // Low nibbles 5, 0, 13, 15; high nibbles 0, 0, -1, 7.
        CHECK(counts.dac_conversions == 5);
        CHECK(counts.adc_conversions == (subtraction == Subtraction::digital ? 128 : 64));
        // (v/full)² · G/g_max in thousandths: 25/225 · 7/8 + 1 and 0 + 49/64.
        CHECK(counts.cell_energy == std::uint64_t{1097 + 766});
    }
}

TEST_CASE("crossbar: what the configuration cannot hold is refused", "[crossbar]") {
    CrossbarConfig config;
    CHECK(refusal(config).empty());
    config.weight_bits = 8;
    CHECK(refusal(config) == "weights of 8 bits need 129 levels, the cells have 16");
    config.levels = 129;
    CHECK(refusal(config).empty());
    config.weights_signed = false;
    CHECK(refusal(config) == "bipolar cells hold signed weights only");
    config.polarity = Polarity::unipolar;
    CHECK(refusal(config) == "weights of 8 bits need 256 levels, the cells have 129");
    config.levels = 256;
    CHECK(refusal(config).empty());
    config.cell.g_min = 30;
    CHECK_FALSE(refusal(config).empty());
    config = {};
    config.clip = 0;
    CHECK_FALSE(refusal(config).empty());
}

TEST_CASE("crossbar: weights read back as programmed", "[crossbar]") {
    CrossbarConfig config = ideal(16, 16);
    config.polarity = GENERATE(Polarity::bipolar, Polarity::unipolar);
    config.weights_signed = config.polarity == Polarity::bipolar || GENERATE(false, true);
    config.cell.g_min = 1;
    Problem p(config, 8, true);
    for (unsigned i = 0; i < 256; ++i) {
        CHECK(p.core.read_back(i / 16, i % 16, 0) == p.weights[i]);
    }
}

TEST_CASE("crossbar: coincident pulses add steps to weights", "[crossbar]") {
    CrossbarConfig config = ideal(4, 4);
    config.polarity = GENERATE(Polarity::bipolar, Polarity::unipolar);
    CrossbarCore core(config, seed);
    CrossbarCounts counts;
    for (unsigned i = 0; i < 16; ++i) {
        core.program(i / 4, i % 4, 0, 0, counts);
    }
    counts = {};
    core.pulse(1, 2, 3, 0, counts);
    core.pulse(2, 2, -5, 0, counts);
    core.pulse(3, 3, 0, 0, counts);
    CHECK(core.read_back(1, 2, 0) == 3);
    CHECK(core.read_back(2, 2, 0) == -5);
    CHECK(counts.pulses == 8);
    core.pulse(1, 2, 100, 0, counts);  // the conductance ends at its bound
    CHECK(core.read_back(1, 2, 0) == 7);
}

}  // namespace
}  // namespace cimera::cim
