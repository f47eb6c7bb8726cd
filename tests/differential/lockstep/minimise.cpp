// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/minimise.hpp"

#include <algorithm>

namespace cimera::lockstep {

namespace {

std::vector<std::size_t> left_in(const Program& program) {
    std::vector<std::size_t> units;
    for (std::size_t n = 0; n < program.units.size(); ++n) {
        if (program.units[n].removable && !erased(program.units[n])) {
            units.push_back(n);
        }
    }
    return units;
}

}  // namespace

/// Erases chunks of half the units, then of a quarter and so on; again with single units until
/// nothing more can go.
Program minimise(Program program, const std::function<bool(const Program&)>& fails) {
    std::size_t chunk = std::max<std::size_t>(1, left_in(program).size() / 2);
    for (;;) {
        bool any = false;
        const auto units = left_in(program);
        // From the end: what follows the difference goes at once.
        for (std::size_t end = units.size(); end > 0;) {
            const std::size_t begin = end > chunk ? end - chunk : 0;
            Program shorter = program;
            for (std::size_t n = begin; n < end; ++n) {
                erase(shorter.units[units[n]]);
            }
            if (fails(shorter)) {
                program = std::move(shorter);
                any = true;
            }
            end = begin;
        }
        if (chunk == 1 && !any) {
            return program;
        }
        chunk = std::max<std::size_t>(1, chunk / 2);
    }
}

}  // namespace cimera::lockstep
