// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/common/diagnostics.hpp"
#include "models/memory/memory.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// Collects what models say about the firmware's mistakes, adds where in the program it was, and
/// logs each kind once. The report lists them with their numbers.
class FirmwareLog final : public Diagnostics {
public:
    FirmwareLog(const Symbols& symbols, const std::vector<MapEntry>& map)
        : symbols_(symbols), map_(map) {}

    static constexpr std::size_t most_kinds = 1000;

    struct Entry {
        std::string text;
        std::uint64_t count;
    };

    void firmware_error(const FirmwareError& error) override;
    /// An access of the core that nothing answered. Silent where a device has just said why.
    /// `notes` are further lines.
    void access_fault(Picoseconds at, std::uint32_t pc, const char* kind, std::uint32_t address,
                      unsigned size, const std::string& notes);
    /// An access of the core that memory protection denied.
    void protection_fault(Picoseconds at, std::uint32_t pc, const char* kind, std::uint32_t address,
                          unsigned size);
    /// A read by a bus master of bytes of a memory that nothing has written.
    void unwritten_read(const std::string& memory, std::uint64_t base, const std::string& master,
                        const UnwrittenRead& read);
    /// Any other line: logged once, then counted. After `most_kinds` kinds, the others count as
    /// one.
    void warn(const std::string& key, const std::string& text);

    /// `listener` hears of every mistake and fault, repeated ones too: when, and the text.
    void on_fault(std::function<void(Picoseconds, const std::string&)> listener) {
        on_fault_ = std::move(listener);
    }

    /// "0x80000a3c cim_start+0x1c (firmware/drivers/cim.c:57)".
    [[nodiscard]] std::string place(std::uint32_t pc) const;
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

private:
    void fault(Picoseconds at, const std::string& key, const std::string& text);

    const Symbols& symbols_;
    const std::vector<MapEntry>& map_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::size_t> kinds_;  // index in entries_ by key
    std::function<void(Picoseconds, const std::string&)> on_fault_;
    std::uint32_t refused_pc_ = 0;  // instruction that a device has just refused; 0: none
};

/// A time with four digits and a unit that suits it: "1.204 ms".
[[nodiscard]] std::string human_time(Picoseconds time);

}  // namespace cimera
