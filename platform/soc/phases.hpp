// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/common/clock.hpp"

namespace cimera {

/// The phases that firmware marks: they nest, and name owners of energy.
class Phases {
public:
    struct Total {
        std::uint64_t count = 0;  ///< ended phases
        Picoseconds time = 0;     ///< sum of their lengths
    };

    /// `table`: section .cimera.phases of the ELF, NUL-terminated names.
    explicit Phases(const std::string& table);

    /// Applies one mark. Returns a reason where it does not fit: unknown index, end without begin.
    [[nodiscard]] std::string mark(std::uint32_t index, bool end, Picoseconds at);
    /// Path of the innermost phase, outer names first: "learn/inference"; "none" outside.
    [[nodiscard]] std::string path() const;
    /// Totals by name, whatever they were nested in.
    [[nodiscard]] const std::map<std::string, Total>& totals() const { return totals_; }
    /// All phases are left, as after a reset.
    void clear() { open_.clear(); }

private:
    struct Open {
        std::uint32_t index;
        Picoseconds begin;
    };
    std::vector<std::string> names_;
    std::vector<Open> open_;
    std::map<std::string, Total> totals_;
};

/// True where `path` is the phase `name` or lies within one.
[[nodiscard]] bool within_phase(const std::string& path, const std::string& name);

}  // namespace cimera
