// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/isa_string.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace cimera::cpu {

namespace {

constexpr std::string_view base = "rv32i";

/// Names in the order of Extension, which is that of the specification (unpriv. spec, 27.11).
constexpr std::array<std::string_view, extension_count> extension_names{
    "i", "m", "a", "f", "c", "zba", "zbb", "zbc", "zbs"};
constexpr std::array<std::string_view, 3> always_there{"zicsr", "zifencei", "zicntr"};

constexpr Extension extension_at(std::size_t position) {
    return static_cast<Extension>(position);
}

/// The names in `text`: letters behind the base, then what underscores separate.
std::vector<std::string_view> names_in(std::string_view text) {
    std::vector<std::string_view> names;
    const std::size_t letters = std::min(text.find('_'), text.size());
    for (std::size_t k = base.size(); k < letters; ++k) {
        names.push_back(text.substr(k, 1));
    }
    for (std::size_t at = letters; at < text.size();) {
        const std::size_t end = std::min(text.find('_', at + 1), text.size());
        names.push_back(text.substr(at + 1, end - at - 1));
        at = end;
    }
    return names;
}

std::string everything() {
    return "the core has " + isa_string(all_extensions) + ", zicsr, zifencei, zicntr";
}

}  // namespace

std::variant<ExtensionSet, IsaProblem> parse_isa(std::string_view text) {
    if (!text.starts_with(base)) {
        return IsaProblem{"an instruction set of this core begins with 'rv32i'", everything()};
    }
    ExtensionSet extensions = bit(Extension::i);
    const std::vector<std::string_view> names = names_in(text);
    for (auto name = names.begin(); name != names.end(); ++name) {
        const std::string quoted = "'" + std::string(*name) + "'";
        if (*name == "i" || std::find(names.begin(), name, *name) != name) {
            return IsaProblem{"extension " + quoted + " is named twice", "leave one out"};
        }
        const auto* const known = std::find(extension_names.begin(), extension_names.end(), *name);
        if (known != extension_names.end()) {
            extensions |=
                bit(extension_at(static_cast<std::size_t>(known - extension_names.begin())));
        } else if (std::find(always_there.begin(), always_there.end(), *name) ==
                   always_there.end()) {
            return IsaProblem{"the core has no extension " + quoted, everything()};
        }
    }
    return extensions;
}

std::string isa_string(ExtensionSet extensions) {
    std::string text = "rv32";
    for (std::size_t k = 0; k < extension_names.size(); ++k) {
        if ((extensions & bit(extension_at(k))) != 0) {
            text += extension_names[k].size() > 1 ? "_" : "";
            text += extension_names[k];
        }
    }
    return text;
}

}  // namespace cimera::cpu
