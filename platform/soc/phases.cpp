// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/phases.hpp"

#include <fmt/format.h>

namespace cimera {

namespace {
constexpr std::size_t deepest = 64;
}

Phases::Phases(const std::string& table) {
    std::string name;
    for (const char c : table) {
        if (c == '\0') {
            names_.push_back(name);
            name.clear();
        } else {
            // '/' separates nested phases and '\"' would need quoting everywhere.
            name.push_back(c == '/' || c == '"' || c < ' ' ? '_' : c);
        }
    }
}

std::string Phases::mark(std::uint32_t index, bool end, Picoseconds at) {
    if (index >= names_.size()) {
        return fmt::format("phase mark {} but the program names {} phases", index, names_.size());
    }
    if (!end) {
        if (open_.size() == deepest) {
            return fmt::format("phase '{}' begins {} phases deep", names_[index], deepest + 1);
        }
        open_.push_back({index, at});
        return {};
    }
    if (open_.empty() || open_.back().index != index) {
        return fmt::format("phase '{}' ends but is not the innermost one", names_[index]);
    }
    Total& total = totals_[names_[index]];
    total.count += 1;
    total.time += at - open_.back().begin;
    open_.pop_back();
    return {};
}

std::string Phases::path() const {
    std::string path;
    for (const Open& open : open_) {
        path += (path.empty() ? "" : "/") + names_[open.index];
    }
    return path.empty() ? "none" : path;
}

bool within_phase(const std::string& path, const std::string& name) {
    return ("/" + path + "/").find("/" + name + "/") != std::string::npos;
}

}  // namespace cimera
