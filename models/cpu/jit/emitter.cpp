// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/jit/emitter.hpp"

#include <algorithm>

#include "models/cpu/decode.hpp"
#include "models/cpu/execute.hpp"

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

namespace {

constexpr std::array pool{x86::rsi, x86::rdi, x86::r8,  x86::r9,
                          x86::r10, x86::r11, x86::r14, x86::r15};
constexpr std::array saved{x86::rbx, x86::rbp, x86::r12, x86::r13, x86::r14, x86::r15};

template <typename Pointer>
std::uint64_t bits(Pointer pointer) {
    return reinterpret_cast<std::uint64_t>(pointer);
}

/// To the nearest, all exceptions masked, none of them raised.
constexpr std::uint32_t default_mxcsr = 0x1f80;

/// Gives the host its registers back.
void leave_frame(x86::Assembler& a) {
    a.add(x86::rsp, 8);
    std::for_each(saved.rbegin(), saved.rend(), [&a](const x86::Gp& gp) { a.pop(gp); });
    a.ret();
}

}  // namespace

Emitter::Emitter(asmjit::CodeHolder& code, const Layout& layout, const Features& features,
                 Unit& unit, StepHelper helper, std::uint32_t target_misaligned)
    : a_(&code),
      at_(layout),
      features_(features),
      unit_(unit),
      step_(helper),
      target_misaligned_(target_misaligned) {}

const Emitter::Emits& Emitter::emits() {
    static const Emits all = [] {
        Emits emits;
        add_alu(emits);
        add_bits(emits);
        add_memory(emits);
        add_float(emits);
        return emits;
    }();
    return all;
}

/// Frame: the arguments are the hart and the entry. Calls from translated code find the stack
/// aligned to 16 bytes, as the ABI wants it.
void Emitter::frame(asmjit::CodeHolder& code, const Layout& layout) {
    x86::Assembler a(&code);
    for (const x86::Gp& gp : saved) {
        a.push(gp);
    }
    a.sub(x86::rsp, 8);
    a.mov(host::hart, x86::rdi);
    a.mov(host::left, x86::qword_ptr(host::hart, layout.limit));
    a.sub(host::left, x86::qword_ptr(host::hart, layout.cycles));
    a.mov(host::work, x86::qword_ptr(host::hart, layout.work));
    a.mov(host::home, x86::qword_ptr(host::hart, layout.home_bias));
    a.mov(x86::rcx, x86::qword_ptr(host::hart, layout.block));
    a.sub(host::left, x86::qword_ptr(x86::rcx, block_offset::most));
    a.jmp(x86::rsi);
}

std::vector<asmjit::Label> Emitter::unit() {
    allocate();
    default_mxcsr_ = a_.newLabel();
    unit_exit_ = a_.newLabel();
    unit_step_ = a_.newLabel();
    for (std::size_t k = 0; k < unit_.parts.size(); ++k) {
        bodies_.push_back(a_.newLabel());
        block_exits_.push_back(a_.newLabel());
        block_steps_.push_back(a_.newLabel());
    }
    for (std::size_t k = 0; k < unit_.parts.size(); ++k) {
        block(k);
    }
    for (std::size_t k = 0; k < later_.size(); ++k) {
        const auto code = std::move(later_[k]);  // may add more
        code();
    }
    std::vector<Label> labels(unit_.parts.size());
    entries(labels);
    block_ends();
    unit_ends();
    return labels;
}

/// The registers that the unit's blocks use most often get a place in the host's.
void Emitter::allocate() {
    std::array<std::uint64_t, 32> uses{};
    std::array<bool, 32> writes{};
    for (const Part& part : unit_.parts) {
        floats_ = floats_ || part.block->classes[static_cast<std::size_t>(Energy::fp)] != 0 ||
                  part.block->classes[static_cast<std::size_t>(Energy::fdiv)] != 0;
        const std::uint64_t weight = part.block->heat + 1;
        for (const Instruction* i = part.block->first(); i != part.block->end(); ++i) {
            const std::string_view operands = operand_pattern(i->format);
            const auto use = [&](char letter, unsigned number) {
                const bool is_used = number < 32 && operands.find(letter) != operands.npos;
                uses[number % 32] += is_used && number != 0 ? weight : 0;
                return is_used;
            };
            use('s', i->rs1);
            use('t', i->rs2);
            writes[i->rd % 32] = use('d', i->rd) || writes[i->rd % 32];
        }
    }
    for (const x86::Gp& gp : pool) {
        const auto most = std::max_element(uses.begin(), uses.end());
        if (*most == 0) {
            return;
        }
        const auto number = static_cast<unsigned>(most - uses.begin());
        *most = 0;
        places_[number] = static_cast<std::uint8_t>(gp.id());
        allocated_.push_back(number);
        if (writes[number]) {
            changed_.push_back(number);
        }
    }
}

void Emitter::block(std::size_t index) {
    part_ = index;
    float_checked_ = rounding_checked_ = false;
    const Block& block = *unit_.parts[index].block;
    a_.bind(bodies_[index]);
    for (Cursor i = block.first(); i != block.end(); ++i) {
        if (skip_) {
            skip_ = false;
            continue;
        }
        const auto found = emits().find(i == block.first() ? block.first_handler : i->handler);
        if (found != emits().end()) {
            (this->*found->second)(*i);
        } else if (left_to_interpreter(*i)) {
            a_.jmp(exit_at(i));
            return;
        } else if (flow(*i)) {
            return;
        } else {
            step(*i);
        }
    }
    sequel();
}

