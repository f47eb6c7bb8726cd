// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <algorithm>
#include <bit>

#include "models/cpu/execute_inline.hpp"

namespace cimera::cpu {

namespace {

using Word = std::uint32_t;

constexpr bool less_signed(Word a, Word b) {
    return static_cast<std::int32_t>(a) < static_cast<std::int32_t>(b);
}

constexpr Word single_bit(Word number) {
    return Word{1} << (number & 31U);
}

constexpr Word rotate_right(Word value, Word amount) {
    return std::rotr(value, static_cast<int>(amount & 31U));
}

template <typename T>
constexpr Word sign_extended(Word value) {
    return static_cast<Word>(static_cast<std::int32_t>(static_cast<T>(value)));
}

/// Each byte that is not zero becomes 0xff.
constexpr Word or_combine(Word value) {
    Word result = 0;
    for (Word byte = 0xff; byte != 0; byte <<= 8) {
        result |= (value & byte) != 0 ? byte : 0;
    }
    return result;
}

constexpr Word reverse_bytes(Word value) {
    return value >> 24 | (value >> 8 & 0xff00U) | (value << 8 & 0xff0000U) | value << 24;
}

/// The product of polynomials over the field of two elements: 63 bits.
constexpr std::uint64_t carryless_product(Word a, Word b) {
    std::uint64_t product = 0;
    for (unsigned k = 0; k < 32; ++k) {
        product ^= (b >> k & 1U) != 0 ? std::uint64_t{a} << k : 0;
    }
    return product;
}

}  // namespace

Cursor Execute::sh1add(Hart& h, Cursor i) {
    return result(h, i, (h.x_[i->rs1] << 1) + h.x_[i->rs2]);
}
Cursor Execute::sh2add(Hart& h, Cursor i) {
    return result(h, i, (h.x_[i->rs1] << 2) + h.x_[i->rs2]);
}
Cursor Execute::sh3add(Hart& h, Cursor i) {
    return result(h, i, (h.x_[i->rs1] << 3) + h.x_[i->rs2]);
}

Cursor Execute::andn(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & ~h.x_[i->rs2]);
}
Cursor Execute::orn(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] | ~h.x_[i->rs2]);
}
Cursor Execute::xnor(Hart& h, Cursor i) {
    return result(h, i, ~(h.x_[i->rs1] ^ h.x_[i->rs2]));
}
Cursor Execute::clz(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(std::countl_zero(h.x_[i->rs1])));
}
Cursor Execute::ctz(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(std::countr_zero(h.x_[i->rs1])));
}
Cursor Execute::cpop(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(std::popcount(h.x_[i->rs1])));
}
Cursor Execute::sext_b(Hart& h, Cursor i) {
    return result(h, i, sign_extended<std::int8_t>(h.x_[i->rs1]));
}
Cursor Execute::sext_h(Hart& h, Cursor i) {
    return result(h, i, sign_extended<std::int16_t>(h.x_[i->rs1]));
}
Cursor Execute::zext_h(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & 0xffffU);
}
Cursor Execute::orc_b(Hart& h, Cursor i) {
    return result(h, i, or_combine(h.x_[i->rs1]));
}
Cursor Execute::rev8(Hart& h, Cursor i) {
    return result(h, i, reverse_bytes(h.x_[i->rs1]));
}
Cursor Execute::max(Hart& h, Cursor i) {
    return result(h, i, std::max(h.x_[i->rs1], h.x_[i->rs2], less_signed));
}
Cursor Execute::maxu(Hart& h, Cursor i) {
    return result(h, i, std::max(h.x_[i->rs1], h.x_[i->rs2]));
}
Cursor Execute::min(Hart& h, Cursor i) {
    return result(h, i, std::min(h.x_[i->rs1], h.x_[i->rs2], less_signed));
}
Cursor Execute::minu(Hart& h, Cursor i) {
    return result(h, i, std::min(h.x_[i->rs1], h.x_[i->rs2]));
}
Cursor Execute::rol(Hart& h, Cursor i) {
    return result(h, i, rotate_right(h.x_[i->rs1], ~h.x_[i->rs2] + 1));
}
Cursor Execute::ror(Hart& h, Cursor i) {
    return result(h, i, rotate_right(h.x_[i->rs1], h.x_[i->rs2]));
}
Cursor Execute::rori(Hart& h, Cursor i) {
    return result(h, i, rotate_right(h.x_[i->rs1], i->imm));
}

Cursor Execute::clmul(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(carryless_product(h.x_[i->rs1], h.x_[i->rs2])));
}
Cursor Execute::clmulh(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(carryless_product(h.x_[i->rs1], h.x_[i->rs2]) >> 32));
}
Cursor Execute::clmulr(Hart& h, Cursor i) {
    return result(h, i, static_cast<Word>(carryless_product(h.x_[i->rs1], h.x_[i->rs2]) >> 31));
}

Cursor Execute::bclr(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & ~single_bit(h.x_[i->rs2]));
}
Cursor Execute::bclri(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] & ~single_bit(i->imm));
}
Cursor Execute::bext(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] >> (h.x_[i->rs2] & 31U) & 1U);
}
Cursor Execute::bexti(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] >> i->imm & 1U);
}
Cursor Execute::binv(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] ^ single_bit(h.x_[i->rs2]));
}
Cursor Execute::binvi(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] ^ single_bit(i->imm));
}
Cursor Execute::bset(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] | single_bit(h.x_[i->rs2]));
}
Cursor Execute::bseti(Hart& h, Cursor i) {
    return result(h, i, h.x_[i->rs1] | single_bit(i->imm));
}

}  // namespace cimera::cpu
