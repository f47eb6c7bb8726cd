// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/pmp.hpp"

#include <algorithm>

namespace cimera::cpu {

namespace {

constexpr std::uint8_t write_bit = 1U << 1;
constexpr std::uint8_t read_bit = 1U << 0;
constexpr std::uint8_t mode_mask = 3U << 3;
constexpr std::uint8_t mode_tor = 1U << 3;
constexpr std::uint8_t mode_na4 = 2U << 3;
constexpr std::uint8_t lock_bit = 1U << 7;
constexpr std::uint8_t implemented = 0x9f;  // bits 6:5 read zero
constexpr std::uint64_t address_space = std::uint64_t{1} << 32;

constexpr std::uint64_t byte_address(std::uint32_t pmpaddr) {
    return std::uint64_t{pmpaddr} << 2;
}

/// R=0 W=1 is reserved: W is not set then.
constexpr std::uint8_t legal(std::uint8_t config) {
    config &= implemented;
    return (config & read_bit) != 0 ? config : config & static_cast<std::uint8_t>(~write_bit);
}

}  // namespace

std::uint32_t Pmp::config(unsigned word) const {
    std::uint32_t value = 0;
    for (unsigned k = 0; k < 4; ++k) {
        value |= std::uint32_t{entries_[4 * word + k].config} << 8 * k;
    }
    return value;
}

void Pmp::set_config(unsigned word, std::uint32_t value) {
    for (unsigned k = 0; k < 4; ++k) {
        Entry& entry = entries_[4 * word + k];
        if ((entry.config & lock_bit) == 0) {
            entry.config = legal(static_cast<std::uint8_t>(value >> 8 * k));
        }
    }
    match_anew();
}

void Pmp::set_address(unsigned entry, std::uint32_t value) {
    if (!locked(entry)) {
        entries_[entry].address = value;
        match_anew();
    }
}

/// Also where the entry above is locked and ranges from this entry's address.
bool Pmp::locked(unsigned entry) const {
    if ((entries_[entry].config & lock_bit) != 0) {
        return true;
    }
    const bool last = entry + 1 == entries;
    const std::uint8_t above = last ? std::uint8_t{0} : entries_[entry + 1].config;
    return (above & lock_bit) != 0 && (above & mode_mask) == mode_tor;
}

void Pmp::match_anew() {
    any_locked_ = std::any_of(entries_.begin(), entries_.end(),
                              [](const Entry& entry) { return (entry.config & lock_bit) != 0; });
    std::uint64_t below = 0;
    for (Entry& entry : entries_) {
        const std::uint64_t address = byte_address(entry.address);
        entry.first = 1;
        entry.last = 0;
        const std::uint8_t mode = entry.config & mode_mask;
        if (mode == mode_tor) {
            if (below < address) {
                entry.first = below;
                entry.last = address - 1;
            }
        } else if (mode == mode_na4) {
            entry.first = address;
            entry.last = address + 3;
        } else if (mode != 0) {
            // NAPOT: as many ones below the lowest zero as the size has powers of two above 8.
            const std::uint64_t ones =
                std::uint64_t{entry.address} ^ (std::uint64_t{entry.address} + 1);
            const std::uint64_t size_mask = ones << 2 | 3U;
            entry.first = address & ~size_mask;
            entry.last = entry.first | size_mask;
        }
        below = address;
    }
}

bool Pmp::grants(const Entry& entry, Permission permission, bool machine) {
    return (machine && (entry.config & lock_bit) == 0) ||
           (entry.config & static_cast<std::uint8_t>(permission)) != 0;
}

bool Pmp::permits(std::uint32_t address, unsigned size, Permission permission, bool machine) const {
    const std::uint64_t first = address;
    const std::uint64_t last = first + (size - 1);
    for (const Entry& entry : entries_) {
        if (entry.first <= last && first <= entry.last && entry.first <= entry.last) {
            return entry.first <= first && last <= entry.last && grants(entry, permission, machine);
        }
    }
    return machine;
}

Pmp::Span Pmp::span(std::uint32_t address, Permission permission, bool machine) const {
    std::uint64_t first = 0;
    std::uint64_t last = address_space - 1;
    bool allowed = machine;
    for (const Entry& entry : entries_) {
        if (entry.first > entry.last) {
            continue;
        }
        if (address < entry.first) {
            last = std::min(last, entry.first - 1);
        } else if (address > entry.last) {
            first = std::max(first, entry.last + 1);
        } else {
            first = std::max(first, entry.first);
            last = std::min(last, entry.last);
            allowed = grants(entry, permission, machine);
            break;
        }
    }
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last), allowed};
}

}  // namespace cimera::cpu