/// From outside: guest registers come from the hart.
void Emitter::entries(std::vector<Label>& labels) {
    for (std::size_t k = 0; k < unit_.parts.size(); ++k) {
        if (unit_.parts[k].enters) {
            labels[k] = a_.newLabel();
            a_.bind(labels[k]);
            load();
            a_.jmp(bodies_[k]);
        }
    }
}

/// `left` is that of no block outside of one. An exit has its instruction in rax, and so has a
/// step, which calls.
void Emitter::block_ends() {
    for (std::size_t k = 0; k < unit_.parts.size(); ++k) {
        const auto most = static_cast<std::int32_t>(unit_.parts[k].most);
        a_.bind(block_exits_[k]);
        a_.add(host::left, most);
        a_.mov(x86::rcx, bits(unit_.parts[k].block));
        a_.jmp(unit_exit_);
        a_.bind(block_steps_[k]);
        a_.add(host::left, most);
        a_.mov(x86::rcx, bits(unit_.parts[k].block));
        a_.call(unit_step_);
        a_.sub(host::left, most);
        a_.ret();
    }
}

void Emitter::unit_ends() {
    const Label out = a_.newLabel();
    const Label leave = a_.newLabel();
    const auto put_state = [this] {
        save();
        a_.mov(x86::qword_ptr(host::hart, at_.block), x86::rcx);
        a_.mov(x86::qword_ptr(host::hart, at_.work), host::work);
        a_.mov(x86::rcx, x86::qword_ptr(host::hart, at_.limit));
        a_.sub(x86::rcx, host::left);
        a_.mov(x86::qword_ptr(host::hart, at_.cycles), x86::rcx);
    };
    a_.bind(unit_exit_);
    put_state();
    a_.bind(out);
    leave_frame(a_);

    a_.bind(unit_step_);
    put_state();
    a_.mov(x86::rdx, bits(&unit_));
    a_.mov(x86::rsi, x86::rax);
    a_.mov(x86::rdi, host::hart);
    a_.mov(x86::rax, bits(step_));
    a_.call(x86::rax);
    a_.test(x86::al, x86::al);
    a_.jz(leave);
    load();
    a_.mov(host::left, x86::qword_ptr(host::hart, at_.limit));
    a_.sub(host::left, x86::qword_ptr(host::hart, at_.cycles));
    a_.mov(host::work, x86::qword_ptr(host::hart, at_.work));
    a_.ret();
    a_.bind(leave);
    a_.add(x86::rsp, 16);
    a_.xor_(x86::eax, x86::eax);
    a_.jmp(out);
    a_.align(asmjit::AlignMode::kData, 4);
    a_.bind(default_mxcsr_);
    a_.dd(default_mxcsr);
}

void Emitter::save() {
    keep_flags();
    for (const unsigned number : changed_) {
        a_.mov(memory(number), place(number));
    }
}

void Emitter::load() {
    for (const unsigned number : allocated_) {
        a_.mov(place(number), memory(number));
    }
    clear_flags();
}

/// Where the interpreter goes on with `i` of the present block.
asmjit::Label Emitter::exit_at(Cursor i) {
    const Label label = a_.newLabel();
    later([this, i, label, part = part_] {
        a_.bind(label);
        a_.mov(x86::rax, bits(i));
        a_.jmp(block_exits_[part]);
    });
    return label;
}

void Emitter::step(const Instruction& i) {
    a_.mov(x86::rax, bits(&i));
    a_.call(block_steps_[part_]);
}

x86::Gp Emitter::place(unsigned number) const {
    return x86::gpd(places_[number]);
}

x86::Mem Emitter::memory(unsigned number) const {
    return x86::dword_ptr(host::hart, at_.x + 4 * static_cast<std::int32_t>(number));
}

asmjit::Operand Emitter::source(unsigned number) const {
    if (number == 0) {
        return asmjit::imm(0);
    }
    if (in_register(number)) {
        return place(number);
    }
    return memory(number);
}

/// A host register with its value: its own, or `temporary`.
x86::Gp Emitter::read(unsigned number, Gp temporary) {
    if (in_register(number)) {
        return place(number);
    }
    move(temporary, number);
    return temporary;
}

void Emitter::move(Gp to, unsigned number) {
    if (number == 0) {
        a_.xor_(to, to);
    } else if (!in_register(number)) {
        a_.mov(to, memory(number));
    } else if (place(number).id() != to.id()) {
        a_.mov(to, place(number));
    }
}

/// Where a result is to be made, before it is `written`.
x86::Gp Emitter::target(unsigned number) const {
    return in_register(number) ? place(number) : Gp(x86::eax);
}

void Emitter::written(unsigned number, Gp holder) {
    if (number == Instruction::discard) {
        return;
    }
    if (!in_register(number)) {
        a_.mov(memory(number), holder);
    } else if (place(number).id() != holder.id()) {
        a_.mov(place(number), holder);
    }
}

void Emitter::load_constant(unsigned number, std::uint32_t value) {
    if (number == Instruction::discard) {
        return;
    }
    if (!in_register(number)) {
        a_.mov(memory(number), value);
    } else if (value == 0) {
        a_.xor_(place(number), place(number));
    } else {
        a_.mov(place(number), value);
    }
}

}  // namespace cimera::cpu::jit
