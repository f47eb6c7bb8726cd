// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "platform/config/document.hpp"
#include "platform/report/json.hpp"

namespace cimera {

/// What differs between two finished runs.
struct Comparison {
    struct Row {
        std::string name;
        double a = 0;  ///< 0 where the run has none
        double b = 0;
        double change = 0;  ///< b − a, of energies exact before it is rounded
    };
    struct Section {
        std::string name;
        std::string unit;       ///< empty: rows have units of their own
        std::vector<Row> rows;  ///< those that differ, largest change first
        std::size_t equal = 0;  ///< how many do not
    };
    struct Key {
        std::string name;
        std::string a;  ///< empty where there is none
        std::string b;
    };
    std::vector<Section> sections;
    std::vector<Key> config;
};

/// Two reports and the configurations of their runs. `name_a` and `name_b` appear in messages.
[[nodiscard]] Comparison compare(const std::string& name_a, const Json& a,
                                 const std::string& name_b, const Json& b, const Node& config_a,
                                 const Node& config_b);

[[nodiscard]] std::string to_text(const Comparison& comparison);
[[nodiscard]] Json to_json(const Comparison& comparison);

}  // namespace cimera
