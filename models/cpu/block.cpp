// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/block.hpp"

#include <algorithm>
#include <utility>

namespace cimera::cpu {

namespace {

constexpr std::uint32_t page_of(std::uint32_t address) {
    return address / BlockCache::page_bytes;
}

std::uint32_t last_byte(const Block& block) {
    return block.pc + block.looked - 1;
}

/// Calls `visit(page)` for each page in the range that `pages` knows.
template <typename Pages, typename Visit>
void for_each_page(const Pages& pages, std::uint32_t first, std::uint32_t last, Visit visit) {
    const std::uint32_t first_page = page_of(first);
    const std::uint32_t last_page = page_of(last);
    if (last_page - first_page >= pages.size()) {
        std::vector<std::uint32_t> known;
        for (const auto& entry : pages) {
            if (entry.first >= first_page && entry.first <= last_page) {
                known.push_back(entry.first);
            }
        }
        std::for_each(known.begin(), known.end(), visit);
        return;
    }
    for (std::uint32_t page = first_page;; ++page) {
        if (pages.contains(page)) {
            visit(page);
        }
        if (page == last_page) {
            return;
        }
    }
}

}  // namespace

Block* Block::nowhere() {
    static Block block;
    return &block;
}

Block* BlockCache::find(std::uint32_t pc) {
    Block*& quick = quick_[quick_index(pc)];
    if (quick != nullptr && quick->pc == pc) {
        return quick;
    }
    const auto found = blocks_.find(pc);
    if (found == blocks_.end()) {
        return nullptr;
    }
    quick = found->second.get();
    return quick;
}

Block* BlockCache::insert(std::unique_ptr<Block> block) {
    Block* const raw = block.get();
    for (const std::uint32_t page : {page_of(raw->pc), page_of(last_byte(*raw))}) {
        auto& list = pages_[page];
        if (list.empty() || list.back() != raw) {
            list.push_back(raw);
        }
    }
    blocks_[raw->pc] = std::move(block);
    quick_[quick_index(raw->pc)] = raw;
    return raw;
}

bool BlockCache::overlaps(std::uint32_t first, std::uint32_t last) const {
    bool found = false;
    for_each_page(pages_, first, last, [&](std::uint32_t page) {
        const auto& list = pages_.at(page);
        found = found || std::any_of(list.begin(), list.end(), [=](const Block* block) {
                    return block->pc <= last && last_byte(*block) >= first;
                });
    });
    return found;
}

void BlockCache::drop(std::uint32_t first, std::uint32_t last) {
    for_each_page(pages_, first, last,
                  [&](std::uint32_t page) { drop_in_page(page, first, last); });
    forget_links();
}

void BlockCache::drop_in_page(std::uint32_t page, std::uint32_t first, std::uint32_t last) {
    std::vector<Block*> hit;
    for (Block* block : pages_.at(page)) {
        if (block->pc <= last && last_byte(*block) >= first) {
            hit.push_back(block);
        }
    }
    for (Block* block : hit) {
        for (const std::uint32_t home : {page_of(block->pc), page_of(last_byte(*block))}) {
            std::erase(pages_.at(home), block);
        }
        retire(*block);
    }
}

void BlockCache::retire(Block& block) {
    block.dropped = true;
    quick_[quick_index(block.pc)] = nullptr;
    const auto found = blocks_.find(block.pc);
    dropped_.push_back(std::move(found->second));
    blocks_.erase(found);
}

void BlockCache::drop_all() {
    for (auto& entry : blocks_) {
        entry.second->dropped = true;
        dropped_.push_back(std::move(entry.second));
    }
    blocks_.clear();
    pages_.clear();
    quick_.fill(nullptr);
    forget_links();
}

void BlockCache::release() {
    dropped_.clear();
}

void BlockCache::forget_regions() {
    for (auto& entry : blocks_) {
        entry.second->region = nullptr;
    }
    for (auto& block : dropped_) {
        block->region = nullptr;
    }
    forget_links();
}

void BlockCache::forget_links() {
    const auto forget = [](Block& block) {
        block.sequel = Block::nowhere();
        block.branch = Block::nowhere();
    };
    for (auto& entry : blocks_) {
        forget(*entry.second);
    }
    for (auto& block : dropped_) {
        forget(*block);
    }
}

}  // namespace cimera::cpu
