// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/registers.hpp"

namespace cimera::debug {

bool has_float_registers(const cpu::Hart& hart) {
    return (hart.config().extensions & cpu::bit(cpu::Extension::f)) != 0;
}

std::optional<std::uint32_t> read_register(const cpu::Hart& hart, std::uint32_t number) {
    using namespace gdb_register;
    if (number < pc) {
        return hart.x(number);
    }
    if (number == pc) {
        return hart.pc();
    }
    if (number < first_csr) {
        return has_float_registers(hart) ? std::optional(hart.f(number - first_float))
                                         : std::nullopt;
    }
    if (number < privilege) {
        return hart.read_csr(number - first_csr);
    }
    return number == privilege ? std::optional(static_cast<std::uint32_t>(hart.privilege()))
                               : std::nullopt;
}

bool write_register(cpu::Hart& hart, std::uint32_t number, std::uint32_t value) {
    using namespace gdb_register;
    if (number < pc) {
        hart.set_x(number, value);
        return true;
    }
    if (number == pc) {
        if (value != hart.pc()) {
            hart.set_pc(value);
        }
        return true;
    }
    if (number < first_csr) {
        if (has_float_registers(hart)) {
            hart.set_f(number - first_float, value);
        }
        return has_float_registers(hart);
    }
    return number < privilege && hart.write_csr(number - first_csr, value);
}

}  // namespace cimera::debug
