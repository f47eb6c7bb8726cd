// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/common/peripheral.hpp"
#include "models/memory/nvm.hpp"

namespace cimera {

/// Registers that tell firmware of failed writes and wear.
class NvmController final : public Peripheral {
public:
    NvmController(const sc_core::sc_module_name& name, const Environment& env, Nvm& nvm);

private:
    void reset_device(ResetKind /*kind*/) override {}
    void note_failure(std::uint64_t offset);
};

}  // namespace cimera
