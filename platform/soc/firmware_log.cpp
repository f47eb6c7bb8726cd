// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/firmware_log.hpp"

#include <array>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace cimera {

std::string human_time(Picoseconds time) {
    struct Unit {
        double picoseconds;
        const char* name;
    };
    constexpr std::array<Unit, 5> units = {
        {{1e12, "s"}, {1e9, "ms"}, {1e6, "us"}, {1e3, "ns"}, {1, "ps"}}};
    const auto value = static_cast<double>(time);
    for (const Unit& unit : units) {
        if (value >= unit.picoseconds) {
            return fmt::format("{:.4g} {}", value / unit.picoseconds, unit.name);
        }
    }
    return "0 s";
}

std::string FirmwareLog::place(std::uint32_t pc) const {
    std::string text = fmt::format("0x{:08x}", pc);
    if (const auto function = symbols_.function_at(pc)) {
        text += fmt::format(" {}+0x{:x}", function->function, function->offset);
    }
    if (const auto line = symbols_.locate(pc)) {
        text += fmt::format(" ({}:{})", line->file, line->line);
    }
    return text;
}

void FirmwareLog::warn(const std::string& key, const std::string& text) {
    const auto [kind, fresh] = kinds_.size() < most_kinds || kinds_.contains(key)
                                   ? kinds_.emplace(key, entries_.size())
                                   : kinds_.emplace("", entries_.size());  // no other key is empty
    if (!fresh) {
        ++entries_[kind->second].count;
        return;
    }
    const bool overflow = kind->first.empty();
    entries_.push_back({overflow ? "further kinds of mistakes, not told apart" : text, 1});
    spdlog::warn("{}", entries_.back().text);
}

void FirmwareLog::fault(Picoseconds at, const std::string& key, const std::string& text) {
    warn(key, text);
    if (on_fault_) {
        on_fault_(at, text);
    }
}

void FirmwareLog::firmware_error(const FirmwareError& error) {
    refused_pc_ = error.pc;
    const std::string where = error.pc != 0 ? fmt::format("\n  at   {}", place(error.pc)) : "";
    fault(error.at, fmt::format("{}|{}|{}|{}", error.device, error.place, error.reason, error.pc),
          fmt::format("firmware error: {} {}: {}{}, {}", error.device, error.place, error.reason,
                      where, human_time(error.at)));
}

void FirmwareLog::access_fault(Picoseconds at, std::uint32_t pc, const char* kind,
                               std::uint32_t address, unsigned size, const std::string& notes) {
    const MapEntry* entry = find_entry(map_, address);
    const bool explained = entry != nullptr && refused_pc_ == pc;
    refused_pc_ = 0;
    if (explained) {
        return;
    }
    const std::string what =
        entry == nullptr ? "which no device answers"
                         : fmt::format("which {} refuses{}", entry->name,
                                       address % size != 0 ? ": the address is misaligned" : "");
    const std::string near = entry != nullptr ? "" : "\n  " + describe_nearest(map_, address);
    fault(at, fmt::format("{}|{}|{}", kind, pc, entry != nullptr ? entry->name : "unmapped"),
          fmt::format("firmware fault: {}-byte {} 0x{:08x}, {}\n  at   {}, {}{}{}", size, kind,
                      address, what, place(pc), human_time(at), near, notes));
}

void FirmwareLog::unwritten_read(const std::string& memory, std::uint64_t base,
                                 const std::string& master, const UnwrittenRead& read) {
    const std::string where = read.pc != 0 ? fmt::format("\n  at   {}", place(read.pc)) : "";
    fault(read.at, fmt::format("unwritten|{}|{}|{}", memory, master, read.pc),
          fmt::format("uninitialised read: {} reads {} at 0x{:08x} in {}, never written{}, {}",
                      master, read.bytes == 1 ? "a byte" : fmt::format("{} bytes", read.bytes),
                      base + read.offset, memory, where, human_time(read.at)));
}

void FirmwareLog::protection_fault(Picoseconds at, std::uint32_t pc, const char* kind,
                                   std::uint32_t address, unsigned size) {
    fault(at, fmt::format("{}|{}|protection", kind, pc),
          fmt::format("firmware fault: {}-byte {} 0x{:08x}, which memory protection (PMP) denies\n"
                      "  at   {}, {}",
                      size, kind, address, place(pc), human_time(at)));
}

}  // namespace cimera
