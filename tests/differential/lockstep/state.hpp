// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cimera::lockstep {

struct ComparedCsr {
    std::string_view name;  ///< as QEMU's log calls it
    std::uint32_t number;
};
inline constexpr std::array compared_csrs{
    ComparedCsr{"mstatus", 0x300},  ComparedCsr{"mstatush", 0x310}, ComparedCsr{"mip", 0x344},
    ComparedCsr{"mie", 0x304},      ComparedCsr{"mideleg", 0x303},  ComparedCsr{"medeleg", 0x302},
    ComparedCsr{"mtvec", 0x305},    ComparedCsr{"stvec", 0x105},    ComparedCsr{"mepc", 0x341},
    ComparedCsr{"sepc", 0x141},     ComparedCsr{"mcause", 0x342},   ComparedCsr{"scause", 0x142},
    ComparedCsr{"mtval", 0x343},    ComparedCsr{"stval", 0x143},    ComparedCsr{"mscratch", 0x340},
    ComparedCsr{"sscratch", 0x140}, ComparedCsr{"satp", 0x180},
};

/// The architectural state before an instruction. fcsr shows where programs read it.
struct State {
    std::uint32_t pc = 0;
    std::uint32_t privilege = 3;
    std::array<std::uint32_t, 32> x{};
    std::array<std::uint32_t, 32> f{};
    /// Of CSRs that do not exist: 0.
    std::array<std::uint32_t, compared_csrs.size()> csrs{};

    bool operator==(const State&) const = default;
};

/// Each value that differs, one a line.
std::string differences(const State& ours, const State& theirs);

}  // namespace cimera::lockstep
