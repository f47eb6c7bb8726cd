// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdio>

#include <catch2/catch.hpp>

#include "platform/config/technology.hpp"
#include "tests/paper/macro.hpp"
#include "tests/support/source_path.hpp"

// Where the energy of a digital compute-in-memory macro goes, with the prices of fdsoi28 and random
// data. docs/accuracy.md discusses the figures.

namespace cimera {
namespace {

using test::MacroEnergy;
using test::measure_macro;

TEST_CASE("paper: the adder tree takes more than 70 % of a digital macro's energy", "[paper]") {
    constexpr double published = 0.70;  // "more than 70 %", from 64 rows on
    for (const unsigned rows : {32U, 64U, 128U, 256U}) {
        for (const unsigned input_bits : {1U, 4U, 8U}) {
            const MacroEnergy parts = measure_macro(rows, 4, input_bits);
            std::printf(
                "adder tree, %3u rows, %u-bit inputs: model %.1f %%, published > %.0f %%, "
                "ratio %.3f\n",
                rows, input_bits, 100 * parts.tree_share(), 100 * published,
                parts.tree_share() / published);
            if (rows >= 64) {
                CHECK(parts.tree_share() > published);
            }
        }
    }
}

TEST_CASE("paper: the adder tree's share over the rows of a macro", "[paper]") {
    // Counted with the same gate constants, half of all bits toggling in every cycle. Here weights
    // of 4 bits and inputs of 4 bits are random, and the rule of docs/accuracy.md counts.
    constexpr double tolerance = 0.05;
    struct Point {
        unsigned rows;
        double reference;
    };
    for (const Point& point : {Point{32, 0.65}, {64, 0.76}, {128, 0.84}, {256, 0.88}}) {
        const double share = measure_macro(point.rows, 4, 4).tree_share();
        std::printf(
            "share of the adder tree, %3u rows: model %.1f %%, reference %.0f %%, "
            "ratio %.3f\n",
            point.rows, 100 * share, 100 * point.reference, share / point.reference);
        CHECK(share / point.reference == Approx(1.0).margin(tolerance));
    }
}

TEST_CASE("paper: energy of an 8 b x 8 b product of a digital macro", "[paper]") {
    // ZigZag-IMC's gate constants at 0.9 V give 78 fJ with 64 rows, half of all bits toggling in
    // each of eight cycles. The input lines of this model rest at zero between products, which adds
    // a ninth transition to the eight: 9/8 of everything but the accumulators.
    constexpr double reference = 78.0;
    constexpr double tolerance = 0.15;
    const MacroEnergy parts = measure_macro(64, 8, 8);
    const double model = parts.femtojoules_per_mac();
    std::printf("8 b x 8 b product, 64 rows: model %.1f fJ, reference %.1f fJ, ratio %.3f\n", model,
                reference, model / reference);
    CHECK(model / reference == Approx(1.0).margin(tolerance));
    const double toggling = (parts.total() - parts.accumulate) * 8 / 9 + parts.accumulate;
    const double without_rest = toggling * 1e-3 / static_cast<double>(parts.macs);
    std::printf("the same without the return to rest: model %.1f fJ, ratio %.3f\n", without_rest,
                without_rest / reference);
    CHECK(without_rest / reference == Approx(1.0).margin(0.03));
}

TEST_CASE("paper: how the adder tree's share depends on the bit cell's estimate", "[paper]") {
    // One unit capacitance instead of half of one for the node that a cell drives.
    const Technology technology =
        load_technology(test::source_path("platform/technology/fdsoi28.toml"), {});
    const double estimate = technology.energy_of("cim.bitcell").attojoules;
    const double doubled = 567;
    for (const unsigned input_bits : {1U, 4U, 8U}) {
        const MacroEnergy parts = measure_macro(64, 4, input_bits);
        const double cells = parts.cells * doubled / estimate;
        const double share = parts.tree / (parts.total() - parts.cells + cells);
        std::printf(
            "adder tree, 64 rows, %u-bit inputs, %.0f aJ instead of %.0f aJ per cell: "
            "model %.1f %%\n",
            input_bits, doubled, estimate, 100 * share);
        CHECK(share < parts.tree_share());
        CHECK(share > 0.6);
    }
}

}  // namespace
}  // namespace cimera
