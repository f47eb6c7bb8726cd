// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cimera {

/// One field of a register, as described in the block's TOML.
struct FieldInfo {
    std::string_view name;
    std::uint8_t lsb;
    std::uint8_t width;
    std::string_view doc;
};

/// One register, or an array of `count` equal registers `stride` bytes apart.
struct RegisterInfo {
    std::string_view name;
    std::uint32_t offset;
    std::uint32_t count;
    std::uint32_t stride;
    std::uint32_t reset;
    std::uint32_t write_mask;  ///< bits that keep what is written
    std::uint32_t woclr_mask;  ///< bits that are cleared by writing one
    std::uint32_t pulse_mask;  ///< bits that the write hook sees and that read as zero
    bool readable;
    bool writable;
    bool read_effect;  ///< reading changes the device; debuggers must not
    std::string_view doc;
    std::span<const FieldInfo> fields;
};

/// A register block. Tables of this type are generated from `<device>.regs.toml`.
struct BlockInfo {
    std::string_view name;
    std::uint32_t size;   ///< bytes of address space
    std::uint32_t width;  ///< bytes of a register: 1 or 4
    std::string_view doc;
    std::span<const RegisterInfo> registers;
    std::string_view svd;       ///< the `<registers>` element of a CMSIS-SVD peripheral
    std::string_view markdown;  ///< the reference page
    bool reserved_zero = false;  ///< accesses beside the registers read zero and write nothing
};

/// A field of the register at `Reg`, known at compile time.
template <std::uint32_t Reg, unsigned Lsb, unsigned Width>
struct Field {
    static constexpr std::uint32_t reg = Reg;
    static constexpr std::uint32_t mask = (Width == 32 ? ~0U : ((1U << Width) - 1U)) << Lsb;
    [[nodiscard]] static constexpr std::uint32_t get(std::uint32_t word) {
        return (word & mask) >> Lsb;
    }
    /// The field's bits in place; excess bits of `value` are cut off.
    [[nodiscard]] static constexpr std::uint32_t of(std::uint32_t value) {
        return (value << Lsb) & mask;
    }
    [[nodiscard]] static constexpr std::uint32_t insert(std::uint32_t word, std::uint32_t value) {
        return (word & ~mask) | of(value);
    }
};

}  // namespace cimera
