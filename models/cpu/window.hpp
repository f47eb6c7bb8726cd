// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/cpu/block.hpp"
#include "models/cpu/bus.hpp"

namespace cimera::cpu {

/// A cached piece of a region. `length` 0 matches nothing.
struct Window {
    std::uint32_t first = 0;
    std::uint32_t length = 0;
    std::uint8_t* data = nullptr;
    Region* region = nullptr;
};

/// Windows with the rights of one class of privilege: memory protection allows all in them.
struct WindowTable {
    static constexpr std::size_t size = 64;
    std::array<Window, size> loads{};
    std::array<Window, size> stores{};
    Window home_loads;
    Window home_stores;
    bool used = false;

    static std::size_t index(std::uint32_t address) {
        return address / BlockCache::page_bytes % size;
    }
    void clear() {
        if (used) {
            *this = {};
        }
    }
};

/// A region with windows, and its counts when it was first used.
struct KnownRegion {
    Region* region = nullptr;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;

    /// Cycles that accesses to it have waited since.
    [[nodiscard]] std::uint64_t waits() const {
        return (region->reads - reads) * region->read_wait +
               (region->writes - writes) * region->write_wait;
    }
};

}  // namespace cimera::cpu
