// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/mailbox.hpp"

#include <algorithm>

#include "regs/mailbox.hpp"

namespace cimera {

using namespace regs::mailbox;

namespace {

constexpr unsigned name_words = 8;
constexpr std::size_t most_results = 4096;

bool valid_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

}  // namespace

std::string unpack_name(const RegisterBank& regs, std::uint32_t first, unsigned words) {
    std::string name;
    for (unsigned i = 0; i < 4 * words; ++i) {
        const auto c = static_cast<char>(regs[first + i / 4 * 4] >> (8 * (i % 4)));
        if (c == 0) {
            break;
        }
        name.push_back(c);
    }
    return name;
}

std::uint32_t pack_name(const std::string& name, std::uint32_t index) {
    std::uint32_t word = 0;
    const std::size_t first = std::size_t{4} * index;
    for (std::size_t i = 0; i < 4 && first + i < name.size(); ++i) {
        word |= std::uint32_t{static_cast<std::uint8_t>(name[first + i])} << (8 * i);
    }
    return word;
}

Mailbox::Mailbox(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment) {
    regs.on_write(COMMIT, [this](std::uint32_t value) { commit(value); });
}

void Mailbox::reset_device(ResetKind /*kind*/) {
    results_.clear();
}

void Mailbox::commit(std::uint32_t value) {
    const std::string name = unpack_name(regs, NAME, name_words);
    const auto exponent = static_cast<std::int8_t>(COMMIT_EXPONENT::get(value));
    if (name.empty() || !std::all_of(name.begin(), name.end(), valid_character)) {
        regs.refuse("the name of a result has the characters a-z, 0-9, '_' and '.'");
        return;
    }
    if (exponent > 0 || exponent < -18) {
        regs.refuse("the exponent of a result lies between -18 and 0");
        return;
    }
    const auto mantissa =
        static_cast<std::int64_t>(std::uint64_t{regs[VALUE_HI]} << 32 | regs[VALUE_LO]);
    const auto same = std::find_if(results_.begin(), results_.end(),
                                   [&name](const Result& result) { return result.name == name; });
    if (same != results_.end()) {
        *same = {name, mantissa, exponent};
    } else if (results_.size() < most_results) {
        results_.push_back({name, mantissa, exponent});
    } else {
        regs.refuse("the mailbox holds 4096 results");
    }
}

}  // namespace cimera
