// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

namespace cimera::test {

/// A file or folder of the source tree; `path` is relative to its root.
[[nodiscard]] std::string source_path(const std::string& path);

}  // namespace cimera::test
