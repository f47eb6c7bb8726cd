// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <algorithm>

#include "models/cpu/execute_inline.hpp"

namespace cimera::cpu {

namespace {

constexpr unsigned word_bytes = 4;

Trap access_trap(std::uint32_t cause, std::uint32_t address, Access access) {
    return {cause, address, 0, address, word_bytes, access};
}

constexpr bool less_signed(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a) < static_cast<std::int32_t>(b);
}

}  // namespace

Cursor Execute::lr_w(Hart& h, Cursor i) {
    const std::uint32_t address = h.x_[i->rs1];
    if (address % word_bytes != 0) {
        return h.raise(i, access_trap(cause::load_misaligned, address, Access::load));
    }
    if (!h.debug_.watches.empty() && h.stands_before(i, address, word_bytes, true, false)) {
        return i;
    }
    h.enter(i);
    std::uint32_t value = 0;
    if (!h.read_memory(address, word_bytes, Access::load, value)) {
        return h.raise(i, access_trap(cause::load_fault, address, Access::load));
    }
    h.reserved_ = true;
    h.reservation_ = address;
    h.x_[i->rd] = value;
    return leave(h, i);
}

Cursor Execute::sc_w(Hart& h, Cursor i) {
    const std::uint32_t address = h.x_[i->rs1];
    if (address % word_bytes != 0) {
        return h.raise(i, access_trap(cause::store_misaligned, address, Access::store));
    }
    if (!h.debug_.watches.empty() && h.stands_before(i, address, word_bytes, true, true)) {
        return i;
    }
    const bool success = h.reserved_ && h.reservation_ == address;
    h.reserved_ = false;
    if (success) {
        h.enter(i);
        if (!h.write_memory(address, word_bytes, Access::store, h.x_[i->rs2])) {
            return h.raise(i, access_trap(cause::store_fault, address, Access::store));
        }
    }
    h.x_[i->rd] = success ? 0 : 1;
    return leave(h, i);
}

template <typename Operation>
inline Cursor Execute::amo(Hart& h, Cursor i, Operation operation) {
    const std::uint32_t address = h.x_[i->rs1];
    if (address % word_bytes != 0) {
        return h.raise(i, access_trap(cause::store_misaligned, address, Access::amo));
    }
    if (!h.debug_.watches.empty() && h.stands_before(i, address, word_bytes, true, true)) {
        return i;
    }
    h.enter(i);
    std::uint32_t old = 0;
    if (!h.read_memory(address, word_bytes, Access::amo, old) ||
        !h.write_memory(address, word_bytes, Access::amo, operation(old, h.x_[i->rs2]))) {
        return h.raise(i, access_trap(cause::store_fault, address, Access::amo));
    }
    h.x_[i->rd] = old;
    return leave(h, i);
}

Cursor Execute::amoswap_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t, std::uint32_t operand) { return operand; });
}
Cursor Execute::amoadd_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) { return old + operand; });
}
Cursor Execute::amoxor_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) { return old ^ operand; });
}
Cursor Execute::amoand_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) { return old & operand; });
}
Cursor Execute::amoor_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) { return old | operand; });
}
Cursor Execute::amomin_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) {
        return std::min(old, operand, less_signed);
    });
}
Cursor Execute::amomax_w(Hart& h, Cursor i) {
    return amo(h, i, [](std::uint32_t old, std::uint32_t operand) {
        return std::max(old, operand, less_signed);
    });
}
Cursor Execute::amominu_w(Hart& h, Cursor i) {
    return amo(h, i,
               [](std::uint32_t old, std::uint32_t operand) { return std::min(old, operand); });
}
Cursor Execute::amomaxu_w(Hart& h, Cursor i) {
    return amo(h, i,
               [](std::uint32_t old, std::uint32_t operand) { return std::max(old, operand); });
}

}  // namespace cimera::cpu
