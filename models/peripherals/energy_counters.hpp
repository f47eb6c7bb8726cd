// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/peripheral.hpp"

namespace cimera {

/// Firmware's view of the ledger: energy since reset by domain and component, latched.
class EnergyCounters final : public Peripheral {
public:
    EnergyCounters(const sc_core::sc_module_name& name, const Environment& env);

    /// True once firmware has read its own energy: it may have acted on it.
    [[nodiscard]] bool used() const { return used_; }

private:
    void reset_device(ResetKind kind) override;
    void latch();
    [[nodiscard]] std::uint64_t value() const;
    [[nodiscard]] const std::string& selected_name() const;
    [[nodiscard]] static std::uint64_t part(const ComponentEnergy& energy, std::uint32_t which);

    std::vector<ComponentEnergy> latched_;
    std::vector<ComponentEnergy> at_reset_;
    Picoseconds latch_time_ = 0;
    Picoseconds reset_time_ = 0;
    bool used_ = false;
};

}  // namespace cimera
