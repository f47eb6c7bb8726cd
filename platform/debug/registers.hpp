// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>

#include "models/cpu/hart.hpp"

namespace cimera::debug {

/// GDB's numbers of RISC-V registers: 0 to 31 are x0 to x31.
namespace gdb_register {
inline constexpr std::uint32_t pc = 32;
inline constexpr std::uint32_t first_float = 33;
inline constexpr std::uint32_t first_csr = 65;
inline constexpr std::uint32_t csrs = 4096;
inline constexpr std::uint32_t privilege = first_csr + csrs;
}  // namespace gdb_register

[[nodiscard]] bool has_float_registers(const cpu::Hart& hart);
/// Nothing if the hart has no such register.
[[nodiscard]] std::optional<std::uint32_t> read_register(const cpu::Hart& hart,
                                                         std::uint32_t number);
/// False if there is none, or a debugger may not write it.
bool write_register(cpu::Hart& hart, std::uint32_t number, std::uint32_t value);

}  // namespace cimera::debug
