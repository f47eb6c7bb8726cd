// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>

#include "models/common/clock.hpp"

namespace cimera {

/// A duration that need not be whole: numerator / denominator picoseconds.
struct Period {
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 1;

    /// `count` of them, rounded once, half up: no error adds up. At most two months.
    [[nodiscard]] Picoseconds times(std::uint64_t count) const {
        __extension__ using Wide = unsigned __int128;
        constexpr Picoseconds most = std::uint64_t{1} << 62;
        const Wide whole = Wide{numerator} * count;
        const Wide rounded = whole / denominator + (whole % denominator * 2 >= denominator ? 1 : 0);
        return rounded < most ? static_cast<Picoseconds>(rounded) : most;
    }
    bool operator==(const Period&) const = default;
};

}  // namespace cimera
