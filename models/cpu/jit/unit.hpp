// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/block.hpp"

namespace cimera::cpu::jit {

/// A block as part of a unit, with what its code takes for granted.
struct Part {
    Block* block = nullptr;
    std::uint64_t cycles = 0;
    std::uint64_t most = 0;
    std::uint64_t entering = 0;
    bool enters = false;  ///< the unit has this block's entry from outside
    const void* entry = nullptr;

    std::uint64_t runs = 0;   ///< whole executions not yet in the counters, but for `taken`
    std::uint64_t taken = 0;  ///< those that ended with a branch that was taken
};

/// What translated code leaves to the interpreter at once: these end a block's execution, or see
/// state that the code does not keep.
constexpr bool left_to_interpreter(const Instruction& i) {
    return i.energy == Energy::csr || i.energy == Energy::system || i.energy == Energy::atomic;
}

/// Blocks translated together, all in one region. Their guest registers stay in host registers
/// from block to block.
struct Unit {
    std::vector<Part> parts;  ///< the first is the one that was hot
    Region* region = nullptr;
    std::uint64_t stamp = Block::no_stamp;  ///< Hart::fetch_stamp_ with which it may go on
    void* code = nullptr;
    std::size_t bytes = 0;

    /// The part with this block; parts.size() if there is none.
    [[nodiscard]] std::size_t find(const Block* block) const {
        std::size_t k = 0;
        while (k < parts.size() && parts[k].block != block) {
            ++k;
        }
        return k;
    }
};

}  // namespace cimera::cpu::jit
