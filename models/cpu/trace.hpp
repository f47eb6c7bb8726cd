// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>

namespace cimera::cpu {

/// What an instruction that has retired did to the registers and to memory.
struct Retired {
    enum class File : std::uint8_t { none, x, f };

    std::uint32_t pc = 0;
    std::uint32_t raw = 0;       ///< as in memory
    std::uint8_t length = 4;     ///< bytes
    std::uint8_t privilege = 3;  ///< in which it executed
    File file = File::none;      ///< of the register written; never x0
    std::uint8_t rd = 0;
    std::uint32_t value = 0;
    bool csr_written = false;
    std::uint16_t csr = 0;
    std::uint32_t csr_value = 0;  ///< as it reads afterwards
    std::uint8_t size = 0;        ///< bytes of the memory access; 0: none
    bool loads = false;
    bool stores = false;
    std::uint32_t address = 0;
    std::uint32_t stored = 0;  ///< its low `size` bytes
};

/// Sees every instruction that retires, in order. Calls may use Hart::request_leave().
class TraceSink {
public:
    TraceSink() = default;
    TraceSink(const TraceSink&) = delete;
    TraceSink& operator=(const TraceSink&) = delete;
    TraceSink(TraceSink&&) = delete;
    TraceSink& operator=(TraceSink&&) = delete;
    virtual ~TraceSink() = default;

    virtual void retired(const Retired& what) = 0;
};

}  // namespace cimera::cpu
