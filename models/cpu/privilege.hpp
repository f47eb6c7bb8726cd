// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

namespace cimera::cpu {

/// As encoded in mstatus.MPP and in bits 9:8 of CSR numbers.
enum class Privilege : std::uint8_t { user = 0, supervisor = 1, machine = 3 };

/// What an access asks of memory protection; bits as in pmpcfg.
enum class Permission : std::uint8_t { read = 1, write = 2, execute = 4 };

}  // namespace cimera::cpu
