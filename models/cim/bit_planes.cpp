// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/bit_planes.hpp"

#include <algorithm>
#include <cstring>

namespace cimera::cim {

namespace {

/// Transposes the 8 x 8 bits of eight bytes (Hacker's Delight, 7-3).
std::uint64_t transpose_bits(std::uint64_t x) {
    std::uint64_t t = (x ^ x >> 7) & 0x00AA'00AA'00AA'00AAU;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000'CCCC'0000'CCCCU;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x0000'0000'F0F0'F0F0U;
    return x ^ t ^ t << 28;
}

}  // namespace

void bytes_to_planes(const std::uint8_t* bytes, std::size_t words, unsigned planes,
                     std::uint64_t* to) {
    std::memset(to, 0, planes * words * sizeof *to);
    for (std::size_t group = 0; group < 8 * words; ++group) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes + 8 * group, sizeof eight);
        if (eight == 0) {
            continue;
        }
        const std::uint64_t bits = transpose_bits(eight);
        for (unsigned b = 0; b < planes; ++b) {
            to[b * words + group / 8] |= (bits >> 8 * b & 0xFFU) << 8 * (group % 8);
        }
    }
}

void planes_to_codes(const std::uint64_t* planes, std::size_t stride, unsigned bits,
                     std::uint32_t codes[64]) {
    std::memset(codes, 0, 64 * sizeof *codes);
    for (unsigned first = 0; first < bits; first += 8) {
        const unsigned last = std::min(bits, first + 8);
        for (unsigned group = 0; group < 8; ++group) {
            std::uint64_t eight = 0;
            for (unsigned b = first; b < last; ++b) {
                eight |= (planes[b * stride] >> 8 * group & 0xFFU) << 8 * (b - first);
            }
            if (eight == 0) {
                continue;
            }
            const std::uint64_t rows = transpose_bits(eight);
            for (unsigned i = 0; i < 8; ++i) {
                codes[8 * group + i] |= static_cast<std::uint32_t>(rows >> 8 * i & 0xFFU) << first;
            }
        }
    }
}

}  // namespace cimera::cim
