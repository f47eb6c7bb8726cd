// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/attribution.hpp"

#include <algorithm>

namespace cimera::cpu {

void Attribution::begin(std::uint32_t pc) {
    stack_.reset(pc);
    since_ = 0;
}

void Attribution::pass(std::uint64_t cycles_now) {
    cycles_of(stack_.node()).passed += cycles_now - since_;
    since_ = cycles_now;
    if (on_pass_) {
        on_pass_(stack_.node());
    }
}

Attribution::NodeCycles& Attribution::cycles_of(NodeId node) {
    if (node >= cycles_.size()) {
        cycles_.resize(stack_.tree().nodes().size());
    }
    NodeCycles& cycles = cycles_[node];
    if (!cycles.pending) {
        cycles.pending = true;
        pending_nodes_.push_back(node);
    }
    return cycles;
}

PlaceId Attribution::place(NodeId node, std::uint32_t pc) {
    Quick& quick = quick_[(pc / 2 + node * 61) % quick_places];
    if (quick.node != node || quick.pc != pc) {
        const std::uint64_t key = std::uint64_t{node} << 32 | pc;
        const auto [found, fresh] = numbers_.emplace(key, static_cast<PlaceId>(places_.size()));
        if (fresh) {
            places_.emplace_back();
            places_.back().node = node;
            places_.back().pc = pc;
        }
        quick = {node, pc, found->second};
    }
    return quick.place;
}

PlaceUse& Attribution::open(NodeId node, std::uint32_t pc) {
    const PlaceId number = place(node, pc);
    PlaceUse& use = places_[number];
    if (!use.pending) {
        use.pending = true;
        pending_.push_back(number);
    }
    return use;
}

void Attribution::add(PlaceUse& use, Region* region, std::uint64_t reads, std::uint64_t writes) {
    const auto found =
        std::find_if(use.direct.begin(), use.direct.end(),
                     [region](const PlaceUse::Direct& direct) { return direct.region == region; });
    if (found == use.direct.end()) {
        use.direct.push_back({region, reads, writes});
        return;
    }
    found->reads += reads;
    found->writes += writes;
}

void Attribution::book(NodeId node, const Instruction& i, std::uint64_t runs, Region* code,
                       Region* home, bool complete) {
    const Instruction& next = *(&i + 1);
    PlaceUse& use = open(node, i.pc);
    use.instructions += runs;
    use.counts[static_cast<std::size_t>(i.energy)] += runs;
    if (complete) {
        const std::uint64_t fixed = runs * (next.cycles_before - i.cycles_before);
        use.cycles += fixed;
        cycles_of(node).fixed += fixed;
    }
    if (code != nullptr) {
        add(use, code, runs, 0);
    }
    const bool loads = next.loads_before != i.loads_before;
    const bool stores = next.stores_before != i.stores_before;
    if (loads || stores) {
        add(use, home, loads ? runs : 0, stores ? runs : 0);
    }
}

void Attribution::book(NodeId node, const Block& block, std::uint64_t runs, Region* home) {
    for (Cursor i = block.first(); runs != 0 && i != block.end(); ++i) {
        book(node, *i, runs, block.region, home, true);
    }
}

void Attribution::book(Cursor from, Cursor until, Region* code, Region* home, bool complete) {
    for (Cursor i = from; i != until; ++i) {
        book(stack_.node(), *i, 1, code, home, complete);
    }
}

void Attribution::put_aside(Block& block) {
    if (block.runs == 0) {
        return;
    }
    const std::size_t mixed = reinterpret_cast<std::uintptr_t>(&block) / 64 + block.counted_for * 7;
    QuickAside& quick = quick_aside_[mixed % quick_asides];
    if (quick.block != &block || quick.node != block.counted_for) {
        quick = {&block, block.counted_for, aside_.size()};
        aside_.push_back({&block, block.counted_for, 0});
    }
    aside_[quick.index].runs += block.runs;
    block.runs = 0;
}

void Attribution::settle(Region* home) {
    for (const Aside& aside : aside_) {
        book(aside.node, *aside.block, aside.runs, home);
    }
    aside_.clear();
    quick_aside_.fill({});
}

void Attribution::access(std::uint32_t pc, Region* region, int reads, int writes) {
    // Unsigned sums wrap: what a block counts too much is taken back before it is counted.
    add(open(stack_.node(), pc), region, static_cast<std::uint64_t>(std::int64_t{reads}),
        static_cast<std::uint64_t>(std::int64_t{writes}));
}

void Attribution::trapped(std::uint32_t pc) {
    --open(stack_.node(), pc).instructions;
}

/// What passed beyond the fixed cycles: taken branches, divisions, wait states, traps.
void Attribution::book_loose_cycles() {
    for (const NodeId node : pending_nodes_) {
        NodeCycles& cycles = cycles_[node];
        cycles.pending = false;
        if (cycles.passed > cycles.fixed) {
            open(node, 0).cycles += cycles.passed - cycles.fixed;
            cycles = {};
        }
    }
    pending_nodes_.clear();
}

}  // namespace cimera::cpu
