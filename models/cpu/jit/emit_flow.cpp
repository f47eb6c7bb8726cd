// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <array>
#include <optional>
#include <utility>

#include "models/cpu/execute.hpp"
#include "models/cpu/jit/emitter.hpp"
#include "models/cpu/timing.hpp"

// How blocks end: what the handlers in execute_branch.cpp do where blocks follow each other. All
// else is left to those handlers, which then look at the same condition again.

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

namespace {

using x86::CondCode;

std::optional<CondCode> condition_of(Handler handler) {
    static constexpr std::array<std::pair<Handler, CondCode>, 6> conditions{{
        {&Execute::beq, CondCode::kE},
        {&Execute::bne, CondCode::kNE},
        {&Execute::blt, CondCode::kSignedLT},
        {&Execute::bge, CondCode::kSignedGE},
        {&Execute::bltu, CondCode::kUnsignedLT},
        {&Execute::bgeu, CondCode::kUnsignedGE},
    }};
    for (const auto& [known, condition] : conditions) {
        if (known == handler) {
            return condition;
        }
    }
    return std::nullopt;
}

}  // namespace

/// False if the instruction does not end its block.
bool Emitter::flow(const Instruction& i) {
    const Block& block = *unit_.parts[part_].block;
    const Handler handler = &i == block.first() ? block.first_handler : i.handler;
    if (const auto condition = condition_of(handler)) {
        branch(i, *condition);
    } else if (handler == &Execute::jal) {
        jump(i);
    } else if (handler == &Execute::jalr) {
        jump_register(i);
    } else {
        return false;
    }
    return true;
}

void Emitter::branch(const Instruction& i, CondCode condition) {
    const Part& part = unit_.parts[part_];
    if ((part.block->target & target_misaligned_) != 0) {
        compare(i.rs1, source(i.rs2));
        a_.j(condition, exit_at(&i));
        edge(&i, Leaves::fall, true);
        return;
    }
    const std::size_t outside = unit_.parts.size();
    const std::size_t taken = inner(Leaves::taken);
    const std::size_t fall = inner(Leaves::fall);
    bool mostly_taken = taken != outside;
    if (taken != outside && fall != outside) {
        mostly_taken = unit_.parts[taken].block->heat > unit_.parts[fall].block->heat;
    }
    const Leaves usual = mostly_taken ? Leaves::taken : Leaves::fall;
    const Leaves other = mostly_taken ? Leaves::fall : Leaves::taken;
    const Label elsewhere = a_.newLabel();
    compare(i.rs1, source(i.rs2));
    a_.j(mostly_taken ? x86::negateCond(condition) : condition, elsewhere);
    edge(&i, usual, true);
    later([this, &i, other, elsewhere, part = part_] {
        part_ = part;
        a_.bind(elsewhere);
        edge(&i, other, false);
    });
}

void Emitter::jump(const Instruction& i) {
    if ((unit_.parts[part_].block->target & target_misaligned_) != 0) {
        a_.jmp(exit_at(&i));
        return;
    }
    load_constant(i.rd, i.pc + i.length);
    edge(&i, Leaves::jump, true);
}

/// The target is looked for among the blocks behind calls in this unit, then in the table of
/// guesses. A target that is not aligned is that of no block.
void Emitter::jump_register(const Instruction& i) {
    const Gp base = read(i.rs1, x86::eax);
    a_.lea(x86::eax, x86::ptr(base.r64(), static_cast<std::int32_t>(i.imm)));
    a_.and_(x86::eax, -2);
    const bool is_return = i.rd == Instruction::discard;
    for (std::size_t k = 0; k < unit_.parts.size() && is_return; ++k) {
        const std::uint32_t pc = unit_.parts[k].block->pc;
        for (const Part& caller : unit_.parts) {
            const Instruction& last = caller.block->code[caller.block->count - 1];
            if (caller.block->jumps && last.rd == i.rs1 && last.format == Format::jump &&
                pc == caller.block->pc + caller.block->bytes) {
                const Label next = a_.newLabel();
                a_.cmp(x86::eax, pc);
                a_.jne(next);
                inner_edge(&i, Leaves::jump, k);
                a_.jmp(bodies_[k]);
                a_.bind(next);
                break;
            }
        }
    }
    const Label unknown = exit_at(&i);
    a_.mov(x86::ecx, x86::eax);
    a_.shr(x86::ecx, 1);
    a_.and_(x86::ecx, static_cast<std::uint32_t>(BlockCache::quick_entries - 1));
    a_.mov(x86::rdx, reinterpret_cast<std::uint64_t>(at_.quick));
    a_.mov(x86::rcx, x86::qword_ptr(x86::rdx, x86::rcx, 3));
    a_.test(x86::rcx, x86::rcx);
    a_.jz(unknown);
    a_.cmp(x86::dword_ptr(x86::rcx, block_offset::pc), x86::eax);
    a_.jne(unknown);
    a_.mov(x86::rdx, x86::qword_ptr(x86::rcx, block_offset::region));
    a_.cmp(x86::rdx, x86::qword_ptr(host::hart, at_.run_region));
    a_.jne(unknown);
    const Label undo = a_.newLabel();
    go_outside(&i, Leaves::jump, undo);
    load_constant(i.rd, i.pc + i.length);
    save();
    a_.jmp(x86::qword_ptr(x86::rcx, block_offset::native));
}

