// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <cstring>

#include "models/cpu/execute_inline.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

namespace {

constexpr unsigned word_bytes = 4;

Trap access_trap(std::uint32_t cause, std::uint32_t address, unsigned size, Access access) {
    return {cause, address, 0, address, size, access};
}

Trap access_denied(std::uint32_t cause, std::uint32_t address, unsigned size, Access access) {
    return {cause, address, 0, address, size, access, true};
}

/// Bytes of the access that lie in the first word.
constexpr unsigned head_bytes(std::uint32_t address, unsigned size) {
    const unsigned room = word_bytes - address % word_bytes;
    return size < room ? size : room;
}

/// Signed types extend their sign, unsigned ones zeroes.
template <typename T>
constexpr std::uint32_t extended(T value) {
    return static_cast<std::uint32_t>(std::int64_t{value});
}

}  // namespace

/// Aligned accesses to the home region, whose counts and wait states the block has in its sums.
template <typename T>
inline Cursor Execute::load(Hart& h, Cursor i) {
    const std::uint32_t address = h.x_[i->rs1] + i->imm;
    const std::uint32_t offset = address - h.home_loads_.first;
    if (offset < h.home_loads_.length && address % sizeof(T) == 0) [[likely]] {
        T value;
        std::memcpy(&value, h.home_loads_.data + offset, sizeof value);
        return result(h, i, extended(value));
    }
    return load_elsewhere<T>(h, i, address);
}

/// Aligned accesses to another known region. Everything else leaves the block after the access,
/// since it may have changed the horizon, interrupts, code, regions or the limits of wait states.
template <typename T>
[[gnu::noinline]] Cursor Execute::load_elsewhere(Hart& h, Cursor i, std::uint32_t address) {
    h.load_leaves_home(i);
    const auto& window = h.loads_[WindowTable::index(address)];
    const std::uint32_t offset = address - window.first;
    if (offset < window.length && address % sizeof(T) == 0) {
        T value;
        std::memcpy(&value, window.data + offset, sizeof value);
        h.count_access(i->pc, *window.region, 1, 0);
        ++window.region->accesses;
        h.cycles_ += window.region->read_wait;
        return result(h, i, extended(value));
    }
    return load_slow<T>(h, i, address) ? go_on(h, i) : i + 1;
}

bool Execute::trapped(Hart& h, Cursor i, const Trap& trap) {
    h.raise(i, trap);
    return false;
}

/// False after a trap. Has locals that others see, so it could not jump to the next handler.
template <typename T>
[[gnu::noinline]] bool Execute::load_slow(Hart& h, Cursor i, std::uint32_t address) {
    constexpr unsigned size = sizeof(T);
    if (h.config_.misaligned_traps && address % size != 0) {
        return trapped(h, i, access_trap(cause::load_misaligned, address, size, Access::load));
    }
    if (address % size != 0) {
        h.count(Event::misaligned);
    }
    if (!h.data_allowed(address, size, Permission::read)) {
        return trapped(h, i, access_denied(cause::load_fault, address, size, Access::load));
    }
    h.current_ = i;  // who asks has it accounted
    const unsigned head = head_bytes(address, size);
    const bool split = head != size;
    std::uint32_t value = 0;
    if (!h.read_memory(address, head, split ? Access::load_part : Access::load, value)) {
        return trapped(h, i, access_trap(cause::load_fault, address, size, Access::load));
    }
    if (split) {
        h.cycles_ += timing::split_access_extra;
        const std::uint32_t tail_address = address + head;
        std::uint32_t tail = 0;
        if (!h.read_memory(tail_address, size - head, Access::load_part, tail)) {
            return trapped(h, i, access_trap(cause::load_fault, tail_address, size, Access::load));
        }
        value |= tail << 8 * head;
    }
    if (i->rd >= Instruction::float_base) {
        h.fs_ = mstatus::fs;
    }
    h.x_[i->rd] = extended(static_cast<T>(value));
    return true;
}

