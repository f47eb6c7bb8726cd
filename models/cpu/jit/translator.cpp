// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/jit/translator.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "models/common/error.hpp"
#include "models/cpu/execute.hpp"
#include "models/cpu/float32.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu::jit {

namespace {

constexpr std::size_t most_parts = 24;
constexpr std::size_t most_instructions = 400;
constexpr std::uint32_t allocator_block = 1U << 20;

Features host_features() {
    const auto& known = asmjit::CpuInfo::host().features().x86();
    return {known.hasLZCNT(), known.hasBMI(), known.hasPOPCNT(), known.hasFMA()};
}

class Errors final : public asmjit::ErrorHandler {
public:
    void handleError(asmjit::Error /*error*/, const char* message,
                     asmjit::BaseEmitter* /*origin*/) override {
        text = message;
    }
    std::string text;
};

void hook(Block& block, Handler handler) {
    block.code.front().handler = handler;
}

}  // namespace

bool available() {
    return true;
}

std::unique_ptr<Engine> make_engine(Hart& hart) {
    return std::make_unique<Translator>(hart);
}

/// Written through one mapping, executed through another.
asmjit::JitAllocator::CreateParams Translator::memory() {
    asmjit::JitAllocator::CreateParams params{};
    params.options = asmjit::JitAllocatorOptions::kUseDualMapping;
    params.blockSize = allocator_block;
    return params;
}

Translator::Translator(Hart& hart)
    : hart_(hart),
      layout_(hart),
      features_(host_features()),
      memory_(memory()),
      runtime_(&memory_) {
    set_flags_table();
    asmjit::CodeHolder code;
    code.init(runtime_.environment());
    Emitter::frame(code, layout_);
    // A host that grants no memory for code, as under a limit of file sizes, has the interpreter.
    if (runtime_.add(&frame_, &code) != asmjit::kErrorOk) {
        frame_ = nullptr;
    }
}

/// Intel 64 manual, MXCSR: invalid, denormal, divided by zero, overflow, underflow, inexact.
void Translator::set_flags_table() {
    constexpr std::array<std::uint8_t, 6> of_bit{float32::invalid,         0,
                                                 float32::divided_by_zero, float32::overflow,
                                                 float32::underflow,       float32::inexact};
    for (std::size_t flags = 0; flags < hart_.native_flags_.size(); ++flags) {
        for (std::size_t bit = 0; bit < of_bit.size(); ++bit) {
            if ((flags >> bit & 1U) != 0) {
                std::uint8_t& known = hart_.native_flags_[flags];
                known = static_cast<std::uint8_t>(known | of_bit[bit]);
            }
        }
    }
}

/// Adds the blocks that those of the unit lead to, if they are about as hot.
void Translator::add_followers(Unit& unit) const {
    const Block& head = *unit.parts.front().block;
    std::size_t instructions = head.count;
    const auto add = [&](Block* block) {
        if (block == nullptr || block == Block::nowhere() || block->dropped ||
            block->region != head.region || block->admitted != hart_.fetch_stamp_ ||
            block->heat * 4 < hart_.config_.jit_threshold || left_to_interpreter(*block->first()) ||
            unit.find(block) != unit.parts.size() || unit.parts.size() == most_parts ||
            instructions + block->count > most_instructions) {
            return;
        }
        instructions += block->count;
        unit.parts.push_back({block, block->cycles, block->most, block->entering});
    };
    for (std::size_t k = 0; k < unit.parts.size(); ++k) {
        Block& block = *unit.parts[k].block;
        const bool branch_first = block.branch->heat > block.sequel->heat;
        add(branch_first ? block.branch : block.sequel);
        add(branch_first ? block.sequel : block.branch);
        const Instruction& last = block.code[block.count - 1];
        if (last.format == Format::jump && last.rd != Instruction::discard) {
            add(hart_.blocks_.guess(block.pc + block.bytes));
        }
    }
}

void Translator::translate(Block& block) {
    hook(block, block.first_handler);
    if (frame_ == nullptr || left_to_interpreter(*block.first()) || block.region == nullptr ||
        block.region != hart_.run_region_) {
        return;
    }
    if (bytes_ >= hart_.config_.jit_bytes) {
        hart_.settle();
        std::vector<Unit*> all;
        for (const auto& unit : units_) {
            all.push_back(unit.get());
        }
        forget(all);
        hook(block, block.first_handler);
    }
    auto unit = std::make_unique<Unit>();
    unit->region = block.region;
    unit->parts.reserve(most_parts);
    unit->parts.push_back({&block, block.cycles, block.most, block.entering});
    add_followers(*unit);
    for (Part& part : unit->parts) {
        part.enters = part.block->unit == nullptr;
    }
    if (!write(*unit)) {
        return;
    }
    for (const Part& part : unit->parts) {
        if (part.enters) {
            part.block->unit = unit.get();
            part.block->native = part.entry;
            hook(*part.block, &Execute::native);
        }
    }
    bytes_ += unit->bytes;
    units_.push_back(std::move(unit));
}

