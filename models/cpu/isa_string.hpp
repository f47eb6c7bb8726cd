// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// Why a text names no instruction set of this core, and what would.
struct IsaProblem {
    std::string what;
    std::string hint;
};

/// Extensions of a string such as "rv32imac_zba". zicsr, zifencei and zicntr may be named; they are
/// always there.
std::variant<ExtensionSet, IsaProblem> parse_isa(std::string_view text);

/// The string of a set in the order of the specification.
std::string isa_string(ExtensionSet extensions);

}  // namespace cimera::cpu
