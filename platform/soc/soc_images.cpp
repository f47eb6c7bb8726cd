// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/boot_rom.hpp"
#include "platform/soc/soc.hpp"

namespace cimera {

/// Slices of a memory follow each other. False where a part does not lie in any.
bool Soc::place_parts(std::uint64_t address, std::span<const std::uint8_t> bytes,
                      std::uint64_t memory_bytes) {
    for (const auto& memory : memories_) {
        const MapEntry& range = entry(memory->name());
        if (address >= range.base && address <= range.last()) {
            const std::uint64_t room = range.size - (address - range.base);
            const std::uint64_t here = std::min<std::uint64_t>(room, bytes.size());
            if (memory_bytes > room &&
                !place_parts(address + room, bytes.subspan(here), memory_bytes - room)) {
                return false;
            }
            memory->preload(address - range.base, bytes.first(here));
            return true;
        }
    }
    return false;
}

void Soc::place(std::uint64_t address, std::span<const std::uint8_t> bytes,
                std::uint64_t memory_bytes, const std::string& what) {
    if (place_parts(address, bytes, memory_bytes)) {
        return;
    }
    std::string known;
    for (const auto& memory : memories_) {
        const MapEntry& range = entry(memory->name());
        known += fmt::format("{}{} [0x{:08x}, 0x{:08x})", known.empty() ? "" : ", ", range.name,
                             range.base, range.base + range.size);
    }
    throw InputError(what,
                     fmt::format("{} bytes at 0x{:08x} do not lie in a memory of this SoC",
                                 memory_bytes, address),
                     "memories: " + known);
}

/// A segment; as on QEMU, headers of its file need not lie in a memory.
void Soc::place(const Segment& segment) {
    const std::span<const std::uint8_t> bytes = segment.bytes;
    for (const auto& memory : memories_) {
        const std::uint64_t base = entry(memory->name()).base;
        if (base > segment.address && base - segment.address <= segment.header_bytes &&
            base - segment.address < bytes.size()) {
            const std::uint64_t headers = base - segment.address;
            place(base, bytes.subspan(headers), segment.memory_bytes - headers,
                  inputs_.firmware->name());
            return;
        }
    }
    place(segment.address, bytes, segment.memory_bytes, inputs_.firmware->name());
}

void Soc::load_images() {
    if (inputs_.firmware != nullptr) {
        place(fixed_map::rom_base, boot_rom(config_, map_, inputs_.firmware->entry()),
              fixed_map::rom_bytes, "boot ROM");
        for (const Segment& segment : inputs_.firmware->segments()) {
            place(segment);
        }
    }
    if (!inputs_.model.empty()) {
        if (config_.nvm.size_bytes < inputs_.model.size()) {
            throw InputError("--model",
                             fmt::format("an image of {} bytes does not fit the NVM of {} bytes",
                                         inputs_.model.size(), config_.nvm.size_bytes),
                             "--set nvm.size=\"...\" makes it larger");
        }
        place(fixed_map::nvm_base, inputs_.model, inputs_.model.size(), "--model");
    }
    for (const SocInputs::Load& load : inputs_.loads) {
        place(load.address, load.bytes, load.bytes.size(), load.name);
    }
}

}  // namespace cimera
