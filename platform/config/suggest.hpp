// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cimera {

/// Number of insertions, deletions, replacements and swaps of neighbours between two words.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word closest to `word`, or an empty string if none is close enough to be meant.
[[nodiscard]] std::string closest(std::string_view word, std::span<const std::string> known);

/// "did you mean 'cols'?", or "known KIND: a, b, c" when nothing is close.
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string> known,
                                     std::string_view kind);

/// The text between single quotation marks, as messages show names.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace cimera
