// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "tests/support/source_path.hpp"

namespace cimera::test {

// The only unit that knows where the tree lies: all others compile alike in any folder.
std::string source_path(const std::string& path) {
    return std::string(CIMERA_SOURCE_DIR) + "/" + path;
}

}  // namespace cimera::test
