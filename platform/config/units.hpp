// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "models/common/period.hpp"

namespace cimera {

/// What is wrong with a quantity and what would be right; the reader of the file adds the place.
struct QuantityError : std::runtime_error {
    explicit QuantityError(const std::string& what_, std::string hint_ = {})
        : std::runtime_error(what_), hint(std::move(hint_)) {}

    std::string hint;
};

/// "256 KiB", "8 B" in bytes; decimal prefixes (kB, MB) count in thousands.
[[nodiscard]] std::uint64_t parse_bytes(std::string_view text);

/// "200 MHz" or "5 ns" as a period in picoseconds, which must come out whole.
[[nodiscard]] std::uint64_t parse_period(std::string_view text);

/// "30 Hz" or "5 ns" as a period that need not be whole.
[[nodiscard]] Period parse_rate(std::string_view text);

/// "2" or "0.5": how long a microsecond lasts that is played so many times as fast.
[[nodiscard]] Period parse_speed(std::string_view text);

/// "5 ns", "10 s" in picoseconds.
[[nodiscard]] std::uint64_t parse_time(std::string_view text);

/// "1.2 pJ" in attojoules.
[[nodiscard]] double parse_energy(std::string_view text);

/// "20 pW" in attowatts.
[[nodiscard]] double parse_power(std::string_view text);

/// "0.9 V" or "900 mV" in volts.
[[nodiscard]] double parse_voltage(std::string_view text);

/// "0.614 um2" in square micrometres.
[[nodiscard]] double parse_area(std::string_view text);

/// "220 mAh" in ampere-hours.
[[nodiscard]] double parse_charge(std::string_view text);

/// "85 %" as 0.85.
[[nodiscard]] double parse_percent(std::string_view text);

/// The shortest text that reads back as the same number of bytes.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

/// The frequency if it is a whole number of hertz, the period otherwise.
[[nodiscard]] std::string format_period(std::uint64_t picoseconds);

/// The frequency if it has a finite number of digits, the period otherwise.
[[nodiscard]] std::string format_rate(const Period& period);

[[nodiscard]] std::string format_time(std::uint64_t picoseconds);

}  // namespace cimera
