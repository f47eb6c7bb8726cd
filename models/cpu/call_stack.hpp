// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "models/cpu/function_map.hpp"

namespace cimera::cpu {

/// Number of a place in the tree of calls; 0: none.
using NodeId = std::uint32_t;

/// What a root of the tree stands for; `none`: the node is a function.
enum class Root : std::uint8_t { none, reset, interrupt, exception };

/// A function as called from one place of its caller, or a root, below which the function hangs
/// that runs first.
struct CallNode {
    NodeId parent = 0;
    CodeRange code;
    std::uint32_t site = 0;  ///< the call instruction
    Root root = Root::none;
    std::uint32_t cause = 0;  ///< of an interrupt or exception
    std::uint64_t calls = 0;
};

/// All ways on which functions were called. A function stands at most `recursion_limit` times on a
/// way from a root: deeper calls count for the last of them. Beyond `node_limit` places, what is
/// called anew counts for its caller.
class CallTree {
public:
    static constexpr unsigned recursion_limit = 4;
    static constexpr std::size_t node_limit = 1U << 18;

    [[nodiscard]] NodeId child(NodeId parent, std::uint32_t site, const CodeRange& function);
    [[nodiscard]] NodeId root(Root kind, std::uint32_t cause);
    void count_call(NodeId node) { ++nodes_[node].calls; }

    [[nodiscard]] const CallNode& operator[](NodeId node) const { return nodes_[node]; }
    /// All nodes; parents come before their children, and the first one is nobody.
    [[nodiscard]] const std::vector<CallNode>& nodes() const { return nodes_; }

private:
    using Key = std::tuple<NodeId, std::uint32_t, std::uint32_t>;
    [[nodiscard]] NodeId add(const Key& key, const CallNode& node);

    std::vector<CallNode> nodes_{CallNode{}};
    std::map<Key, NodeId> children_;  // by parent, site, first address
};

/// Follows the calls and returns of a program, by the conventions of its jumps (RISC-V unpriv.
/// spec, 2.5.1, return-address stack hints) and its stack pointer.
class CallStack {
public:
    explicit CallStack(FunctionMap functions) : functions_(std::move(functions)) {}

    /// The program begins at `pc`.
    void reset(std::uint32_t pc);
    /// `sp` is always the stack pointer at the jump.
    void call(std::uint32_t site, std::uint32_t target, std::uint32_t return_to, std::uint32_t sp);
    /// A jump through a link register that does not set one.
    void ret(std::uint32_t target, std::uint32_t sp);
    /// Any other way out of the present function.
    void jump(std::uint32_t target, std::uint32_t sp);
    /// An interrupt or exception at `pc` goes to `handler`: a stack of its own, from a root.
    void trap(Root kind, std::uint32_t cause, std::uint32_t handler, std::uint32_t sp);
    /// The return from one: to what was interrupted with this stack pointer, which another task may
    /// be, or to something new.
    void trap_return(std::uint32_t target, std::uint32_t sp);

    /// Where the program is.
    [[nodiscard]] NodeId node() const { return frames_.back().node; }
    /// Whether `pc` lies in the function where the program is.
    [[nodiscard]] bool inside(std::uint32_t pc) const { return frames_.back().code.contains(pc); }
    [[nodiscard]] const FunctionMap& functions() const { return functions_; }
    [[nodiscard]] const CallTree& tree() const { return tree_; }
    [[nodiscard]] std::size_t depth() const { return frames_.size(); }

private:
    struct Frame {
        NodeId node;
        CodeRange code;
        std::uint32_t return_to;
        std::uint32_t sp;  ///< when it was called
    };
    using Frames = std::vector<Frame>;
    struct Parked {
        Frames frames;
        std::uint32_t sp;
    };
    /// A way taken before: most calls are repeated.
    struct Known {
        NodeId parent = 0;
        std::uint32_t site = 0;
        std::uint32_t target = 0;
        NodeId node = 0;
        CodeRange code;
    };
    static constexpr std::size_t known_calls = 1024;
    static constexpr std::size_t frame_limit = 1U << 16;
    static constexpr std::size_t parked_limit = 64;

    [[nodiscard]] const Known& find(NodeId parent, std::uint32_t site, std::uint32_t target);
    void replace(std::uint32_t target);
    [[nodiscard]] static std::size_t alive(const Frames& frames, std::uint32_t sp, bool equal);
    [[nodiscard]] bool resume(Frames& frames, std::uint32_t target, std::uint32_t sp) const;
    void go_to(std::uint32_t target, std::uint32_t sp);

    FunctionMap functions_;
    CallTree tree_;
    Frames frames_;
    std::vector<Parked> parked_;  // the latest interrupted one last
    std::array<Known, known_calls> known_{};
};

}  // namespace cimera::cpu
