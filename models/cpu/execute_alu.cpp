// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <bit>
#include <limits>

#include "models/cpu/execute_inline.hpp"

namespace cimera::cpu {

namespace {

using Signed = std::int32_t;
using Unsigned = std::uint32_t;

constexpr Signed as_signed(Unsigned value) {
    return static_cast<Signed>(value);
}

constexpr Unsigned shift_right_arithmetic(Unsigned value, Unsigned amount) {
    return static_cast<Unsigned>(as_signed(value) >> amount);
}

constexpr Unsigned high_word(std::int64_t product) {
    return static_cast<Unsigned>(static_cast<std::uint64_t>(product) >> 32);
}

constexpr Unsigned divide(Unsigned a, Unsigned b) {
    if (b == 0) {
        return ~Unsigned{0};
    }
    if (as_signed(a) == std::numeric_limits<Signed>::min() && as_signed(b) == -1) {
        return a;
    }
    return static_cast<Unsigned>(as_signed(a) / as_signed(b));
}

constexpr Unsigned remainder(Unsigned a, Unsigned b) {
    if (b == 0) {
        return a;
    }
    if (as_signed(b) == -1) {
        return 0;
    }
    return static_cast<Unsigned>(as_signed(a) % as_signed(b));
}

/// The serial divider takes a cycle for each leading zero of the divisor's magnitude.
constexpr unsigned divider_cycles(Unsigned divisor) {
    return static_cast<unsigned>(std::countl_zero(divisor));
}

constexpr Unsigned magnitude(Unsigned value) {
    return as_signed(value) < 0 ? ~value + 1 : value;
}

}  // namespace

Cursor Execute::lui(Hart& h, Cursor i) {
    return result(h, i, i->imm);
}
Cursor Execute::auipc(Hart& h, Cursor i) {
    return result(h, i, i->pc + i->imm);
}
Cursor Execute::addi(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] + i->imm);
}
Cursor Execute::slti(Hart& h, Cursor i) {
    return result(h, i, as_signed(h.x_[i->rs1]) < as_signed(i->imm) ? 1 : 0);
}
Cursor Execute::sltiu(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] < i->imm ? 1 : 0);
}
Cursor Execute::xori(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] ^ i->imm);
}
Cursor Execute::ori(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] | i->imm);
}
Cursor Execute::andi(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & i->imm);
}
Cursor Execute::slli(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] << i->imm);
}
Cursor Execute::srli(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] >> i->imm);
}
Cursor Execute::srai(Hart& h, Cursor i) {
    return result(h, i, shift_right_arithmetic(h.x_[i->rs1], i->imm));
}
Cursor Execute::add(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] + h.x_[i->rs2]);
}
Cursor Execute::sub(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] - h.x_[i->rs2]);
}
Cursor Execute::sll(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] << (h.x_[i->rs2] & 31U));
}
Cursor Execute::slt(Hart& h, Cursor i) {
    return result(h, i, as_signed(h.x_[i->rs1]) < as_signed(h.x_[i->rs2]) ? 1 : 0);
}
Cursor Execute::sltu(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] < h.x_[i->rs2] ? 1 : 0);
}
Cursor Execute::bit_xor(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] ^ h.x_[i->rs2]);
}
Cursor Execute::srl(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] >> (h.x_[i->rs2] & 31U));
}
Cursor Execute::sra(Hart& h, Cursor i) {
    return result(h, i, shift_right_arithmetic(h.x_[i->rs1], h.x_[i->rs2] & 31U));
}
Cursor Execute::bit_or(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] | h.x_[i->rs2]);
}
Cursor Execute::bit_and(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & h.x_[i->rs2]);
}

Cursor Execute::mul(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] * h.x_[i->rs2]);
}
Cursor Execute::mulh(Hart& h, Cursor i) {
    const std::int64_t a = as_signed(h.x_[i->rs1]);
    return result(h, i, high_word(a * as_signed(h.x_[i->rs2])));
}
Cursor Execute::mulhsu(Hart& h, Cursor i) {
    const std::int64_t a = as_signed(h.x_[i->rs1]);
    return result(h, i, high_word(a * std::int64_t{h.x_[i->rs2]}));
}
Cursor Execute::mulhu(Hart& h, Cursor i) {
    const std::uint64_t a = h.x_[i->rs1];
    return result(h, i, static_cast<Unsigned>(a * h.x_[i->rs2] >> 32));
}
Cursor Execute::div(Hart& h, Cursor i) {
    h.cycles_ += divider_cycles(magnitude(h.x_[i->rs2]));
    return result(h, i, divide(h.x_[i->rs1], h.x_[i->rs2]));
}
Cursor Execute::divu(Hart& h, Cursor i) {
    const Unsigned divisor = h.x_[i->rs2];
    h.cycles_ += divider_cycles(divisor);
    return result(h, i, divisor == 0 ? ~Unsigned{0} : h.x_[i->rs1] / divisor);
}
Cursor Execute::rem(Hart& h, Cursor i) {
    h.cycles_ += divider_cycles(magnitude(h.x_[i->rs2]));
    return result(h, i, remainder(h.x_[i->rs1], h.x_[i->rs2]));
}
Cursor Execute::remu(Hart& h, Cursor i) {
    const Unsigned divisor = h.x_[i->rs2];
    h.cycles_ += divider_cycles(divisor);
    return result(h, i, divisor == 0 ? h.x_[i->rs1] : h.x_[i->rs1] % divisor);
}

}  // namespace cimera::cpu
