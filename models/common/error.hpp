// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace cimera {

/// A mistake of the user: command line, configuration, ELF or data file. Thrown before the
/// simulation starts, caught by the program, printed with its hint; exit status 100.
struct InputError : std::runtime_error {
    /// `where` is "file:line:column", a file or an option; `what` states what is wrong; `hint`
    /// (may be empty, may have several lines) says what would be right.
    InputError(std::string where_, const std::string& what_, std::string hint_ = {})
        : std::runtime_error(what_), where(std::move(where_)), hint(std::move(hint_)) {}

    std::string where;
    std::string hint;
};

/// A defect of Cimera itself: prints it and ends the program with exit status 120.
[[noreturn]] inline void internal_error(const std::string& what) {
    std::fprintf(stderr, "internal error: %s\n", what.c_str());
    std::fflush(nullptr);
    std::_Exit(120);
}

[[noreturn]] inline void assertion_failed(const char* condition, const char* message,
                                          const char* file, int line) {
    internal_error(std::string(message) + " (" + condition + ") at " + file + ":" +
                   std::to_string(line));
}

}  // namespace cimera

/// A condition that only a defect of Cimera itself can break: exit status 120.
#define CIMERA_ASSERT(condition, message)                                          \
    do {                                                                           \
        if (!(condition)) {                                                        \
            ::cimera::assertion_failed(#condition, (message), __FILE__, __LINE__); \
        }                                                                          \
    } while (false)
