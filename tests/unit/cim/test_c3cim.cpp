// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/c3cim_core.hpp"

// Constant-current series columns as arithmetic: the column equation, counts, converters, headroom.

namespace cimera::cim {
namespace {

const Random seed(8, "c3cim");

C3cimConfig ideal(unsigned rows, unsigned columns) {
    C3cimConfig config;
    config.rows = rows;
    config.columns = columns;
    return config;
}

struct Filled {
    explicit Filled(const C3cimConfig& c) : core(c, seed), w(c.rows * c.columns), x(c.rows) {
        for (std::uint32_t i = 0; i < w.size(); ++i) {
            w[i] = static_cast<std::uint8_t>(seed.below(2, 100, i, 0));
            (void)core.write(i / c.columns, i % c.columns, w[i] != 0);
        }
        for (std::uint32_t r = 0; r < x.size(); ++r) {
            x[r] = static_cast<std::uint8_t>(seed.below(2, 101, r, 0));
        }
    }
    [[nodiscard]] unsigned both(unsigned segment, unsigned column) const {
        unsigned k = 0;
        for (unsigned r = segment * core.config().series;
             r < std::min((segment + 1) * core.config().series, core.config().rows); ++r) {
            k += x[r] & w[r * core.config().columns + column];
        }
        return k;
    }
    C3cimCore core;
    std::vector<std::uint8_t> w;
    std::vector<std::uint8_t> x;
};

TEST_CASE("c3cim: a column's voltage follows its equation", "[c3cim]") {
    Filled f(ideal(64, 32));
    f.core.select(f.x);
    const unsigned ones = f.core.selected(0);
    for (unsigned c = 0; c < 32; ++c) {
        const double ohms = 64 * 10e3 + 10e3 * ones + (1e6 - 10e3) * f.both(0, c);
        CHECK(f.core.voltage(0, c) == Approx(10e-9 * ohms).epsilon(1e-6));
    }
}

TEST_CASE("c3cim: counts are exact without imperfections, in segments of any length", "[c3cim]") {
    C3cimConfig config = ideal(GENERATE(64U, 100U, 256U, 5U), 40);
    config.series = GENERATE(64U, 33U);
    Filled f(config);
    f.core.select(f.x);
    std::uint64_t saturations = 0;
    for (unsigned s = 0; s < f.core.segments(); ++s) {
        for (unsigned c = 0; c < 40; ++c) {
            const unsigned k = f.both(s, c);
            CHECK(f.core.count(s, c, saturations) == k);
            CHECK(f.core.compare(s, c, k));
            CHECK_FALSE(f.core.compare(s, c, k + 1));
        }
    }
}

TEST_CASE("c3cim: 65 codes need 7 bits, 6 saturate", "[c3cim]") {
    for (const unsigned bits : {6U, 7U}) {
        C3cimConfig config = ideal(64, 65);
        config.adc_bits = bits;
        C3cimCore core(config, seed);
        for (unsigned c = 0; c <= 64; ++c) {
            for (unsigned r = 0; r < c; ++r) {
                CHECK(core.write(r, c, true) == C3cimCore::Write::reset);
            }
        }
        core.select(std::vector<std::uint8_t>(64, 1));
        std::uint64_t saturations = 0;
        for (unsigned c = 0; c <= 64; ++c) {
            CHECK(core.count(0, c, saturations) == (bits == 6 && c == 64 ? 63 : c));
        }
        CHECK(saturations == (bits == 6 ? 1 : 0));
    }
}

TEST_CASE("c3cim: sums over plus and minus ones follow from counts of ones", "[c3cim]") {
    for (std::uint32_t trial = 0; trial < 1000; ++trial) {
        const unsigned n = 1 + seed.below(64, 200, trial, 0);
        std::int64_t sum = 0;
        std::int64_t k = 0;
        std::int64_t ones_x = 0;
        std::int64_t ones_w = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto x = static_cast<std::int64_t>(seed.below(2, 201, i, trial));
            const auto w = static_cast<std::int64_t>(seed.below(2, 202, i, trial));
            sum += (2 * x - 1) * (2 * w - 1);
            k += x & w;
            ones_x += x;
            ones_w += w;
        }
        CHECK(xnor_sum(k, ones_x, ones_w, n) == sum);
    }
}

TEST_CASE("c3cim: headroom limits the resistance at a current", "[c3cim]") {
    C3cimConfig config = ideal(64, 32);
    CHECK(refusal(config).empty());
    config.cell.high = 1.55e6;  // 64 · 10 nA · 1.56 MΩ = 0.998 V of 1.0 V
    CHECK(refusal(config).empty());
    config.cell.high = 1.6e6;
    CHECK(refusal(config) ==
          "headroom: 64 cells in series need 1030 mV of 1000 mV; at this current a cell may have "
          "1552 kOhm");
    config.current = 100e-9;
    config.cell.high = 1e6;
    CHECK(refusal(config) ==
          "headroom: 64 cells in series need 6464 mV of 1000 mV; at this current a cell may have "
          "146 kOhm");
    config.cell.high = 146e3;
    CHECK(refusal(config).empty());
    config.series = 0;
    CHECK_FALSE(refusal(config).empty());
    config = ideal(64, 32);
    config.cell.low = config.cell.high;
    CHECK_FALSE(refusal(config).empty());
}

TEST_CASE("c3cim: every preset of cells fits into 64 in series at 10 nA", "[c3cim]") {
    for (const SeriesCellKind kind : {SeriesCellKind::rram, SeriesCellKind::pcm,
                                      SeriesCellKind::stt_mram, SeriesCellKind::fefet}) {
        C3cimConfig config = ideal(64, 8);
        config.cell = series_cell(kind);
        INFO(config.cell.name);
        CHECK(refusal(config).empty());
    }
}

TEST_CASE("c3cim: only cells that change are written", "[c3cim]") {
    C3cimCore core(ideal(64, 8), seed);
    CHECK(core.write(3, 4, false) == C3cimCore::Write::nothing);
    CHECK(core.write(3, 4, true) == C3cimCore::Write::reset);
    CHECK(core.holds(3, 4));
    CHECK(core.write(3, 4, true) == C3cimCore::Write::nothing);
    CHECK(core.write(3, 4, false) == C3cimCore::Write::set);
    CHECK_FALSE(core.holds(3, 4));
    CHECK(core.writes(3, 4) == 2);
}

}  // namespace
}  // namespace cimera::cim
