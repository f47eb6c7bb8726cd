// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/suggest.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace cimera {

namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t longest_list = 40;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const std::size_t replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

std::string closest(std::string_view word, std::span<const std::string> known) {
    if (word.size() > longest_word) {
        return {};
    }
    std::string best;
    // A third of the letters may differ, and at least one, but never half of the word.
    std::size_t limit = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(lower(word), lower(candidate));
        if (distance < limit && 2 * distance < candidate.size()) {
            limit = distance;
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> known,
                       std::string_view kind) {
    if (const std::string best = closest(word, known); !best.empty()) {
        return "did you mean " + in_quotes(best) + "?";
    }
    if (known.empty() || known.size() > longest_list) {
        return {};
    }
    std::string list = "known " + std::string(kind) + ": ";
    for (std::size_t i = 0; i < known.size(); ++i) {
        list += (i == 0 ? "" : ", ") + known[i];
    }
    return list;
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

}  // namespace cimera
