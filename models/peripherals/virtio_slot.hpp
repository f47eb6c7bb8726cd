// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/common/peripheral.hpp"

namespace cimera {

/// Transport for a virtio device without a device. It is no hardware of the chip: no leakage.
class VirtioSlot final : public Peripheral {
public:
    VirtioSlot(const sc_core::sc_module_name& name, const Environment& env);

private:
    void reset_device(ResetKind /*kind*/) override {}
};

}  // namespace cimera
