// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/finisher.hpp"

#include "regs/finisher.hpp"

namespace cimera {

using namespace regs::finisher;

Finisher::Finisher(const sc_core::sc_module_name& name, const Environment& environment,
                   RunControl& control)
    : Peripheral(name, block, environment), control_(control) {
    regs.on_read(FINISH, [] { return 0U; });
    regs.on_write(FINISH, [this](std::uint32_t value) { write(value); });
}

void Finisher::write(std::uint32_t value) {
    regs[FINISH] = 0;  // a write of the low half alone has no upper half
    switch (FINISH_STATUS::get(value)) {
        case 0x5555:
            control_.finish(0);
            break;
        case 0x3333:
            control_.finish(value >> 16);
            break;
        case 0x7777:
            control_.request_reset("");
            break;
        case 0x0001:
            control_.mark_phase(FINISH_CODE::get(value), FINISH_END::get(value) != 0, now());
            break;
        default:
            break;
    }
}

}  // namespace cimera
