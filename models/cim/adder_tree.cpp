// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cim/adder_tree.hpp"

#include <algorithm>
#include <charconv>

namespace cimera::cim {

namespace {

constexpr unsigned most_levels = 16;

/// Reads a level at the start of `rest` and takes it off.
bool take_level(std::string_view& rest, unsigned& level) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), level);
    if (error != std::errc() || level < 1 || level > most_levels) {
        return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

}  // namespace

bool parse_levels(const std::string& text, std::uint32_t& levels) {
    levels = 0;
    if (text == "all") {
        levels = (1U << most_levels) - 1;
        return true;
    }
    std::string_view rest = text;
    for (;;) {
        unsigned first = 0;
        if (!take_level(rest, first)) {
            return false;
        }
        unsigned last = first;
        if (rest.starts_with('-')) {
            rest.remove_prefix(1);
            if (!take_level(rest, last) || last < first) {
                return false;
            }
        }
        for (unsigned l = first; l <= last; ++l) {
            levels |= 1U << (l - 1);
        }
        if (rest.empty()) {
            return true;
        }
        if (!rest.starts_with(',')) {
            return false;
        }
        rest.remove_prefix(1);
    }
}

std::int32_t tree_sum(std::span<std::int32_t> operands, const AdderConfig& adder) {
    std::size_t n = operands.size();
    for (unsigned level = 1; n > 1; ++level) {
        const unsigned k = adder.or_bits_of(level);
        for (std::size_t i = 0; i < n / 2; ++i) {
            operands[i] = lower_or_add(operands[2 * i], operands[2 * i + 1], k);
        }
        if (n % 2 != 0) {
            operands[n / 2] = operands[n - 1];
        }
        n = (n + 1) / 2;
    }
    return n == 0 ? 0 : operands[0];
}

TreeGates tree_gates(unsigned n, unsigned bits, const AdderConfig& adder) {
    TreeGates gates;
    for (unsigned level = 1; n > 1; ++level) {
        const unsigned width = bits + level - 1;
        const unsigned ored = std::min(adder.or_bits_of(level), width);
        gates.full_adders += n / 2 * (width - ored);
        gates.simple_gates += n / 2 * (ored != 0 ? ored + 1 : 0);
        n = (n + 1) / 2;
    }
    return gates;
}

}  // namespace cimera::cim
