// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <cstring>
#include <memory>
#include <utility>

#include "models/cpu/execute.hpp"
#include "models/cpu/hart.hpp"
#include "models/cpu/timing.hpp"

namespace cimera::cpu {

namespace {

constexpr bool covers(const Region& region, std::uint32_t first, std::uint32_t last) {
    return first <= last && first >= region.first && last <= region.last;
}

/// Sums up to `next`, which follows `i` that takes these cycles.
void add_position(const Instruction& i, Instruction& next, std::uint32_t cycles,
                  std::uint32_t limit, Timing timing) {
    next.cycles_before = static_cast<std::uint16_t>(i.cycles_before + cycles);
    next.limit_before = static_cast<std::uint16_t>(i.limit_before + limit);
    next.loads_before = static_cast<std::uint8_t>(i.loads_before + (timing == Timing::load));
    next.stores_before = static_cast<std::uint8_t>(i.stores_before + (timing == Timing::store));
    next.accesses_before =
        static_cast<std::uint8_t>(i.accesses_before + timing::access_limit(timing));
}

constexpr bool same_page(std::uint32_t a, std::uint32_t b) {
    return a / BlockCache::page_bytes == b / BlockCache::page_bytes;
}

}  // namespace

/// Reads code without time or energy; false where there is none.
bool Hart::code_half(std::uint32_t address, std::uint16_t& half) {
    const std::uint32_t last = address + 1;
    if (code_region_ == nullptr || !covers(*code_region_, address, last)) {
        code_region_ = bus_.region(address, Access::fetch);
    }
    if (code_region_ != nullptr && code_region_->readable && covers(*code_region_, address, last)) {
        std::memcpy(&half, code_region_->data + (address - code_region_->first), sizeof half);
        return true;
    }
    return bus_.peek(address, &half, sizeof half);
}

std::optional<Decoded> Hart::decode_at(std::uint32_t address) {
    std::uint16_t low = 0;
    std::uint16_t high = 0;
    if (!code_half(address, low) ||
        (instruction_length(low) == 4 && !code_half(address + 2, high))) {
        return std::nullopt;
    }
    return decode(low | std::uint32_t{high} << 16, config_.extensions);
}

/// Decodes the block at `pc`; after raising a fetch fault, nullptr.
Block* Hart::build_block(std::uint32_t pc) {
    code_region_ = nullptr;
    auto block = std::make_unique<Block>();
    block->pc = pc;
    std::vector<Decoded> decoded;
    std::uint32_t address = pc;
    while (decoded.size() < max_block_instructions && same_page(address, pc)) {
        const auto instruction = decode_at(address);
        if (!instruction || !fetch_allowed(address, address + (instruction->length - 1U))) {
            break;
        }
        decoded.push_back(*instruction);
        block->code.push_back(make_instruction(*instruction, address));
        address += instruction->length;
        if (ends_block(instruction->info->timing) || debug_.cuts(address) ||
            (attribution_ != nullptr && attribution_->stack().functions().begins(address))) {
            break;
        }
    }
    if (decoded.empty()) {
        std::uint16_t half = 0;
        raise_fetch_fault(fetch_allowed(pc, pc + 1) && code_half(pc, half) ? pc + 2 : pc);
        return nullptr;
    }
    block->bytes = address - pc;
    block->admitted = fetch_stamp_;
    finish_block(*block, decoded);
    return blocks_.insert(std::move(block));
}

/// Sums of cycles and classes, and the end marker.
void Hart::finish_block(Block& block, const std::vector<Decoded>& decoded) {
    const std::uint32_t end = block.pc + block.bytes;
    std::optional<Decoded> beyond;
    block.looked = block.bytes;
    if (!ends_block(decoded.back().info->timing)) {
        beyond = decode_at(end);
        block.looked += 4;
    }
    if (block.pc + (block.looked - 1) < block.pc) {
        block.looked = ~block.pc + 1;
    }
    block.count = static_cast<std::uint32_t>(decoded.size());
    Instruction marker;
    marker.handler = &Execute::end_of_block;
    marker.pc = end;
    block.code.push_back(marker);
    for (std::size_t k = 0; k < decoded.size(); ++k) {
        const auto& info = *decoded[k].info;
        const Decoded* following = beyond ? &*beyond : nullptr;
        if (k + 1 < decoded.size()) {
            following = &decoded[k + 1];
        }
        const std::uint32_t cycles = timing::fixed_cycles(decoded[k], following);
        const std::uint32_t limit = cycles + timing::variable_cycles_limit(info.timing);
        add_position(block.code[k], block.code[k + 1], cycles, limit, info.timing);
        ++block.classes[static_cast<std::size_t>(info.energy)];
    }
    if (jit_ != nullptr && attribution_ == nullptr) {
        block.first_handler = std::exchange(block.code.front().handler, &Execute::warm);
    }
    const Decoded& last = decoded.back();
    block.sequel = block.branch = Block::nowhere();
    block.jumps = last.info->timing == Timing::branch || last.info->timing == Timing::jump;
    block.target = block.code[block.count - 1].pc + block.code[block.count - 1].imm;
    if (attribution_ != nullptr) {
        observe_transfers(block);
    }
}

void Hart::resolve_region(Block& block) {
    Region* const region = bus_.region(block.pc, Access::fetch);
    if (region != nullptr && region->readable &&
        covers(*region, block.pc, block.pc + (block.bytes - 1))) {
        const Instruction& end = *block.end();
        block.region = region;
        block.entering = region->read_wait;
        block.cycles = cycles_until(&end);
        block.most = std::uint64_t{end.limit_before} + timing::trap_entry +
                     std::uint64_t{end.accesses_before} * wait_limit_ + region->read_wait;
        const std::uint64_t accesses = end.loads_before + end.stores_before;
        block.work = block.count | accesses << 32;
    }
}

/// Before pc_ is looked up, block_ is the one that led there, be it dropped meanwhile.
std::uint32_t Hart::jump_to_here() const {
    const bool jumped = redirected_ && arrival_ != Arrival::trap;
    return jumped ? block_->code[block_->count - 1].pc : 0;
}

/// Whether the present privilege may fetch all of block_. If not, it is decoded anew, up to the
/// first instruction that may not be fetched.
bool Hart::admit() {
    Block& block = *block_;
    if (fetch_allowed(block.pc, block.pc + (block.bytes - 1))) {
        block.admitted = fetch_stamp_;
        return true;
    }
    settle();
    blocks_.drop(block.pc, block.pc);
    cursor_ = nullptr;
    block_ = nullptr;  // it led nowhere
    return false;
}

/// `address` is that of the part of the instruction at pc_ that nothing answers for, or that memory
/// protection denies.
void Hart::raise_fetch_fault(std::uint32_t address) {
    const bool denied = !fetch_allowed(address, address + 1);
    const std::uint32_t from = cursor_ == nullptr ? std::exchange(jumped_from_, 0) : 0;
    const Trap trap{cause::fetch_fault, address, pc_, address, 2, Access::fetch, denied, from};
    cursor_ = nullptr;
    if (bus_.on_trap(trap)) {
        attention_ |= attention_stopped;
        return;
    }
    const Privilege target = exception_target(trap.cause);
    if (arrival_ == Arrival::trap && target == privilege_ &&
        pc_ == vector(trap_registers(target))) {
        attention_ |= attention_dead;
        return;
    }
    enter_trap(target, trap.cause, trap.tval, trap.pc);
    if (attribution_ != nullptr) {
        follow();
    }
}

}  // namespace cimera::cpu
