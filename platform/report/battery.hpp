// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <optional>
#include <string>

#include "platform/config/technology.hpp"
#include "platform/report/result.hpp"

namespace cimera {

/// What a user says of a battery and of how often a run is repeated, as written.
struct BatteryOptions {
    std::string battery;         ///< "220 mAh, 3 V"; empty: no battery
    std::string period;          ///< empty: run after run without a pause
    std::string regulator;       ///< efficiency of the regulator; empty: 100 %
    std::string self_discharge;  ///< of the battery's capacity in a year; empty: none
    std::string between;         ///< state of the power domains; empty: as the run left them
};

/// The same, read.
struct Battery {
    double capacity_J = 0;
    std::optional<Picoseconds> period;
    double efficiency = 1;
    double self_discharge = 0;  ///< share of the capacity in a year
    std::optional<PowerState> between;
};

/// None without `battery`. Whatever is wrong is an InputError that names the option.
[[nodiscard]] std::optional<Battery> parse_battery(const BatteryOptions& options);

/// How long it lasts where the run is repeated every period and only leaks in between. A period
/// that is shorter than the run is an InputError.
[[nodiscard]] BatteryLife battery_life(const Battery& battery, const RunResult& result,
                                       const Technology& technology);

}  // namespace cimera
