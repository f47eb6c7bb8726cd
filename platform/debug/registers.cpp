// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/registers.hpp"

namespace cimera::debug {

namespace {

constexpr std::uint32_t machine_mode = 3;

/// Access to what the hart has by its configuration only: f0 to f31 are the place for the F
/// extension, where hart.config().extensions has it.
std::optional<std::uint32_t> read_float(const cpu::Hart& /*hart*/, std::uint32_t /*number*/) {
    return std::nullopt;
}

bool write_float(cpu::Hart& /*hart*/, std::uint32_t /*number*/, std::uint32_t /*value*/) {
    return false;
}

}  // namespace

bool has_float_registers(const cpu::Hart& hart) {
    return read_float(hart, 0).has_value();
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
        return read_float(hart, number - first_float);
    }
    if (number < privilege) {
        return hart.read_csr(number - first_csr);
    }
    return number == privilege ? std::optional(machine_mode) : std::nullopt;
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
        return write_float(hart, number - first_float, value);
    }
    return number < privilege && hart.write_csr(number - first_csr, value);
}

}  // namespace cimera::debug
