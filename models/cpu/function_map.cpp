// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/function_map.hpp"

#include <iterator>

namespace cimera::cpu {

FunctionMap::FunctionMap(const std::vector<CodeRange>& functions) {
    for (const CodeRange& function : functions) {
        known_.emplace(function.first, Function{function.last, false});
    }
}

CodeRange FunctionMap::at(std::uint32_t pc) const {
    const auto next = known_.upper_bound(pc);
    CodeRange gap{0, next == known_.end() ? ~0U : next->first - 1};
    if (next != known_.begin()) {
        const auto& [first, function] = *std::prev(next);
        if (pc <= function.last) {
            return {first, function.last};
        }
        gap.first = function.last + 1;
    }
    return gap;
}

CodeRange FunctionMap::enter(std::uint32_t pc) {
    const CodeRange found = at(pc);
    const auto known = known_.find(found.first);
    if (known != known_.end() && (known->first == pc || !known->second.called)) {
        return found;
    }
    if (known != known_.end()) {
        known->second.last = pc - 1;
    }
    known_.emplace(pc, Function{found.last, true});
    return {pc, found.last};
}

}  // namespace cimera::cpu
