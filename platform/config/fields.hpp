// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/common/period.hpp"
#include "platform/config/document.hpp"

namespace cimera {

/// Takes over one key's value.
using FieldReader = std::function<void(const Node&)>;

/// The keys that a table may have, with what reads each.
using Fields = std::vector<std::pair<std::string, FieldReader>>;

/// Hands each entry of a table to its reader; an unknown key is an InputError with a suggestion.
/// `place` says where the keys belong, such as "in [energy]".
void read_fields(const Document& document, const Node& table, std::string_view place,
                 const Fields& fields);

/// The value if it is of that kind; otherwise an InputError says that `key` takes `expected`.
[[nodiscard]] const std::string& text_of(const Document& document, const Node& node,
                                         std::string_view key);
[[nodiscard]] bool boolean_of(const Document& document, const Node& node, std::string_view key);
[[nodiscard]] std::uint64_t count_of(const Document& document, const Node& node,
                                     std::string_view key);
[[nodiscard]] const Node& table_of(const Document& document, const Node& node,
                                   std::string_view key);

/// A quantity such as "1.2 pJ", read with one of the functions of units.hpp.
template <typename T>
[[nodiscard]] T quantity_of(const Document& document, const Node& node, std::string_view key,
                            T (*parse)(std::string_view), std::string_view example);

extern template std::uint64_t quantity_of(const Document&, const Node&, std::string_view,
                                          std::uint64_t (*)(std::string_view), std::string_view);
extern template Period quantity_of(const Document&, const Node&, std::string_view,
                                   Period (*)(std::string_view), std::string_view);
extern template double quantity_of(const Document&, const Node&, std::string_view,
                                   double (*)(std::string_view), std::string_view);

}  // namespace cimera
