// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <algorithm>
#include <cstring>

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

constexpr std::uint32_t low_bytes(std::uint32_t value, unsigned size) {
    return size == 4 ? value : value & ((std::uint32_t{1} << 8 * size) - 1);
}

constexpr bool word_aligned(const Region& region) {
    return region.first % 4 == 0 && region.last % 4 == 3;
}

}  // namespace

/// The region for a data access within the word at `address`, remembered for the fast path;
/// nullptr: use a transaction.
Region* Hart::data_region(std::uint32_t address, bool write) {
    Window& window = (write ? stores_ : loads_)[window_index(address)];
    if (address - window.first < window.length) {
        return window.region;
    }
    Region* const region = bus_.region(address, write ? Access::store : Access::load);
    if (region == nullptr || !(write ? region->writable : region->readable) ||
        !word_aligned(*region) || address < region->first || address > region->last) {
        return nullptr;
    }
    wait_limit_ = std::max({wait_limit_, region->read_wait, region->write_wait});
    if (!debug_.watches.empty()) {
        open_page_window(window, address, *region);
        return region;
    }
    // A region of all 4 GiB loses its last word to the fast path only.
    const std::uint32_t length = region->last - region->first;
    window = {region->first, length == ~0U ? length : length + 1, region->data, region};
    return region;
}

bool Hart::read_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value) {
    value = 0;
    if (Region* const region = data_region(address, false)) {
        std::memcpy(&value, region->data + (address - region->first), size);
        ++region->reads;
        cycles_ += region->read_wait;
        return true;
    }
    std::uint32_t wait = 0;
    const BusStatus status = bus_.read(address, size, kind, value, wait);
    cycles_ += wait;
    value = low_bytes(value, size);
    return status == BusStatus::ok;
}

bool Hart::write_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t value) {
    if (Region* const region = data_region(address, true)) {
        std::memcpy(region->data + (address - region->first), &value, size);
        ++region->writes;
        cycles_ += region->write_wait;
        return true;
    }
    std::uint32_t wait = 0;
    const BusStatus status = bus_.write(address, size, kind, low_bytes(value, size), wait);
    cycles_ += wait;
    return status == BusStatus::ok;
}

}  // namespace cimera::cpu
