// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/function_map.hpp"

#include <iterator>

namespace cimera::cpu {

FunctionMap::FunctionMap(const std::vector<CodeRange>& functions) {
    for (const CodeRange& function : functions) {
        known_.emplace(function.first, function.last);
    }
}

CodeRange FunctionMap::at(std::uint32_t pc) const {
    const auto next = known_.upper_bound(pc);
    CodeRange gap{0, next == known_.end() ? ~0U : next->first - 1};
    if (next != known_.begin()) {
        const auto& [first, last] = *std::prev(next);
        if (pc <= last) {
            return {first, last};
        }
        gap.first = last + 1;
    }
    return gap;
}

CodeRange FunctionMap::enter(std::uint32_t pc) {
    const CodeRange found = at(pc);
    if (found.first <= pc && !known_.contains(found.first)) {
        known_.emplace(pc, found.last);
        return {pc, found.last};
    }
    return found;
}

}  // namespace cimera::cpu
