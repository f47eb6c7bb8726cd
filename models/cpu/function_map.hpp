// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace cimera::cpu {

/// Addresses of a function's code, inclusive.
struct CodeRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;

    [[nodiscard]] bool contains(std::uint32_t pc) const { return pc - first <= last - first; }
};

/// Where the functions of a program lie. Code between those that are known is one function from
/// name to name, until calls show that others begin there.
class FunctionMap {
public:
    FunctionMap() = default;
    /// Ranges that do not overlap.
    explicit FunctionMap(const std::vector<CodeRange>& functions);

    [[nodiscard]] CodeRange at(std::uint32_t pc) const;
    /// Whether a known function begins there.
    [[nodiscard]] bool begins(std::uint32_t pc) const { return known_.contains(pc); }
    /// A call goes to `pc`: the function there.
    CodeRange enter(std::uint32_t pc);

private:
    struct Function {
        std::uint32_t last;
        bool called;  ///< known by that alone
    };
    std::map<std::uint32_t, Function> known_;  // by first address
};

}  // namespace cimera::cpu
