// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <utility>

#include "models/cpu/execute_inline.hpp"

// How the hart tells an Attribution where the program goes.

namespace cimera::cpu {

namespace {

constexpr std::uint8_t stack_pointer = 2;
constexpr std::size_t most_aside = 1U << 16;

/// Unpriv. spec, 2.5.1: x1 and x5 hold return addresses.
constexpr bool is_link(std::uint8_t reg) {
    return reg == 1 || reg == 5;
}

}  // namespace

void Hart::set_attribution(Attribution& attribution) {
    attribution_ = &attribution;
    attribution_->begin(pc_);
    counting_for_ = attribution_->stack().node();
}

/// Calls and returns are left to the run loop, which follows them.
void Hart::observe_transfers(Block& block) const {
    Instruction& last = block.code[block.count - 1];
    if (last.handler == &Execute::jal && is_link(last.rd)) {
        last.handler = &Execute::jal_followed;
    } else if (last.handler == &Execute::jalr) {
        last.handler = &Execute::jalr_followed;
    }
}

/// Whether going on with `following` leaves the function.
bool Hart::crosses(const Block& previous, const Block& following) const {
    return attribution_ != nullptr &&
           !attribution_->stack().functions().at(previous.pc).contains(following.pc);
}

/// Between executions: the program has got to pc_ by a call, a return or a trap, if by any.
void Hart::follow() {
    const bool returned = trap_returns_ != followed_returns_;
    if (transfer_.kind == Transfer::Kind::none && !returned && arrival_ != Arrival::trap) {
        return;
    }
    if (attribution_->aside().size() >= most_aside) {
        settle();
    }
    attribution_->pass(cycles_);
    CallStack& stack = attribution_->stack();
    const std::uint32_t sp = x_[stack_pointer];
    const Transfer transfer = std::exchange(transfer_, {});
    switch (transfer.kind) {
        case Transfer::Kind::none:
            break;
        case Transfer::Kind::call:
            stack.call(transfer.site, pc_, transfer.return_to, sp);
            break;
        case Transfer::Kind::ret:
            stack.ret(pc_, sp);
            break;
        case Transfer::Kind::jump:
            stack.jump(pc_, sp);
            break;
    }
    if (returned) {
        followed_returns_ = trap_returns_;
        stack.trap_return(pc_, sp);
    }
    if (arrival_ == Arrival::trap) {
        const std::uint32_t cause = trap_registers(privilege_).cause;
        const bool interrupt = (cause & interrupt::cause_bit) != 0;
        stack.trap(interrupt ? Root::interrupt : Root::exception, cause & ~interrupt::cause_bit,
                   pc_, sp);
    }
    counting_for_ = stack.node();
}

/// Into another function by a branch, by running on into it, or moved by a debugger.
void Hart::wander() {
    CallStack& stack = attribution_->stack();
    if (!stack.inside(pc_)) {
        attribution_->pass(cycles_);
        stack.jump(pc_, x_[stack_pointer]);
        counting_for_ = stack.node();
    }
}

void Hart::settle_aside() {
    for (const Attribution::Aside& aside : attribution_->aside()) {
        const Block& block = *aside.block;
        for (std::size_t k = 0; k < energy_classes; ++k) {
            counts_[k] += aside.runs * block.classes[k];
        }
        block.region->fetches += aside.runs * block.count;
        home_->reads += aside.runs * block.end()->loads_before;
        home_->writes += aside.runs * block.end()->stores_before;
    }
    attribution_->settle(home_);
}

/// To `target`, by transfer_: as chain() where the run loop need not be asked. Blocks of both
/// functions may have run for other places of the tree.
inline Cursor Execute::follow_on(Hart& h, Cursor i, std::uint32_t target) {
    Block& block = *h.block_;
    Block* const following = h.blocks_.guess(target);
    const bool known = following != nullptr && following->pc == target &&
                       following->region == block.region && following->admitted == h.fetch_stamp_ &&
                       h.accounted_ == nullptr;
    if (!known || h.cycles_ + block.cycles + block.entering + following->most > h.chain_limit_) {
        return redirect(h, i, target);
    }
    h.count_run(block);
    h.work_ += block.work;
    h.cycles_ += block.cycles;
    h.pc_ = target;
    h.follow();
    h.cycles_ += block.entering;
    h.claim(*following);
    h.block_ = following;
    const Cursor first = following->first();
    return first->handler(h, first);
}

Cursor Execute::jal_followed(Hart& h, Cursor i) {
    const std::uint32_t target = i->pc + i->imm;
    if ((target & h.target_misaligned_) != 0) {
        return h.raise(i,
                       Trap{.cause = cause::fetch_misaligned, .tval = target, .address = target});
    }
    h.x_[i->rd] = i->pc + i->length;
    h.transfer_ = {Hart::Transfer::Kind::call, i->pc, i->pc + i->length};
    return follow_on(h, i, target);
}

Cursor Execute::jalr_followed(Hart& h, Cursor i) {
    const std::uint32_t target = (h.x_[i->rs1] + i->imm) & ~1U;
    const bool calls = is_link(i->rd);
    const bool returns = !calls && is_link(i->rs1);
    if ((!calls && !returns && h.attribution_->stack().inside(target)) ||
        (target & h.target_misaligned_) != 0) {
        return jalr(h, i);
    }
    using Kind = Hart::Transfer::Kind;
    h.transfer_ = {calls ? Kind::call : returns ? Kind::ret : Kind::jump, i->pc, i->pc + i->length};
    h.x_[i->rd] = i->pc + i->length;
    return follow_on(h, i, target);
}

}  // namespace cimera::cpu
