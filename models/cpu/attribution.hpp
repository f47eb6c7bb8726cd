// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/cpu/block.hpp"
#include "models/cpu/bus.hpp"
#include "models/cpu/call_stack.hpp"
#include "models/cpu/instruction.hpp"

namespace cimera::cpu {

/// Number of an instruction in a place of the tree of calls: the `frame` of owners in the ledger.
using PlaceId = std::uint32_t;

/// What one instruction has cost, called in one way. Instruction 0 stands for the function as a
/// whole: cycles that instructions take beyond their fixed ones.
struct PlaceUse {
    struct Direct {
        Region* region;
        std::uint64_t reads;  ///< fetches included
        std::uint64_t writes;
    };
    NodeId node = 0;
    std::uint32_t pc = 0;
    std::uint64_t instructions = 0;  ///< retired, since the beginning
    std::uint64_t all_cycles = 0;    ///< since the beginning, as of the last drain()

    // Since the last drain().
    EnergyCounts counts{};
    std::uint64_t cycles = 0;
    std::vector<Direct> direct;
    bool pending = false;
};

/// Says which instruction, called by whom, caused what a hart does: instructions by energy class,
/// cycles and direct accesses, from begin() on. Sums over all places are exactly what the hart
/// counts.
class Attribution {
public:
    /// Executions of a block in a place of the tree where the program no longer is.
    struct Aside {
        Block* block;
        NodeId node;
        std::uint64_t runs;
    };

    explicit Attribution(FunctionMap functions) : stack_(std::move(functions)) {}

    [[nodiscard]] CallStack& stack() { return stack_; }
    [[nodiscard]] const CallStack& stack() const { return stack_; }
    [[nodiscard]] const std::deque<PlaceUse>& places() const { return places_; }
    /// The instruction at `pc`, in the present place of the tree.
    [[nodiscard]] PlaceId place(std::uint32_t pc) { return place(stack_.node(), pc); }

    /// The hart begins at `pc`, with cycle 0.
    void begin(std::uint32_t pc);
    /// From now on `listener` hears that the program has been in a place of the tree until
    /// now.
    void on_pass(std::function<void(NodeId)> listener) { on_pass_ = std::move(listener); }
    /// The cycles until now belong to where the program is; before it moves.
    void pass(std::uint64_t cycles_now);

    void put_aside(Block& block);
    [[nodiscard]] const std::vector<Aside>& aside() const { return aside_; }
    /// Books executions of a whole block.
    void book(NodeId node, const Block& block, std::uint64_t runs, Region* home);
    /// Books one execution of a part; `complete`: its fixed cycles have passed.
    void book(Cursor from, Cursor until, Region* code, Region* home, bool complete);
    /// Books the executions put aside.
    void settle(Region* home);
    /// Direct accesses that blocks do not count, or (less than none) count too much.
    void access(std::uint32_t pc, Region* region, int reads, int writes);
    /// The instruction did not retire.
    void trapped(std::uint32_t pc);

    /// Calls `take(place, use)` for all that was booked since the last time. What the hart had in
    /// its counters has been booked, and pass() was called.
    template <typename Take>
    void drain(Take take) {
        book_loose_cycles();
        for (const PlaceId place : pending_) {
            PlaceUse& use = places_[place];
            take(place, use);
            use.all_cycles += use.cycles;
            use.counts.fill(0);
            use.cycles = 0;
            use.direct.clear();
            use.pending = false;
        }
        pending_.clear();
    }

private:
    struct NodeCycles {
        std::uint64_t passed = 0;
        std::uint64_t fixed = 0;  ///< of the instructions that were booked
        bool pending = false;
    };
    struct Quick {
        NodeId node = 0;
        std::uint32_t pc = 0;
        PlaceId place = 0;
    };
    struct QuickAside {
        const Block* block = nullptr;
        NodeId node = 0;
        std::size_t index = 0;
    };
    static constexpr std::size_t quick_places = 4096;
    static constexpr std::size_t quick_asides = 1024;

    [[nodiscard]] PlaceId place(NodeId node, std::uint32_t pc);
    [[nodiscard]] PlaceUse& open(NodeId node, std::uint32_t pc);
    [[nodiscard]] NodeCycles& cycles_of(NodeId node);
    void book(NodeId node, const Instruction& i, std::uint64_t runs, Region* code, Region* home,
              bool complete);
    static void add(PlaceUse& use, Region* region, std::uint64_t reads, std::uint64_t writes);
    void book_loose_cycles();

    CallStack stack_;
    std::function<void(NodeId)> on_pass_;
    std::uint64_t since_ = 0;
    std::deque<PlaceUse> places_{PlaceUse{}};  // the first one is nobody's
    std::unordered_map<std::uint64_t, PlaceId> numbers_;
    std::array<Quick, quick_places> quick_{};
    std::vector<PlaceId> pending_;
    std::vector<NodeCycles> cycles_;  // by node
    std::vector<NodeId> pending_nodes_;
    std::vector<Aside> aside_;
    std::array<QuickAside, quick_asides> quick_aside_{};
};

}  // namespace cimera::cpu
