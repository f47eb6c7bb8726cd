// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "models/cpu/instruction.hpp"

namespace cimera::cpu {
class Hart;
struct Block;
}  // namespace cimera::cpu

namespace cimera::cpu::jit {

/// Translates hot blocks of a hart into code of the host, and runs it. Translated code does what
/// the interpreter does with a chain of whole blocks, and leaves to it whatever is not plain: in
/// the middle of a block too, since both keep the same state. Blocks are translated in units of
/// several that lead to each other.
class Engine {
public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    Engine(Engine&&) = delete;
    Engine& operator=(Engine&&) = delete;
    virtual ~Engine() = default;

    /// Makes a unit that begins with `block`, if there is room for its code at all. Not while
    /// translated code executes.
    virtual void translate(Block& block) = 0;

    /// Executes from the beginning of `block`, which has code and fits before the hart's limit. The
    /// answer is the instruction to go on with, or the one behind the last, as a handler says it.
    struct Left {
        Cursor at;
        bool done;  ///< as from a handler
    };
    virtual Left run(Block& block) = 0;

    /// Executions of whole blocks that the hart's counters do not have yet: `runs` in all, `taken`
    /// of them ended with a branch that was taken.
    using Visit = std::function<void(Block& block, std::uint64_t runs, std::uint64_t taken)>;
    virtual void for_each_run(const Visit& visit) const = 0;
    /// They are in the counters now; all translated code is left behind its next call of a helper.
    virtual void clear_runs() = 0;

    /// Forgets units with dropped blocks, which are about to be freed.
    virtual void release_dropped() = 0;
};

/// Whether this build has a translator.
bool available();

/// Nothing where the build has none.
std::unique_ptr<Engine> make_engine(Hart& hart);

}  // namespace cimera::cpu::jit
