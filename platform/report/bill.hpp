// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <functional>

#include "platform/config/technology.hpp"
#include "platform/report/result.hpp"

namespace cimera {

/// Which entries of a technology these counts make use of: those of events that were counted and
/// of parts that are there.
[[nodiscard]] Provenance provenance_of(const LedgerCounts& counts, const Technology& technology);

/// Area of all components: what leaks takes area too.
[[nodiscard]] Area area_of(const LedgerCounts& counts, const Technology& technology);

/// Leakage power of all domains in attowatts, each in a state at one of its points.
[[nodiscard]] Attojoules leakage_power(const LedgerCounts& counts, const Technology& technology,
                                       const std::function<PowerInterval(std::size_t)>& domain);

/// Prices what a run has counted: fills in everything that depends on the technology. An entry or
/// an operating point that the technology lacks is an InputError.
void price_run(RunResult& result, const Technology& technology);

}  // namespace cimera
