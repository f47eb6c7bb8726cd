// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>

#include "models/cpu/privilege.hpp"

namespace cimera::cpu {

/// Physical memory protection: 16 entries with a granularity of four bytes (priv. spec, 3.7). The
/// class of an access is machine mode or not: S and U mode have the same rights.
class Pmp {
public:
    static constexpr unsigned entries = 16;

    /// Addresses that share one answer.
    struct Span {
        std::uint32_t first = 0;  ///< inclusive
        std::uint32_t last = 0;
        bool allowed = false;
    };

    /// Four entries' configurations: pmpcfg0 to pmpcfg3.
    [[nodiscard]] std::uint32_t config(unsigned word) const;
    void set_config(unsigned word, std::uint32_t value);
    [[nodiscard]] std::uint32_t address(unsigned entry) const { return entries_[entry].address; }
    void set_address(unsigned entry, std::uint32_t value);

    /// Whether one access to all of these bytes is allowed: that means by one entry.
    [[nodiscard]] bool allows(std::uint32_t address, unsigned size, Permission permission,
                              bool machine) const {
        // At this granularity no entry matches a part of an aligned access only.
        return (machine && !any_locked_ && address % size == 0) ||
               permits(address, size, permission, machine);
    }
    /// The largest range found around `address` with the same answer for each aligned word in it.
    [[nodiscard]] Span span(std::uint32_t address, Permission permission, bool machine) const;
    /// Whether entries can matter to machine mode.
    [[nodiscard]] bool any_locked() const { return any_locked_; }

private:
    struct Entry {
        std::uint8_t config = 0;
        std::uint32_t address = 0;  ///< pmpaddr: bits 33:2
        // The bytes it matches, derived from all addresses; first > last: none.
        std::uint64_t first = 1;
        std::uint64_t last = 0;
    };

    [[nodiscard]] bool locked(unsigned entry) const;
    [[nodiscard]] bool permits(std::uint32_t address, unsigned size, Permission permission,
                               bool machine) const;
    [[nodiscard]] static bool grants(const Entry& entry, Permission permission, bool machine);
    void match_anew();

    std::array<Entry, entries> entries_{};
    bool any_locked_ = false;
};

}  // namespace cimera::cpu
