// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/boot_rom.hpp"

#include <array>
#include <cstring>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/device_tree.hpp"

namespace cimera {

namespace {

constexpr std::uint32_t tree_offset = 0x100;
/// Where QEMU puts a 32-bit supervisor program behind a firmware: the second 4 MiB of memory.
constexpr std::uint32_t next_stage_offset = 4U << 20U;
// OpenSBI, include/sbi/fw_dynamic.h: struct fw_dynamic_info, version 2.
constexpr std::uint32_t fw_dynamic_magic = 0x4942'534f;
constexpr std::uint32_t fw_dynamic_version = 2;
constexpr std::uint32_t supervisor_mode = 1;

}  // namespace

std::vector<std::uint8_t> boot_rom(const SocConfig& config, const std::vector<MapEntry>& map,
                                   std::uint32_t elf_entry) {
    const auto base = static_cast<std::uint32_t>(fixed_map::rom_base);
    const auto l2 = static_cast<std::uint32_t>(fixed_map::l2_base);
    const std::uint32_t start = config.host.boot == BootTarget::l2 ? l2 : elf_entry;
    const std::array<std::uint32_t, 16> words = {0x0000'0297,  // auipc t0, 0
                                                 0x0282'8613,  // addi  a2, t0, 40
                                                 0xf140'2573,  // csrr  a0, mhartid
                                                 0x0202'a583,  // lw    a1, 32(t0)
                                                 0x0182'a283,  // lw    t0, 24(t0)
                                                 0x0002'8067,  // jr    t0
                                                 start,
                                                 0,  // 24
                                                 base + tree_offset,
                                                 0,                       // 32
                                                 fw_dynamic_magic,        // 40
                                                 fw_dynamic_version,      //
                                                 l2 + next_stage_offset,  // next_addr
                                                 supervisor_mode,         // next_mode
                                                 0,                       // options
                                                 0};                      // boot_hart
    const std::vector<std::uint8_t> tree = flatten(device_tree(config, map));
    if (tree_offset + tree.size() > fixed_map::rom_bytes) {
        throw InputError("boot ROM",
                         fmt::format("the device tree of {} bytes does not fit", tree.size()), "");
    }
    std::vector<std::uint8_t> bytes(tree_offset + tree.size());
    std::memcpy(bytes.data(), words.data(), sizeof words);
    std::memcpy(bytes.data() + tree_offset, tree.data(), tree.size());
    return bytes;
}

}  // namespace cimera
