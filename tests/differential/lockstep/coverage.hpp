// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "models/cpu/decode.hpp"
#include "tests/differential/lockstep/state.hpp"

namespace cimera::lockstep {

/// What random programs have executed: each row of the table, with classes of operands, each
/// compressed encoding, and accesses of each CSR.
class Coverage {
public:
    /// An instruction that begins in `before`, with fcsr.frm.
    void count(const State& before, std::uint32_t frm, std::uint32_t bits, std::uint32_t next_pc);

    /// A table: times, classes hit of classes that there are.
    [[nodiscard]] std::string listing() const;
    /// Rows and compressed encodings never executed, CSRs never accessed, and rows with less than
    /// `percent` of their classes; empty if all is well.
    [[nodiscard]] std::string gaps(unsigned percent) const;

private:
    [[nodiscard]] std::string csr_listing() const;

    /// Classes of operands, numbered: see coverage.cpp.
    static constexpr std::size_t most_classes = 80;
    struct Row {
        std::uint64_t times = 0;
        std::array<std::uint64_t, most_classes> classes{};
    };
    std::map<const cpu::InstructionInfo*, Row> rows_;
    std::map<std::string, std::uint64_t> compressed_;
    struct CsrAccesses {
        std::array<std::uint64_t, 4> done{};  ///< by privilege
        std::array<std::uint64_t, 4> trapped{};
    };
    std::map<std::uint32_t, CsrAccesses> csrs_;
};

}  // namespace cimera::lockstep
