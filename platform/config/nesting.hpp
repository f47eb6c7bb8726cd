// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <optional>
#include <string_view>

#include "platform/config/diagnostic.hpp"

namespace cimera {

inline constexpr int deepest_nesting = 32;
inline constexpr int longest_dotted_key = 16;

/// Where a TOML text nests so deeply that it could exhaust the stack of a recursive parser.
[[nodiscard]] std::optional<Span> find_deep_nesting(std::string_view text);

}  // namespace cimera
