// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/coverage.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "models/cpu/csr.hpp"
#include "models/cpu/isa.hpp"
#include "tests/differential/lockstep/privileged.hpp"

namespace cimera::lockstep {

namespace {

using Word = std::uint32_t;

/// A property of an executed instruction; the operand letter of the format that it belongs to.
struct Group {
    char letter;
    unsigned first;
    unsigned size;
};
constexpr unsigned integer_classes = 9;
constexpr unsigned float_classes = 10;
constexpr std::array groups{
    Group{'s', 0, integer_classes},
    Group{'t', 9, integer_classes},
    Group{'S', 18, float_classes},
    Group{'T', 28, float_classes},
    Group{'R', 38, float_classes},
    Group{'d', 48, 4},   // x0, rs1, rs2, another
    Group{'b', 52, 2},   // not taken, taken
    Group{'m', 54, 11},  // five modes; five and a reserved one by way of frm
    Group{'(', 65, 4},   // address modulo 4
};

/// Zero, one, minus one, least, greatest, small positive and negative, large positive and negative.
unsigned integer_class(Word value) {
    constexpr std::array<Word, 5> special{0, 1, 0xffffffff, 0x80000000, 0x7fffffff};
    for (unsigned n = 0; n < special.size(); ++n) {
        if (value == special[n]) {
            return n;
        }
    }
    const bool negative = value >> 31 != 0;
    const Word magnitude = negative ? 0 - value : value;
    return (magnitude < 4096 ? 5U : 7U) + (negative ? 1U : 0U);
}

/// As fclass.s numbers them.
unsigned float_class(Word value) {
    const bool negative = value >> 31 != 0;
    const Word exponent = value >> 23 & 0xffU;
    const Word fraction = value & 0x7fffffU;
    if (exponent == 0xff && fraction != 0) {
        return (fraction >> 22) != 0 ? 9 : 8;
    }
    if (exponent == 0xff) {
        return negative ? 0 : 7;
    }
    if (exponent == 0) {
        if (fraction == 0) {
            return negative ? 3 : 4;
        }
        return negative ? 2 : 5;
    }
    return negative ? 1 : 6;
}

bool has(const cpu::InstructionInfo& info, char letter) {
    const auto pattern = cpu::operand_pattern(info.format);
    if (letter == '(') {
        return pattern.find('(') != std::string_view::npos && info.timing != cpu::Timing::jalr;
    }
    return pattern.find(letter) != std::string_view::npos;
}

/// The class within its group.
unsigned class_of(char letter, const State& before, Word frm, const cpu::Decoded& decoded,
                  Word next_pc) {
    const Word word = decoded.word;
    const Word rd = cpu::rd_of(word);
    switch (letter) {
        case 's':
            return integer_class(before.x[cpu::rs1_of(word)]);
        case 't':
            return integer_class(before.x[cpu::rs2_of(word)]);
        case 'S':
            return float_class(before.f[cpu::rs1_of(word)]);
        case 'T':
            return float_class(before.f[cpu::rs2_of(word)]);
        case 'R':
            return float_class(before.f[cpu::rs3_of(word)]);
        case 'd':
            if (rd == 0) {
                return 0;
            }
            if (has(*decoded.info, 's') && rd == cpu::rs1_of(word)) {
                return 1;
            }
            return has(*decoded.info, 't') && rd == cpu::rs2_of(word) ? 2 : 3;
        case 'b':
            return next_pc == before.pc + decoded.length ? 0 : 1;
        case 'm':
            return cpu::rm_of(word) < 5 ? cpu::rm_of(word) : 5 + std::min(frm, 5U);
        default:
            return (before.x[cpu::rs1_of(word)] + cpu::immediate(decoded.info->format, word)) % 4;
    }
}

/// Classes of a group that the instruction can have at all. Bases of accesses are addresses, and
/// those of jumps ours.
unsigned classes_there_are(const cpu::InstructionInfo& info, const Group& group) {
    if (!has(info, group.letter)) {
        return 0;
    }
    if (group.letter == 's' && (has(info, '(') || info.timing == cpu::Timing::jalr)) {
        return 0;
    }
    if (group.letter == 'd') {
        const bool address = has(info, '(') || info.timing == cpu::Timing::jalr;
        return 2U + (has(info, 's') && !address ? 1U : 0U) + (has(info, 't') ? 1U : 0U);
    }
    if (group.letter == '(' &&
        (info.timing == cpu::Timing::sc || info.timing == cpu::Timing::amo)) {
        return 1;  // see the generator: aligned
    }
    return group.letter == 'b' && info.timing == cpu::Timing::jump ? 1 : group.size;
}

std::string compressed_name(Word bits) {
    const auto decoded = cpu::decode(bits, cpu::all_extensions);
    if (decoded.length != 2 || decoded.info == &cpu::illegal_instruction()) {
        return {};
    }
    return fmt::format("quadrant {} function {} {}", bits & 3U, bits >> 13 & 7U,
                       decoded.info->mnemonic);
}

std::set<std::string> compressed_names() {
    std::set<std::string> names;
    for (Word bits = 0; bits < 0x10000; ++bits) {
        names.insert(compressed_name(bits));
    }
    names.erase("");
    return names;
}

struct Hits {
    unsigned hit = 0;
    unsigned all = 0;
};

template <typename Classes>
Hits hits(const cpu::InstructionInfo& info, const Classes& classes) {
    Hits result;
    for (const Group& group : groups) {
        const unsigned there_are = classes_there_are(info, group);
        unsigned seen = 0;
        for (unsigned n = 0; n < group.size; ++n) {
            seen += classes[group.first + n] != 0 ? 1 : 0;
        }
        result.all += there_are;
        result.hit += std::min(seen, there_are);
    }
    return result;
}

}  // namespace

void Coverage::count(const State& before, Word frm, Word bits, Word next_pc) {
    const auto decoded = cpu::decode(bits, cpu::all_extensions);
    Row& row = rows_[decoded.info];
    ++row.times;
    for (const Group& group : groups) {
        if (has(*decoded.info, group.letter)) {
            ++row.classes.at(group.first + class_of(group.letter, before, frm, decoded, next_pc));
        }
    }
    if (has(*decoded.info, 'c')) {
        CsrAccesses& csr = csrs_[decoded.word >> 20];
        ++(next_pc == before.pc + 4 ? csr.done : csr.trapped).at(before.privilege);
    }
    if (decoded.length == 2) {
        ++compressed_[compressed_name(bits & 0xffffU)];
    }
}

std::string Coverage::csr_listing() const {
    std::string text = fmt::format("{:<14} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n", "CSR", "in M",
                                   "S", "U", "trap M", "S", "U");
    for (const auto& [number, csr] : csrs_) {
        if (csr_is_accessed(number)) {
            text += fmt::format("{:<14} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
                                cpu::csr::name(number), csr.done[3], csr.done[1], csr.done[0],
                                csr.trapped[3], csr.trapped[1], csr.trapped[0]);
        }
    }
    return text;
}

std::string Coverage::listing() const {
    std::string text = fmt::format("{:<12} {:>9}  {}\n", "instruction", "times", "classes");
    for (const auto& info : cpu::instruction_table()) {
        const auto found = rows_.find(&info);
        const Row row = found == rows_.end() ? Row{} : found->second;
        const Hits classes = hits(info, row.classes);
        text += fmt::format("{:<12} {:>9}  {}/{}\n", info.mnemonic, row.times, classes.hit,
                            classes.all);
    }
    for (const auto& name : compressed_names()) {
        const auto found = compressed_.find(name);
        text += fmt::format("{:<30} {:>9}\n", name, found == compressed_.end() ? 0 : found->second);
    }
    return text + csr_listing();
}

std::string Coverage::gaps(unsigned percent) const {
    std::string text;
    for (const auto& info : cpu::instruction_table()) {
        const auto found = rows_.find(&info);
        if (found == rows_.end()) {
            text += fmt::format("{}: never executed\n", info.mnemonic);
            continue;
        }
        const Hits classes = hits(info, found->second.classes);
        if (100 * classes.hit < percent * classes.all) {
            text += fmt::format("{}: {} of {} operand classes\n", info.mnemonic, classes.hit,
                                classes.all);
        }
    }
    for (const auto& name : compressed_names()) {
        if (!compressed_.contains(name)) {
            text += fmt::format("compressed, {}: never executed\n", name);
        }
    }
    for (Word number = 0; number < 4096; ++number) {
        if (csr_is_accessed(number) && !csrs_.contains(number)) {
            text += fmt::format("{}: never accessed\n", cpu::csr::name(number));
        }
    }
    return text;
}

}  // namespace cimera::lockstep
