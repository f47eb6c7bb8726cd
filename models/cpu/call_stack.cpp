// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/call_stack.hpp"

#include <utility>

namespace cimera::cpu {

NodeId CallTree::add(const Key& key, const CallNode& node) {
    nodes_.push_back(node);
    const auto number = static_cast<NodeId>(nodes_.size() - 1);
    children_.emplace(key, number);
    return number;
}

NodeId CallTree::child(NodeId parent, std::uint32_t site, const CodeRange& function) {
    const Key key{parent, site, function.first};
    if (const auto found = children_.find(key); found != children_.end()) {
        return found->second;
    }
    unsigned levels = 0;
    NodeId last = 0;
    for (NodeId at = parent; at != 0; at = nodes_[at].parent) {
        if (nodes_[at].root == Root::none && nodes_[at].code.first == function.first) {
            last = last == 0 ? at : last;
            ++levels;
        }
    }
    if (levels >= recursion_limit) {
        children_.emplace(key, last);
        return last;
    }
    if (nodes_.size() >= node_limit && parent != 0) {
        return parent;
    }
    return add(key, {parent, function, site, Root::none, 0, 0});
}

NodeId CallTree::root(Root kind, std::uint32_t cause) {
    const Key key{0, static_cast<std::uint32_t>(kind), cause};
    const auto found = children_.find(key);
    return found != children_.end() ? found->second : add(key, {0, {}, 0, kind, cause, 0});
}

const CallStack::Known& CallStack::find(NodeId parent, std::uint32_t site, std::uint32_t target) {
    const std::size_t mixed = parent * 0x9e37U + (site >> 1) * 7U + (target >> 1);
    Known& known = known_[mixed % known_calls];
    if (known.parent != parent || known.site != site || known.target != target || known.node == 0) {
        const CodeRange code = functions_.enter(target);
        known = {parent, site, target, tree_.child(parent, site, code), code};
    }
    return known;
}

void CallStack::reset(std::uint32_t pc) {
    parked_.clear();
    const NodeId root = tree_.root(Root::reset, 0);
    const Known& known = find(root, 0, pc);
    frames_.assign(1, {known.node, known.code, 0, ~0U});
    tree_.count_call(known.node);
}

void CallStack::call(std::uint32_t site, std::uint32_t target, std::uint32_t return_to,
                     std::uint32_t sp) {
    if (frames_.size() == frame_limit) {
        frames_.erase(frames_.begin(), frames_.begin() + frame_limit / 2);
    }
    const Known& known = find(node(), site, target);
    frames_.push_back({known.node, known.code, return_to, sp});
    tree_.count_call(known.node);
}

void CallStack::ret(std::uint32_t target, std::uint32_t sp) {
    const Frame& top = frames_.back();
    if (frames_.size() > 1 && top.return_to == target && top.sp == sp) {
        frames_.pop_back();
        return;
    }
    for (std::size_t n = frames_.size(); n > 1; --n) {
        if (frames_[n - 1].return_to == target && frames_[n - 1].sp == sp) {
            frames_.resize(n - 1);
            return;
        }
    }
    // Routines that save registers for others return with another stack pointer.
    if (frames_.size() > 1 && top.return_to == target) {
        frames_.pop_back();
        return;
    }
    jump(target, sp);
}

void CallStack::jump(std::uint32_t target, std::uint32_t sp) {
    if (functions_.begins(target)) {
        replace(target);
    } else {
        go_to(target, sp);
    }
}

/// A tail call: the function returns to where the present one would have.
void CallStack::replace(std::uint32_t target) {
    Frame& top = frames_.back();
    if (top.code.first == target) {
        return;
    }
    const CallNode& left = tree_[top.node];
    const Known& known = find(left.parent, left.site, target);
    top.node = known.node;
    top.code = known.code;
    tree_.count_call(known.node);
}

/// Frames that are not left for good, seen from a stack pointer: above that of their call, and if
/// `equal`, at it.
std::size_t CallStack::alive(const Frames& frames, std::uint32_t sp, bool equal) {
    std::size_t n = frames.size();
    while (n > 1 && (frames[n - 1].sp < sp || (equal && frames[n - 1].sp == sp))) {
        --n;
    }
    return n;
}

/// Takes frames away if the program goes on in one of those below.
bool CallStack::resume(Frames& frames, std::uint32_t target, std::uint32_t sp) const {
    for (const bool equal : {true, false}) {
        const std::size_t n = alive(frames, sp, equal);
        if (frames[n - 1].code.contains(target)) {
            frames.resize(n);
            return true;
        }
    }
    return false;
}

/// Into the middle of another function: longjmp, or a wild jump.
void CallStack::go_to(std::uint32_t target, std::uint32_t sp) {
    if (resume(frames_, target, sp)) {
        return;
    }
    if (!parked_.empty() && resume(parked_.back().frames, target, sp)) {
        frames_ = std::move(parked_.back().frames);  // out of a handler without a return
        parked_.pop_back();
        return;
    }
    Frame& top = frames_.back();
    const CallNode& left = tree_[top.node];
    const CodeRange code = functions_.at(target);
    top.node = tree_.child(left.parent, left.site, code);
    top.code = code;
    if (tree_[top.node].calls == 0) {
        tree_.count_call(top.node);
    }
}

void CallStack::trap(Root kind, std::uint32_t cause, std::uint32_t handler, std::uint32_t sp) {
    if (parked_.size() == parked_limit) {
        parked_.erase(parked_.begin());
    }
    parked_.push_back({std::move(frames_), sp});
    const NodeId root = tree_.root(kind, cause);
    tree_.count_call(root);
    const Known& known = find(root, 0, handler);
    frames_.assign(1, {known.node, known.code, 0, ~0U});
    tree_.count_call(known.node);
}

void CallStack::trap_return(std::uint32_t target, std::uint32_t sp) {
    for (std::size_t n = parked_.size(); n-- > 0;) {
        if (parked_[n].sp == sp) {
            frames_ = std::move(parked_[n].frames);
            parked_.erase(parked_.begin() + static_cast<std::ptrdiff_t>(n));
            if (!inside(target)) {
                jump(target, sp);
            }
            return;
        }
    }
    // A task that begins.
    const Known& known = find(tree_.root(Root::reset, 0), 0, target);
    frames_.assign(1, {known.node, known.code, 0, ~0U});
    tree_.count_call(known.node);
}

}  // namespace cimera::cpu
