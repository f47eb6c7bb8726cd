// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/register_bank.hpp"

#include <algorithm>

#include "models/common/error.hpp"

namespace cimera {

std::string_view describe(Access access) {
    switch (access) {
        case Access::ok:
            return "ok";
        case Access::unmapped:
            return "no register at this offset";
        case Access::misaligned:
            return "misaligned register access";
        case Access::read_only:
            return "write to a read-only register";
        case Access::write_only:
            return "read of a write-only register";
        case Access::refused:
            return "refused";
    }
    return "";
}

RegisterBank::RegisterBank(const BlockInfo& block) : block_(block) {
    std::size_t next = 0;
    for (const RegisterInfo& info : block.registers) {
        slots_.push_back({&info, next, {}, {}});
        next += info.count;
    }
    std::sort(slots_.begin(), slots_.end(),
              [](const Slot& a, const Slot& b) { return a.info->offset < b.info->offset; });
    values_.resize(next);
    reset();
}

void RegisterBank::reset() {
    for (const Slot& slot : slots_) {
        std::fill_n(values_.begin() + static_cast<std::ptrdiff_t>(slot.first), slot.info->count,
                    slot.info->reset);
    }
}

bool RegisterBank::search(std::uint32_t offset, Place& place) const {
    auto next = std::upper_bound(
        slots_.begin(), slots_.end(), offset,
        [](std::uint32_t wanted, const Slot& slot) { return wanted < slot.info->offset; });
    if (next == slots_.begin()) {
        return false;
    }
    const Slot& slot = *std::prev(next);
    const std::uint32_t into = offset - slot.info->offset;
    const std::uint32_t index = slot.info->count > 1 ? into / slot.info->stride : 0;
    if (index >= slot.info->count || into - index * slot.info->stride >= block_.width) {
        return false;
    }
    place = {&slot, index};
    recent_ = place;
    recent_offset_ = offset;
    return true;
}

RegisterBank::Slot& RegisterBank::slot_at(std::uint32_t offset) {
    Place place{};
    CIMERA_ASSERT(find(offset, place), "a hook names a register that the block does not have");
    return slots_[static_cast<std::size_t>(place.slot - slots_.data())];
}

std::size_t RegisterBank::index_of(std::uint32_t offset) const {
    Place place{};
    CIMERA_ASSERT(find(offset, place), "the model names a register that the block does not have");
    return place.slot->first + place.index;
}

Access RegisterBank::locate(std::uint32_t offset, unsigned size, Place& place) const {
    if ((offset & (size - 1)) != 0) {
        return Access::misaligned;
    }
    return find(offset, place) ? Access::ok : Access::unmapped;
}

Access RegisterBank::beside_registers(Access access) const {
    return access == Access::unmapped && block_.reserved_zero ? Access::ok : access;
}

Access RegisterBank::read(std::uint32_t offset, unsigned size, std::uint32_t& value) {
    quiet_ = false;
    Place place{};
    if (const Access access = locate(offset, size, place); access != Access::ok) {
        value = 0;
        return beside_registers(access);
    }
    size = std::min(size, block_.width);
    const Slot& slot = *place.slot;
    if (!slot.info->readable) {
        return Access::write_only;
    }
    std::uint32_t word = values_[slot.first + place.index];
    if (slot.read) {
        refused_ = false;
        word = slot.read(place.index);
        if (refused_) {
            return Access::refused;
        }
    }
    quiet_ = !slot.read || !slot.info->read_effect;
    const unsigned lane = 8 * (offset & (block_.width - 1));
    value = size == 4 ? word : (word >> lane) & ((1U << (8 * size)) - 1U);
    return Access::ok;
}

Access RegisterBank::write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    quiet_ = false;
    Place place{};
    if (const Access access = locate(offset, size, place); access != Access::ok) {
        return beside_registers(access);
    }
    size = std::min(size, block_.width);
    const Slot& slot = *place.slot;
    if (!slot.info->writable) {
        return Access::read_only;
    }
    const unsigned lane = 8 * (offset & (block_.width - 1));
    const std::uint32_t lanes = size == 4 ? ~0U : ((1U << (8 * size)) - 1U) << lane;
    const std::uint32_t written = (value << lane) & lanes;
    std::uint32_t& stored = values_[slot.first + place.index];
    const std::uint32_t before = stored;
    const std::uint32_t keep = slot.info->write_mask & lanes;
    stored = (stored & ~keep) | (written & keep);
    stored &= ~(written & slot.info->woclr_mask);
    if (slot.write) {
        refused_ = false;
        slot.write(stored | (written & slot.info->pulse_mask), place.index);
        if (refused_) {
            stored = before;
            return Access::refused;
        }
    }
    quiet_ = !slot.write;
    return Access::ok;
}

std::uint8_t RegisterBank::peek(std::uint32_t offset) const {
    Place place{};
    if (!find(offset - offset % block_.width, place) || !place.slot->info->readable) {
        return 0;
    }
    const Slot& slot = *place.slot;
    const std::uint32_t word = slot.read && !slot.info->read_effect
                                   ? slot.read(place.index)
                                   : values_[slot.first + place.index];
    return static_cast<std::uint8_t>(word >> (8 * (offset % block_.width)));
}

void RegisterBank::refuse(std::string reason) {
    refused_ = true;
    refusal_ = std::move(reason);
}

std::string RegisterBank::name_at(std::uint32_t offset) const {
    Place place{};
    if (!find(offset - offset % block_.width, place)) {
        return {};
    }
    std::string name(place.slot->info->name);
    if (place.slot->info->count > 1) {
        name += "[" + std::to_string(place.index) + "]";
    }
    return name;
}

}  // namespace cimera
