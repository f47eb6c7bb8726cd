// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>

namespace cimera {

/// Energy, integer attojoules (1e-18 J). 64 bits would end at 18 J.
__extension__ using Attojoules = unsigned __int128;

/// Exact decimal text.
[[nodiscard]] std::string to_decimal(Attojoules energy);
/// Joules, rounded to double precision: for display only.
[[nodiscard]] inline double to_joules(Attojoules energy) {
    return static_cast<double>(energy) * 1e-18;
}

/// floor(P · t) for P in attowatts and t in picoseconds: differences of it sum exactly over bins.
[[nodiscard]] inline Attojoules energy_over(std::uint64_t attowatts, std::uint64_t picoseconds) {
    return static_cast<Attojoules>(attowatts) * picoseconds / 1'000'000'000'000U;
}

}  // namespace cimera
