// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/cim/digital_sram.hpp"

namespace cimera::test {

/// Attojoules of the parts of a digital macro's products, by the prices of fdsoi28.
struct MacroEnergy {
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

/// Five products of a whole macro of 512 bit columns (of magnitudes), with five seeds: weights
/// uniform over the codes of the encoding, unsigned inputs uniform over theirs.
[[nodiscard]] MacroEnergy measure_macro(unsigned rows, unsigned weight_bits, unsigned input_bits,
                                        const cim::DigitalConfig& config = {});

}  // namespace cimera::test
