// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "platform/config/diagnostic.hpp"
#include "platform/config/schema.hpp"

namespace cimera {

/// What the path of an override means: a key and the elements of its list.
struct OverrideTarget {
    std::string section;
    const schema::Key* key = nullptr;
    const schema::Section* list = nullptr;
    /// None: every element.
    std::optional<std::size_t> element;
    Span key_span;
};

/// Resolves "l2.size", "cim.tile.rows", "cim.tile[0].rows" or "sensor.camera.rate" at the start of
/// an option's text; an unknown path is an InputError with a suggestion.
[[nodiscard]] OverrideTarget resolve_override(const Source& source, const SocConfig& config,
                                              std::string_view path);

/// "unknown key 'colls' in [[cim.tile]]".
[[nodiscard]] std::string unknown_key(std::string_view name, std::string_view section);

}  // namespace cimera
