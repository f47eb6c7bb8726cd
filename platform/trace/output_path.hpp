// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>

namespace cimera {

/// A pipe or a device: written as it is, because a rename would replace it.
[[nodiscard]] bool is_special(const std::filesystem::path& path);
/// What a link points to: the link stays, its target is replaced.
[[nodiscard]] std::filesystem::path replaced_by(const std::filesystem::path& path);
/// Where a file is written until it is complete: beside its place; special ones straight.
[[nodiscard]] std::filesystem::path written_first(const std::filesystem::path& path);

}  // namespace cimera
