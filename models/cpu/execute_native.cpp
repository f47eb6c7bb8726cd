// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute_inline.hpp"
#include "models/cpu/jit/engine.hpp"

// Where interpreter and translated code meet.

namespace cimera::cpu {

/// Counts executions of whole blocks until the block is hot.
Cursor Execute::warm(Hart& h, Cursor i) {
    Block& block = *h.block_;
    if (h.native_limit_ != 0 && ++block.heat >= h.config_.jit_threshold) {
        h.jit_->translate(block);
        return i->handler(h, i);
    }
    return block.first_handler(h, i);
}

/// Executes translated blocks, as long as they follow each other before the limit.
Cursor Execute::native(Hart& h, Cursor i) {
    Cursor at = i;
    if (h.cycles_ + h.block_->most <= h.native_limit_) {
        const jit::Engine::Left left = h.jit_->run(*h.block_);
        if (left.done) {
            return left.at;
        }
        at = left.at;
    }
    const Handler handler = at == h.block_->first() ? h.block_->first_handler : at->handler;
    return handler(h, at);
}

Cursor Execute::native_stop(Hart& h, Cursor i) {
    h.native_goes_on_ = true;
    return i;
}

/// An instruction in the middle of translated code, by its handler; false: the handler leaves the
/// block with native_left_at_.
bool Hart::step_native(Cursor i) {
    // Block and region may go while it executes; the instruction stays until the next decoding.
    Instruction& behind = block_->code[static_cast<std::size_t>(i - block_->first()) + 1];
    const Handler handler = behind.handler;
    behind.handler = &Execute::native_stop;
    native_goes_on_ = false;
    const Handler own = i == block_->first() ? block_->first_handler : i->handler;
    native_left_at_ = own(*this, i);
    behind.handler = handler;
    return native_goes_on_;
}

}  // namespace cimera::cpu