bool Translator::write(Unit& unit) {
    asmjit::CodeHolder code;
    Errors errors;
    code.init(runtime_.environment());
    code.setErrorHandler(&errors);
    Emitter emitter(code, layout_, features_, unit, &Translator::step, hart_.target_misaligned_);
    const auto labels = emitter.unit();
    CIMERA_ASSERT(errors.text.empty(), errors.text.c_str());
    if (runtime_.add(&unit.code, &code) != asmjit::kErrorOk) {
        return false;
    }
    unit.bytes = code.codeSize();
    for (std::size_t k = 0; k < labels.size(); ++k) {
        if (unit.parts[k].enters) {
            unit.parts[k].entry = static_cast<const char*>(unit.code) + code.labelOffset(labels[k]);
        }
    }
    return true;
}

/// Makes sure that what the unit's code takes for granted is so, until the next clear_runs().
bool Translator::touch(Unit& unit) {
    for (const Part& part : unit.parts) {
        Block& block = *part.block;
        if (!block.dropped && block.region == nullptr && !hart_.debug_.cuts(block.pc)) {
            hart_.resolve_region(block);
        }
        const bool same = !block.dropped && block.region == unit.region &&
                          block.cycles == part.cycles && block.most == part.most &&
                          block.entering == part.entering;
        if (!same || !hart_.fetch_allowed(block.pc, block.pc + (block.bytes - 1))) {
            return false;
        }
    }
    for (const Part& part : unit.parts) {
        part.block->admitted = hart_.fetch_stamp_;
        if (part.enters) {
            part.block->native_stamp = hart_.fetch_stamp_;
        }
    }
    if (unit.stamp == Block::no_stamp) {
        touched_.push_back(&unit);
    }
    unit.stamp = hart_.fetch_stamp_;
    return true;
}

Engine::Left Translator::run(Block& block) {
    Unit& unit = *block.unit;
    if (unit.stamp != hart_.fetch_stamp_ && !touch(unit)) {
        hart_.settle();
        forget({&unit});
        return {block.first(), false};
    }
    const Region& home = *hart_.home_;
    hart_.native_home_ = reinterpret_cast<std::uint64_t>(home.data) - home.first;
    const Instruction* const at = frame_(&hart_, block.native);
    if (thrown_ != nullptr) {
        std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
    return at != nullptr ? Left{at, false} : Left{hart_.native_left_at_, true};
}

bool Translator::step(Hart* hart, const Instruction* i, Unit* unit) noexcept {
    try {
        return hart->step_native(i) && unit->stamp == hart->fetch_stamp_;
    } catch (...) {
        static_cast<Translator&>(*hart->jit_).thrown_ = std::current_exception();
        return false;
    }
}

void Translator::for_each_run(const Visit& visit) const {
    for (const Unit* unit : touched_) {
        for (const Part& part : unit->parts) {
            if (part.runs + part.taken != 0) {
                visit(*part.block, part.runs + part.taken, part.taken);
            }
        }
    }
}

void Translator::clear_runs() {
    for (Unit* unit : touched_) {
        unit->stamp = Block::no_stamp;
        for (Part& part : unit->parts) {
            part.block->heat += part.runs + part.taken;
            part.runs = part.taken = 0;
            if (part.enters) {
                part.block->native_stamp = Block::no_stamp;
            }
        }
    }
    touched_.clear();
}

/// They have no runs to count.
void Translator::forget(const std::vector<Unit*>& units) {
    for (Unit* unit : units) {
        dissolve(*unit);
    }
    std::erase_if(units_, [&units](const auto& unit) {
        return std::find(units.begin(), units.end(), unit.get()) != units.end();
    });
}

void Translator::dissolve(Unit& unit) {
    for (const Part& part : unit.parts) {
        Block& block = *part.block;
        if (part.enters) {
            block.unit = nullptr;
            block.native = nullptr;
            block.native_stamp = Block::no_stamp;
            block.heat = 0;
            hook(block, &Execute::warm);
        }
    }
    bytes_ -= unit.bytes;
    runtime_.release(unit.code);
}

void Translator::release_dropped() {
    std::vector<Unit*> gone;
    for (const auto& unit : units_) {
        const bool dropped = std::any_of(unit->parts.begin(), unit->parts.end(),
                                         [](const Part& part) { return part.block->dropped; });
        if (dropped) {
            gone.push_back(unit.get());
        }
    }
    if (!gone.empty()) {
        forget(gone);
    }
}

}  // namespace cimera::cpu::jit
