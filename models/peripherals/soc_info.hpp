// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <map>

#include "models/common/peripheral.hpp"

namespace cimera {

/// SoC information block: constants that the platform fills in.
class SocInfo final : public Peripheral {
public:
    /// `values`: register offset → value.
    SocInfo(const sc_core::sc_module_name& name, const Environment& env,
            const std::map<std::uint32_t, std::uint32_t>& values);

private:
    void reset_device(ResetKind /*kind*/) override {}
};

}  // namespace cimera
