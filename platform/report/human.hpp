// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace cimera {

/// A quantity with four digits and a prefix from atto on: "1.234 mJ".
[[nodiscard]] inline std::string human(double value, const char* unit) {
    struct Prefix {
        double factor;
        const char* name;
    };
    constexpr std::array<Prefix, 7> prefixes = {
        {{1, ""}, {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}, {1e-12, "p"}, {1e-15, "f"}, {1e-18, "a"}}};
    for (const Prefix& prefix : prefixes) {
        if (std::abs(value) >= prefix.factor) {
            return fmt::format("{:.4g} {}{}", value / prefix.factor, prefix.name, unit);
        }
    }
    return fmt::format("0 {}", unit);
}

}  // namespace cimera
