// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/virtio_slot.hpp"

#include "regs/virtio.hpp"

namespace cimera {

VirtioSlot::VirtioSlot(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, regs::virtio::block, environment, {}, {{"peripheral", 0}}) {}

}  // namespace cimera
