// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "platform/config/technology.hpp"
#include "platform/soc/soc.hpp"

namespace cimera::cli {

/// A SoC that is built, so that every price and binding is checked, and never runs. SystemC
/// elaborates once: one per process.
class IdleSoc : private RunControl, private Diagnostics {
public:
    /// `firmware` (may be null) must fit.
    IdleSoc(const SocConfig& config, const Technology& technology, const Image* firmware);

    [[nodiscard]] const Soc& soc() const { return soc_; }
    /// Components and their events and parts, nothing counted.
    [[nodiscard]] LedgerCounts counts() { return soc_.ledger().counts(0); }

private:
    void finish(std::uint32_t /*code*/) override {}
    void request_reset(const std::string& /*reason*/) override {}
    void mark_phase(std::uint32_t /*index*/, bool /*end*/, Picoseconds /*at*/) override {}
    void firmware_error(const FirmwareError& /*error*/) override {}

    TechnologyPrices prices_;
    Soc soc_;
};

}  // namespace cimera::cli
