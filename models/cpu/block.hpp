// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/cpu/bus.hpp"
#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

namespace jit {
struct Unit;
}

/// A run of instructions without control flow but for the last, within one page.
struct Block {
    std::uint32_t pc = 0;
    std::uint32_t bytes = 0;   ///< of the instructions
    std::uint32_t looked = 0;  ///< bytes that decoding depended on, at least `bytes`
    std::uint32_t count = 0;   ///< instructions
    bool jumps = false;        ///< ends with a branch or jump to `target`
    bool dropped = false;      ///< no longer in the cache
    std::uint32_t target = 0;
    std::uint64_t admitted = 0;     ///< the last stamp under which all of it may be fetched
    std::vector<Instruction> code;  ///< `count` and the end marker
    std::array<std::uint16_t, energy_classes> classes{};  ///< instructions of each energy class

    // Valid while `region` is set.
    Region* region = nullptr;    ///< of its code; nullptr: fetch by transactions
    Block* sequel = nullptr;     ///< what follows in memory, in the same region
    Block* branch = nullptr;     ///< the block at `target`, in the same region
    std::uint64_t entering = 0;  ///< wait states of a fetch that does not follow the one before
    std::uint64_t cycles = 0;    ///< fixed cycles, wait states of its loads and stores included
    std::uint64_t most = ~std::uint64_t{0} >> 2;  ///< most cycles, those of entering included
    std::uint64_t work = 0;                       ///< what it adds to Hart::work_

    std::uint64_t runs = 0;         ///< whole executions not yet in the counters
    std::uint32_t counted_for = 0;  ///< whose they are: Hart::counting_for_; 0: none since settle()

    // Of the translator.
    static constexpr std::uint64_t no_stamp = ~std::uint64_t{0};
    std::uint64_t native_stamp = no_stamp;  ///< Hart::fetch_stamp_ with which `native` may be used
    const void* native = nullptr;           ///< its code, in `unit`
    jit::Unit* unit = nullptr;
    Handler first_handler = nullptr;  ///< of the first instruction, which counts executions now
    std::uint64_t heat = 0;           ///< executions so far, about

    [[nodiscard]] Cursor first() const { return code.data(); }
    [[nodiscard]] Cursor end() const { return code.data() + count; }
    /// Stands for an unknown one, as `sequel` and `branch`: it fits before no horizon.
    static Block* nowhere();
};

/// Decoded blocks by their first address. Dropped ones stay alive until release().
class BlockCache {
public:
    static constexpr std::uint32_t page_bytes = 4096;
    static constexpr std::size_t block_limit = 65536;
    static constexpr std::size_t quick_entries = 4096;

    [[nodiscard]] Block* find(std::uint32_t pc);
    /// The block, or another one or nullptr: at once.
    [[nodiscard]] Block* guess(std::uint32_t pc) const { return quick_[quick_index(pc)]; }
    Block* insert(std::unique_ptr<Block> block);
    /// Drops blocks that depend on bytes in [first, last].
    void drop(std::uint32_t first, std::uint32_t last);
    void drop_all();
    /// Frees dropped blocks; only while none of them executes.
    void release();
    [[nodiscard]] bool any_dropped() const { return !dropped_.empty(); }
    [[nodiscard]] bool full() const { return blocks_.size() >= block_limit; }
    [[nodiscard]] bool overlaps(std::uint32_t first, std::uint32_t last) const;
    void forget_regions();
    /// What guess() looks into: the entry for half the address, modulo its size.
    [[nodiscard]] Block* const* guesses() const { return quick_.data(); }

private:
    static std::size_t quick_index(std::uint32_t pc) { return (pc >> 1) % quick_entries; }
    void drop_in_page(std::uint32_t page, std::uint32_t first, std::uint32_t last);
    void retire(Block& block);
    void forget_links();

    std::unordered_map<std::uint32_t, std::unique_ptr<Block>> blocks_;
    std::unordered_map<std::uint32_t, std::vector<Block*>> pages_;
    std::vector<std::unique_ptr<Block>> dropped_;
    std::array<Block*, quick_entries> quick_{};
};

}  // namespace cimera::cpu