/// Behind a block without a jump at its end.
void Emitter::sequel() {
    edge(unit_.parts[part_].block->end(), Leaves::fall, true);
}

std::uint64_t Emitter::cost(Leaves how) const {
    const Part& part = unit_.parts[part_];
    switch (how) {
        case Leaves::fall:
            return part.cycles;
        case Leaves::taken:
            return part.cycles + part.entering + timing::taken_branch_extra;
        case Leaves::jump:
            return part.cycles + part.entering;
    }
    return 0;
}

Block* Emitter::follower(Leaves how) const {
    const Block& block = *unit_.parts[part_].block;
    return how == Leaves::fall ? block.sequel : block.branch;
}

std::size_t Emitter::inner(Leaves how) const {
    return unit_.find(follower(how));
}

/// Behind the present block. `inline_last`: the next part's code follows.
void Emitter::edge(Cursor at, Leaves how, bool inline_last) {
    const std::size_t to = inner(how);
    if (to == unit_.parts.size()) {
        outer_edge(at, how);
        return;
    }
    inner_edge(at, how, to);
    if (!inline_last || to != part_ + 1) {
        a_.jmp(bodies_[to]);
    }
}

/// As Execute::chains(): the next block fits, or its predecessor's handler is asked.
void Emitter::inner_edge(Cursor at, Leaves how, std::size_t to) {
    const auto taken =
        static_cast<std::int32_t>(cost(how) + unit_.parts[to].most - unit_.parts[part_].most);
    const Label undo = a_.newLabel();
    a_.sub(host::left, taken);
    a_.js(undo);
    count(how);
    later([this, at, taken, undo, part = part_] {
        part_ = part;
        a_.bind(undo);
        a_.add(host::left, taken);
        a_.jmp(exit_at(at));
    });
}

void Emitter::outer_edge(Cursor at, Leaves how) {
    const Block& block = *unit_.parts[part_].block;
    const Block* const* const link = how == Leaves::fall ? &block.sequel : &block.branch;
    a_.mov(x86::rcx, reinterpret_cast<std::uint64_t>(link));
    a_.mov(x86::rcx, x86::qword_ptr(x86::rcx));
    const Label undo = a_.newLabel();
    go_outside(at, how, undo);
    save();
    a_.jmp(x86::qword_ptr(x86::rcx, block_offset::native));
}

/// To the block in rcx, if it has code that may be used and fits.
void Emitter::go_outside(Cursor at, Leaves how, Label undo) {
    const auto taken =
        static_cast<std::int32_t>(cost(how)) - static_cast<std::int32_t>(unit_.parts[part_].most);
    const Mem most = x86::qword_ptr(x86::rcx, block_offset::most);
    a_.sub(host::left, taken);
    a_.sub(host::left, most);
    a_.js(undo);
    a_.mov(x86::rax, x86::qword_ptr(host::hart, at_.fetch_stamp));
    a_.cmp(x86::rax, x86::qword_ptr(x86::rcx, block_offset::native_stamp));
    a_.jne(undo);
    count(how);
    later([this, at, taken, undo, most, part = part_] {
        part_ = part;
        a_.bind(undo);
        a_.add(host::left, most);
        a_.add(host::left, taken);
        a_.jmp(exit_at(at));
    });
}

/// The present block has executed as a whole.
void Emitter::count(Leaves how) {
    Part& part = unit_.parts[part_];
    std::uint64_t& counter = how == Leaves::taken ? part.taken : part.runs;
    a_.mov(x86::rax, reinterpret_cast<std::uint64_t>(&counter));
    a_.inc(x86::qword_ptr(x86::rax));
    a_.mov(x86::rax, part.block->work);
    a_.add(host::work, x86::rax);
}

}  // namespace cimera::cpu::jit
