// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/state.hpp"

#include <fmt/format.h>

namespace cimera::lockstep {

std::string differences(const State& ours, const State& theirs) {
    std::string text;
    const auto compare = [&](const std::string& name, std::uint32_t a, std::uint32_t b) {
        if (a != b) {
            text += fmt::format("  {:<9} ours {:08x}  QEMU {:08x}\n", name, a, b);
        }
    };
    compare("pc", ours.pc, theirs.pc);
    compare("privilege", ours.privilege, theirs.privilege);
    for (unsigned n = 0; n < 32; ++n) {
        compare(fmt::format("x{}", n), ours.x[n], theirs.x[n]);
    }
    for (unsigned n = 0; n < 32; ++n) {
        compare(fmt::format("f{}", n), ours.f[n], theirs.f[n]);
    }
    for (std::size_t n = 0; n < compared_csrs.size(); ++n) {
        compare(std::string(compared_csrs[n].name), ours.csrs[n], theirs.csrs[n]);
    }
    return text;
}

}  // namespace cimera::lockstep
