// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute_inline.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

namespace {

Trap misaligned_target(std::uint32_t target) {
    return {.cause = cause::fetch_misaligned, .tval = target, .address = target};
}

constexpr std::int32_t as_signed(std::uint32_t value) {
    return static_cast<std::int32_t>(value);
}

}  // namespace

inline Cursor Execute::branch(Hart& h, Cursor i, bool taken) {
    if (!taken) {
        return leave(h, i);
    }
    const std::uint32_t target = i->pc + i->imm;
    if ((target & h.target_misaligned_) != 0) {
        return h.raise(i, misaligned_target(target));
    }
    h.cycles_ += timing::taken_branch_extra;
    h.count(Event::branch_taken);
    return redirect(h, i, target);
}

Cursor Execute::beq(Hart& h, Cursor i) {
    return branch(h, i, h.x_[i->rs1] == h.x_[i->rs2]);
}
Cursor Execute::bne(Hart& h, Cursor i) {
    return branch(h, i, h.x_[i->rs1] != h.x_[i->rs2]);
}
Cursor Execute::blt(Hart& h, Cursor i) {
    return branch(h, i, as_signed(h.x_[i->rs1]) < as_signed(h.x_[i->rs2]));
}
Cursor Execute::bge(Hart& h, Cursor i) {
    return branch(h, i, as_signed(h.x_[i->rs1]) >= as_signed(h.x_[i->rs2]));
}
Cursor Execute::bltu(Hart& h, Cursor i) {
    return branch(h, i, h.x_[i->rs1] < h.x_[i->rs2]);
}
Cursor Execute::bgeu(Hart& h, Cursor i) {
    return branch(h, i, h.x_[i->rs1] >= h.x_[i->rs2]);
}

Cursor Execute::jal(Hart& h, Cursor i) {
    const std::uint32_t target = i->pc + i->imm;
    if ((target & h.target_misaligned_) != 0) {
        return h.raise(i, misaligned_target(target));
    }
    h.x_[i->rd] = i->pc + i->length;
    return redirect(h, i, target);
}

Cursor Execute::jalr(Hart& h, Cursor i) {
    const std::uint32_t target = (h.x_[i->rs1] + i->imm) & ~1U;
    if ((target & h.target_misaligned_) != 0) {
        return h.raise(i, misaligned_target(target));
    }
    h.x_[i->rd] = i->pc + i->length;
    return redirect(h, i, target);
}

Cursor Execute::end_of_block(Hart& h, Cursor i) {
    h.pc_ = i->pc;
    return i;
}

}  // namespace cimera::cpu
