// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/memory/dram_timing.hpp"
#include "models/memory/memory.hpp"

namespace cimera {

/// External DRAM with its controller: latency and energy depend on the banks' open rows and on
/// refresh, so that every access is a transaction. Energy: reads and writes by burst, activates
/// (each with its precharge), refreshes by time (counted as clock: they happen without a cause).
class Dram final : public Memory {
public:
    Dram(const sc_core::sc_module_name& name, std::uint64_t size, const DramPart& part,
         const Environment& env);

    void reset(ResetKind kind) override;

private:
    Picoseconds serve(tlm::tlm_generic_payload& payload, Picoseconds at) override;
    [[nodiscard]] bool grants_direct() const override { return false; }
    void count_refreshes(Picoseconds now);

    DramTiming timing_;
    std::uint64_t counted_refreshes_ = 0;
};

}  // namespace cimera
