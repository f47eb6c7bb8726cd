// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>

#include <fmt/format.h>

#include "platform/profile/profile.hpp"

// The format is that of geninfo(1), "FILES".

namespace cimera {

namespace {

struct FileCoverage {
    std::map<std::uint32_t, std::uint64_t> lines;
    std::map<std::string, std::pair<std::uint32_t, std::uint64_t>> functions;  // line, count
};

template <typename Map, typename Count>
std::size_t hit(const Map& map, Count count) {
    return static_cast<std::size_t>(std::count_if(
        map.begin(), map.end(), [&count](const auto& entry) { return count(entry) != 0; }));
}

}  // namespace

std::string to_lcov(const Profile& profile) {
    std::map<std::string, FileCoverage> files;
    for (const Profile::Coverage& line : profile.lines) {
        std::uint64_t& count = files[line.source.file].lines[line.source.line];
        count = std::max(count, line.count);  // a line may have its code in several pieces
    }
    for (const Profile::Function& function : profile.all_functions) {
        if (!function.begin.first.empty()) {
            files[function.begin.first].functions[function.name] = {function.begin.second,
                                                                    function.entered};
        }
    }
    std::string text;
    for (const auto& [name, file] : files) {
        text += fmt::format("TN:\nSF:{}\n", name);
        for (const auto& [function, at] : file.functions) {
            text += fmt::format("FN:{},{}\n", at.first, function);
        }
        for (const auto& [function, at] : file.functions) {
            text += fmt::format("FNDA:{},{}\n", at.second, function);
        }
        text +=
            fmt::format("FNF:{}\nFNH:{}\n", file.functions.size(),
                        hit(file.functions, [](const auto& entry) { return entry.second.second; }));
        for (const auto& [line, count] : file.lines) {
            text += fmt::format("DA:{},{}\n", line, count);
        }
        text += fmt::format("LF:{}\nLH:{}\nend_of_record\n", file.lines.size(),
                            hit(file.lines, [](const auto& entry) { return entry.second; }));
    }
    return text;
}

}  // namespace cimera
