// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/cpu/bus.hpp"
#include "models/cpu/window.hpp"

namespace cimera::cpu {
class Hart;
}

namespace cimera::cpu::jit {

/// The same of the fields of a Block, a Region and a Window.
namespace block_offset {
static_assert(std::is_standard_layout_v<Block>);
inline constexpr std::int32_t pc = offsetof(Block, pc);
inline constexpr std::int32_t most = offsetof(Block, most);
inline constexpr std::int32_t region = offsetof(Block, region);
inline constexpr std::int32_t native = offsetof(Block, native);
inline constexpr std::int32_t native_stamp = offsetof(Block, native_stamp);
}  // namespace block_offset

namespace region_offset {
inline constexpr std::int32_t read_wait = offsetof(Region, read_wait);
inline constexpr std::int32_t write_wait = offsetof(Region, write_wait);
inline constexpr std::int32_t reads = offsetof(Region, reads);
inline constexpr std::int32_t writes = offsetof(Region, writes);
inline constexpr std::int32_t accesses = offsetof(Region, accesses);
}  // namespace region_offset

namespace window_offset {
inline constexpr std::int32_t first = offsetof(Window, first);
inline constexpr std::int32_t length = offsetof(Window, length);
inline constexpr std::int32_t data = offsetof(Window, data);
inline constexpr std::int32_t region = offsetof(Window, region);
}  // namespace window_offset

/// Where translated code finds the fields of a Hart, in bytes from its beginning.
struct Layout {
    explicit Layout(const Hart& hart);

    std::int32_t x;
    std::int32_t cycles;
    std::int32_t limit;
    std::int32_t work;
    std::int32_t block;
    std::int32_t run_region;
    std::int32_t fetch_stamp;
    std::int32_t home;
    std::int32_t home_bias;
    std::int32_t home_read_wait;
    std::int32_t home_write_wait;
    std::int32_t home_loads;
    std::int32_t home_stores;
    std::int32_t loads;
    std::int32_t stores;
    std::int32_t fs;
    std::int32_t fcsr;
    std::int32_t flags;
    std::int32_t mxcsr;
    const void* quick;  ///< the address of BlockCache's table of guesses
};

}  // namespace cimera::cpu::jit
