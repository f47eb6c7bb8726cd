// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/battery.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/config/units.hpp"
#include "platform/report/bill.hpp"

namespace cimera {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double seconds_per_year = 365.25 * 24 * seconds_per_hour;
/// Firmware cannot switch these.
constexpr std::array<std::string_view, 2> never_off = {"always_on", "fabric"};

template <class T>
T quantity(const char* option, const std::string& text, T (*parse)(std::string_view),
           const char* example) {
    try {
        return parse(text);
    } catch (const QuantityError& error) {
        throw InputError(option, error.what(),
                         error.hint.empty() ? fmt::format("for example {}", example) : error.hint);
    }
}

double parse_capacity(const std::string& text) {
    constexpr const char* example = "\"220 mAh, 3 V\"";
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) {
        throw InputError("--battery", "takes a charge and a voltage",
                         fmt::format("for example {}", example));
    }
    const std::size_t voltage = text.find_first_not_of(' ', comma + 1);
    const double ampere_hours = quantity("--battery", text.substr(0, comma), parse_charge, example);
    const double volts =
        quantity("--battery", voltage == std::string::npos ? "" : text.substr(voltage),
                 parse_voltage, example);
    const double joules = ampere_hours * seconds_per_hour * volts;
    if (!(joules > 0)) {
        throw InputError("--battery", "is empty", fmt::format("for example {}", example));
    }
    return joules;
}

double parse_share(const char* option, const std::string& text, const char* example) {
    const double share = quantity(option, text, parse_percent, example);
    if (share > 1) {
        throw InputError(option, text + " is too much", "at most \"100 %\"");
    }
    return share;
}

PowerState parse_state(const std::string& text) {
    const auto* const found = std::find(power_state_names.begin(), power_state_names.end(), text);
    if (found == power_state_names.end()) {
        throw InputError("--between", "there is no state '" + text + "'",
                         "on, clock-gated, retention or off");
    }
    return static_cast<PowerState>(found - power_state_names.begin());
}

/// "on" where all domains are, else "host retention, l2 off" and so on.
std::string states_of(const LedgerCounts& counts) {
    std::string text;
    for (const LedgerCounts::Domain& domain : counts.domains) {
        if (domain.state != PowerState::on) {
            text += (text.empty() ? "" : ", ") + domain.name + " " +
                    power_state_names[static_cast<std::size_t>(domain.state)];
        }
    }
    return text.empty() ? "all on" : text;
}

}  // namespace

std::optional<Battery> parse_battery(const BatteryOptions& options) {
    if (options.battery.empty()) {
        for (const auto& [option, text] :
             {std::pair{"--period", &options.period}, std::pair{"--regulator", &options.regulator},
              std::pair{"--self-discharge", &options.self_discharge},
              std::pair{"--between", &options.between}}) {
            if (!text->empty()) {
                throw InputError(option, "belongs to --battery", "--battery \"220 mAh, 3 V\"");
            }
        }
        return std::nullopt;
    }
    Battery battery;
    battery.capacity_J = parse_capacity(options.battery);
    if (!options.period.empty()) {
        battery.period = quantity("--period", options.period, parse_time, "\"60 s\"");
    }
    if (!options.regulator.empty()) {
        battery.efficiency = parse_share("--regulator", options.regulator, "\"85 %\"");
        if (battery.efficiency == 0) {
            throw InputError("--regulator", "gives nothing", "above \"0 %\"");
        }
    }
    if (!options.self_discharge.empty()) {
        battery.self_discharge = parse_share("--self-discharge", options.self_discharge, "\"1 %\"");
    }
    if (!options.between.empty()) {
        battery.between = parse_state(options.between);
    }
    return battery;
}

BatteryLife battery_life(const Battery& battery, const RunResult& result,
                         const Technology& technology) {
    const LedgerCounts& counts = result.counts;
    const Picoseconds period = battery.period.value_or(counts.now);
    if (period < counts.now || period == 0) {
        throw InputError("--period", fmt::format("{} is shorter than the run", format_time(period)),
                         fmt::format("the run takes {}", format_time(counts.now)));
    }
    const auto state = [&](std::size_t d) -> PowerInterval {
        const LedgerCounts::Domain& domain = counts.domains[d];
        const bool forced = battery.between && std::find(never_off.begin(), never_off.end(),
                                                         domain.name) == never_off.end();
        return {forced ? *battery.between : domain.state, domain.point, 0};
    };
    BatteryLife life;
    life.capacity_J = battery.capacity_J;
    life.period_s = static_cast<double>(period) * 1e-12;
    life.run_J = to_joules(result.energy.total());
    life.between_W = to_joules(leakage_power(counts, technology, state));
    life.between = battery.between ? power_state_names[static_cast<std::size_t>(*battery.between)]
                                   : states_of(counts);
    const double pause_s = static_cast<double>(period - counts.now) * 1e-12;
    life.average_W = (life.run_J + life.between_W * pause_s) / life.period_s;
    life.drain_W = life.average_W / battery.efficiency +
                   life.capacity_J * battery.self_discharge / seconds_per_year;
    if (!(life.drain_W > 0)) {
        throw InputError("--battery", "is never used: the run takes no energy", "");
    }
    life.hours = life.capacity_J / life.drain_W / seconds_per_hour;
    return life;
}

}  // namespace cimera
