// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <optional>

namespace cimera::cpu {

/// The 32-bit equivalent of a compressed instruction; nothing if reserved or not in RV32C.
std::optional<std::uint32_t> expand_compressed(std::uint16_t half);

}  // namespace cimera::cpu
