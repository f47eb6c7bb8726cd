// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <catch2/catch.hpp>

#include "models/cim/digital_sram.hpp"
#include "models/common/random.hpp"
#include "platform/config/technology.hpp"
#include "tests/support/source_path.hpp"

// Where the energy of a digital compute-in-memory macro goes, with the prices of fdsoi28 and random
// data. docs/accuracy.md discusses the figures.

namespace cimera {
namespace {

using cim::DigitalSram;

constexpr unsigned seeds = 5;

/// Attojoules of the parts of a macro's products.
struct Parts {
    double cells = 0;
    double multipliers = 0;
    double tree = 0;
    double accumulate = 0;
    std::uint64_t macs = 0;

    [[nodiscard]] double total() const { return cells + multipliers + tree + accumulate; }
    [[nodiscard]] double tree_share() const { return tree / total(); }
    [[nodiscard]] double femtojoules_per_mac() const {
        return total() * 1e-3 / static_cast<double>(macs);
    }
};

Technology fdsoi28() {
    const std::string file = test::source_path("platform/technology/fdsoi28.toml");
    return load_technology(file, {});
}

double price(const Technology& technology, const EventKind& event) {
    double sum = 0;
    for (const EventKind::Term& term : event.price) {
        sum += term.factor * technology.energy_of(term.entry).attojoules;
    }
    return sum;
}

/// One product of a whole macro of 512 bit columns: weights and inputs uniform over their codes.
void multiply(const Technology& technology, unsigned rows, unsigned weight_bits,
              unsigned input_bits, std::uint64_t seed, Parts& parts) {
    const cim::Geometry geometry{1, rows, 512, weight_bits};
    const cim::Window all{0, 0, rows, 0, geometry.columns()};
    const Random random(seed, "macro");
    DigitalSram array(geometry);
    std::vector<std::uint32_t> codes(std::size_t{rows} * geometry.columns());
    for (std::uint32_t i = 0; i < codes.size(); ++i) {
        codes[i] = random.below(1U << weight_bits, 0, i, 0);
    }
    std::vector<std::int32_t> inputs(rows);
    for (std::uint32_t i = 0; i < rows; ++i) {
        inputs[i] = static_cast<std::int32_t>(random.below(1U << input_bits, 1, i, 0));
    }
    cim::Cost ignored;
    REQUIRE(array.program(all, codes, false, ignored));
    cim::Cost cost;
    std::vector<std::int64_t> sums(geometry.columns());
    array.multiply(all, {input_bits, false, false}, inputs, sums, cost);
    const auto spent = [&](DigitalSram::Event event) {
        return static_cast<double>(cost.counts[event]) * price(technology, array.events()[event]);
    };
    parts.cells += spent(DigitalSram::bitcell);
    parts.multipliers += spent(DigitalSram::multiplier);
    parts.tree += spent(DigitalSram::adder_tree);
    parts.accumulate += spent(DigitalSram::shift_accumulate);
    parts.macs += std::uint64_t{rows} * geometry.columns();
}

Parts measure(unsigned rows, unsigned weight_bits, unsigned input_bits) {
    const Technology technology = fdsoi28();
    Parts parts;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        multiply(technology, rows, weight_bits, input_bits, seed, parts);
    }
    return parts;
}

TEST_CASE("paper: the adder tree takes more than 70 % of a digital macro's energy", "[paper]") {
    constexpr double published = 0.70;  // "more than 70 %", from 64 rows on
    for (const unsigned rows : {64U, 128U, 256U}) {
        for (const unsigned input_bits : {1U, 4U, 8U}) {
            const Parts parts = measure(rows, 4, input_bits);
            std::printf(
                "adder tree, %3u rows, %u-bit inputs: model %.1f %%, published > %.0f %%, "
                "ratio %.3f\n",
                rows, input_bits, 100 * parts.tree_share(), 100 * published,
                parts.tree_share() / published);
            CHECK(parts.tree_share() > published);
        }
    }
}

TEST_CASE("paper: energy of an 8 b x 8 b product of a digital macro", "[paper]") {
    // ZigZag-IMC's gate constants at 0.9 V give 78 fJ with 64 rows, half of all bits toggling in
    // each of eight cycles. The input lines of this model rest at zero between products, which adds
    // a ninth transition to the eight: 9/8 of everything but the accumulators.
    constexpr double reference = 78.0;
    constexpr double tolerance = 0.15;
    const Parts parts = measure(64, 8, 8);
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
    const double estimate = fdsoi28().energy_of("cim.bitcell").attojoules;
    const double doubled = 567;
    for (const unsigned input_bits : {1U, 4U, 8U}) {
        const Parts parts = measure(64, 4, input_bits);
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
