// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include "models/cpu/execute.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu {

/// Whether the block can go on as if the Bus call just made had not been one.
inline bool Hart::undisturbed() const {
    return attention_ == 0 && !interrupt_ready_ && !block_->dropped && run_region_ != nullptr &&
           cycles_ + block_->most <= run_limit_;
}

/// Of a load that is not one of home_: takes back what its block counts for it.
inline void Hart::load_leaves_home(Cursor i) {
    --home_->accesses;
    cycles_ -= home_read_wait_;
    count_access(i->pc, *home_, -1, 0);
}

inline void Hart::store_leaves_home(Cursor i) {
    --home_->accesses;
    cycles_ -= home_write_wait_;
    count_access(i->pc, *home_, 0, -1);
}

/// Compiles to a jump: handlers chain without returning.
inline Cursor Execute::next(Hart& h, Cursor i) {
    return i[1].handler(h, i + 1);
}

inline Cursor Execute::result(Hart& h, Cursor i, std::uint32_t value) {
    h.x_[i->rd] = value;
    return next(h, i);
}

/// Goes on with the block `following` after the whole of the present one, which took `extra` cycles
/// more than its fixed ones; false: it must be left to the run loop.
inline bool Execute::chains(const Hart& h, const Block& following, std::uint64_t extra) {
    return h.cycles_ + h.block_->cycles + extra + following.most <= h.chain_limit_ &&
           (!accounting || h.block_->counted_for == h.counting_for_) &&
           following.admitted == h.fetch_stamp_;
}

inline Cursor Execute::chain(Hart& h, Block& following, std::uint64_t extra) {
    Block& block = *h.block_;
    if constexpr (accounting) {
        ++block.runs;
    }
    h.work_ += block.work;
    h.cycles_ += block.cycles + extra;
    h.block_ = &following;
    const Cursor first = following.first();
    return first->handler(h, first);
}

/// Behind a Bus call, which may have changed everything.
inline Cursor Execute::go_on(Hart& h, Cursor i) {
    if (h.undisturbed()) {
        h.current_ = nullptr;
        return next(h, i);
    }
    return leave(h, i);
}

/// Ends the execution behind `i`; the run loop goes on from there.
inline Cursor Execute::leave(Hart& h, Cursor i) {
    h.pc_ = i->pc + i->length;
    return i + 1;
}

inline Cursor Execute::redirect(Hart& h, Cursor i, std::uint32_t target) {
    h.pc_ = target;
    h.redirected_ = true;
    return i + 1;
}

}  // namespace cimera::cpu
