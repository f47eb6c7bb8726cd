// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/soc_info.hpp"

#include "regs/socinfo.hpp"

namespace cimera {

SocInfo::SocInfo(const sc_core::sc_module_name& name, const Environment& environment,
                 const std::map<std::uint32_t, std::uint32_t>& values)
    : Peripheral(name, regs::socinfo::block, environment) {
    for (const auto& [offset, value] : values) {
        regs.on_read(offset, [value = value] { return value; });
    }
}

}  // namespace cimera
