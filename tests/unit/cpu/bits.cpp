// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// Zba, Zbb, Zbc and Zbs against their definitions, bit by bit.

#include <functional>
#include <map>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

using Word = std::uint32_t;
using Reference = std::function<Word(Word, Word)>;

bool bit_at(Word value, unsigned k) {
    return (value >> k & 1U) != 0;
}

/// The word whose bit k is `of(k)`.
Word word_of(const std::function<bool(unsigned)>& of) {
    Word word = 0;
    for (unsigned k = 0; k < 32; ++k) {
        word |= Word{of(k)} << k;
    }
    return word;
}

/// Bit `number` of the carry-less product.
bool product_bit(Word a, Word b, unsigned number) {
    bool parity = false;
    for (unsigned k = 0; k < 32; ++k) {
        if (k <= number && number - k < 32) {
            parity = parity != (bit_at(a, k) && bit_at(b, number - k));
        }
    }
    return parity;
}

Word first_set(Word value, bool from_top) {
    for (unsigned k = 0; k < 32; ++k) {
        if (bit_at(value, from_top ? 31 - k : k)) {
            return k;
        }
    }
    return 32;
}

std::int32_t as_signed(Word value) {
    return static_cast<std::int32_t>(value);
}

const std::map<std::string, Reference> two_operands = {
    {"sh1add", [](Word a, Word b) { return 2 * a + b; }},
    {"sh2add", [](Word a, Word b) { return 4 * a + b; }},
    {"sh3add", [](Word a, Word b) { return 8 * a + b; }},
    {"andn",
     [](Word a, Word b) { return word_of([=](auto k) { return bit_at(a, k) && !bit_at(b, k); }); }},
    {"orn",
     [](Word a, Word b) { return word_of([=](auto k) { return bit_at(a, k) || !bit_at(b, k); }); }},
    {"xnor",
     [](Word a, Word b) { return word_of([=](auto k) { return bit_at(a, k) == bit_at(b, k); }); }},
    {"max", [](Word a, Word b) { return as_signed(a) < as_signed(b) ? b : a; }},
    {"maxu", [](Word a, Word b) { return a < b ? b : a; }},
    {"min", [](Word a, Word b) { return as_signed(a) < as_signed(b) ? a : b; }},
    {"minu", [](Word a, Word b) { return a < b ? a : b; }},
    {"rol",
     [](Word a, Word b) { return word_of([=](auto k) { return bit_at(a, (k - b) % 32); }); }},
    {"ror",
     [](Word a, Word b) { return word_of([=](auto k) { return bit_at(a, (k + b) % 32); }); }},
    {"clmul", [](Word a, Word b) { return word_of([=](auto k) { return product_bit(a, b, k); }); }},
    {"clmulh",
     [](Word a, Word b) { return word_of([=](auto k) { return product_bit(a, b, k + 32); }); }},
    {"clmulr",
     [](Word a, Word b) { return word_of([=](auto k) { return product_bit(a, b, k + 31); }); }},
    {"bclr",
     [](Word a, Word b) { return word_of([=](auto k) { return k != b % 32 && bit_at(a, k); }); }},
    {"bext", [](Word a, Word b) { return Word{bit_at(a, b % 32)}; }},
    {"binv",
     [](Word a, Word b) { return word_of([=](auto k) { return (k == b % 32) != bit_at(a, k); }); }},
    {"bset",
     [](Word a, Word b) { return word_of([=](auto k) { return k == b % 32 || bit_at(a, k); }); }},
};

const std::map<std::string, std::string> with_amount = {
    {"rori", "ror"}, {"bclri", "bclr"}, {"bexti", "bext"}, {"binvi", "binv"}, {"bseti", "bset"}};

const std::map<std::string, Reference> one_operand = {
    {"clz", [](Word a, Word) { return first_set(a, true); }},
    {"ctz", [](Word a, Word) { return first_set(a, false); }},
    {"cpop",
     [](Word a, Word) {
         Word ones = 0;
         for (unsigned k = 0; k < 32; ++k) {
             ones += bit_at(a, k) ? 1 : 0;
         }
         return ones;
     }},
    {"sext.b",
     [](Word a, Word) { return word_of([=](auto k) { return bit_at(a, k < 7 ? k : 7); }); }},
    {"sext.h",
     [](Word a, Word) { return word_of([=](auto k) { return bit_at(a, k < 15 ? k : 15); }); }},
    {"zext.h", [](Word a, Word) { return a % 65536; }},
    {"orc.b",
     [](Word a, Word) { return word_of([=](auto k) { return (a >> k / 8 * 8) % 256 != 0; }); }},
    {"rev8",
     [](Word a, Word) {
         return word_of([=](auto k) { return bit_at(a, 24 - k / 8 * 8 + k % 8); });
     }},
};

Word operand(std::mt19937& random) {
    constexpr Word corners[] = {0, 1, 0xffffffff, 0x80000000, 0x7fffffff, 31, 32, 33, 0x00ff0000};
    return random() % 3 == 0 ? corners[random() % std::size(corners)]
                             : static_cast<Word>(random()) >> random() % 32;
}

/// Executes one instruction with x5 and x6 as sources and x7 as destination.
void check(const std::string& mnemonic, Word encoding, const Reference& reference) {
    INFO(mnemonic);
    std::mt19937 random{11};
    for (int k = 0; k < 500; ++k) {
        Machine m({encoding});
        const Word a = operand(random);
        const Word b = operand(random);
        m.hart.set_x(5, a);
        m.hart.set_x(6, b);
        m.steps(1);
        INFO(std::hex << a << " " << b);
        REQUIRE(m.hart.x(7) == reference(a, b));
    }
}

}  // namespace

TEST_CASE("cpu: bit manipulation with two registers", "[cpu]") {
    for (const auto& [mnemonic, reference] : two_operands) {
        check(mnemonic, op::r(mnemonic, 7, 5, 6), reference);
    }
}

TEST_CASE("cpu: bit manipulation with one register", "[cpu]") {
    for (const auto& [mnemonic, reference] : one_operand) {
        check(mnemonic, op::r(mnemonic, 7, 5, 0), reference);
    }
}

TEST_CASE("cpu: bit manipulation with an amount", "[cpu]") {
    for (const auto& [mnemonic, base] : with_amount) {
        for (const std::int32_t amount : {0, 1, 7, 16, 31}) {
            const auto& reference = two_operands.at(base);
            check(mnemonic, op::i(mnemonic, 7, 5, amount),
                  [&](Word a, Word) { return reference(a, static_cast<Word>(amount)); });
        }
    }
}

TEST_CASE("cpu: every instruction of Zba, Zbb, Zbc and Zbs has a reference", "[cpu]") {
    for (const auto& row : instruction_table()) {
        const std::string name(row.mnemonic);
        if (row.extension >= Extension::zba) {
            CHECK(two_operands.count(name) + one_operand.count(name) + with_amount.count(name) ==
                  1);
        }
    }
}