template <typename T>
inline Cursor Execute::store(Hart& h, Cursor i) {
    const std::uint32_t address = h.x_[i->rs1] + i->imm;
    const std::uint32_t offset = address - h.home_stores_.first;
    if (offset < h.home_stores_.length && address % sizeof(T) == 0) [[likely]] {
        std::memcpy(h.home_stores_.data + offset, &h.x_[i->rs2], sizeof(T));
        return next(h, i);
    }
    return store_elsewhere<T>(h, i, address);
}

template <typename T>
[[gnu::noinline]] Cursor Execute::store_elsewhere(Hart& h, Cursor i, std::uint32_t address) {
    h.store_leaves_home(i);
    const auto& window = h.stores_[WindowTable::index(address)];
    const std::uint32_t offset = address - window.first;
    if (offset < window.length && address % sizeof(T) == 0) {
        std::memcpy(window.data + offset, &h.x_[i->rs2], sizeof(T));
        h.count_access(i->pc, *window.region, 0, 1);
        ++window.region->accesses;
        h.cycles_ += window.region->write_wait;
        return next(h, i);
    }
    return store_slow(h, i, address, sizeof(T)) ? go_on(h, i) : i + 1;
}

bool Execute::store_slow(Hart& h, Cursor i, std::uint32_t address, unsigned size) {
    if (h.config_.misaligned_traps && address % size != 0) {
        return trapped(h, i, access_trap(cause::store_misaligned, address, size, Access::store));
    }
    if (address % size != 0) {
        h.count(Event::misaligned);
    }
    if (!h.data_allowed(address, size, Permission::write)) {
        return trapped(h, i, access_denied(cause::store_fault, address, size, Access::store));
    }
    h.current_ = i;  // who asks has it accounted
    const unsigned head = head_bytes(address, size);
    const bool split = head != size;
    const std::uint32_t value = h.x_[i->rs2];
    if (!h.write_memory(address, head, split ? Access::store_part : Access::store, value)) {
        return trapped(h, i, access_trap(cause::store_fault, address, size, Access::store));
    }
    if (split) {
        h.cycles_ += timing::split_access_extra;
        const std::uint32_t tail_address = address + head;
        if (!h.write_memory(tail_address, size - head, Access::store_part, value >> 8 * head)) {
            return trapped(h, i,
                           access_trap(cause::store_fault, tail_address, size, Access::store));
        }
    }
    return true;
}

Cursor Execute::lb(Hart& h, Cursor i) {
    return load<std::int8_t>(h, i);
}
Cursor Execute::lh(Hart& h, Cursor i) {
    return load<std::int16_t>(h, i);
}
Cursor Execute::lw(Hart& h, Cursor i) {
    return load<std::uint32_t>(h, i);
}
Cursor Execute::lbu(Hart& h, Cursor i) {
    return load<std::uint8_t>(h, i);
}
Cursor Execute::lhu(Hart& h, Cursor i) {
    return load<std::uint16_t>(h, i);
}
Cursor Execute::sb(Hart& h, Cursor i) {
    return store<std::uint8_t>(h, i);
}
Cursor Execute::sh(Hart& h, Cursor i) {
    return store<std::uint16_t>(h, i);
}
Cursor Execute::sw(Hart& h, Cursor i) {
    return store<std::uint32_t>(h, i);
}

Cursor Execute::flw(Hart& h, Cursor i) {
    if (h.fs_ == mstatus::fs) [[likely]] {
        return load<std::uint32_t>(h, i);
    }
    h.load_leaves_home(i);
    if (h.fs_ == 0) {
        return h.raise_illegal(i);
    }
    return load_slow<std::uint32_t>(h, i, h.x_[i->rs1] + i->imm) ? go_on(h, i) : i + 1;
}
Cursor Execute::fsw(Hart& h, Cursor i) {
    if (h.fs_ != 0) [[likely]] {
        return store<std::uint32_t>(h, i);
    }
    h.store_leaves_home(i);
    return h.raise_illegal(i);
}

}  // namespace cimera::cpu
