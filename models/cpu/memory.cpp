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
Region* Hart::find_data_region(std::uint32_t address, bool write) {
    Window& window = (write ? stores_ : loads_)[WindowTable::index(address)];
    if (address - window.first < window.length) {
        return window.region;
    }
    Region* const region = bus_.region(address, write ? Access::store : Access::load);
    if (region == nullptr) {
        refused_page_[write ? 1 : 0] = address / BlockCache::page_bytes;
        return nullptr;
    }
    if (!(write ? region->writable : region->readable) || !word_aligned(*region) ||
        address < region->first || address > region->last) {
        return nullptr;
    }
    const Pmp::Span span =
        pmp_.span(address, write ? Permission::write : Permission::read, data_machine_);
    if (!span.allowed) {
        return nullptr;
    }
    learn(*region);
    const std::uint32_t first = std::max(region->first, span.first);
    // A window of all 4 GiB loses its last word to the fast path only.
    const std::uint32_t length = std::min(region->last, span.last) - first;
    window = {first, length == ~0U ? length : length + 1, region->data + (first - region->first),
              region};
    open_home(write, window);
    tables_[data_machine_ ? 1 : 0].used = true;
    const std::uint32_t longest = std::max({wait_limit_, region->read_wait, region->write_wait});
    const bool first_home = next_home_ == nullptr && region->writable;
    if (longest != wait_limit_ || first_home) {
        wait_limit_ = longest;
        next_home_ = first_home ? region : next_home_;
        attention_ |= attention_prepare;
    }
    return region;
}

/// The first window onto home_ in each class of privilege becomes that of the fast path.
void Hart::open_home(bool write, const Window& window) {
    WindowTable& table = tables_[data_machine_ ? 1 : 0];
    Window& home = write ? table.home_stores : table.home_loads;
    if (window.region == home_ && home.length == 0) {
        home = window;
        (write ? home_stores_ : home_loads_) = window;
    }
}

/// Remembers a region whose accesses the fast path counts.
void Hart::learn(Region& region) {
    const bool known = std::any_of(
        known_regions_.begin(), known_regions_.end(),
        [&region](const KnownRegion& candidate) { return candidate.region == &region; });
    if (!known) {
        known_regions_.push_back({&region, region.reads, region.writes});
    }
}

bool Hart::read_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t& value) {
    value = 0;
    if (Region* const region = data_region(address, false)) {
        std::memcpy(&value, region->data + (address - region->first), size);
        count_access(current_->pc, *region, 1, 0);
        ++region->accesses;
        cycles_ += region->read_wait;
        return true;
    }
    std::uint32_t wait = 0;
    const BusStatus status = bus_.read(address, size, kind, value, wait);
    cycles_ += wait;
    tally_[static_cast<std::size_t>(Event::data_wait)] += wait;
    value = low_bytes(value, size);
    return status == BusStatus::ok;
}

bool Hart::write_memory(std::uint32_t address, unsigned size, Access kind, std::uint32_t value) {
    if (Region* const region = data_region(address, true)) {
        std::memcpy(region->data + (address - region->first), &value, size);
        count_access(current_->pc, *region, 0, 1);
        ++region->accesses;
        cycles_ += region->write_wait;
        return true;
    }
    std::uint32_t wait = 0;
    const BusStatus status = bus_.write(address, size, kind, low_bytes(value, size), wait);
    cycles_ += wait;
    tally_[static_cast<std::size_t>(Event::data_wait)] += wait;
    return status == BusStatus::ok;
}

}  // namespace cimera::cpu
