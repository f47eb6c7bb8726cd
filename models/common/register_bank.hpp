// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/register_info.hpp"

namespace cimera {

/// What a register block answers to an access.
enum class Access : std::uint8_t {
    ok,
    unmapped,
    misaligned,
    read_only,
    write_only,
    refused
};

/// Why an access other than `ok` failed, for the log line.
[[nodiscard]] std::string_view describe(Access access);

/// The registers of one block: storage, masks, write-one-clear, byte lanes, reset and hooks.
/// A hook sees the whole merged register, never lanes or access rights.
class RegisterBank {
public:
    using ReadHook = std::function<std::uint32_t(std::uint32_t index)>;
    using WriteHook = std::function<void(std::uint32_t value, std::uint32_t index)>;

    explicit RegisterBank(const BlockInfo& block);

    /// Calls `hook()` for the value of register `offset` instead of the stored one. Only where the
    /// description says `onread` may it change anything.
    template <class Hook>
    void on_read(std::uint32_t offset, Hook hook) {
        if constexpr (std::is_invocable_v<Hook, std::uint32_t>) {
            slot_at(offset).read = std::move(hook);
        } else {
            slot_at(offset).read = [hook](std::uint32_t) { return hook(); };
        }
    }
    /// Calls `hook(value)` or `hook(value, index)` after a write to register `offset` was stored.
    /// `value` holds the stored bits and the written pulse bits.
    template <class Hook>
    void on_write(std::uint32_t offset, Hook hook) {
        if constexpr (std::is_invocable_v<Hook, std::uint32_t, std::uint32_t>) {
            slot_at(offset).write = std::move(hook);
        } else {
            slot_at(offset).write = [hook](std::uint32_t value, std::uint32_t) { hook(value); };
        }
    }

    /// Reads `size` (1, 2 or 4) bytes at `offset`. An access wider than the block's registers reaches
    /// the one at `offset`; what is read is extended with zeros.
    [[nodiscard]] Access read(std::uint32_t offset, unsigned size, std::uint32_t& value);
    /// Writes `size` (1, 2 or 4) bytes at `offset`.
    [[nodiscard]] Access write(std::uint32_t offset, unsigned size, std::uint32_t value);
    /// Whether the last access was answered, and can have changed nothing but the register: there
    /// was no hook, or that of a read without effect.
    [[nodiscard]] bool quiet() const { return quiet_; }
    /// One byte without side effects: registers whose read has one show what is stored.
    [[nodiscard]] std::uint8_t peek(std::uint32_t offset) const;

    /// To be called by a hook: the access is answered with `Access::refused` and this reason.
    void refuse(std::string reason);
    [[nodiscard]] const std::string& refusal() const { return refusal_; }

    /// Stored value of a register; hooks of the model use it, no masks apply.
    [[nodiscard]] std::uint32_t& operator[](std::uint32_t offset) {
        return values_[index_of(offset)];
    }
    [[nodiscard]] std::uint32_t operator[](std::uint32_t offset) const {
        return values_[index_of(offset)];
    }

    /// Name of the register at `offset`, for messages ("PRIORITY[3]"); empty where there is none.
    [[nodiscard]] std::string name_at(std::uint32_t offset) const;
    [[nodiscard]] const BlockInfo& block() const { return block_; }
    void reset();

private:
    struct Slot {
        const RegisterInfo* info;
        std::size_t first;  // index of element 0 in values_
        ReadHook read;
        WriteHook write;
    };
    struct Place {
        const Slot* slot;
        std::uint32_t index;
    };

    [[nodiscard]] Slot& slot_at(std::uint32_t offset);
    [[nodiscard]] bool find(std::uint32_t offset, Place& place) const {
        if (offset == recent_offset_) [[likely]] {
            place = recent_;
            return true;
        }
        return search(offset, place);
    }
    [[nodiscard]] bool search(std::uint32_t offset, Place& place) const;
    [[nodiscard]] std::size_t index_of(std::uint32_t offset) const;
    [[nodiscard]] Access beside_registers(Access access) const;
    [[nodiscard]] Access locate(std::uint32_t offset, unsigned size, Place& place) const;

    const BlockInfo& block_;
    std::vector<Slot> slots_;  // sorted by offset
    std::vector<std::uint32_t> values_;
    mutable Place recent_{};  // the last one found: firmware polls
    mutable std::uint32_t recent_offset_ = ~std::uint32_t{0};
    std::string refusal_;
    bool refused_ = false;
    bool quiet_ = false;
};

}  // namespace cimera
