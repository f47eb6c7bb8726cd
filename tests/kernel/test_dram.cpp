// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "regs/energy.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using test::Code;
using test::Mode;
using namespace test::assemble;

constexpr std::uint32_t dram = 0xa000'0000;
constexpr std::uint32_t energy = 0x1001'1000;

/// Walks through rows and banks, copies code there and calls it, long enough for refreshes.
Code program() {
    using namespace regs::energy;
    Code code;
    code.li(5, dram).li(6, 0);
    for (const std::uint32_t stride : {4U, 32U, 2048U, 16384U}) {
        code.li(7, stride).li(29, 40).li(30, dram);
        code.add(s("sw", 6, 30, 0)).add(i("lw", 28, 30, 0));  // the loop: six instructions
        code.add(i("addi", 6, 28, 3)).add(r("add", 30, 30, 7)).add(i("addi", 29, 29, -1));
        code.add(b("bne", 29, 0, -20));
        code.csrr(28, cpu::csr::mcycle).print(28);
    }
    // addi a0, a0, 1; ret
    code.set(dram + 0x8000, i("addi", 10, 10, 1)).set(dram + 0x8004, i("jalr", 0, 1, 0));
    code.add(bare("fence.i"));
    code.li(5, dram + 0x8000).li(10, 41).add(i("jalr", 1, 5, 0)).print(10);
    code.csrr(28, cpu::csr::mcycle).print(28);
    code.set(energy + CTRL, 1);
    code.set(energy + SELECT, SELECT_PART::of(0)).load(28, energy + VALUE_LO).print(28);
    return code.pass();
}

Mode with_dram(Mode mode) {
    mode.set = {"dram.size=1 MiB"};
    return mode;
}

}  // namespace

TEST_CASE("dram: the same in every mode", "[kernel]") {
    const test::Outcome first = test::run_world(program(), with_dram({}));
    REQUIRE(first.report["exit_code"] == 0);
    REQUIRE(first.words.size() == 7);
    CHECK(first.words[4] == 42);
    CHECK(first.report["energy_aJ"]["by_event"].contains("dram.activate"));
    test::check_all_modes(program(), first, with_dram);
}

}  // namespace cimera
