// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <sstream>

#include <catch2/catch.hpp>

#include "models/cpu/decode.hpp"
#include "tests/differential/lockstep/builder.hpp"
#include "tests/differential/lockstep/compare.hpp"
#include "tests/differential/lockstep/generator.hpp"
#include "tests/differential/lockstep/minimise.hpp"
#include "tests/differential/lockstep/ours.hpp"

using namespace cimera;
using namespace cimera::lockstep;

namespace {

constexpr std::uint64_t most_steps = 50000;

/// What a core would get wrong that takes `sub` for `add`: whether the program shows it.
bool shows_wrong_sub(const Program& program) {
    Ours ours(program);
    for (std::uint64_t n = 0; n < most_steps && ours.hart().pc() != program.end; ++n) {
        const State before = ours.state();
        const auto decoded = cpu::decode(ours.instruction(), cpu::all_extensions);
        if (!ours.step()) {
            continue;
        }
        const std::uint32_t rd = cpu::rd_of(decoded.word);
        if (decoded.info->mnemonic == "sub" && rd != 0 && rd <= plain_registers &&
            before.x[cpu::rs1_of(decoded.word)] + before.x[cpu::rs2_of(decoded.word)] !=
                ours.hart().x(rd)) {
            return true;
        }
    }
    return false;
}

std::string text_of(const Program& program) {
    std::ostringstream text;
    write_program(text, program);
    return text.str();
}

}  // namespace

TEST_CASE("lockstep: a fault is cut to the instructions that show it", "[lockstep]") {
    const Program program = generate(3, 2000);
    REQUIRE(program.size() > 2000);
    REQUIRE(shows_wrong_sub(program));
    const Program shortest = minimise(program, shows_wrong_sub);
    CHECK(shows_wrong_sub(shortest));
    CHECK(shortest.size() <= 12);
}

TEST_CASE("lockstep: a written program is the same when read", "[lockstep]") {
    Program program = generate(4, 100);
    erase(program.units[20]);
    std::istringstream text(text_of(program));
    const Program again = read_program(text);
    CHECK(again.seed == program.seed);
    CHECK(again.end == program.end);
    CHECK(again.image() == program.image());
}

TEST_CASE("lockstep: a program that cannot be read says where", "[lockstep]") {
    std::istringstream text("seed 1\nunit 80000000 zz\n");
    CHECK_THROWS_WITH(read_program(text), Catch::Contains("line 2"));
}

TEST_CASE("lockstep: short branches lead forward, however long the units are", "[lockstep]") {
    constexpr std::uint32_t branch_if_zero = 0xc001;  // c.beqz
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Builder builder(seed);
        builder.begin();
        builder.forward_from_here();
        builder.half(branch_if_zero);
        for (unsigned unit = 0; unit < 6; ++unit) {
            builder.begin();
            for (unsigned n = 0; n < 30; ++n) {
                builder.word(test::assemble::i("addi", 0, 0, 0));
            }
        }
        const Unit branch = builder.finish(Target::core).units.front();
        const auto decoded = cpu::decode(branch.code.front(), cpu::all_extensions);
        INFO(seed);
        const auto offset =
            static_cast<std::int32_t>(cpu::immediate(cpu::Format::branch, decoded.word));
        CHECK(offset > 0);
    }
}

TEST_CASE("lockstep: the same seed is the same program, another is not", "[lockstep]") {
    CHECK(text_of(generate(5, 50)) == text_of(generate(5, 50)));
    CHECK(text_of(generate(5, 50)) != text_of(generate(6, 50)));
}

TEST_CASE("lockstep: random programs run alike in all modes of the core", "[lockstep]") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO(seed);
        CHECK(compare_modes(generate(seed, 500), 3000) == "");
    }
}
