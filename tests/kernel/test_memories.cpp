// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "regs/nvmctl.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

using test::Code;
using test::Mode;
using namespace test::assemble;

constexpr std::uint32_t l2 = 0x8010'0000;
constexpr std::uint32_t nvm = 0x2000'0000;
constexpr std::uint32_t dram = 0xa000'0000;
constexpr std::uint32_t controller = 0x1001'a000;

/// Writes and reads words, halves and bytes, also unaligned ones, forty times at `stride`.
void walk(Code& code, std::uint32_t base, std::int32_t stride) {
    code.li(29, 40).li(30, base).li(6, 0x1357'9bdf);
    const std::uint32_t loop = code.here();
    code.add(s("sw", 6, 30, 0)).add(i("lw", 28, 30, 0)).add(r("add", 6, 6, 28));
    code.add(s("sh", 6, 30, 6)).add(i("lbu", 28, 30, 7)).add(s("sb", 28, 30, 9));
    code.add(s("sw", 6, 30, 3)).add(i("lw", 28, 30, 2)).add(r("add", 6, 6, 28));
    code.add(i("addi", 30, 30, stride)).add(i("addi", 29, 29, -1));
    code.add(b("bne", 29, 0, static_cast<std::int32_t>(loop - code.here())));
    code.add(i("addi", 28, 6, 0)).print(28);
    code.csrr(28, cpu::csr::mcycle).print(28);
}

/// Copies code there and calls it.
void call(Code& code, std::uint32_t base) {
    // addi a0, a0, 1; ret
    code.set(base, i("addi", 10, 10, 1)).set(base + 4, i("jalr", 0, 1, 0));
    code.add(bare("fence.i"));
    code.li(5, base).li(10, 41).add(i("jalr", 1, 5, 0)).print(10);
}

Code program() {
    Code code;
    for (const std::uint32_t base : {l2, nvm, dram}) {
        for (const std::int32_t stride : {0, 4, 36}) {
            walk(code, base, stride);
        }
        call(code, base + 0x8000);
    }
    walk(code, nvm + 64, 0);  // wears its page out
    code.load(28, controller + regs::nvmctl::WORN_PAGES).print(28);
    code.load(28, controller + regs::nvmctl::FAIL_OFFSET).print(28);
    code.csrr(28, cpu::csr::mcycle).print(28);
    return code.pass();
}

Mode with_memories(Mode mode) {
    mode.set = {"dram.size=1 MiB", "nvm.endurance=100"};
    return mode;
}

/// Reads what nothing has written, and runs into it.
Code careless_program() {
    Code code;
    code.load(28, l2).print(28);
    code.set(l2, 5).load(28, l2).print(28);
    code.li(5, l2 + 2).add(i("lw", 28, 5, 0)).print(28);
    code.li(29, 3);
    const std::uint32_t loop = code.here();
    code.load(28, l2 + 64).add(i("addi", 29, 29, -1));
    code.add(b("bne", 29, 0, static_cast<std::int32_t>(loop - code.here())));
    code.csrr(28, cpu::csr::mcycle).print(28);
    return code.pass();
}

}  // namespace

TEST_CASE("memories: the same in every mode, for every kind", "[kernel]") {
    const test::Outcome first = test::run_world(program(), with_memories({}));
    REQUIRE(first.report["exit_code"] == 0);
    const auto& events = first.report["energy_aJ"]["by_event"];
    for (const char* event :
         {"sram.write", "nvm.read", "nvm.write", "nvm.set", "nvm.reset", "dram.activate"}) {
        INFO(event);
        CHECK(events.contains(event));
    }
    CHECK(first.report["memories"]["nvm"]["wear"]["worn_pages"] > 0);
    CHECK(first.report["memories"]["nvm"]["wear"]["failed_writes"] > 0);
    CHECK(first.report["memories"]["nvm"]["waited_s"] == 0);
    test::check_all_modes(program(), first, with_memories);
}

TEST_CASE("memories: looking for unwritten bytes changes nothing else", "[kernel]") {
    for (const Code& code : {program(), careless_program()}) {
        for (Mode mode : test::all_modes()) {
            INFO(mode.name);
            const test::Outcome plain = test::run_world(code, with_memories(mode));
            mode.check_memory = true;
            test::Outcome checked = test::run_world(code, with_memories(mode));
            CHECK(checked.words == plain.words);
            for (auto& memory : checked.report["memories"]) {
                memory.erase("unwritten_reads");
            }
            checked.report["warnings"] = plain.report["warnings"];
            CHECK(checked.report == plain.report);
        }
    }
}

TEST_CASE("memories: unwritten bytes are told by the place that reads them", "[kernel]") {
    Mode mode;
    mode.check_memory = true;
    const test::Outcome outcome = test::run_world(careless_program(), mode);
    CHECK(outcome.report["memories"]["l2"]["unwritten_reads"] == 5);
    CHECK_FALSE(outcome.report["memories"]["nvm"].contains("unwritten_reads"));
    const auto& warnings = outcome.report["warnings"];
    REQUIRE(warnings.size() == 3);
    const auto begins = [&warnings](std::size_t n, const std::string& text) {
        return warnings[n]["text"].get<std::string>().rfind(text, 0) == 0;
    };
    CHECK(begins(0, "uninitialised read: host reads 4 bytes at 0x80100000 in l2, never written"));
    CHECK(begins(1, "uninitialised read: host reads 2 bytes at 0x80100004 in l2, never written"));
    CHECK(begins(2, "uninitialised read: host reads 4 bytes at 0x80100040 in l2, never written"));
    CHECK(warnings[2]["count"] == 3);
    CHECK(warnings[0]["text"].get<std::string>().find("\n  at   0x80000008") != std::string::npos);
}

}  // namespace cimera
