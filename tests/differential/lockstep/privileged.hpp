// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <vector>

#include "tests/differential/lockstep/operands.hpp"

namespace cimera::lockstep {

/// Units of random programs about modes, CSRs, interrupts and memory protection.
class Privileged : public Operands {
public:
    using Operands::Operands;

    /// An access of any CSR that is comparable.
    void csr(const cpu::InstructionInfo& row);
    /// mret or sret into any mode, wfi, calls, fences.
    void system(const cpu::InstructionInfo& row);
    /// One of the units below.
    void privileged_unit();

private:
    Word any_csr();
    void trap_vector();
    void interrupt_enable();
    void supervisor_interrupts();
    void delegate();
    void trap_returns();
    void wait_in_supervisor_mode();
    void float_state();

    void protect();
    Word protected_address(Word mode, bool narrow);
    void record_edges(Word mode, Word below, Word address);
    void probe();
    void probe_access();
    void probe_fetch();
    Word edge();

    std::vector<Word> csrs_;
    std::vector<Word> edges_;  ///< where entries of memory protection begin and end
};

/// CSRs that programs access; others are the board's, see docs/lockstep.md.
bool csr_is_accessed(Word number);

}  // namespace cimera::lockstep
