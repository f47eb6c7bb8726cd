// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "platform/config/diagnostic.hpp"
#include "tests/support/source_path.hpp"

namespace cimera::test {

inline std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The printed form of the InputError that `act` throws; "no error" if it throws none.
template <typename Act>
std::string message_of(Act act) {
    try {
        act();
    } catch (const InputError& error) {
        return format_error(error);
    }
    return "no error";
}

/// Compares with tests/golden/NAME; with CIMERA_UPDATE_GOLDEN set, writes the file instead.
inline void check_golden(const std::string& name, const std::string& text) {
    const std::string path = source_path("tests/golden/" + name);
    if (std::getenv("CIMERA_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path, std::ios::binary) << text;
    }
    INFO("golden file " << path);
    CHECK(text == read_text(path));
}

}  // namespace cimera::test
