// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/paper/macro.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "models/common/random.hpp"
#include "platform/config/technology.hpp"
#include "tests/support/source_path.hpp"

namespace cimera::test {

namespace {

using cim::DigitalSram;

constexpr std::uint64_t seeds = 5;

double price(const Technology& technology, const EventKind& event) {
    double sum = 0;
    for (const EventKind::Term& term : event.price) {
        sum += term.factor * technology.energy_of(term.entry).attojoules;
    }
    return sum;
}

/// A code of the encoding, with its sign where it has one.
std::uint32_t random_code(const cim::WeightCodec& codec, unsigned bits, const Random& random,
                          std::uint32_t index) {
    for (std::uint64_t attempt = 0;; ++attempt) {
        const std::uint32_t code = random.below(1U << bits, 0, index, attempt);
        if (codec.has(code)) {
            return code;
        }
    }
}

void multiply(const Technology& technology, DigitalSram& array, unsigned input_bits,
              const Random& random, MacroEnergy& energy) {
    const cim::Geometry& geometry = array.geometry();
    const cim::Window all{0, 0, geometry.rows, 0, geometry.columns()};
    std::vector<std::uint32_t> codes(std::size_t{geometry.rows} * geometry.columns());
    for (std::uint32_t i = 0; i < codes.size(); ++i) {
        codes[i] = random_code(array.codec(), geometry.code_bits(), random, i);
    }
    std::vector<std::int32_t> inputs(geometry.rows);
    for (std::uint32_t i = 0; i < geometry.rows; ++i) {
        inputs[i] = static_cast<std::int32_t>(random.below(1U << input_bits, 1, i, 0));
    }
    cim::Cost ignored;
    REQUIRE(array.program(all, codes, false, ignored) == cim::CellStatus::ok);
    cim::Cost cost;
    std::vector<std::int64_t> sums(geometry.columns());
    array.multiply(all, {input_bits, false, array.config().has_signs()}, inputs, sums, cost);
    const auto spent = [&](std::size_t event) {
        return event < cost.counts.size() ? static_cast<double>(cost.counts[event]) *
                                                price(technology, array.events()[event])
                                          : 0;
    };
    energy.cells += spent(DigitalSram::bitcell);
    energy.multipliers += spent(DigitalSram::multiplier) + spent(DigitalSram::multiplier_extra);
    energy.tree += spent(DigitalSram::adder_tree);
    energy.accumulate += spent(DigitalSram::shift_accumulate);
    energy.macs += codes.size();
}

}  // namespace

MacroEnergy measure_macro(unsigned rows, unsigned weight_bits, unsigned input_bits,
                          const cim::DigitalConfig& config) {
    const Technology technology =
        load_technology(source_path("platform/technology/fdsoi28.toml"), {});
    const unsigned sign = config.has_signs() && config.sign == cim::SignPlace::beside ? 1 : 0;
    const unsigned cols = 512 / weight_bits * (weight_bits + sign);
    MacroEnergy energy;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        DigitalSram array({1, rows, cols, weight_bits}, config);
        multiply(technology, array, input_bits, Random(seed, "macro"), energy);
    }
    return energy;
}

}  // namespace cimera::test
