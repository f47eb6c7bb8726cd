// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdio>

#include <catch2/catch.hpp>

#include "tests/paper/macro.hpp"

// What encodings without adjacent ones save in a digital macro, by counting gates and toggles.
// Nothing here is fitted; docs/cim.md discusses what is missed.

namespace cimera {
namespace {

using cim::DigitalConfig;
using cim::Encoding;
using cim::multiplier_gates;
using cim::SignPlace;
using test::MacroEnergy;
using test::measure_macro;

DigitalConfig sliced(Encoding encoding, unsigned slice, SignPlace sign = SignPlace::none) {
    return {encoding, sign, slice, {}};
}

TEST_CASE("paper: area of a Fibbinary multiplier", "[paper]") {
    constexpr double published = -0.76;  // DAC 2024; the encoding's first paper has -73 %
    constexpr double tolerance = 0.10;
    for (const unsigned slice : {2U, 4U, 8U}) {
        const double binary = multiplier_gates(Encoding::binary, slice, 2).area();
        const double relaxed = multiplier_gates(Encoding::relaxed, slice, 2).area();
        const double saving = relaxed / binary - 1;
        std::printf(
            "multiplier, %u-bit input x 2-bit weight: %.1f instead of %.1f NAND2, model "
            "%.1f %%, published %.0f %%, ratio %.3f\n",
            slice, relaxed, binary, 100 * saving, 100 * published, saving / published);
        if (slice > 2) {  // the publication's inputs are of 4 to 16 bits
            CHECK(saving / published == Approx(1.0).margin(tolerance));
        }
    }
}

TEST_CASE("paper: energy of Fibbinary multipliers and of their trees", "[paper]") {
    constexpr double published = -0.66;  // power of the multiplier, DAC 2024
    for (const unsigned slice : {4U, 8U}) {
        for (const unsigned weight_bits : {4U, 8U}) {
            const MacroEnergy binary =
                measure_macro(64, weight_bits, slice, sliced(Encoding::binary, slice));
            for (const Encoding encoding : {Encoding::fibbinary, Encoding::relaxed}) {
                const MacroEnergy ours =
                    measure_macro(64, weight_bits, slice, sliced(encoding, slice));
                const double multipliers = ours.multipliers / binary.multipliers - 1;
                std::printf(
                    "multipliers, %s, %u x %u bits: model %.1f %%, published %.0f %%, "
                    "ratio %.3f; tree %.1f %%, macro %.1f %%\n",
                    encoding == Encoding::relaxed ? "relaxed  " : "fibbinary", slice, weight_bits,
                    100 * multipliers, 100 * published, multipliers / published,
                    100 * (ours.tree / binary.tree - 1), 100 * (ours.total() / binary.total() - 1));
                CHECK(multipliers < published);  // gates and toggles alone save more
                CHECK(ours.tree < binary.tree);
            }
        }
    }
}

TEST_CASE("paper: full adders of the tree of 2-bit products", "[paper]") {
    constexpr double derived = -0.14;  // 435 to 372 full adders, 64 rows, 4-bit inputs
    const cim::Geometry geometry{1, 64, 512, 2};
    const auto adders = [&](const DigitalConfig& config) {
        return cim::column_gates(geometry, config).tree.full_adders;
    };
    const unsigned binary = adders(sliced(Encoding::binary, 4));
    const unsigned relaxed = adders(sliced(Encoding::relaxed, 4));
    const unsigned with_signs = adders(sliced(Encoding::relaxed, 4, SignPlace::beside));
    const double saving = static_cast<double>(relaxed) / binary - 1;
    std::printf(
        "adder tree of 2-bit weights: %u instead of %u full adders, model %.1f %%, derived "
        "%.0f %%, ratio %.3f; with signs %u\n",
        relaxed, binary, 100 * saving, 100 * derived, saving / derived, with_signs);
    CHECK(binary == 435);
    CHECK(relaxed == 372);
    CHECK(with_signs == 435);  // a sign takes the bit that the encoding had saved
}

TEST_CASE("paper: numbers of codes", "[paper]") {
    struct Row {
        unsigned bits;
        std::uint64_t fibbinary;
        std::uint64_t relaxed;
        double published;
    };
    for (const Row& row : {Row{4, 8, 9, 0.125}, {8, 55, 81, 0.472}, {16, 2584, 6561, 1.54}}) {
        const auto count = [&row](Encoding encoding) {
            return cim::WeightCodec(encoding, SignPlace::none, row.bits).magnitudes();
        };
        const double more = static_cast<double>(count(Encoding::relaxed)) /
                                static_cast<double>(count(Encoding::fibbinary)) -
                            1;
        std::printf(
            "codes of %2u bits: fibbinary %4llu, relaxed %4llu: model %+.1f %%, published "
            "%+.1f %%, ratio %.3f\n",
            row.bits, static_cast<unsigned long long>(count(Encoding::fibbinary)),
            static_cast<unsigned long long>(count(Encoding::relaxed)), 100 * more,
            100 * row.published, more / row.published);
        CHECK(count(Encoding::fibbinary) == row.fibbinary);
        CHECK(count(Encoding::relaxed) == row.relaxed);
        CHECK(more / row.published == Approx(1.0).margin(0.005));
    }
}

}  // namespace
}  // namespace cimera
